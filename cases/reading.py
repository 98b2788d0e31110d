"""Turns the rows of a case and its patient into what derivations read."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from cases.derivations import (
    Course,
    Event,
    Finding,
    Record,
    Result,
    SecondLine,
    Steroid,
)
from cases.lab_reading import blood_of
from cases.vocabulary import drug_targets
from cases.whole_record import ensure_record
from evidence.conditions.facts import Fact, FactState

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cases.models import BiomarkerResult, Case


def stated(row: Any, name: str) -> Fact:
    """Return the fact that a value column and its state column hold."""
    state = FactState(getattr(row, f"{name}_state"))
    if state is not FactState.KNOWN:
        return Fact.absent(state)
    value = getattr(row, name)
    return Fact.known(value) if isinstance(value, str | bool) else Fact.number(value)


def _result(row: BiomarkerResult) -> Result:
    state = FactState(row.state)
    known = state is FactState.KNOWN
    return Result(
        row.kind, row.timing, Fact.between(row.low, row.high) if known else Fact.absent(state)
    )


def _course(row: Any) -> Course:
    return Course(
        number=row.number,
        targets=frozenset(drug_targets(row.drugs)) if row.drugs_state == "known" else None,
        start=(row.start_earliest, row.start_latest),
        stop=(row.stop_earliest, row.stop_latest),
        best_response=stated(row, "best_response"),
    )


def _event(row: Any) -> Event:
    return Event(
        entity=row.entity,
        organ=row.organ,
        ctcae_version=row.ctcae_version,
        worst_grade=stated(row, "worst_grade"),
        grade_now=stated(row, "grade_now"),
        resolution=stated(row, "resolution"),
        onset=(row.onset_earliest, row.onset_latest),
        resolved=(row.resolved_earliest, row.resolved_latest),
        onset_after_start_days=row.onset_offset_days if row.onset_anchor == "ICI start" else None,
        recurrent=row.recurrence_of_id is not None,
    )


def _steroid(row: Any) -> Steroid:
    return Steroid(
        row.drug or "",
        indication=stated(row, "indication"),
        now_mg_per_day=stated(row, "now_mg_per_day"),
        said_on=row.now_on,
        not_tapered=stated(row, "not_tapered"),
    )


def _second_line(row: Any) -> SecondLine:
    return SecondLine(stated(row, "still_given"), (row.stop_earliest, row.stop_latest))


def _findings(patient: Any) -> Iterator[Finding]:
    """Yield what the dossiers say of a fact, item by item; an item asked for and not answered is missing."""
    for irae in patient.iraes.all():
        answers = {entry.item_id: entry for entry in irae.dossier.all()}
        for item in patient.dossier_items:
            if not item.fact or item.organ != irae.organ:
                continue
            entry = answers.get(item.pk)
            if entry is not None:
                known = entry.answer_state == FactState.KNOWN
                state = Fact.absent(FactState(entry.answer_state)) if not known else None
                yield Finding(item.organ, item.fact, state or Fact.between(entry.low, entry.high))
            elif item.active:
                yield Finding(item.organ, item.fact)


def doses_of(patient: Any) -> Record:
    """Return what derivations read of steroids and second-line agents, and nothing else."""
    ensure_record(patient)
    return Record(
        steroids=tuple(_steroid(row) for row in patient.steroids.all()),
        steroids_complete_on=patient.steroids_complete_as_of,
        second_line=tuple(_second_line(row) for row in patient.immunosuppressants.all()),
        second_line_complete_on=patient.second_line_complete_as_of,
    )


def record_of(case: Case) -> Record:
    """Return what derivations read of the patient's record and the case's question."""
    patient = case.patient
    ensure_record(patient)
    tumour, status = patient.tumour, patient.performance_status
    identity = patient.identity
    return replace(
        doses_of(patient),
        birth_date=identity.birth_date,
        stop_reason=stated(case, "stop_reason"),
        progression_timing=stated(case, "progression_timing"),
        oligoprogression=stated(case, "oligoprogression"),
        proposed_regimen=stated(case, "proposed_regimen"),
        proposed_targets=frozenset(drug_targets(case.proposed_drugs)),
        courses=tuple(_course(row) for row in patient.courses.all()),
        courses_complete=patient.courses_complete_as_of is not None,
        iraes=tuple(_event(row) for row in patient.iraes.all()),
        organs_asked=frozenset(row.organ for row in patient.organ_reviews.all()),
        findings=tuple(_findings(patient)),
        results=tuple(_result(row) for row in patient.biomarkers.all()),
        ecog=stated(status, "ecog"),
        blood=blood_of(patient),
        tumour={
            name: stated(tumour, name)
            for name in (
                "histology",
                "stage_group",
                "driver_mutation",
                "liver_metastases",
                "autoimmune_disease",
                "interstitial_lung_disease",
            )
        },
        owed=frozenset(task.fact for task in case.tasks.all() if task.done_at is None),
    )

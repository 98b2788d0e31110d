"""Turns the rows of a case and its patient into what derivations read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cases.derivations import Course, Event, Record, Result, Steroid
from cases.lab_reading import blood_of
from cases.vocabulary import drug_targets
from cases.whole_record import ensure_record
from evidence.conditions.facts import Fact, FactState

if TYPE_CHECKING:
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
    return Steroid(row.drug or "", row.replacement, stated(row, "now_mg_per_day"))


def record_of(case: Case) -> Record:
    """Return what derivations read of the patient's record and the case's question."""
    patient = case.patient
    ensure_record(patient)
    tumour, status = patient.tumour, patient.performance_status
    identity = patient.identity
    return Record(
        birth_date=identity.birth_date,
        stop_reason=stated(case, "stop_reason"),
        progression_timing=stated(case, "progression_timing"),
        oligoprogression=stated(case, "oligoprogression"),
        proposed_regimen=stated(case, "proposed_regimen"),
        proposed_targets=frozenset(drug_targets(case.proposed_drugs)),
        courses=tuple(_course(row) for row in patient.courses.all()),
        courses_complete=patient.courses_complete_as_of is not None,
        iraes=tuple(_event(row) for row in patient.iraes.all()),
        iraes_complete=patient.iraes_complete_as_of is not None,
        steroids=tuple(_steroid(row) for row in patient.steroids.all()),
        steroids_complete_on=patient.steroids_complete_as_of,
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

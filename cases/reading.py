"""Turns the rows of a case and its patient into what derivations read."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from cases.derivations import (
    Course,
    Event,
    Finding,
    Record,
    Result,
    SecondLine,
    Span,
    Steroid,
    asked_about,
    given_last,
)
from cases.lab_reading import blood_of
from cases.models import DossierKind, Section
from cases.oneortwo import pairs_of
from cases.over import is_over
from cases.rules import days_held, grades_hold_days
from cases.vocabulary import are_listed, asked_under, drug_targets, is_bispecific
from cases.whole_record import ensure_record
from evidence.conditions.facts import Fact, FactState

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from cases.models import BiomarkerResult, Case, ICICourse, SteroidCourse


# What stands about the patient besides the tumour, under the keys of its facts.
BACKGROUND = (
    "smoking",
    "autoimmune_disease",
    "interstitial_lung_disease",
    "transplant",
    "hepatitis_b",
    "hepatitis_c",
    "heart_disease",
    "bleeding",
    "hypertension",
    "major_surgery",
    "pregnancy",
)


# The rule that says how long a weight counts for an index of the blood.
WEIGHT = "weight_kg"


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
    value = Fact.between(row.low, row.high) if known else Fact.absent(state)
    return Result(row.kind, row.timing, value, _span(row, "sampled"), row.unit)


def _span(row: Any, name: str) -> Span:
    return getattr(row, f"{name}_earliest"), getattr(row, f"{name}_latest")


def _told(first: date | None, latest: date | None) -> Span:
    return first, latest or first


def _counted(row: Any, name: str, anchors: set[str]) -> int | None:
    """Return the days that a date is told to lie after one of `anchors`."""
    found: int | None = getattr(row, f"{name}_offset_days")
    return found if getattr(row, f"{name}_anchor") in anchors else None


def course_of(row: ICICourse) -> Course:
    """Return what derivations read of one course."""
    asked = row.contributing_reasons_state == FactState.KNOWN
    return Course(
        number=row.number,
        targets=frozenset(drug_targets(row.drugs))
        if row.drugs_state == "known" and are_listed(row.drugs)
        else None,
        start=_span(row, "start"),
        start_state=FactState(row.start_state),
        stop=_span(row, "stop"),
        stop_state=FactState(row.stop_state),
        stop_after_start=_counted(row, "stop", {"ICI start"}),
        best_response=stated(row, "best_response"),
        setting=stated(row, "setting"),
        stop_reason=stated(row, "stop_reason"),
        contributing=frozenset(row.contributing_reasons) if asked else None,
        progression_timing=stated(row, "progression_timing"),
        progressed=_span(row, "progressed"),
        progressed_state=FactState(row.progressed_state),
        progressed_after_start=_counted(row, "progressed", {"ICI start"}),
        progressed_after_stop=_counted(row, "progressed", {"ICI stop", "last dose"}),
        confirmed=stated(row, "progression_confirmed"),
        called=stated(row, "progression_called"),
        new_lesions=stated(row, "new_lesions"),
        growing_lesions=stated(row, "growing_lesions"),
        organs=stated(row, "progressing_organs"),
        all_treatable=stated(row, "all_treatable_locally"),
        primary=stated(row, "primary_state"),
        drugs=frozenset(row.drugs) if row.drugs_state == "known" else None,
        bispecific=any(is_bispecific(code) for code in row.drugs),
        kind=stated(row, "regimen_kind"),
        over_said_on=row.over_said_on if is_over(row) else None,
        entry=row.pk,
    )


def _counted_otherwise(row: Any) -> tuple[str, int] | None:
    """Return what an onset is told in days from, other than the first dose; "after cycle 7" tells no days."""
    if row.onset_anchor in {"", "ICI start"} or row.onset_offset_days is None:
        return None
    return row.onset_anchor, row.onset_offset_days


def _onset(row: Any, course: int | None) -> Event:
    """Return what derivations read of an irAE's onset, and nothing else."""
    return Event(
        entity=row.entity,
        organ=row.organ,
        ctcae_version=row.ctcae_version,
        onset=(row.onset_earliest, row.onset_latest),
        onset_after_start_days=_counted(row, "onset", {"ICI start"}),
        onset_after=_counted_otherwise(row),
        course=course,
        entry=row.pk,
    )


def _event(row: Any) -> Event:
    return replace(
        _onset(row, row.course.number if row.course_id else None),
        worst_grade=stated(row, "worst_grade"),
        grade_now=stated(row, "grade_now"),
        onset_grade=stated(row, "onset_grade"),
        resolution=stated(row, "resolution"),
        resolved=(row.resolved_earliest, row.resolved_latest),
        recurrent=row.recurrence_of_id is not None,
        now_on=row.now_on,
        name=row.entity_text,
    )


def dose_said_on(row: SteroidCourse) -> date | None:
    """Return the day for which the dose of now was said; None where nobody can tell.

    Of doses over time it is no later than the last of them, unless somebody said a later day.
    """
    rows: Any = row
    steps = list(rows.doses.all())
    if row.now_on is None or row.now_day_said or not steps:
        return row.now_on
    last: date | None = steps[-1].since_earliest
    return min(row.now_on, last) if last is not None else None


def steroid_of(row: Any) -> Steroid:
    """Return what derivations read of one steroid course."""
    return Steroid(
        row.drug or "",
        indication=stated(row, "indication"),
        now_mg_per_day=stated(row, "now_mg_per_day"),
        said_on=dose_said_on(row),
        not_tapered=stated(row, "not_tapered"),
        stop=(row.stop_earliest, row.stop_latest),
        goes_on=row.stop_state == FactState.NOT_APPLICABLE,
        entry=row.pk,
    )


def _second_line(row: Any) -> SecondLine:
    return SecondLine(stated(row, "still_given"), (row.stop_earliest, row.stop_latest))


def _answered(entry: Any, item: Any) -> Fact:
    """Return the answer to an item of a dossier: yes or no is kept as a word."""
    state = FactState(entry.answer_state)
    if state is not FactState.KNOWN:
        return Fact.absent(state)
    if item.kind == DossierKind.FLAG:
        return Fact.known(entry.answer == "yes")
    return Fact.between(entry.low, entry.high)


def _findings(patient: Any) -> Iterator[Finding]:
    """Yield what the dossiers say of a fact, item by item; an item asked for and not answered is missing."""
    for event, irae in enumerate(patient.iraes.all()):
        answers = {entry.item_id: entry for entry in irae.dossier.all()}
        for item in patient.dossier_items:
            if not item.fact or item.organ != asked_under(irae.organ):
                continue
            entry = answers.get(item.pk)
            # "liver_alt_uln" and "liver_alt_baseline" are about one measure.
            measure = item.code.rpartition("_")[0]
            if entry is not None:
                answer, found = _answered(entry, item), _span(entry, "found_on")
                yield Finding(item.organ, item.fact, answer, event, measure, found)
            elif item.active:
                yield Finding(item.organ, item.fact, event=event, measure=measure)


def _total(row: Any) -> tuple[Decimal, date] | None:
    if row.steroid_total_mg is None:
        return None
    return Decimal(row.steroid_total_mg), row.steroid_total_on


def doses_of(case: Case) -> Record:
    """Return what derivations read of steroids and second-line agents, and nothing else."""
    patient: Any = case.patient
    ensure_record(patient)
    return Record(
        steroids=tuple(steroid_of(row) for row in patient.steroids.all()),
        steroid_pairs=pairs_of(patient, Section.STEROIDS),
        steroids_complete_on=patient.steroids_complete_as_of,
        steroids_complete_latest=patient.steroids_complete_latest,
        steroid_total=_total(patient.background),
        steroid_untold_on=patient.steroid_untold_on,
        second_line=tuple(_second_line(row) for row in patient.immunosuppressants.all()),
        second_line_complete_on=patient.second_line_complete_as_of,
        doses_hold_days=days_held(case, "steroid_now"),
        second_line_hold_days=days_held(case, "immunosuppressant_now"),
    )


def asked_of(patient: Any) -> Record:
    """Return what derivations read today of the organs asked about, of the courses and of onsets, and nothing else."""
    reviews, courses = list(patient.organ_reviews.all()), list(patient.courses.all())
    numbers = {row.pk: row.number for row in courses}
    return Record(
        courses=tuple(course_of(row) for row in courses),
        courses_complete=patient.courses_complete_as_of is not None,
        courses_complete_on=_told(patient.courses_complete_as_of, patient.courses_complete_latest),
        courses_complete_through=patient.courses_complete_through,
        iraes=tuple(_onset(row, numbers.get(row.course_id)) for row in patient.iraes.all()),
        organs_asked=frozenset(row.organ for row in reviews),
        asked_on={row.organ: row.asked_on for row in reviews},
        as_of=timezone.localdate(),
    )


def organs_asked(patient: Any) -> frozenset[str]:
    """Return the organs about which the last answer still holds: asked about after the ICI and any irAE's onset."""
    record = asked_of(patient)
    return record.organs_asked - record.asked_too_early


def _number_asked(case: Case) -> int | None:
    rows = case.patient.courses.all() if case.course_id else ()
    return next((row.number for row in rows if row.pk == case.course_id), None)


def asked_row(case: Case) -> ICICourse | None:
    """Return the course that the case asks about, as `cases.derivations.asked_about` has it."""
    rows: list[ICICourse] = list(case.patient.courses.all())
    courses = tuple(course_of(row) for row in rows)
    asked = asked_about(Record(courses=courses, asked_course=_number_asked(case)))
    return next((row for row in rows if asked is not None and row.number == asked.number), None)


def asked_again_row(case: Case) -> ICICourse | None:
    """Return the course that another question is about as long as nobody says which; None where a later one stopped."""
    asked = asked_row(case)
    rows: list[ICICourse] = list(case.patient.courses.all())
    later = [row for row in rows if asked is not None and row.number > asked.number]
    over = any(row.stop_reason_state != FactState.NOT_APPLICABLE for row in later)
    return None if over else asked


def last_given_row(case: Case) -> ICICourse | None:
    """Return the course of the last dose of all, as `cases.derivations.given_last` has it."""
    rows: list[ICICourse] = list(case.patient.courses.all())
    last = given_last(course_of(row) for row in rows)
    return next((row for row in rows if last is not None and row.number == last.number), None)


def record_of(case: Case) -> Record:
    """Return what derivations read of the patient's record and the case's question."""
    patient = case.patient
    ensure_record(patient)
    tumour, status = patient.tumour, patient.performance_status
    identity = patient.identity
    return replace(
        doses_of(case),
        birth_date=identity.birth_date,
        died=identity.died_between,
        oligoprogression_definition=case.board.oligoprogression_definition,
        disease_status=stated(case, "disease_status"),
        disease_status_on=case.disease_status_on,
        proposed_regimen=stated(case, "proposed_regimen"),
        proposed_targets=frozenset(drug_targets(case.proposed_drugs)),
        proposed_drugs=frozenset(case.proposed_drugs),
        proposed_unlisted=bool(case.proposed_text) or not are_listed(case.proposed_drugs),
        courses=tuple(course_of(row) for row in patient.courses.all()),
        asked_course=_number_asked(case),
        courses_complete=patient.courses_complete_as_of is not None,
        courses_complete_on=_told(patient.courses_complete_as_of, patient.courses_complete_latest),
        courses_complete_through=patient.courses_complete_through,
        course_pairs=pairs_of(patient, Section.COURSES),
        irae_pairs=pairs_of(patient, Section.IRAES),
        iraes=tuple(_event(row) for row in patient.iraes.all()),
        organs_asked=frozenset(row.organ for row in patient.organ_reviews.all()),
        asked_on={row.organ: row.asked_on for row in patient.organ_reviews.all()},
        findings=tuple(_findings(patient)),
        results=tuple(_result(row) for row in patient.biomarkers.all()),
        ecog=stated(status, "ecog"),
        ecog_assessed=_span(status, "assessed"),
        blood=blood_of(
            patient,
            weight_holds_days=days_held(case, WEIGHT),
            doses_hold_days=days_held(case, "steroid_now"),
        ),
        tumour={name: stated(tumour, name) for name in ("histology", "stage_group")},
        background={name: stated(patient.background, name) for name in BACKGROUND},
        operated=_span(patient.background, "operated"),
        surgery_said_on=patient.background.surgery_said_on,
        surgery_holds_days=days_held(case, "major_surgery"),
        metastases={row.site: stated(row, "present") for row in patient.metastases.all()},
        metastases_complete=patient.metastases_complete_as_of is not None,
        sites_said_on={r.site: _told(r.said_on, r.said_latest) for r in patient.metastases.all()},
        metastases_complete_on=_told(
            patient.metastases_complete_as_of, patient.metastases_complete_latest
        ),
        drivers={row.gene: stated(row, "result") for row in patient.drivers.all()},
        grades_hold_days=grades_hold_days(case),
        owed=frozenset(task.fact for task in case.tasks.all() if task.done_at is None),
    )

"""Reads across the record."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Prefetch

from cases.derivations import Course, Event, Record, Result, Steroid
from cases.models import (
    AttachedGuidance,
    BiomarkerResult,
    Case,
    CaseSection,
    Draft,
    FactTask,
    ICICourse,
    IrAE,
    Section,
    SteroidCourse,
)
from cases.vocabulary import drug_targets
from evidence.conditions.facts import Fact, FactState

if TYPE_CHECKING:
    from accounts.models import User
    from cases.access import PatientScopedQuerySet


def cases_for_list(user: User) -> PatientScopedQuerySet:
    """Return the user's cases with what a row of a list shows, in a fixed number of queries."""
    return Case.objects.visible_to(user).select_related(
        "board", "patient", "patient__identity", "patient__tumour", "facts", "referred_by"
    )


def case_for_page(user: User) -> PatientScopedQuerySet:
    """Return the user's cases with the whole record fetched, in a fixed number of queries."""
    return (
        cases_for_list(user)
        .select_related("patient__performance_status")
        .prefetch_related(
            Prefetch("sections", CaseSection.objects.select_related("changed_by")),
            Prefetch("tasks", FactTask.objects.filter(done_at=None).select_related("owner")),
            Prefetch("patient__courses", ICICourse.objects.order_by("number")),
            Prefetch(
                "patient__iraes",
                IrAE.objects.select_related("course").order_by("onset_earliest", "id"),
            ),
            Prefetch("patient__steroids", SteroidCourse.objects.order_by("start_earliest", "id")),
            Prefetch("patient__biomarkers", BiomarkerResult.objects.order_by("kind", "timing")),
        )
    )


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
    )


def attached_to(case: Case) -> list[AttachedGuidance]:
    """Return the guidance attached to `case` now, oldest first; one query."""
    rows = AttachedGuidance.objects.filter(case=case, detached_at=None)
    return list(
        rows.select_related("version__statement", "attached_by").order_by("attached_at", "id")
    )


def case_for_section(user: User, key: str) -> PatientScopedQuerySet:
    """Return the user's cases with what one section and its form need."""
    courses = Prefetch("patient__courses", ICICourse.objects.order_by("number"))
    iraes = Prefetch(
        "patient__iraes",
        IrAE.objects.select_related("course", "recurrence_of").order_by("onset_earliest", "id"),
    )
    lists: dict[str, list[Any]] = {
        Section.COURSES: [courses],
        Section.IRAES: [iraes, courses],
        Section.STEROIDS: [
            Prefetch(
                "patient__steroids",
                SteroidCourse.objects.select_related("irae").order_by("start_earliest", "id"),
            ),
            iraes,
        ],
        Section.TUMOUR: [
            Prefetch("patient__biomarkers", BiomarkerResult.objects.order_by("kind", "timing"))
        ],
    }
    return (
        cases_for_list(user)
        .select_related("patient__performance_status")
        .prefetch_related(
            Prefetch("sections", CaseSection.objects.select_related("changed_by")),
            *lists.get(key, []),
        )
    )


def drafts_of(user: User, keys: list[str]) -> dict[str, Draft]:
    """Return what the user was typing into any of the forms `keys`, by key."""
    return {draft.key: draft for draft in Draft.objects.filter(user=user, key__in=keys)}


def draft_of(user: User, key: str) -> Draft | None:
    """Return what the user was typing into the form `key`, if anything."""
    found: Draft | None = Draft.objects.filter(user=user, key=key).first()
    return found


def newest_draft(user: User, beginning: str) -> Draft | None:
    """Return the user's newest draft whose key begins so."""
    rows = Draft.objects.filter(user=user, key__startswith=beginning)
    return rows.order_by("-saved_at", "-id").first()

"""What the record holds of the patients that a file names: fetched for many of them at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.db.models import Exists, OuterRef, Q, Value
from django.db.models.functions import Lower, Now, Replace, Upper

from cases.lab_entry import Key, sample_key
from cases.models import (
    Background,
    Case,
    ICICourse,
    IrAE,
    LabResult,
    PatientAccess,
    PatientIdentity,
)
from cases.states import CaseState

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from accounts.models import Board, User
    from cases.models import PerformanceStatus

# The hospital and the number, as the database compares them.
Who = tuple[str, str]


@dataclass
class Known:
    """One patient as the record has them; `case` is the one through which it is edited on the board."""

    identity: PatientIdentity
    case: Case | None = None
    # The one whose question is the last.
    last_case: Case | None = None
    has_case: bool = False
    questions: list[str] = field(default_factory=list)
    # Fitness and background.
    standing: tuple[PerformanceStatus, Background] | None = None
    courses: dict[int, ICICourse] = field(default_factory=dict)
    iraes: list[IrAE] = field(default_factory=list)
    labs: list[LabResult] = field(default_factory=list)

    def results(self) -> dict[Key, LabResult]:
        """Return the results by sample, and each also by its source as it is spelled.

        A record that was merged may have two of one sample: a row of a file is then the one that is spelled like it.
        """
        alike = {sample_key(r.analyte_id, r.taken_on, r.source): r for r in self.labs}
        return alike | {(r.analyte_id, r.taken_on, r.source): r for r in self.labs}


def who(number: str, hospital: str) -> Who:
    """Return what tells patients apart: spaces and capitals of a number do not count."""
    return hospital.strip().lower(), "".join(number.split()).upper()


def _identities(user: User, board: Board) -> QuerySet[PatientIdentity, Any]:
    """Return the patients whom all people of `board` may see, `user` among them.

    Whom the user knows by another board alone is nobody's here: a case would bring them before people who may not
    see them.
    """
    shared = PatientAccess.objects.filter(
        Q(until__isnull=True) | Q(until__gt=Now()), board=board, patient=OuterRef("patient")
    )
    return PatientIdentity.objects.visible_to(user).filter(Exists(shared))


def known_identities(user: User, board: Board, wanted: Iterable[Who]) -> dict[Who, PatientIdentity]:
    """Return those of the patients who are known on `board`; at most two queries.

    The number of a record that was merged leads to the record that is kept.
    """
    asked = set(wanted)
    rows = _identities(user, board).alias(
        at=Lower("hospital"), key=Upper(Replace("hospital_number", Value(" ")))
    )
    rows = rows.filter(at__in={at for at, _n in asked}, key__in={n for _at, n in asked})
    found: dict[Who, PatientIdentity] = {}
    merged: dict[Who, int] = {}
    for row in rows.select_related("patient").order_by("id"):
        key = who(row.hospital_number, row.hospital)
        if row.patient.merged_into_id:
            merged[key] = row.patient.merged_into_id
        elif key in asked and (row.holds_number or key not in found):
            found[key] = row
    merged = {key: patient for key, patient in merged.items() if key in asked and key not in found}
    if merged:
        kept = _identities(user, board).filter(patient__in=merged.values())
        by_patient = {row.patient_id: row for row in kept.select_related("patient")}
        found |= {key: by_patient[p] for key, p in merged.items() if p in by_patient}
    return found


def known_by(
    user: User, board: Board, wanted: Iterable[Who], *, held: Collection[int] | None = None
) -> dict[Who, Known]:
    """Return what the record holds of those patients who are known on `board`; a constant number of queries.

    `held`: whose records nobody else changes; who came since is not known yet.
    """
    identities = {
        one: identity
        for one, identity in known_identities(user, board, wanted).items()
        if held is None or identity.patient_id in held
    }
    found = {identity.patient_id: Known(identity) for identity in identities.values()}
    _cases(found, user, board)
    _history(found)
    return {one: found[identity.patient_id] for one, identity in identities.items()}


def known_patients(user: User, board: Board, ids: Iterable[int]) -> list[Known]:
    """Return what the record holds of patients by their keys, by hospital number.

    Those without one, or whose number another record holds, are left out; nobody could tell them by it.
    """
    rows = PatientIdentity.objects.visible_to(user).filter(patient__in=list(ids), holds_number=True)
    rows = rows.exclude(hospital_number="").select_related("patient")
    found = {
        identity.patient_id: Known(identity) for identity in rows.order_by("hospital_number", "id")
    }
    _cases(found, user, board)
    _history(found)
    return list(found.values())


def of_patients(ids: Iterable[int]) -> Q:
    """Return what holds for a case of these patients: those of records merged into theirs stand where they were."""
    keys = list(ids)
    return Q(patient__in=keys) | Q(patient__merged_into__in=keys)


def _cases(found: dict[int, Known], user: User, board: Board) -> None:
    rows = Case.objects.visible_to(user).filter(of_patients(found), board=board)
    for case in rows.select_related("board", "patient__merged_into").order_by("referred_at", "id"):
        one = found.get(case.patient.pk)
        if one is None:
            # Merged since the identity was read, which only happens to who holds nothing.
            continue
        one.has_case = True
        one.questions.append(case.question)
        one.last_case = case
        if case.state != CaseState.CLOSED:
            one.case = case


def _history(found: dict[int, Known]) -> None:
    standing = Background.objects.filter(patient__in=found)
    for row in standing.select_related("patient__performance_status"):
        found[row.patient_id].standing = row.patient.performance_status, row
    for course in ICICourse.objects.filter(patient__in=found):
        found[course.patient_id].courses[course.number] = course
    for irae in IrAE.objects.filter(patient__in=found).order_by("id"):
        one = found[irae.patient_id]
        if irae.course_id:
            given = (c for c in one.courses.values() if c.pk == irae.course_id)
            irae.course = next(given, None) or irae.course
        one.iraes.append(irae)
        for course in one.courses.values():
            if course.stopped_for_id == irae.pk:
                course.stopped_for = irae
    results = LabResult.objects.filter(patient__in=found).select_related("analyte")
    for result in results.order_by("taken_on", "id"):
        found[result.patient_id].labs.append(result)


def numbers_of_others(board: Board, wanted: Iterable[Who]) -> set[Who]:
    """Return which numbers belong to patients of their hospital, whoever may see them."""
    by_hospital: dict[str, list[str]] = defaultdict(list)
    for at, number in wanted:
        by_hospital[at].append(number)
    numbers = by_hospital.get(board.hospital.strip().lower(), [])
    if not numbers:
        return set()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT number FROM rechallenge_numbers_taken(%s, %s::text[])", [board.pk, numbers]
        )
        return {(board.hospital.strip().lower(), number) for (number,) in cursor.fetchall()}

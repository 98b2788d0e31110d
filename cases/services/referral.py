"""Referring a case in one go: patient, question, first facts, and tasks for what is not known yet."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import connection, transaction

from cases.models import (
    BiomarkerResult,
    Case,
    CaseSection,
    Draft,
    ICICourse,
    Indication,
    IrAE,
    Patient,
    Section,
    SteroidCourse,
)
from cases.policies import check_not_erased, check_refer
from cases.reading import asked_again_row
from cases.returning import HIGHEST_OVER
from cases.selectors import SENT
from cases.services import history
from cases.services.drafts import Window, discard_draft
from cases.services.facts import refresh_patient, refreshed_once
from cases.services.iraes import review_all_organs
from cases.services.lifecycle import Question, refer_case
from cases.services.patients import Identity, register_patient
from cases.services.referral_background import enter_background
from cases.services.steroids import save_steroid
from cases.services.tasks import owe_fact, settle_patient
from cases.services.tumour import save_biomarker, save_tumour
from cases.vocabulary import Organ, Resolution, StopReason, is_unspecified
from evidence.conditions import FactState
from ui.partial_dates import PartialDate

if TYPE_CHECKING:
    from datetime import date

    from accounts.models import Board, User


@dataclass(frozen=True)
class Owed:
    """A fact that is not known yet: who finds it out, and by when."""

    fact: str
    owner: User | None
    due_on: date | None


@dataclass(frozen=True)
class Referral:
    """All that one filled-in referral says; what is empty was not said."""

    question: Question
    identity: Identity
    patient: Patient | None = None
    sex: str = "unknown"
    provenance: str = "real"
    course: Mapping[str, Any] | None = None
    irae: Mapping[str, Any] | None = None
    all_organs: bool = False
    steroid: Mapping[str, Any] | None = None
    no_steroid: bool = False
    tumour: Mapping[str, Any] = field(default_factory=dict)
    biomarkers: tuple[Mapping[str, Any], ...] = ()
    fitness: Mapping[str, Any] = field(default_factory=dict)
    background: Mapping[str, Any] = field(default_factory=dict)
    sites: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    # The day of the imaging that tells of the sites; None: today.
    imaged: PartialDate | None = None
    drivers: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    second_line: Mapping[str, Any] | None = None
    no_second_line: bool = False
    owed: tuple[Owed, ...] = ()


@transaction.atomic
def refer(
    *, by: User, board: Board, key: UUID, referral: Referral, window: Window | None = None
) -> Case:
    """Register or reuse the patient and put the case to `board`; the same `key` gives the same case.

    `key` is made with the form: a second press, or a form sent again after a lost answer, changes nothing.
    """
    check_refer(by, board)
    sent = _sent(by, key)
    if sent is not None:
        return sent
    with refreshed_once():
        patient = referral.patient or register_patient(
            by=by,
            board=board,
            identity=referral.identity,
            sex=referral.sex,
            provenance=referral.provenance,
        )
        question = referral.question
        case = refer_case(by=by, board=board, patient=patient, question=question, derive=False)
        refresh_patient(patient=case.patient)
        _enter(by, case, referral)
        for owed in referral.owed:
            owe_fact(by=by, case=case, fact=owed.fact, owner=owed.owner, due_on=owed.due_on)
    settle_patient(by=by, patient=case.patient)
    _note_sent(by, key, case, window)
    return case


@transaction.atomic
def ask_again(*, by: User, case: Case, key: UUID, question: Question) -> Case:
    """Put another question about the patient of `case` to its board; the record stays as it is.

    The same `key` gives the same case.
    """
    check_refer(by, case.board)
    check_not_erased(case.patient)
    sent = _sent(by, key)
    if sent is not None:
        return sent
    if question.course is None:
        # It is about the course that this case is about, unless somebody says another or a later one was stopped.
        question = replace(question, course=asked_again_row(case))
    new = refer_case(by=by, board=case.board, patient=case.patient, question=question)
    _note_sent(by, key, new)
    return new


def _sent(by: User, key: UUID) -> Case | None:
    """Return the case that a form with `key` has made already; a second sender waits for the first."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [str(key)])
    sent = Draft.objects.filter(user=by, key=f"{SENT}{key}").first()
    if sent is None:
        return None
    rows = Case.objects.visible_to(by).select_related("board", "patient")
    found: Case = rows.get(public_id=sent.fields["case"][0])
    return found


def _note_sent(by: User, key: UUID, case: Case, window: Window | None = None) -> None:
    Draft.objects.create(user=by, key=f"{SENT}{key}", fields={"case": [str(case.public_id)]})
    discard_draft(by=by, key=f"referral:{key}", window=window)


def _enter(by: User, case: Case, referral: Referral) -> None:
    """Save the first facts through the services that the sections' forms call."""

    def lock(section: str) -> dict[str, Any]:
        version = CaseSection.objects.get(case=case, key=section).version
        return {"by": by, "case": case, "version": version}

    patient = case.patient
    course = irae = None
    if referral.course:
        given = ICICourse.objects.filter(patient=patient).order_by("-number")
        course = _saved(given, referral.course, history.save_course, lock(Section.COURSES))
        Case.objects.filter(pk=case.pk).update(course=course)
    if referral.irae:
        values = {**referral.irae, "course": course}
        events = IrAE.objects.filter(patient=patient).order_by("-id")
        irae = _saved(events, values, history.save_irae, lock(Section.IRAES))
        _stopped_for(course, irae, lock)
    if referral.all_organs:
        review_all_organs(**lock(Section.IRAES))
    # A dose beside one that is in the record already would count twice.
    known = SteroidCourse.objects.filter(patient=patient).exists()
    if referral.steroid and not known:
        given_for = irae if referral.steroid.get("indication") == Indication.IRAE else None
        values = {**referral.steroid, "irae": given_for}
        save_steroid(**lock(Section.STEROIDS), values=values)
    elif referral.no_steroid and not known:
        history.set_complete(**lock(Section.STEROIDS), key=Section.STEROIDS, complete=True)
    if referral.tumour:
        save_tumour(**lock(Section.TUMOUR), values=referral.tumour)
    for biomarker in referral.biomarkers:
        _enter_biomarker(patient, biomarker, lock(Section.TUMOUR))
    if referral.fitness:
        history.save_fitness(**lock(Section.FITNESS), status=referral.fitness)
    enter_background(patient, referral, lock)


def _stopped_for(course: Any, irae: IrAE, lock: Callable[[str], dict[str, Any]]) -> None:
    """Say that a course stopped for an irAE was stopped for this one, unless another is named."""
    if course is None or course.stop_reason != StopReason.IRAE or course.stopped_for_id:
        return
    told = {"values": {"stopped_for": irae}, "public_id": course.public_id}
    history.save_course(**lock(Section.COURSES), **told)


def _enter_biomarker(patient: Patient, values: Mapping[str, Any], lock: dict[str, Any]) -> None:
    """Save a biomarker unless the record has it; one whose result was still open is completed."""
    rows = BiomarkerResult.objects.filter(
        patient=patient, kind=values["kind"], timing=values["timing"]
    )
    known = values["state"] == FactState.KNOWN
    same = rows.filter(state=FactState.KNOWN, low=values["low"], high=values["high"])
    if known and same.exists():
        return
    open_ = rows.exclude(state=FactState.KNOWN).first()
    if not known and rows.exists() and open_ is None:
        # What is known is not taken back by a word that somebody else does not know it.
        return
    if open_ is not None:
        # What the open row holds besides stands where nothing else is said; a report's word gives way to a number.
        values = {name: value for name, value in values.items() if value != ""}
        values = {**values, "entered": ""} if known else values
    save_biomarker(**lock, values=values, public_id=open_.public_id if open_ else None)


def _saved(
    rows: Iterable[Any], values: Mapping[str, Any], save: Callable[..., Any], lock: dict[str, Any]
) -> Any:
    """Save `values` as a new item, or complete the one of `rows` that they say nothing else than."""
    for row in rows:
        missing = completing(row, values)
        if missing is not None:
            return save(**lock, values=missing, public_id=row.public_id) if missing else row
    return save(**lock, values=values)


# What a referral does not ask but concludes from the rest: it never makes another event of one that is there.
_CONCLUDED = frozenset({"resolution"})


def completing(row: Any, values: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return which of `values` the row does not have yet; None where it says something else."""
    if values.get("stop_reason_state") == FactState.NOT_APPLICABLE and row.stop_reason:
        # What goes on is not the course that was stopped.
        return None
    if _is_back(row, values):
        return None
    missing: dict[str, Any] = {}
    for name, value in values.items():
        if name.endswith("_state") or value in (None, "", []):
            if _known_to_be_none(row, name, values):
                missing |= {name: value, f"{name}_state": FactState.KNOWN.value}
            continue
        present = None if _not_asked(row, name) else getattr(row, name)
        if present in (None, "", []):
            missing[name] = value
            if f"{name}_state" in values:
                missing[f"{name}_state"] = values[f"{name}_state"]
        elif name not in _CONCLUDED and _told(present) != _told(value):
            return None
    return missing


def _not_asked(row: Any, name: str) -> bool:
    """Whether nobody was asked for the organ of a row, which is outside the list."""
    return name == "organ" and row.organ == Organ.OTHER and is_unspecified(row.entity)


def _is_back(row: Any, values: Mapping[str, Any]) -> bool:
    """Whether an irAE that resolved on a day is told to be there again: it is another event then."""
    over = getattr(row, "resolved", None) is not None and row.grade_now is None
    replaced = over and row.resolution == Resolution.ON_REPLACEMENT
    return over and not replaced and (values.get("grade_now") or 0) > HIGHEST_OVER


def _known_to_be_none(row: Any, name: str, values: Mapping[str, Any]) -> bool:
    """Whether somebody says that a list of the row, of which nothing was said, is empty."""
    told = values.get(f"{name}_state") == FactState.KNOWN and values[name] == []
    return told and getattr(row, f"{name}_state") != FactState.KNOWN


def _told(value: Any) -> Any:
    """Return what tells two values apart; of a date its bounds and what it is counted from."""
    if isinstance(value, PartialDate):
        return value.earliest, value.latest, value.anchor, value.offset_days
    return sorted(value) if isinstance(value, list) else value

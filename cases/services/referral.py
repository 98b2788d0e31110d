"""Referring a case in one go: patient, question, first facts, and tasks for what is not known yet."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone

from cases.models import (
    BiomarkerResult,
    Case,
    CaseSection,
    Draft,
    ICICourse,
    IrAE,
    Patient,
    Section,
    Tumour,
)
from cases.policies import check_not_erased, check_refer
from cases.reading import asked_again_row
from cases.selectors import SENT
from cases.services import history
from cases.services.drafts import Window, discard_draft
from cases.services.facts import refresh_patient, refreshed_once
from cases.services.iraes import review_all_organs
from cases.services.lifecycle import Question, refer_case
from cases.services.patients import Identity, register_patient
from cases.services.referral_background import enter_background, left_out
from cases.services.referral_now import enter_ecog, enter_person, enter_steroids
from cases.services.referral_owing import Finder, Owed, give_what_is_open
from cases.services.referral_same import Left, inside, same_course, same_event, united
from cases.services.tasks import owe_fact, settle_patient
from cases.services.tumour import save_biomarker, save_tumour
from cases.vocabulary import StopReason
from evidence.conditions import FactState

if TYPE_CHECKING:
    from accounts.models import Board, User
    from ui.partial_dates import PartialDate


class SentOtherwise(Exception):
    """A form was sent before under its key, with other words in it: the case that was made then is given."""

    def __init__(self, case: Case) -> None:
        super().__init__()
        self.case = case


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
    # Which row of the record is meant where that cannot be told: its public id, or `DIFFERENT`.
    which_course: str = ""
    which_event: str = ""
    all_organs: bool = False
    steroid: Mapping[str, Any] | None = None
    no_steroid: bool = False
    # Whether the steroid is all that is given, and was for an irAE: the list is complete then.
    only_steroid: bool = False
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
    # Who finds out what is "not yet"; None: nobody was asked.
    finder: Finder | None = None


@transaction.atomic
def refer(
    *,
    by: User,
    board: Board,
    key: UUID,
    referral: Referral,
    window: Window | None = None,
    left: list[Left] | None = None,
    digest: str = "",
) -> Case:
    """Register or reuse the patient and put the case to `board`; the same `key` gives the same case.

    `key` is made with the form: a second press, or a form sent again after a lost answer, changes nothing.
    What the record says otherwise stays as it is, and is added to `left`. `digest` is of what was sent.
    Raises SentOtherwise where something else was sent under the key.
    """
    check_refer(by, board)
    sent = sent_before(by=by, key=key, digest=digest)
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
        otherwise, rows = _enter(by, case, referral)
        if left is not None:
            left += otherwise
        for owed in referral.owed:
            owe_fact(by=by, case=case, fact=owed.fact, owner=owed.owner, due_on=owed.due_on)
    settle_patient(by=by, patient=case.patient)
    if referral.finder is not None:
        give_what_is_open(by=by, case=case, finder=referral.finder, rows=rows)
    _note_sent(by, key, case, digest, window)
    return case


@transaction.atomic
def ask_again(*, by: User, case: Case, key: UUID, question: Question, digest: str = "") -> Case:
    """Put another question about the patient of `case` to its board; the record stays as it is.

    The same `key` gives the same case. Raises SentOtherwise where something else was sent under it.
    """
    check_refer(by, case.board)
    check_not_erased(case.patient)
    sent = sent_before(by=by, key=key, digest=digest)
    if sent is not None:
        return sent
    if question.course is None:
        # It is about the course that this case is about, unless somebody says another or a later one was stopped.
        question = replace(question, course=asked_again_row(case))
    new = refer_case(by=by, board=case.board, patient=case.patient, question=question)
    _note_sent(by, key, new, digest)
    return new


def sent_before(*, by: User, key: UUID, digest: str) -> Case | None:
    """Return the case that a form with `key` has made already; a second sender waits for the first.

    Raises SentOtherwise where it was noted that what was sent then was not of `digest`.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [str(key)])
    sent = Draft.objects.filter(user=by, key=f"{SENT}{key}").first()
    if sent is None:
        return None
    rows = Case.objects.visible_to(by).select_related("board", "patient")
    found: Case = rows.get(public_id=sent.fields["case"][0])
    if sent.fields.get("digest", [digest]) != [digest]:
        raise SentOtherwise(found)
    return found


def _note_sent(by: User, key: UUID, case: Case, digest: str, window: Window | None = None) -> None:
    fields = {"case": [str(case.public_id)], "digest": [digest]}
    Draft.objects.create(user=by, key=f"{SENT}{key}", fields=fields)
    discard_draft(by=by, key=f"referral:{key}", window=window)


def _enter(by: User, case: Case, referral: Referral) -> tuple[list[Left], dict[str, Any]]:
    """Save the first facts through the services that the sections' forms call.

    Return what is left as it is, and by their forms the course, the event and the steroid that are told of.
    """

    def lock(section: str) -> dict[str, Any]:
        version = CaseSection.objects.get(case=case, key=section).version
        return {"by": by, "case": case, "version": version}

    patient = case.patient
    left = enter_person(patient, referral, lock) if referral.patient else []
    course = irae = None
    if referral.course:
        given = ICICourse.objects.filter(patient=patient).order_by("-number")
        meant = same_course(given, referral.course).chosen(referral.which_course)
        save = (history.save_course, lock(Section.COURSES))
        course, otherwise = _saved(meant, referral.course, *save)
        left += otherwise
        Case.objects.filter(pk=case.pk).update(course=course)
    if referral.irae:
        # A course that is told takes the place of the word that nobody knows it.
        values = {**referral.irae, "course": course, "course_state": FactState.MISSING.value}
        events = IrAE.objects.filter(patient=patient).select_related("course").order_by("-id")
        event = same_event(events, values).chosen(referral.which_event)
        irae, otherwise = _saved(event, values, history.save_irae, lock(Section.IRAES))
        left += otherwise
        _stopped_for(course, irae, lock)
    if referral.all_organs:
        review_all_organs(**lock(Section.IRAES))
    otherwise, steroid = enter_steroids(patient, referral, irae, lock)
    left += otherwise
    left += _enter_tumour(patient, referral, lock)
    for biomarker in referral.biomarkers:
        _enter_biomarker(patient, biomarker, lock(Section.TUMOUR))
    left += enter_ecog(patient, referral, lock)
    left += left_out(patient, referral)
    enter_background(patient, referral, lock)
    return left, {Section.COURSES: course, Section.IRAES: irae, Section.STEROIDS: steroid}


def _enter_tumour(
    patient: Patient, referral: Referral, lock: Callable[[str], dict[str, Any]]
) -> list[Left]:
    """Save what the record does not know of the tumour."""
    found = united(Tumour.objects.get(patient=patient), referral.tumour)
    if found.missing:
        save_tumour(**lock(Section.TUMOUR), values=found.missing)
    return [Left(name) for name in found.otherwise]


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
    if known and same.exists() and _is_of(same, values, lock):
        return
    told = values.get("sampled")
    if not known and any(_tells_as_much(row, values["state"], told) for row in rows):
        # What is known is not taken back by a word that somebody else does not know it.
        return
    open_ = _open_row(rows, values["state"], told)
    if open_ is not None:
        # What the open row holds besides stands where nothing else is said; a report's word gives way to a number.
        values = {name: value for name, value in values.items() if value != ""}
        if told is None and open_.sampled is not None:
            values = {n: v for n, v in values.items() if n not in ("sampled", "sampled_state")}
        values = {**values, "entered": ""} if known else values
    save_biomarker(**lock, values=values, public_id=open_.public_id if open_ else None)


def _tells_as_much(row: BiomarkerResult, state: str, told: PartialDate | None) -> bool:
    """Whether a row tells what a word without a value would take away: a value, or of which sample it is."""
    if row.state == FactState.KNOWN:
        return True
    if row.state == FactState.UNKNOWN and state == FactState.NOT_YET:
        # Another sample is on its way.
        return False
    return row.sampled is not None and told is None


def _open_row(
    rows: Iterable[BiomarkerResult], state: str, told: PartialDate | None
) -> BiomarkerResult | None:
    """Return the row without a value that is told of; that of the same day before one of no day.

    The value of a sample that nobody could read is not to be had any more: what is told is of another.
    """
    may_be = [row for row in rows if row.state != FactState.KNOWN and _may_be_of(row, told)]
    may_be = [
        row
        for row in may_be
        if row.state != FactState.UNKNOWN or state == FactState.UNKNOWN or row.sampled is None
    ]
    return min(may_be, key=lambda row: (row.sampled is None, row.pk), default=None)


def _may_be_of(row: BiomarkerResult, told: PartialDate | None) -> bool:
    """Whether a row may be of the sample of a day: none is told of one of the two, or one lies within the other."""
    if told is None or row.sampled is None:
        return True
    return inside(row.sampled, told) or inside(told, row.sampled)


def _is_of(
    rows: Iterable[BiomarkerResult], values: Mapping[str, Any], lock: dict[str, Any]
) -> bool:
    """Whether one of `rows`, of the value that is told, may be of the sample that is told; its day is completed."""
    told = values.get("sampled")
    if told is None:
        return True
    for row in rows:
        if row.sampled is not None and inside(row.sampled, told):
            return True
    for row in rows:
        if row.sampled is None or inside(told, row.sampled):
            day = {name: values[name] for name in ("sampled", "sampled_state")}
            save_biomarker(**lock, values=day, public_id=row.public_id)
            return True
    return False


def _saved(
    row: Any, values: Mapping[str, Any], save: Callable[..., Any], lock: dict[str, Any]
) -> tuple[Any, list[Left]]:
    """Save `values` as a new item, or complete the row that is meant; return what it says otherwise as well."""
    if row is None:
        return save(**lock, values=values), []
    found = united(row, values, timezone.localdate())
    if found.missing:
        row = save(**lock, values=found.missing, public_id=row.public_id)
    return row, [Left(name, row) for name in found.otherwise]

"""Referring cases and moving them through their states."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.db import connection, transaction
from django.utils import timezone

from accounts.policies import check_board
from audit.services import record
from cases.models import Case, CaseSection, Patient, Section
from cases.policies import check_move, check_not_erased, check_refer
from cases.reading import asked_row
from cases.services.facts import refresh_facts
from cases.states import TRIAGE_STATES, CaseState
from evidence.conditions.facts import FactState

if TYPE_CHECKING:
    from datetime import date

    from accounts.models import Board, User
    from cases.models import ICICourse


@dataclass(frozen=True)
class Question:
    """The root of a case; an empty value goes with a state other than known."""

    question: str
    course: ICICourse | None = None
    urgent: bool = False
    needed_by: date | None = None
    disease_status: str | None = None
    disease_status_state: str = FactState.MISSING
    alternatives: list[str] = field(default_factory=list)
    alternatives_state: str = FactState.MISSING
    alternatives_text: str = ""
    prophylaxis: str | None = None
    prophylaxis_state: str = FactState.MISSING
    prophylaxis_text: str = ""
    proposed_regimen: str | None = None
    proposed_regimen_state: str = FactState.MISSING
    proposed_drugs: list[str] = field(default_factory=list)
    proposed_text: str = ""


_numbers: ContextVar[Callable[[int], int] | None] = ContextVar("numbers of cases", default=None)


@contextmanager
def numbered_by(next_number: Callable[[int], int]) -> Iterator[None]:
    """Take the numbers of new cases from `next_number`, which is told the year, within the block.

    For imports: the counter is held from the first case to the end of a transaction, and every referral of every
    board would wait for as long.
    """
    token = _numbers.set(next_number)
    try:
        yield
    finally:
        _numbers.reset(token)


def _next_reference() -> str:
    """Return the next "RC-2026-0142"; numbers restart each year and are never used twice."""
    year = timezone.localdate().year
    given = _numbers.get()
    if given is not None:
        return f"RC-{year}-{given(year):04d}"
    with connection.cursor() as cursor:
        cursor.execute("SELECT rechallenge_next_reference(%s)", [year])
        (number,) = cursor.fetchone()
    return f"RC-{year}-{number:04d}"


@transaction.atomic
def refer_case(
    *, by: User, board: Board, patient: Patient, question: Question, derive: bool = True
) -> Case:
    """Put a question about `patient` to `board`; what is missing becomes visible, not a barrier.

    `derive`: False where the caller has the facts derived once the record is entered.
    """
    check_refer(by, board)
    # It may have been merged since it was chosen.
    patient = Patient.objects.get(pk=patient.pk).kept
    check_not_erased(patient)
    case = Case.objects.create(
        patient=patient,
        board=board,
        reference=_next_reference(),
        referred_by=by,
        disease_status_on=timezone.localdate() if question.disease_status else None,
        **{name: getattr(question, name) for name in Question.__dataclass_fields__},
    )
    CaseSection.objects.bulk_create(
        [CaseSection(patient=patient, case=case, key=key, changed_by=by) for key in Section.values]
    )
    if derive:
        refresh_facts(case=case)
    record("case.referred", by=by, board=board, patient_id=patient.pk, subject=case)
    return case


# What is answered stays a question about the same course, whatever is given later.
ANSWERED = frozenset({CaseState.DECIDED, CaseState.WATCHING, CaseState.CLOSED})


@transaction.atomic
def move_case(*, by: User, case: Case, to: str, reason: str = "") -> Case:
    """Take `case` to another state. `reason` is a code, kept for a returned case."""
    case = Case.objects.select_for_update(of=("self",)).select_related("board").get(pk=case.pk)
    check_move(by, case, to)
    before, case.state = case.state, CaseState(to)
    case.returned_reason = reason if to == CaseState.RETURNED else ""
    if to in ANSWERED and case.course_id is None:
        case.course = asked_row(case)
    case.save(update_fields=["state", "returned_reason", "course", "changed_at"])
    record(
        "case.moved",
        by=by,
        board=case.board,
        patient_id=case.patient_id,
        subject=case,
        detail={"from": before, "to": case.state, "reason": reason},
    )
    return case


# Why monitoring brings a case back, the gravest last; the workers' function in SQL knows the same order.
GRAVITY = (
    "conditions_expired",
    "missed_check",
    "ended_progression",
    "abnormal_check",
    "ended_toxicity",
    "new_irae",
    "irae_again",
)


def graver(before: str, after: str) -> bool:
    """Whether a case returned for `before` is rather to be shown as returned for `after`."""
    if after not in GRAVITY:
        return False
    return before not in GRAVITY or GRAVITY.index(after) > GRAVITY.index(before)


@transaction.atomic
def return_to_triage(*, by: User, case: Case, reason_code: str) -> Case:
    """Put a decided, watched or closed case back on the triage list.

    One that came back already takes a graver reason; one on its way to a meeting stays as it is.
    """
    case = Case.objects.select_for_update(of=("self",)).select_related("board").get(pk=case.pk)
    if case.state == CaseState.RETURNED and graver(case.returned_reason, reason_code):
        check_board(by, "monitoring.record", case.board)
        case.returned_reason = reason_code
        case.save(update_fields=["returned_reason", "changed_at"])
        record(
            "case.return_reason",
            by=by,
            board=case.board,
            patient_id=case.patient_id,
            subject=case,
            detail={"reason": reason_code},
        )
        return case
    if case.state in {*TRIAGE_STATES, CaseState.LISTED, CaseState.DISCUSSED}:
        return case
    return move_case(by=by, case=case, to=CaseState.RETURNED, reason=reason_code)

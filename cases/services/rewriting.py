"""Once age limits became longer, open cases are told anew from their records: no repair by hand is needed.

The record alone knows what an older limit let go, and no worker of the sweeps may read it. This runs where the web's
role is, board by board, under the rights of one who may edit the board's cases. It writes nothing but what follows
from the record, one case a transaction, and notes in the same one how far it came. Until it comes to a case, what
cannot be told stays so. A case that raises is noted and passed over; a board without anybody who may edit its cases is
noted too, and taken up as soon as somebody may.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import structlog
from django.db import transaction

from accounts.acting import acting_as
from accounts.models import Board, Membership
from cases.models import Case, LimitSweep, SweepState
from cases.services.facts import refresh_facts
from cases.services.limits import MOST_SECONDS, OPEN
from cases.states import CaseState

if TYPE_CHECKING:
    from accounts.models import User

log = structlog.get_logger(__name__)
# So many cases that raise are no accident of one record: it stops until a curator lets it go on.
MOST_FAILED = 1_000


def rewrite(*, seconds: float = MOST_SECONDS) -> int:
    """Write open cases anew for `seconds`, of sweeps whose days follow already; return how many steps were taken."""
    steps, until = 0, time.monotonic() + seconds
    waiting = LimitSweep.objects.filter(state=SweepState.DONE, rewrite_state__in=OPEN)
    for pk in waiting.values_list("pk", flat=True):
        while time.monotonic() < until and _step(pk):
            steps += 1
    left = LimitSweep.objects.filter(rewrite_state=SweepState.DONE).exclude(boards_left=[])
    for pk in left.values_list("pk", flat=True):
        while time.monotonic() < until and _take_up(pk):
            steps += 1
    if steps:
        log.info("limits.rewritten", steps=steps)
    return steps


@transaction.atomic
def _step(pk: int) -> bool:
    """Write one case anew, or go on to another board; return whether something may be left."""
    rows = LimitSweep.objects.select_for_update(skip_locked=True)
    sweep = rows.filter(pk=pk, rewrite_state__in=OPEN).first()
    if sweep is None:
        return False
    board = Board.objects.filter(pk__gte=sweep.rewrite_board).order_by("pk").first()
    if board is None:
        # A later round, after it was stopped in the end, begins with the first board.
        sweep.rewrite_state, sweep.rewrite_board = SweepState.DONE, 0
        sweep.save(update_fields=["rewrite_state", "rewrite_board"])
        return False
    sweep.rewrite_state = SweepState.RUNNING
    seat = _somebody([board.pk])
    if seat is None:
        sweep.boards_left = sorted({*sweep.boards_left, board.pk})
    case_id = _written(sweep, board, seat.user, sweep.rewrite_case) if seat is not None else 0
    _note(sweep, board.pk if case_id else board.pk + 1, case_id)
    return True


@transaction.atomic
def _take_up(pk: int) -> bool:
    """Write one case anew of a board that was passed over; return whether something may be left."""
    rows = LimitSweep.objects.select_for_update(skip_locked=True)
    sweep = rows.filter(pk=pk, rewrite_state=SweepState.DONE).first()
    seat = _somebody(sweep.boards_left) if sweep is not None else None
    if sweep is None or seat is None:
        return False
    board = seat.board
    after = sweep.rewrite_case if sweep.rewrite_board == board.pk else 0
    case_id = _written(sweep, board, seat.user, after)
    if not case_id:
        sweep.boards_left = [left for left in sweep.boards_left if left != board.pk]
    _note(sweep, board.pk if case_id else 0, case_id)
    return True


def _written(sweep: LimitSweep, board: Board, who: User, after: int) -> int:
    """Write the next open case of a board anew, or note that it cannot be; return its key, 0 where there is none."""
    with acting_as(who):
        rows = Case.objects.filter(board=board, pk__gt=after).exclude(state=CaseState.CLOSED)
        case = rows.order_by("pk").first()
        if case is not None:
            _write(sweep, case)
    return case.pk if case is not None else 0


def _write(sweep: LimitSweep, case: Case) -> None:
    try:
        with transaction.atomic():
            refresh_facts(case=case)
    except Exception as error:
        log.error("limits.not_rewritten", kind=type(error).__name__)
        sweep.failed_cases = sorted({*sweep.failed_cases, case.pk})
    else:
        sweep.rewritten += 1


def _note(sweep: LimitSweep, board: int, case: int) -> None:
    """Keep how far it came."""
    sweep.rewrite_board, sweep.rewrite_case = board, case
    if len(sweep.failed_cases) >= MOST_FAILED:
        sweep.rewrite_state = SweepState.CANCELLED
    sweep.save(
        update_fields=[
            *("rewrite_state", "rewrite_board", "rewrite_case", "rewritten"),
            *("failed_cases", "boards_left"),
        ]
    )


def _somebody(boards: list[int]) -> Membership | None:
    """Return the first seat on one of these boards that may edit its cases."""
    seats = Membership.objects.filter(board__in=boards).holding("case.edit")
    return seats.select_related("user", "board").order_by("board", "pk").first()

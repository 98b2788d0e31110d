"""Once age limits became longer, open cases are told anew from their records: no repair by hand is needed.

The record alone knows what an older limit let go, and no worker of the sweeps may read it. This runs where the web's
role is, board by board, under the rights of one who may edit the board's cases. It writes nothing but what follows
from the record, one case a transaction, and notes in the same one how far it came. Until it comes to a case, what
cannot be told stays so.
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


def rewrite(*, seconds: float = MOST_SECONDS) -> int:
    """Write open cases anew for `seconds`, of sweeps whose days follow already; return how many steps were taken."""
    steps, until = 0, time.monotonic() + seconds
    waiting = LimitSweep.objects.filter(state=SweepState.DONE, rewrite_state__in=OPEN)
    for pk in waiting.values_list("pk", flat=True):
        while time.monotonic() < until and _step(pk):
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
    case_id = _written(board, sweep.rewrite_case)
    sweep.rewrite_state = SweepState.RUNNING
    sweep.rewrite_board = board.pk if case_id else board.pk + 1
    sweep.rewrite_case = case_id
    sweep.rewritten += 1 if case_id else 0
    sweep.save(update_fields=["rewrite_state", "rewrite_board", "rewrite_case", "rewritten"])
    return True


def _written(board: Board, after: int) -> int:
    """Write the next open case of a board anew; return its key, 0 where there is none, or nobody who may edit it."""
    who = _somebody(board)
    if who is None:
        return 0
    with acting_as(who):
        rows = Case.objects.filter(board=board, pk__gt=after).exclude(state=CaseState.CLOSED)
        case = rows.order_by("pk").first()
        if case is not None:
            refresh_facts(case=case)
    return case.pk if case is not None else 0


def _somebody(board: Board) -> User | None:
    seats = Membership.objects.filter(board=board).holding("case.edit")
    seat = seats.select_related("user").order_by("pk").first()
    return seat.user if seat is not None else None

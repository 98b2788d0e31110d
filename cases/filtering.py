"""What a list of cases is filtered by: three codes that stand in its address, and nothing else does."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.http import QueryDict

from cases.states import CaseState
from cases.vocabulary import StopReason

if TYPE_CHECKING:
    from collections.abc import Mapping

    from accounts.models import Board, User
    from cases.access import PatientScopedQuerySet
    from cases.models import SavedFilter

OPEN = [s for s in CaseState if s != CaseState.CLOSED]
ALL = "all"


class UnknownFilter(LookupError):
    """A value is none that the list knows, or a board that the user does not sit on."""


@dataclass(frozen=True)
class CaseFilter:
    """A state or "all", a board, and why the ICI was stopped; what is empty filters nothing but closed cases."""

    state: str = ""
    board: Board | None = None
    stopped: str = ""

    def __bool__(self) -> bool:
        return bool(self.state or self.board or self.stopped)

    @property
    def query(self) -> str:
        """What stands behind the question mark of the list's address, always in the same order."""
        board = str(self.board.public_id) if self.board else ""
        given = {"state": self.state, "board": board, "stopped": self.stopped}
        return urlencode({name: value for name, value in given.items() if value})

    def narrow(self, cases: PatientScopedQuerySet) -> PatientScopedQuerySet:
        """Return those of the cases that the filter lets through."""
        if self.state != ALL:
            cases = cases.filter(state__in=[self.state] if self.state else OPEN)
        if self.board:
            cases = cases.filter(board=self.board)
        if self.stopped:
            cases = cases.filter(facts__stop_reason=self.stopped)
        return cases


def filter_of(user: User, given: Mapping[str, str]) -> CaseFilter:
    """Return the filter of an address's parameters; others than its own are passed over. Raises UnknownFilter."""
    state, stopped, wanted = (given.get(name, "") for name in ("state", "stopped", "board"))
    if state and state != ALL and state not in CaseState.values:
        raise UnknownFilter(state)
    if stopped and stopped not in StopReason.values:
        raise UnknownFilter(stopped)
    boards = {str(b.public_id): b for b in user.boards_with("case.view")} if wanted else {}
    if wanted and wanted not in boards:
        raise UnknownFilter(wanted)
    return CaseFilter(state, boards.get(wanted), stopped)


def still_known(user: User, saved: SavedFilter) -> CaseFilter | None:
    """Return the filter that was saved; None when its board is closed to the user meanwhile, or a code is gone."""
    try:
        return filter_of(user, QueryDict(saved.query).dict())
    except UnknownFilter:
        return None

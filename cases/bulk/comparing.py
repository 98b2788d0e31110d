"""What a row of a file says beside what the record says: the same, more, or something else. Pure.

A cell that says less than the record (that it is empty, or "unknown" where the record knows) takes nothing away.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any, TypeVar

from cases.forms.fields import Stated
from evidence.conditions import FactState
from ui.partial_dates import PartialDate

# How much is said: nothing, that it is still to come, that it cannot be had, or what it is.
_SAYS = {
    FactState.MISSING.value: 0,
    FactState.NOT_YET.value: 1,
    FactState.UNKNOWN.value: 2,
    FactState.NOT_APPLICABLE.value: 3,
    FactState.KNOWN.value: 3,
}
SAME, MORE, ELSE = "same", "more", "else"
A = TypeVar("A")
B = TypeVar("B")


def said(value: Any) -> tuple[int, Any]:
    """Return how much a cleaned value says, and what, so that two of them can be compared."""
    if isinstance(value, Stated):
        state = str(getattr(value.state, "value", value.state))
        return _SAYS[state], (state, _plain(value.value))
    if value in (None, "", [], (), (None, None)):
        return 0, None
    return 3, (FactState.KNOWN.value, _plain(value))


def _plain(value: Any) -> Any:
    if isinstance(value, PartialDate):
        return value.earliest, value.latest, value.anchor, value.offset_days
    if isinstance(value, Decimal):
        return value.normalize()
    if isinstance(value, list | set | frozenset):
        return tuple(sorted(str(one) for one in value))
    return " ".join(value.split()) if isinstance(value, str) else value


def compared(told: Any, recorded: Any) -> str:
    """Return whether `told` is the same as `recorded` or less, more than it, or something else."""
    (much, what), (there, present) = said(told), said(recorded)
    if much < there or (much == there and what == present) or not much:
        return SAME
    return MORE if there < 3 else ELSE


def paired(ones: Sequence[A], others: Sequence[B], fits: Callable[[A, B], bool]) -> dict[int, int]:
    """Return as many pairs as there can be, by position: a maximum matching.

    Greedy pairs could leave a row without its own although everybody could have had one.
    """
    taken: dict[int, int] = {}

    def place(one: int, tried: set[int]) -> bool:
        for other in range(len(others)):
            if other in tried or not fits(ones[one], others[other]):
                continue
            tried.add(other)
            if other not in taken or place(taken[other], tried):
                taken[other] = one
                return True
        return False

    for one in range(len(ones)):
        place(one, set())
    return {one: other for other, one in taken.items()}

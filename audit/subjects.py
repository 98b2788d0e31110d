"""What an entry is about, in words, told by the applications that know it.

The trail holds ids and knows no application. Each registers, when it is configured, a function that names
the subjects it knows for a reader: what the reader may not see is not named.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

if TYPE_CHECKING:
    from audit.models import TrailEntry


@dataclass(frozen=True)
class Named:
    """A subject as it is shown: a text, and where it leads if anywhere."""

    text: str
    href: str = ""


@dataclass(frozen=True)
class FoundCase:
    """A case of a reader: whose it is, on which board, how it is named.

    `records`: every key under which the patient is, or was before a merge, on the trail.
    """

    patient_id: int
    records: tuple[int, ...]
    board_id: int
    named: Named


Namer = Callable[[Any, Sequence["TrailEntry"]], dict[int, list[Named]]]
Finder = Callable[[Any, UUID], FoundCase | None]
_namers: list[Namer] = []
_finders: list[Finder] = []


def register(namer: Namer) -> None:
    """Let an application name subjects: by the entry's key, in a fixed number of queries."""
    if namer not in _namers:
        _namers.append(namer)


def register_cases(finder: Finder) -> None:
    """Let the application of cases find one by its public id."""
    if finder not in _finders:
        _finders.append(finder)


def named(reader: Any, entries: Sequence[TrailEntry]) -> dict[int, list[Named]]:
    """Return what each entry is about, as far as `reader` may know."""
    found: dict[int, list[Named]] = {}
    for namer in _namers:
        for key, names in namer(reader, entries).items():
            found.setdefault(key, []).extend(names)
    return found


def case_of(reader: Any, public_id: UUID) -> FoundCase | None:
    """Return the case with this public id if `reader` may see it."""
    return next((case for finder in _finders if (case := finder(reader, public_id))), None)

"""What a list of the history is made of, as it is shown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ui.partial_dates import PartialDate


def begun_since(as_of: PartialDate | None, began: Iterable[PartialDate | None]) -> int:
    """Return how many entries certainly began after the day for which their list was called complete."""
    return sum(
        as_of is not None and day is not None and as_of.certainly_before(day) for day in began
    )


def complete_words(as_of: PartialDate | None, since: int) -> str:
    """Return for which day a list was called complete, and how many entries came after it."""
    if as_of is None:
        return _("Nobody has said that this list is complete: “none” is not concluded from it.")
    if not since:
        return _("This list is complete as of %(date)s.") % {"date": as_of}
    words = _("This list is complete as of %(date)s; entries since then: %(n)s.")
    return words % {"date": as_of, "n": since}


@dataclass(frozen=True)
class Cell:
    """One cell; `grade` shows the worst grade and, where known, the grade now."""

    text: str = ""
    sub: str = ""
    has_grade: bool = False
    grade: int | None = None
    now: int | None = None


@dataclass(frozen=True)
class Link:
    """Something to open beside a row; `in_place` is a form that opens within the section."""

    text: str
    url: str
    context: str = ""
    in_place: bool = False


@dataclass(frozen=True)
class Note:
    """What stands under a row: a heading and what it says."""

    label: str
    text: str = ""
    links: tuple[Link, ...] = ()


@dataclass(frozen=True)
class Item:
    """One row of a list with where it is changed and what is told under it."""

    name: str
    sub: str
    cells: tuple[Cell, ...]
    edit_url: str
    notes: tuple[Note, ...] = ()
    links: tuple[Link, ...] = ()


@dataclass(frozen=True)
class Part:
    """A part of a section with a form of its own: labels and values, and what may be concluded from them."""

    title: str
    pairs: tuple[tuple[str, str], ...]
    edit_url: str
    edit_text: str
    note: str = ""
    empty: str = ""


@dataclass(frozen=True)
class SubList:
    """A second list within a section, with its own word on whether it is complete."""

    title: str
    id: str
    version: int
    heads: tuple[str, ...]
    items: tuple[Item, ...]
    add_url: str
    add_text: str
    # Empty where nothing is concluded from the list's end.
    complete: str = ""
    complete_url: str = ""
    is_complete: bool = False
    review: None = None
    # What was said of it goes out of date within days, so that it can be said again.
    renewable: bool = True
    also_says: str = ""
    doubles: tuple[()] = ()
    said_two: tuple[()] = ()

"""What a list of the history is made of, as it is shown."""

from __future__ import annotations

from dataclasses import dataclass


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

"""Saves of a record as versions to choose from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from ui import formatting

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from cases.changelog import Save


@dataclass(frozen=True)
class Choice:
    """A save with the value that chooses the version after it; `when` tells it from every other one on the page."""

    save: Save
    when: str
    value: str
    label: str
    then: bool
    now: bool


@dataclass(frozen=True)
class Moment:
    """A version chosen on another page, or shown: which side it is on, when and by whom."""

    side: str
    value: str
    label: str


def choices_of(
    saves: Iterable[Save], chosen: Mapping[str, datetime | None], value_of: Callable[[Save], str]
) -> list[Choice]:
    """Return saves as choices, each with its sections, so that none reads like another."""
    saves = list(saves)
    times = _told_apart([(save.at, save.who) for save in saves])
    return [
        Choice(
            save=save,
            when=when,
            value=value_of(save),
            label=f"{_label(when, save.who)}, {_sections(save)}",
            then=chosen["then"] == save.at,
            now=chosen["now"] == save.at,
        )
        for save, when in zip(saves, times, strict=True)
    ]


def chosen_moments(
    sides: Iterable[tuple[str, datetime, str]], people: Mapping[datetime, str]
) -> list[Moment]:
    """Return versions in words: of each its side, its moment and the value that chooses it."""
    sides = list(sides)
    times = _told_apart([(at, people.get(at, "")) for _side, at, _value in sides])
    return [
        Moment(side, value, _label(when, people.get(at, "")))
        for (side, at, value), when in zip(sides, times, strict=True)
    ]


def _told_apart(moments: list[tuple[datetime, str]]) -> list[str]:
    """Return when each was, to the minute, or as finely as one person's moments need to differ."""
    found = [""] * len(moments)
    left = list(range(len(moments)))
    for words in (formatting.datetime, formatting.datetime_seconds, formatting.datetime_exact):
        said = {i: (words(moments[i][0]), moments[i][1]) for i in left}
        alike = Counter(said.values())
        for i, (when, _who) in said.items():
            found[i] = when
        left = [i for i in left if alike[said[i]] > 1]
    return found


def _sections(save: Save) -> str:
    return ", ".join(dict.fromkeys(change.section for change in save.changes))


def _label(when: str, who: str) -> str:
    return _("%(when)s, %(who)s") % {"when": when, "who": who or _("the system")}

"""Saves of a record as versions to choose from."""

from __future__ import annotations

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
    """A save with the value that chooses the version after it."""

    save: Save
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


def choice_of(save: Save, chosen: Mapping[str, datetime | None], value: str) -> Choice:
    """Return a save as a choice."""
    return Choice(
        save=save,
        value=value,
        label=_label(save.at, save.who),
        then=chosen["then"] == save.at,
        now=chosen["now"] == save.at,
    )


def chosen_moment(side: str, at: datetime, people: Mapping[datetime, str], value: str) -> Moment:
    """Return a version in words."""
    return Moment(side, value, _label(at, people.get(at, "")))


def _label(at: datetime, who: str) -> str:
    return _("%(when)s, %(who)s") % {
        "when": formatting.datetime(at),
        "who": who or _("the system"),
    }

"""What members said of the guidance that they attached to a case: in the letter, on the agenda, with a decision."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from ui.formatting import date

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from cases.models import AttachedGuidance


@dataclass(frozen=True)
class Said:
    """One thing that was attached: its title and version, what was said of it, and by whom on which day."""

    title: str
    version: str
    comment: str
    who: str


def said_line(row: AttachedGuidance, *, erased: bool = False) -> Said:
    """Return what is attached, fetched with what it points at; `erased`: who the patient was is erased."""
    return Said(
        title=row.title,
        version=_version(row.version.number if row.version else None),
        comment=_("erased") if erased else row.comment,
        who=_who(row.attached_by.name, row.attached_at),
    )


def said_lines(rows: Iterable[AttachedGuidance]) -> tuple[Said, ...]:
    """Return what is attached and has a comment, in its order."""
    return tuple(said_line(row) for row in rows if row.comment)


def said_beside(row: Mapping[str, Any]) -> Said:
    """Return what came as a plain row beside an item of an agenda (`meetings.selectors.with_comments`)."""
    return Said(
        title=row["title"] or row["label"] or "",
        version=_version(row["number"]),
        comment=row["comment"],
        who=_who(row["who"], dt.datetime.fromisoformat(row["at"])),
    )


def _version(number: int | None) -> str:
    if number is None:
        return _("one figure")
    return _("version %(number)s") % {"number": number}


def _who(name: str, at: dt.datetime) -> str:
    return _("%(person)s, %(day)s") % {"person": name, "day": date(at)}

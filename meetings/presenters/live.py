"""The strip above the discussion: which case, how long, whether quorate, what comes next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from ui.formatting import time

if TYPE_CHECKING:
    from meetings.models import AgendaItem, Meeting
    from meetings.quorum import Quorum


@dataclass(frozen=True)
class Mark:
    """What a browser that follows has seen: it is sent with each poll.

    `guidance` counts what was attached to and taken off the case that is up, `form` is the version at which
    its decision's form was saved last.
    """

    revision: int
    guidance: int = 0
    form: int = 0

    def __str__(self) -> str:
        return f"{self.revision}.{self.guidance}.{self.form}"

    @classmethod
    def read(cls, text: str) -> Mark:
        """Return the mark in `text`; nothing has been seen where it cannot be read."""
        parts = text.split(".")
        if not all(part.isdecimal() for part in parts) or len(parts) > 3:
            return cls(-1)
        return cls(*(int(part) for part in parts))


@dataclass(frozen=True)
class Entry:
    """One case of the agenda in the strip's list."""

    item_id: str
    place: int
    name: str
    current: bool
    discussed: bool


@dataclass(frozen=True)
class Strip:
    """The strip's words."""

    entries: tuple[Entry, ...]
    place: str
    since: str
    quorum: str
    quorate: bool
    previous_id: str
    next_id: str


def strip(
    meeting: Meeting, names: Sequence[AgendaItem], item: AgendaItem | None, seats: Quorum | None
) -> Strip:
    """Return the strip; `names` are the meeting's items in order with the patients' identities."""
    entries = tuple(
        Entry(
            item_id=str(one.public_id),
            place=one.position,
            name=one.case.patient.identity.display_name,
            current=one.current_since is not None,
            discussed=one.discussed_at is not None,
        )
        for one in names
    )
    at = next((i for i, entry in enumerate(entries) if entry.current), None)
    place = ""
    if at is not None:
        place = _("%(n)s of %(m)s") % {"n": at + 1, "m": len(entries)}
    since = ""
    if item is not None and item.current_since:
        words = _("since %(time)s, %(minutes)s min")
        since = words % {"time": time(item.current_since), "minutes": item.minutes}
    return Strip(
        entries=entries,
        place=place,
        since=since,
        quorum=quorum_words(seats),
        quorate=bool(seats and seats.quorate),
        previous_id=entries[at - 1].item_id if at else "",
        next_id=_next(entries, at),
    )


def _next(entries: Sequence[Entry], at: int | None) -> str:
    after = 0 if at is None else at + 1
    return entries[after].item_id if after < len(entries) else ""


def quorum_words(seats: Quorum | None) -> str:
    """Return whether the case is quorate, or who is lacking."""
    if seats is None:
        return ""
    if seats.quorate:
        by_organ = ", ".join(seat.need.label.lower() for seat in seats.by_organ)
        return _("complete: %(who)s there") % {"who": by_organ} if by_organ else _("complete")
    return _("lacking: %(who)s") % {"who": "; ".join(s.need.label.lower() for s in seats.open)}

"""A meeting as a calendar file (RFC 5545)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext as _
from icalendar import Calendar, Event

if TYPE_CHECKING:
    from meetings.models import Meeting


def calendar_file(meeting: Meeting, url: str) -> bytes:
    """Return the file: board, place, time in the meeting's zone and the page's address, no patient."""
    event = Event()
    event.add("uid", f"{meeting.public_id}@rechallenge")
    event.add("dtstamp", timezone.now())
    event.add("dtstart", meeting.starts_at)
    event.add("dtend", meeting.ends_at)
    event.add("summary", _("Tumour board: %(board)s") % {"board": meeting.board.name})
    event.add("location", meeting.place)
    event.add("url", url)
    event.add("class", "PRIVATE")
    # A later file of the same meeting replaces this one.
    event.add("sequence", meeting.revision)
    calendar = Calendar()
    calendar.add("prodid", "-//Rechallenge//Meetings//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add_component(event)
    calendar.add_missing_timezones()
    text: bytes = calendar.to_ical()
    return text

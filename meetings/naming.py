"""How the trail names meetings to a reader."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext as _

from audit.subjects import Named
from meetings.models import Meeting
from ui.formatting import date

if TYPE_CHECKING:
    from collections.abc import Sequence

    from accounts.models import User
    from audit.models import TrailEntry

MEETING = Meeting._meta.label_lower


def name_meetings(reader: User, entries: Sequence[TrailEntry]) -> dict[int, list[Named]]:
    """Name the meetings that entries are about by their day; one query."""
    about = {e.pk: e.subject_id for e in entries if e.subject_type == MEETING}
    if not about:
        return {}
    may_open = reader.can_anywhere("meeting.view")
    rows = Meeting.objects.filter(pk__in=set(about.values())).values_list("pk", "day", "public_id")
    names = {
        pk: Named(
            _("meeting of %(day)s") % {"day": date(day)},
            reverse("meetings:agenda", args=[public_id]) if may_open else "",
        )
        for pk, day, public_id in rows
    }
    return {key: [names[pk]] for key, pk in about.items() if pk in names}

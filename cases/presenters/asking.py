"""Whom one press would ask for a missing fact, and until when."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext as _

from cases.presenters.owed import section_of
from ui.formatting import short_date

if TYPE_CHECKING:
    from datetime import date

    from accounts.models import User
    from cases.models import Case

WEEK, MEETING = "week", "meeting"
USUAL_DAYS = 7


@dataclass(frozen=True)
class Offer:
    """What one press would do: ask `who`, an id, for a fact until the day that `by` stands for."""

    url: str
    who: str
    by: str
    words: str


def offer_of(case: Case, user: User, key: str, meeting: date | None) -> Offer:
    """Return whom to ask for a fact of `case`, which is fetched for its page, before the next meeting: no query.

    It is the usual one of its section: who is asked for most of its other facts, else who entered it last; else
    `user`. Whoever may not be asked any more is found out when they are.
    """
    who = _usual(case, section_of(key)) or user
    name = _("me") if who == user else who.name
    words = _("ask %(who)s, within %(n)s days") % {"who": name, "n": USUAL_DAYS}
    if meeting is not None:
        words = _("ask %(who)s, before %(date)s") % {"who": name, "date": short_date(meeting)}
    return Offer(
        url=reverse("cases:ask", args=[case.public_id, key]),
        who=str(who.public_id),
        by=MEETING if meeting else WEEK,
        words=words,
    )


def _usual(case: Case, section: str) -> User | None:
    asked = Counter(
        task.owner
        for task in case.tasks.all()
        if task.owner is not None and section_of(task.fact) == section
    )
    if asked:
        most: User = asked.most_common(1)[0][0]
        return most
    saved: User | None = next(
        (row.changed_by for row in case.sections.all() if row.key == section), None
    )
    return saved

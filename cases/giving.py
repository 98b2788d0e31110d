"""To whom an open fact is likely to be given, and by when: choices of one press each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db.models import Max
from django.utils.translation import gettext as _

from accounts.permissions import Role
from cases.forms.owner import seats_of
from cases.models import FactTask
from cases.presenters.asking import MEETING, USUAL_DAYS, WEEK
from cases.presenters.owed import section_of
from cases.presenters.sections import FACTS_OF
from cases.standing import day_before, meeting_ahead
from ui import formatting

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from accounts.models import User
    from cases.models import Case

# So many names stand as buttons; the others in a list beside them.
MOST_NAMES = 4


@dataclass(frozen=True)
class Day:
    """A day by which a fact may be wanted: the code that is sent, the day, and its words."""

    code: str
    due_on: date
    words: str


@dataclass(frozen=True)
class Person:
    """Somebody who may be given a fact; `role` says why their name stands here."""

    id: str
    name: str
    role: str


def days_for(case: Case, today: date) -> tuple[Day, ...]:
    """Return the days to choose from; the case must be fetched with `stage_columns`."""
    week = today + timedelta(days=USUAL_DAYS)
    found = [
        Day(
            WEEK,
            week,
            _("in %(n)s days, by %(date)s")
            % {"n": USUAL_DAYS, "date": formatting.short_date(week)},
        )
    ]
    if day := meeting_ahead(case, today):
        words = _("before the meeting on %(date)s") % {"date": formatting.short_date(day)}
        found.append(Day(MEETING, day_before(day, today), words))
    return tuple(found)


def likely_people(
    case: Case, by: User, facts: Iterable[str]
) -> tuple[tuple[Person, ...], tuple[Person, ...]]:
    """Return the likely names, and all others who may be given a fact; two queries.

    Likely are: who asks, who referred, who was given facts of this kind last, and the coordinator.
    """
    seats = list(seats_of(case.board))
    users = {seat.user_id: seat.user for seat in seats}
    wanted = [(by.pk, _("me")), (case.referred_by_id, _("referred the case"))]
    wanted += [(owner, _("was given such facts last")) for owner in _given_last(facts, users)]
    likely: dict[int, str] = {}
    for pk, why in wanted:
        if pk in users and len(likely) < MOST_NAMES:
            likely.setdefault(pk, why)
    coordinators = [seat.user_id for seat in seats if seat.role == Role.COORDINATOR]
    if coordinators and not likely.keys() & set(coordinators):
        likely = dict(list(likely.items())[: MOST_NAMES - 1])
        likely[coordinators[0]] = str(Role.COORDINATOR.label).lower()
    for seat in seats:
        if seat.role in (Role.NURSE, Role.CHAIR) and len(likely) < MOST_NAMES:
            likely.setdefault(seat.user_id, str(Role(seat.role).label).lower())
    first = [Person(str(users[pk].public_id), users[pk].name, why) for pk, why in likely.items()]
    rest = [
        Person(str(user.public_id), user.name, "") for pk, user in users.items() if pk not in likely
    ]
    return tuple(first), tuple(rest)


def _given_last(facts: Iterable[str], users: Mapping[int, User]) -> list[int]:
    """Return who of the board was given facts of the same sections last, the latest first."""
    kinds = {key for fact in facts for key in (*FACTS_OF[section_of(fact)], fact)}
    rows = FactTask.objects.filter(owner__in=list(users), fact__in=sorted(kinds))
    newest = rows.values("owner_id").annotate(last=Max("created_at")).order_by("-last", "owner_id")
    return [row["owner_id"] for row in newest]

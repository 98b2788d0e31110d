"""Rows of facts whose days were worked out under other age limits than those that hold now.

`CaseFacts` keeps until when lists, doses and grades hold, worked out with the limits of the rules that held when it
was written. Once others are published, a sweep of the workers works those days out anew (`cases.services.limits`).
Until it comes to a row, the row is read as if it had been written under the longest limit that ever held: what may be
too old is not called current.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db.models import Q

from cases.delivered import delivered_limit
from cases.derivations import NOW

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

# What a limit is set on, and the name of its shift.
DOSES, SECOND_LINE = "steroid_now", "immunosuppressant_now"
GRADES, WEIGHT, SURGERY = "irae_grade_now", "weight_kg", "major_surgery"
LIMITED = (DOSES, SECOND_LINE, GRADES, WEIGHT, SURGERY)
# Facts that a row behind tells less of.
RESTING = frozenset({DOSES, "steroid_not_tapered", SECOND_LINE, GRADES, *NOW, SURGERY, "ali"})
DELIVERED = 0

Limits = dict[str, int]
# By the id of published rules, which are frozen.
_behind: dict[int, Behind] = {}


@dataclass(frozen=True)
class Behind:
    """How many days earlier than its row says a thing may end to hold, for rows that do not follow `rules`."""

    rules: int = DELIVERED
    doses: int = 0
    second_line: int = 0
    grades: int = 0
    # Whether a weight may count no more that counted when the row was written.
    weight: bool = False
    # Below 0 where surgery is recent for longer than under any other rules: what is recent still warns.
    surgery: int = 0

    def shift(self, until: date | None, days: int) -> date | None:
        """Return a row's last day, moved to the safe side."""
        return until - timedelta(days=days) if until is not None and days else until

    def holds(self, column: str, days: int, as_of: date) -> Q:
        """Return of which rows `column` is not before `as_of`."""
        if not days:
            return Q(**{f"{column}__gte": as_of})
        later = Q(**{f"{column}__gte": as_of + timedelta(days=days)})
        follows = Q(**{f"{column}__gte": as_of}, limits_by=self.rules)
        return (later if days > 0 else self._others & later) | follows

    def ended(self, column: str, days: int, as_of: date) -> Q:
        """Return of which rows `column` is before `as_of`: those that `holds` leaves, but for empty ones."""
        past = Q(**{f"{column}__lt": as_of})
        if not days:
            return past
        return past | (self._others & Q(**{f"{column}__lt": as_of + timedelta(days=days)}))

    @property
    def _others(self) -> Q:
        """Rows that follow other rules."""
        return Q(limits_by__isnull=True) | Q(limits_by__lt=self.rules) | Q(limits_by__gt=self.rules)


NOT_BEHIND = Behind()


def limits_in(rows: Iterable[Mapping[str, Any]]) -> Limits:
    """Return the lowest limit that rules set on each of `LIMITED`, else that of the product's own file."""
    found: Limits = {}
    for row in rows:
        key, days = row["fact"], row["age_limit_days"]
        if key in LIMITED and days is not None:
            found[key] = min(days, found.get(key, days))
    return {key: found[key] if key in found else delivered_limit(key) for key in LIMITED}


def every_limits() -> dict[int, Limits]:
    """Return the limits of all rules that ever held, by their id; one query."""
    versions = apps.get_model("cases", "ReadinessVersion")._default_manager
    published = versions.filter(published_at__isnull=False).order_by("number")
    found = {pk: limits_in(rules) for pk, rules in published.values_list("pk", "rules")}
    return {DELIVERED: limits_in(()), **found}


def behind(rules: int) -> Behind:
    """Return what is to be taken off rows that do not follow the rules with this id; one query the first time."""
    if rules == DELIVERED:
        return NOT_BEHIND
    if rules not in _behind:
        every = every_limits()
        now = every[rules]
        less = {key: max(o[key] for o in every.values()) - now[key] for key in LIMITED}
        less[SURGERY] = max(o[SURGERY] for pk, o in every.items() if pk != rules) - now[SURGERY]
        found = Behind(
            rules, less[DOSES], less[SECOND_LINE], less[GRADES], less[WEIGHT] > 0, less[SURGERY]
        )
        _behind[rules] = found if any(less.values()) else NOT_BEHIND
    return _behind[rules]


def behind_now() -> Behind:
    """Return it for the rules that hold now; one query more."""
    versions = apps.get_model("cases", "ReadinessVersion")._default_manager
    newest = versions.filter(published_at__isnull=False).order_by("-number")
    return behind(newest.values_list("pk", flat=True).first() or DELIVERED)


def behind_for(facts: frozenset[str]) -> Behind:
    """Return it for a query that reads `facts`; no query where none of them rests on a limit."""
    return behind_now() if RESTING & facts else NOT_BEHIND


def changes() -> dict[str, dict[str, int | None]]:
    """Return for the rules of each id how the days of its rows change under those that hold now.

    `weight`: the limit under which an index of blood and weight has to be looked at again; None: not at all.
    """
    every = every_limits()
    # In the order of their numbers: the last ones hold.
    now = list(every.values())[-1]
    return {
        str(pk): {
            "doses": now[DOSES] - then[DOSES],
            "second_line": now[SECOND_LINE] - then[SECOND_LINE],
            "grades": now[GRADES] - then[GRADES],
            "surgery": now[SURGERY] - then[SURGERY],
            "weight": now[WEIGHT] if now[WEIGHT] < then[WEIGHT] else None,
        }
        for pk, then in every.items()
    }

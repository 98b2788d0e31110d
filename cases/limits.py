"""Rows of facts whose days were worked out under other age limits than those that hold now.

`CaseFacts` keeps until when lists, doses and grades hold, worked out with the limits of the rules that held when it
was written. Once others are published, a sweep of the workers works those days out anew (`cases.services.limits`).
Until it comes to a row, its days are moved by what the limit of its own rules differs from the one that holds: what
may be too old is not called current, and surgery that may be recent still warns.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db.models import Q

from cases.delivered import delivered_limit
from cases.derivations import NOW

if TYPE_CHECKING:
    from collections.abc import Iterable
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
class Shift:
    """How many days earlier than its row says a thing may end to hold, by the id of the rules that the row follows.

    `rest`: for rows of which nobody knows the rules, the safest of all.
    """

    by_rules: Mapping[int, int] = field(default_factory=dict)
    rest: int = 0

    def __bool__(self) -> bool:
        return bool(self.rest) or any(self.by_rules.values())

    def of(self, rules: int | None) -> int:
        """Return the days for a row that follows `rules`."""
        return self.rest if rules is None else self.by_rules.get(rules, self.rest)

    def moved(self, until: date | None, rules: int | None) -> date | None:
        """Return the last day of a row that follows `rules`, moved to the safe side."""
        return until - timedelta(days=self.of(rules)) if until is not None else None

    def holds(self, column: str, as_of: date) -> Q:
        """Return of which rows `column` is not before `as_of`."""
        return self._each(f"{column}__gte", as_of)

    def ended(self, column: str, as_of: date) -> Q:
        """Return of which rows `column` is before `as_of`: those that `holds` leaves, but for empty ones."""
        return self._each(f"{column}__lt", as_of)

    def _each(self, lookup: str, as_of: date) -> Q:
        if not self:
            return Q(**{lookup: as_of})
        alike: dict[int, list[int]] = {}
        for rules, days in self.by_rules.items():
            alike.setdefault(days, []).append(rules)
        found = Q(**{lookup: as_of + timedelta(days=self.rest)}) & self._unknown
        for days, ids in alike.items():
            found |= Q(**{lookup: as_of + timedelta(days=days)}, limits_by__in=ids)
        return found

    @property
    def _unknown(self) -> Q:
        """Rows of which nobody knows the rules."""
        return Q(limits_by__isnull=True) | ~Q(limits_by__in=list(self.by_rules))

    @property
    def unmoved(self) -> Q:
        """Rows of which it is known that nothing ends earlier than they say."""
        return Q(limits_by__in=[rules for rules, days in self.by_rules.items() if days <= 0])


@dataclass(frozen=True)
class Behind:
    """The shifts of rows that do not follow `rules`, each by the limits that they were written under."""

    rules: int = DELIVERED
    doses: Shift = field(default_factory=Shift)
    second_line: Shift = field(default_factory=Shift)
    grades: Shift = field(default_factory=Shift)
    # Above 0 where a weight may count no more that counted when the row was written.
    weight: Shift = field(default_factory=Shift)
    # Below 0 where surgery is recent for longer than under the row's own rules: what is recent still warns.
    surgery: Shift = field(default_factory=Shift)


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
        less = {key: _shift(every, rules, key) for key in LIMITED}
        found = Behind(
            rules, less[DOSES], less[SECOND_LINE], less[GRADES], less[WEIGHT], less[SURGERY]
        )
        _behind[rules] = found if any(less.values()) else NOT_BEHIND
    return _behind[rules]


def _shift(every: Mapping[int, Limits], rules: int, key: str) -> Shift:
    """Return the shift of one limit. What holds for longer now is not called current before the sweep said so."""
    by_rules = {pk: limits[key] - every[rules][key] for pk, limits in every.items()}
    if key == SURGERY:
        return Shift(by_rules, min(by_rules.values()))
    safe = {pk: max(days, 0) for pk, days in by_rules.items()}
    return Shift(safe, max(safe.values()))


def behind_now() -> Behind:
    """Return it for the rules that hold now; one query more."""
    versions = apps.get_model("cases", "ReadinessVersion")._default_manager
    newest = versions.filter(published_at__isnull=False).order_by("-number")
    return behind(newest.values_list("pk", flat=True).first() or DELIVERED)


def behind_for(facts: frozenset[str]) -> Behind:
    """Return it for a query that reads `facts`; no query where none of them rests on a limit."""
    return behind_now() if RESTING & facts else NOT_BEHIND


def lengthened(since: int | None = None) -> bool:
    """Return whether what an earlier limit let go may hold under those that hold now, so that it is to be told again.

    Recent surgery is told by its day alone. `since`: the id of the last rules under which all was told again.
    """
    every = every_limits()
    # In the order of their numbers: the last ones hold.
    versions = list(every)
    told = versions[versions.index(since) :] if since is not None else versions
    now, keys = every[versions[-1]], [key for key in LIMITED if key != SURGERY]
    return any(every[pk][key] < now[key] for pk in told for key in keys)


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

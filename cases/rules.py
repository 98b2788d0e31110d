"""The rules of readiness that hold now, without reading them anew for every page.

A published version is frozen, so its id always stands for the same rules. Queries of cases are annotated with the
id that holds (`with_rules`); its content is read once a process. Where no version was ever loaded, those of the
product's own file hold.
"""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING, Any

from django.db.models import Subquery, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from cases.delivered import delivered_limit, delivered_rows
from cases.models import ReadinessVersion
from cases.readiness import Readiness, Requirement, Rule, Rules, counts_hold_until, readiness
from evidence.conditions import read as read_condition

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from cases.models import Case
    from evidence.conditions import Fact, Node

DELIVERED = 0
# Versions read by this process, by id.
_read: dict[int, Rules] = {}


def rules_from(rows: Iterable[Mapping[str, Any]], *, id: int = DELIVERED, number: int = 0) -> Rules:
    """Return rules as they stand in a version. Raises ConditionError for a condition that cannot be read."""
    conditions: dict[str, Node] = {}

    def read(when: Any) -> Node | None:
        if when is None:
            return None
        return conditions.setdefault(json.dumps(when, sort_keys=True), read_condition(when))

    found = (Rule(row["fact"], read(row["when"]), row["age_limit_days"]) for row in rows)
    return Rules(id, number, tuple(found))


@cache
def _delivered() -> Rules:
    return rules_from(delivered_rows())


def holding() -> Coalesce:
    """Return the expression of the id of the rules that hold now."""
    published = ReadinessVersion.objects.filter(published_at__isnull=False)
    return Coalesce(Subquery(published.order_by("-number").values("pk")[:1]), Value(DELIVERED))


def with_rules(rows: Any) -> Any:
    """Return a query annotated with the rules that hold, as `rules_now`; no query more."""
    return rows.annotate(rules_now=holding())


def rules_of(pk: int) -> Rules:
    """Return the rules with this id; one query the first time."""
    if pk == DELIVERED:
        return _delivered()
    if pk not in _read:
        row = ReadinessVersion.objects.get(pk=pk)
        _read[pk] = rules_from(row.rules, id=pk, number=row.number)
    return _read[pk]


def current_rules() -> Rules:
    """Return the rules that hold now; one query where they were read before."""
    newest = ReadinessVersion.objects.filter(published_at__isnull=False).order_by("-number")
    found = newest.values_list("pk", flat=True).first()
    return rules_of(found or DELIVERED)


def rules_for(case: Case) -> Rules:
    """Return the rules that hold for a case; no query where it was fetched `with_rules`."""
    known: int | None = case.__dict__.get("rules_now")
    if known is None:
        known = case.__dict__["rules_now"] = current_rules().id
    return rules_of(known)


def grades_hold_days(case: Case) -> int:
    """Return for how many days a grade of now holds: as long as it is not stale.

    Where the rules that hold for `case` set no limit, that of the product's own file does.
    """
    return days_held(case, "irae_grade_now")


def days_held(case: Case, key: str) -> int:
    """Return for how many days what was said of a fact, or measured, holds.

    Where the rules that hold for `case` set no limit, that of the product's own file does.
    """
    return _held_under(rules_for(case), key)


def days_written(case: Case, key: str) -> int:
    """Return under which limit the days of the row of facts were worked out; no query for rules read before."""
    row = case.facts
    return _held_under(rules_of(row.limits_by or row.counted_by or DELIVERED), key)


def _held_under(rules: Rules, key: str) -> int:
    found = rules.limit_on(key)
    return found if found is not None else delivered_limit(key)


def readiness_of(case: Case, facts: Mapping[str, Fact] | None = None) -> Readiness:
    """Return how every fact that the question of `case` needs stands today."""
    row, today = case.facts, timezone.localdate()
    return readiness(rules_for(case), facts or row.as_facts(today), row.said_on(), today)


def stale_of(case: Case) -> tuple[Requirement, ...]:
    """Return the facts of `case` that are stale today; the days alone tell that most cases have none."""
    today, days = timezone.localdate(), case.facts.said_on()
    past = any(
        (today - days[rule.fact][1]).days > rule.age_limit_days
        for rule in rules_for(case).rules
        if rule.age_limit_days is not None and rule.fact in days
    )
    return readiness_of(case).stale if past else ()


def counts_of(case: Case) -> tuple[int, int]:
    """Return how many facts are there and current, and how many are needed.

    From the columns kept with the facts, unless rules were published or a day has come since.
    """
    if counts_hold(case):
        return case.facts.facts_settled, case.facts.facts_required
    found = readiness_of(case)
    return found.settled, found.total


def counts_hold(case: Case) -> bool:
    """Whether the counts kept with the facts of `case` were made by the rules that hold, and no day has come since."""
    rules, until = rules_for(case), case.facts.counts_until
    counted_by_these = rules.id != DELIVERED and case.facts.counted_by == rules.id
    return counted_by_these and (until is None or timezone.localdate() <= until)


def counted(
    rules: Rules,
    facts: Mapping[str, Fact],
    said: Mapping[str, tuple[date, date]],
    as_of: date,
    changes: Iterable[date],
) -> dict[str, Any]:
    """Return the columns that keep the counts with the facts."""
    found = readiness(rules, facts, said, as_of)
    return {
        "counted_by": rules.id,
        "facts_required": found.total,
        "facts_settled": found.settled,
        "counts_until": counts_hold_until(rules, found, as_of, changes),
    }

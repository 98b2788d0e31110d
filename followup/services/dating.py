"""Gives checks their days: what every step of a plan that moves checks has in common."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from django.db.models import DateField, ExpressionWrapper, F, Func, OuterRef, Subquery, Value
from django.db.models.functions import Cast, Now

from followup.models import MonitoringPlan
from followup.states import UNDONE_CHECKS, CheckState

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from django.db.models import QuerySet
    from django.db.models.expressions import CombinedExpression

    from followup.models import Check


def undone_checks(plan: MonitoringPlan) -> QuerySet[Check]:
    """Return the checks of a plan that are still to be done, locked."""
    rows: QuerySet[Check] = plan.checks.filter(state__in=UNDONE_CHECKS)
    return rows.select_for_update(of=("self",))


def for_the_dose_alone(checks: QuerySet[Check]) -> QuerySet[Check]:
    """Return those of `checks` at doses that say nothing of a toxicity for which the dose is not given.

    What is measured, what is critical and what is asked because of an affected organ shows how it goes on.
    """
    return checks.filter(measures=[], step__critical=False, step__version__protocol__general=True)


def day_value(on: date) -> Value:
    """Return a day for use in an expression."""
    return Value(on, output_field=DateField())


def redate_each(plan: MonitoringPlan, days: Mapping[int, date]) -> None:
    """Give checks of a plan, by their keys, their days: one statement for each day."""
    of_day: dict[date, list[int]] = defaultdict(list)
    for key, day in days.items():
        of_day[day].append(key)
    for day, keys in of_day.items():
        redate(plan.checks.filter(pk__in=keys), day_value(day) + Value(0))


def redate(checks: QuerySet[Check], day: CombinedExpression) -> None:
    """Give each check its day, a date plus days; one that was due waits for its new day."""
    # The board's day, as the sweep tells by it what was dated after it had fallen due.
    zone = MonitoringPlan.objects.filter(pk=OuterRef("plan")).values("case__board__zone")
    checks.update(
        due_on=ExpressionWrapper(day, output_field=DateField()),
        state=CheckState.WAITING,
        opened_on=None,
        dated_on=Cast(Func(Subquery(zone), Now(), function="timezone"), DateField()),
        version=F("version") + 1,
    )

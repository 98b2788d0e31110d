"""Carries the facts of a case on to a later day than the one for which they were written.

Three facts change by themselves: the days since the last dose, the age, and the dose of steroids, which is
certain only as long as the list was said to be complete lately. In memory and, for `condition_sql`, in SQL;
a test compares the two.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import Case, DateField, DecimalField, F, Func, Q, TextField, Value, When
from django.db.models.functions import Cast

from cases.derivations import MISSING, STEROIDS_STAY_COMPLETE_DAYS, age_fact
from evidence.conditions.facts import Fact, FactState

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import QuerySet
    from django.db.models.expressions import Combinable

CARRIED = ("ici_free_days", "age", "steroid_now")
NUMBER = DecimalField(max_digits=10, decimal_places=2)


def carry(
    facts: dict[str, Fact],
    *,
    days: int,
    as_of: date,
    birth_date: date | None,
    steroids_complete_on: date | None,
) -> dict[str, Fact]:
    """Return facts that were written `days` before `as_of` as they are on that day."""
    expired = steroids_complete_on is None or steroids_complete_on < _oldest(as_of)
    return {
        **facts,
        "ici_free_days": _longer(facts["ici_free_days"], days),
        "age": age_fact(birth_date, as_of),
        "steroid_now": _at_least(facts["steroid_now"]) if expired else facts["steroid_now"],
    }


def _oldest(as_of: date) -> date:
    """Return the first day on which a complete list of steroids still counts on `as_of`."""
    return as_of - timedelta(days=STEROIDS_STAY_COMPLETE_DAYS)


def _longer(free: Fact, days: int) -> Fact:
    if free.low is None:
        return free
    # A lower bound of 0 may stand for a last dose that was yet to come.
    low = free.low + days if free.low else free.low
    return Fact.between(low, free.high + days if free.high is not None else None)


def _at_least(dose: Fact) -> Fact:
    """Return what stays certain of a sum of doses once the list may have grown."""
    if dose.high is None:
        return dose
    return Fact.between(dose.low, None) if dose.low else MISSING


def column(fact: str, part: str) -> str:
    """Return under which name `carried_rows` gives a carried fact's state, low or high."""
    return f"carried_{fact}_{part}"


def carried_rows(rows: QuerySet[Any], facts: Iterable[str], as_of: date) -> QuerySet[Any]:
    """Return rows of CaseFacts with those of `facts` that are carried, as on `as_of`, under `column`.

    `as_of` is not before the rows'.
    """
    make = {"ici_free_days": _free_columns, "age": _age_columns, "steroid_now": _dose_columns}
    for fact in set(facts) & make.keys():
        state, low, high = make[fact](as_of)
        rows = rows.alias(
            **{column(fact, "state"): state, column(fact, "low"): low, column(fact, "high"): high}
        )
    return rows


Columns = tuple["Combinable", "Combinable", "Combinable"]


def _free_columns(as_of: date) -> Columns:
    since = Func(
        _day(as_of), F("as_of"), arg_joiner=" - ", template="(%(expressions)s)", output_field=NUMBER
    )
    low, high = F("ici_free_days_low"), F("ici_free_days_high")
    return (
        F("ici_free_days_state"),
        Case(When(ici_free_days_low=0, then=low), default=low + since),
        high + since,
    )


def _age_columns(as_of: date) -> Columns:
    born = "patient__identity__birth_date"
    state = Case(
        When(**{f"{born}__isnull": True}, then=Value(FactState.MISSING.value)),
        default=Value(FactState.KNOWN.value),
    )
    years = Func(
        Func(_day(as_of), F(born), function="age"),
        template="extract(year FROM %(expressions)s)",
        output_field=NUMBER,
    )
    return state, years, years


def _dose_columns(as_of: date) -> Columns:
    said = "patient__steroids_complete_as_of"
    expired = Q(**{f"{said}__isnull": True}) | Q(**{f"{said}__lt": _oldest(as_of)})
    was_complete = expired & Q(steroid_now_high__isnull=False)
    state = Case(
        When(was_complete & Q(steroid_now_low=0), then=Value(FactState.MISSING.value)),
        default=F("steroid_now_state"),
        output_field=TextField(),
    )
    high = Case(
        When(was_complete, then=Value(None)), default=F("steroid_now_high"), output_field=NUMBER
    )
    return state, F("steroid_now_low"), high


def _day(day: date) -> Cast:
    return Cast(Value(day), DateField())

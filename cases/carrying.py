"""Carries the facts of a case on to a later day than the one for which they were written.

Some facts change by themselves: the days since the last dose, the age, the dose of steroids, which is certain
only as long as the doses and the list were said lately, what "no" rests on such a list, the grade of an irAE now,
whose upper end is open once it was said too long ago, surgery, which is
recent for some time only, and what rests on answers about organs that hold no longer
(`lapsing`). In memory and, for `condition_sql`, in SQL; a test compares the two.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import Case, CharField, DateField, DecimalField, F, Func, Q, Value, When
from django.db.models.functions import Cast, Greatest, Least
from django.db.models.lookups import IsNull

from cases.derivations import (
    MISSING,
    NOW,
    WORST_GRADE,
    age_fact,
    grown_old,
)
from cases.lapsing import Stays, unasked
from cases.limits import NOT_BEHIND
from evidence.conditions.facts import Fact, FactState

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from django.db.models import Field, QuerySet
    from django.db.models.expressions import Combinable

    from cases.limits import Behind

# Facts that a query reads under a name of its own, counted on to the day that is asked about.
CARRIED = frozenset({"ici_free_days", "age"})
# Grades of now: the column that says until when each holds.
GROWS_OLD = {"irae_grade_now": "grades_until", **{key: f"{key}_until" for key in NOW}}
NUMBER = DecimalField(max_digits=10, decimal_places=2)


def carry(
    facts: dict[str, Fact],
    *,
    days: int,
    as_of: date,
    birth_date: date | None,
    died: tuple[date | None, date | None] | None = None,
    steroids_until: date | None,
    second_line_until: date | None = None,
    doses_until: date | None = None,
    answers_until: date | None = None,
    grades_until: Mapping[str, date | None] | None = None,
    surgery_until: date | None = None,
) -> dict[str, Fact]:
    """Return facts that were written `days` before `as_of` as they are on that day.

    `grades_until`: by the columns of `GROWS_OLD` the last day on which a grade of now holds.
    """
    if answers_until is not None and answers_until < as_of:
        facts = unasked(facts)
    expired = steroids_until is None or steroids_until < as_of
    # Without any irAE no list is needed to deny a steroid for one, unless that rests on answers that lapse.
    none_for_one = facts["irae_any"].value is False and answers_until is None
    alone = second_line_until is None or second_line_until < as_of
    dose = facts["steroid_now"]
    if expired and (doses_until is None or (dose.high != 0 and steroids_until is not None)):
        # How much is given in all, be it none, was said of a day, and rests on no list.
        dose = _at_least(dose)
    if doses_until is not None and doses_until < as_of and dose.state is FactState.KNOWN:
        dose = MISSING
    ends = grades_until or {}
    past = {key for key, name in GROWS_OLD.items() if (day := ends.get(name)) and day < as_of}
    surgery = facts["major_surgery"]
    if surgery.value is True and surgery_until is not None and surgery_until < as_of:
        surgery = MISSING
    return {
        **facts,
        **{key: grown_old(facts[key]) for key in past},
        "major_surgery": surgery,
        "ici_free_days": _longer(facts["ici_free_days"], days),
        "age": age_fact(birth_date, as_of, died),
        "steroid_now": dose,
        "steroid_not_tapered": _not_denied(
            facts["steroid_not_tapered"], gone=expired and not none_for_one
        ),
        "immunosuppressant_now": _not_denied(facts["immunosuppressant_now"], gone=alone),
    }


def changes_of(*until: date | None) -> list[date]:
    """Return the days on which `carry` begins to give another answer; `until`: the last days on which some hold."""
    return [day + timedelta(days=1) for day in until if day]


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


def _not_denied(fact: Fact, *, gone: bool) -> Fact:
    """Return what stays of a flag once the list that "no" rests on is out of date."""
    return MISSING if gone and fact.value is False else fact


def column(fact: str, part: str) -> str:
    """Return under which name `carried_rows` gives a carried fact's state, low or high."""
    return f"carried_{fact}_{part}"


def carried_rows(rows: QuerySet[Any], facts: Iterable[str], as_of: date) -> QuerySet[Any]:
    """Return rows of CaseFacts with those of `facts` that are carried, as on `as_of`, under `column`.

    `as_of` is not before the rows'.
    """
    make = {"ici_free_days": _free_columns, "age": _age_columns}
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
    born = _of_patient("identity__birth_date")
    first, last = (_of_patient(f"identity__died_{end}") for end in ("earliest", "latest"))
    how = _of_patient("identity__died_precision", CharField())
    state = Case(
        When(IsNull(born, True), then=Value(FactState.MISSING.value)),
        default=Value(FactState.KNOWN.value),
    )

    def years(on: Combinable) -> Greatest:
        span = Func(on, born, function="age")
        return Greatest(
            Func(span, template="extract(year FROM %(expressions)s)", output_field=NUMBER),
            Value(0, output_field=NUMBER),
        )

    today = _day(as_of)
    low = Case(
        When(IsNull(how, True), then=years(today)),
        # Of whom it is known by when they had died, and not since when they may have.
        When(IsNull(first, True), then=Value(0, output_field=NUMBER)),
        default=years(Least(today, first)),
    )
    # A day that is not there counts for nothing in the least of two.
    return state, low, years(Least(today, last))


# Flags whose "no" rests on a list that somebody called complete: the column that says until when it counts.
LISTS_OF = {
    "steroid_not_tapered": "steroids_until",
    "immunosuppressant_now": "second_line_until",
}


def _of_patient(name: str, kind: Field[Any, Any] | None = None) -> Case:
    """Return a column, else of days, of the row that is kept of the patient: the case's own may be merged into it."""
    merged = When(patient__merged_into__isnull=False, then=F(f"patient__merged_into__{name}"))
    return Case(merged, default=F(f"patient__{name}"), output_field=kind or DateField())


def certain(fact: str, as_of: date, less: Behind = NOT_BEHIND) -> Stays:
    """Return what is certain on `as_of` of a fact that rests on what was said lately; else all of it.

    Said in conditions on columns: of a CASE in a filter the database cannot tell how many rows it leaves.
    """
    low, high = f"{fact}_low", f"{fact}_high"
    if fact in GROWS_OLD:
        until = GROWS_OLD[fact]
        said = Q(**{f"{until}__isnull": True}) | less.grades.holds(until, as_of)
        old = less.grades.ended(until, as_of)
        return Stays(Q(), low, high, said, else_high=WORST_GRADE, else_where=old)
    if fact in LISTS_OF:
        column_ = LISTS_OF[fact]
        shift = less.second_line if column_ == "second_line_until" else less.doses
        stays = shift.holds(column_, as_of) | Q(**{fact: True})
        if fact == "steroid_not_tapered":
            # Without any irAE no list is needed to deny it, unless that rests on answers that lapse.
            stays |= Q(irae_any=False, answers_until__isnull=True)
        return Stays(stays, None, None)
    if fact == "major_surgery":
        recent = less.surgery.holds("surgery_until", as_of)
        return Stays(recent | Q(surgery_until__isnull=True) | Q(major_surgery=False), None, None)
    if fact == "ali" and less.weight:
        return Stays(less.weight.unmoved, low, high)
    if fact != "steroid_now":
        return Stays(Q(), low, high)
    listed = less.doses.holds("steroids_until", as_of)
    dosed = Q(doses_until__isnull=True) | less.doses.holds("doses_until", as_of)
    # How much is given in all, be it none, was said of a day, and rests on no list.
    in_all = Q(steroid_now_high=0) | Q(steroids_until__isnull=True)
    exact = listed | (in_all & Q(doses_until__isnull=False))
    # An exact dose is a lower bound once the list may have grown; of none in the list, nothing stays.
    open_ = Q(steroid_now_high__isnull=True) | Q(steroid_now_low__isnull=True)
    return Stays(dosed & (exact | open_ | Q(steroid_now_low__gt=0)), low, high, exact)


def _day(day: date) -> Cast:
    return Cast(Value(day), DateField())

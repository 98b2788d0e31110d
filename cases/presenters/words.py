"""Facts in short words, for summaries and labelled values."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from cases.reading import dose_said_on
from cases.vocabulary import UNSTATED, version_words
from evidence.conditions import FACTS, Fact, FactState
from evidence.conditions.specs import UNSPOKEN_UNITS
from evidence.conditions.words import interval_words, widened_words
from ui import formatting

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from cases.models import Case, IrAE, SteroidCourse
    from ui.partial_dates import PartialDate

_SHORT_UNITS = {"mg/day prednisone-equivalent": gettext_noop("mg pred.-eq.")}

_STATES = {
    FactState.NOT_YET: gettext_noop("not yet"),
    FactState.UNKNOWN: gettext_noop("unknown"),
    FactState.NOT_APPLICABLE: gettext_noop("not applicable"),
    FactState.MISSING: gettext_noop("not entered"),
    FactState.KNOWN: gettext_noop("known"),
}


def state_words(state: FactState | str) -> str:
    """Return the state of a fact without value in words."""
    return _(_STATES[FactState(state)])


def value_words(key: str, fact: Fact) -> str:
    """Return the value of a fact with its unit, or the state it is in."""
    if fact.state is not FactState.KNOWN:
        return state_words(fact.state)
    spec = FACTS[key]
    if isinstance(fact.value, bool):
        return _("yes") if fact.value else _("no")
    if isinstance(fact.value, str):
        return _(spec.choice_label(fact.value))
    figure = interval_words(fact, _)
    if not spec.unit or spec.unit in UNSPOKEN_UNITS:
        return figure + widened_words(fact, _)
    unit = _SHORT_UNITS.get(spec.unit, spec.unit)
    shown = unit if unit == "%" else _(unit)
    return f"{figure} {shown}"


def followed_words(row: Any) -> str:
    """Return which ICI course a row came during or after, that nobody knows it, or that nobody said it."""
    if row.course is not None:
        return _("course %(n)s") % {"n": row.course.number}
    return _("not known") if row.course_state == FactState.UNKNOWN else _("not said")


def text_words(case: Case, text: str) -> str:
    """Return what somebody wrote about the patient of `case`, or that it was erased."""
    return _("erased") if case.patient.identity.is_erased else text


def fact_label(key: str) -> str:
    """Return the fact's label with a capital, as it stands at the start of a line."""
    label = _(FACTS[key].label)
    return label if FACTS[key].label.startswith("irAE") else label[:1].upper() + label[1:]


def stated_words(row: object, name: str) -> str:
    """Return a stated choice of a model in words, or the state it is in."""
    state = getattr(row, f"{name}_state")
    if state != FactState.KNOWN:
        return state_words(state)
    value = getattr(row, name)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    display = getattr(row, f"get_{name}_display", None)
    return str(display()) if display else str(value)


def open_words(row: object, labels: Mapping[str, str], *, but: Collection[str] = ()) -> list[str]:
    """Return which of several facts have no value and why, state by state, as "unknown: the primary, organs".

    Facts that nobody entered are left out, and those of a state in `but`.
    """
    found: dict[FactState, list[str]] = {}
    for name, label in labels.items():
        state = FactState(getattr(row, f"{name}_state"))
        if state not in {FactState.KNOWN, FactState.MISSING} and state not in but:
            found.setdefault(state, []).append(label)
    return [
        _("%(state)s: %(facts)s") % {"state": state_words(state), "facts": ", ".join(found[state])}
        for state in (FactState.NOT_YET, FactState.UNKNOWN, FactState.NOT_APPLICABLE)
        if state in found
    ]


def grade_words(row: IrAE, name: str = "worst_grade") -> str:
    """Return a grade of an irAE as "grade 3", or "grade unknown" as the state it is in."""
    grade = getattr(row, name)
    told = grade if grade is not None else state_words(getattr(row, f"{name}_state"))
    words = _("grade %(g)s") % {"g": told}
    # Grade 0 is that of an event that is over, in every version.
    return (
        f"{words} ({version_words(UNSTATED)})" if grade and row.ctcae_version == UNSTATED else words
    )


def told_words(row: object, name: str, words: str) -> str:
    """Return what is told of a fact that was kept without a state before, or why nothing is."""
    state = getattr(row, f"{name}_state")
    return words or (_("erased") if state == FactState.KNOWN else state_words(state))


def dated_words(row: object, name: str) -> str:
    """Return a partial date of a model in words, or the state it is in."""
    value: PartialDate | None = getattr(row, name)
    if value is not None:
        return formatting.partial_date(value)
    return state_words(getattr(row, f"{name}_state"))


def end_words(row: object, name: str = "stop") -> str:
    """Return the end of what is given over time: of what goes on none is to be told."""
    if getattr(row, f"{name}_state") == FactState.NOT_APPLICABLE:
        return _("ongoing")
    return dated_words(row, name)


def days_words(days: int) -> str:
    """Return a time in days, with months where that is easier to read."""
    if days < 60:
        return ngettext("%(d)s day", "%(d)s days", days) % {"d": days}
    return _("%(m)s months (%(d)s days)") % {"m": round(days / 30.44), "d": days}


def span_words(fact: Fact) -> str:
    """Return a time known as an interval of days, with months where that is easier to read."""
    if fact.low is not None and fact.low == fact.high:
        return days_words(int(fact.low))
    return _("%(span)s days") % {"span": interval_words(fact, _)}


def duration_words(days: int) -> str:
    """Return a planned duration in the largest unit that gives it back."""
    months = round(days / 30.4375)
    if months and round(months * 30.4375) == days:
        return unit_words(months, "month")
    return unit_words(days // 7, "week") if days % 7 == 0 else unit_words(days, "day")


def unit_words(n: int, unit: str) -> str:
    """Return a number of days, weeks, months or years in words."""
    words = {
        "day": ngettext("%(n)s day", "%(n)s days", n),
        "week": ngettext("%(n)s week", "%(n)s weeks", n),
        "month": ngettext("%(n)s month", "%(n)s months", n),
        "year": ngettext("%(n)s year", "%(n)s years", n),
    }
    return words[unit] % {"n": n}


def step_words(row: SteroidCourse) -> str:
    """Return the date of the last of doses over time, where it is what the dose of now was said for and no day.

    Empty where a day is known, or where the dose was said for another one.
    """
    rows: Any = row
    last = next((step.since for step in reversed(rows.doses.all())), None)
    if last is None or last.exact or row.now_day_said or last.earliest != dose_said_on(row):
        return ""
    # A dose that began until some day is told of no day on which it was given.
    until = last.earliest is None and last.precision != "relative"
    return "" if until else formatting.partial_date(last)

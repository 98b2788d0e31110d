"""The worst of several grades: of several CTCAE versions, of events that nobody graded, of what was said long ago."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from cases.derivations.events import REPLACED
from cases.derivations.record import Event, most_open
from cases.vocabulary import highest_by_rules
from evidence.conditions.facts import Fact, FactState, Widened

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable


WORST_GRADE = 5
ON_INSULIN = 3
# The version of CTCAE that does not ask whether insulin is given.
BY_GLUCOSE = "6.0"


def grown_old(grade: Fact) -> Fact:
    """Return what stays of a grade that was said too long ago: it is never taken to have fallen meanwhile."""
    if grade.state is not FactState.KNOWN:
        return grade
    return Fact.between(grade.low, WORST_GRADE, (*grade.widened, Widened.OLD))


# Why a worst grade is no more than what is certain of any irAE, by the state of what was given.
_WITHOUT = {
    FactState.MISSING: Widened.UNGRADED,
    FactState.NOT_YET: Widened.OWED,
    FactState.UNKNOWN: Widened.NO_GRADE,
}


def worst_grade(event: Event) -> Fact:
    """Return the worst grade that was given of an event; CTCAE grades one on hormone replacement no lower than 2.

    Insulin is grade 3 by CTCAE 5.0, where version 6.0 goes by the glucose: of diabetes it may be either, also where
    somebody gave a 2, unless that was by version 6.0.
    """
    given = event.worst_grade
    if not event.on_replacement or given.high is None:
        return given
    on_insulin = event.family == "diabetes"
    by_glucose = event.ctcae_version == BY_GLUCOSE and given.high >= REPLACED
    highest = ON_INSULIN if on_insulin and not by_glucose else REPLACED
    if given.high >= highest:
        return given
    return Fact.between(REPLACED, highest, (*given.widened, Widened.REPLACED))


def worst_of(events: list[Event], *, complete: bool) -> Fact:
    """Return the worst grade of events; one that nobody graded was as bad as it was at least."""
    found = highest_of(events, worst_grade, complete=complete)
    ungraded = [e.at_least for e in events if e.worst_grade.state is not FactState.KNOWN]
    least = max(ungraded, default=0)
    if found.state is not FactState.KNOWN:
        return Fact.between(least, WORST_GRADE, [_WITHOUT[found.state]]) if least else found
    raised = any(worst_grade(e) != e.worst_grade for e in events) and found.low == REPLACED
    widened = (*found.widened, Widened.REPLACED) if raised else found.widened
    return Fact.between(max(least, found.low or 0), found.high, widened)


def still_owed(fact: Fact) -> Fact:
    """Return a fact that somebody is to find out, as long as the record does not tell it."""
    if fact.state is FactState.MISSING:
        return Fact.absent(FactState.NOT_YET)
    if Widened.UNGRADED not in fact.widened:
        return fact
    return Fact.between(fact.low, fact.high, [Widened.OWED])


def highest_of(events: list[Event], grade: Callable[[Event], Fact], *, complete: bool) -> Fact:
    """Return the highest of the grades of events; `complete`: no other counts."""
    mixed = _mixed_families(events)
    told = [
        g for e in events if e.family not in mixed and (g := by_rules(e, grade(e))).low is not None
    ]
    sure = [g.low for g in told if g.low is not None]
    least = max([*sure, *(_least(events, family, grade) for family in mixed)], default=0)
    above = [g for g in told if g.high is None or g.high > least]
    widened = [why for g in above for why in g.widened]
    if complete and len(sure) == len(events):
        return Fact.between(least, max([least, *(g.high or WORST_GRADE for g in above)]), widened)
    if least > 0:
        return Fact.between(least, WORST_GRADE, widened)
    if mixed:
        return Fact.absent(FactState.UNKNOWN)
    # An event that happened has a grade: "not applicable" says no more than that it is not known.
    states = [grade(e).state for e in events if grade(e).state is not FactState.KNOWN]
    known = {FactState.UNKNOWN if s is FactState.NOT_APPLICABLE else s for s in states}
    return Fact.absent(most_open(known))


def by_rules(event: Event, grade: Fact) -> Fact:
    """Return a grade as the rules may have to read it: their version may grade the same finding higher.

    It is never read as less than it was given, so that no stop is lost between two versions.
    """
    if grade.high is None:
        return grade
    highest = highest_by_rules(event.entity, event.ctcae_version, int(grade.high))
    if highest == grade.high:
        return grade
    return Fact.between(grade.low, highest, (*grade.widened, Widened.VERSION))


def _least(events: list[Event], family: str, grade: Callable[[Event], Fact]) -> Decimal:
    """Return what the worst grade of a disease is at least, whichever of its CTCAE versions it is read by."""
    worst: dict[str, Decimal] = {}
    for event in events:
        if event.family == family and event.ctcae_version:
            told = Decimal(grade(event).low or 0)
            worst[event.ctcae_version] = max(told, worst.get(event.ctcae_version, told))
    return min(worst.values())


def _mixed_families(events: Iterable[Event]) -> set[str]:
    """Return the diseases graded by more than one CTCAE version; what has no grade is graded by none."""
    versions: dict[str, set[str]] = {}
    for event in events:
        if event.ctcae_version:
            versions.setdefault(event.family, set()).add(event.ctcae_version)
    return {family for family, found in versions.items() if len(found) > 1}

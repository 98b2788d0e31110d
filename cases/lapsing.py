"""What stays of the facts about irAEs once the answers about organs hold no more. Pure, and the same in SQL.

While an ICI may still be given, "asked and none" holds on its day alone: on the next one "none" is concluded for no
organ, and every grade may have been passed. A test compares this with a derivation from a record without answers.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db.models import Q

from cases.derivations.causes import ONSET_OF_WORST, ORGANS_BEHIND
from cases.derivations.dossier import AT_ANY, LIVER_BASELINE, LIVER_THEN, LOWEST, PEAKS
from cases.derivations.grades import WORST_GRADE
from cases.derivations.record import MISSING
from evidence.conditions.facts import Fact, FactState
from evidence.conditions.vocabulary import FACTS

if TYPE_CHECKING:
    from datetime import date

ONSET = "first_irae_days"
NEVER = Q(pk__isnull=True)
# "Yes" rests on every organ asked about; what else is said of them is said of irAEs that are entered.
NEEDS_ALL = frozenset({"organs_asked", "irae_resolved"})
GRADES = frozenset(key for key in (*ORGANS_BEHIND, "irae_grade_now") if FACTS[key].kind == "number")
FLAGS = (frozenset(ORGANS_BEHIND) | frozenset(AT_ANY)) - GRADES - NEEDS_ALL
UPWARDS = frozenset(PEAKS)
DOWNWARDS = frozenset(LOWEST)
OF_EVENTS = frozenset({LIVER_THEN, LIVER_BASELINE})
LAPSING = GRADES | FLAGS | NEEDS_ALL | UPWARDS | DOWNWARDS | OF_EVENTS | {ONSET, ONSET_OF_WORST}


def unasked(facts: dict[str, Fact]) -> dict[str, Fact]:
    """Return what stays of `facts` without any answer about organs."""
    return {**facts, **{key: _unasked(key, facts[key]) for key in LAPSING & facts.keys()}}


def _unasked(key: str, fact: Fact) -> Fact:
    if fact.state is FactState.NOT_APPLICABLE:
        return MISSING
    if fact.state is not FactState.KNOWN:
        return fact
    if key in FLAGS:
        return MISSING if fact.value is False else fact
    if key in NEEDS_ALL:
        return MISSING if fact.value is True else fact
    if key in GRADES:
        return Fact.between(fact.low, WORST_GRADE, fact.widened) if fact.low else MISSING
    if key in UPWARDS:
        return _bounded(fact.low, None)
    if key in DOWNWARDS:
        return _bounded(None, fact.high)
    if key == ONSET_OF_WORST:
        # A worse one may have come since.
        return MISSING
    if key == ONSET:
        return MISSING if fact.high is None else Fact.between(0, fact.high)
    # Whether the liver held tumour at a hepatitis, and from which baseline it rose: of events that are entered.
    return fact


def _bounded(low: Any, high: Any) -> Fact:
    return MISSING if low is None and high is None else Fact.between(low, high)


@dataclass(frozen=True)
class Stays:
    """What a row still says of a fact: of which known values anything stays, and the ends of a number.

    An end is a column's name, a number, or None where the number has no end any more; the upper one may hold of
    some of the rows only, and be another number of others.
    """

    where: Q
    low: str | int | None
    high: str | int | None
    high_where: Q = field(default_factory=Q)
    else_high: int | None = None
    else_where: Q = NEVER


def past(as_of: date) -> Q:
    """Return of which rows the answers about organs hold no more on `as_of`."""
    return Q(answers_until__lt=as_of)


def holding(as_of: date) -> Q:
    """Return of which rows they hold: those that `past` leaves."""
    return Q(answers_until__isnull=True) | Q(answers_until__gte=as_of)


def stays(key: str) -> Stays:
    """Return what `unasked` leaves of a fact, for conditions in SQL."""
    low, high = f"{key}_low", f"{key}_high"
    if key in FLAGS or key in NEEDS_ALL:
        return Stays(Q(**{key: key in FLAGS}), None, None)
    if key in GRADES:
        return Stays(Q(**{f"{low}__gt": 0}), low, WORST_GRADE)
    if key in UPWARDS:
        return Stays(Q(**{f"{low}__isnull": False}), low, None)
    if key in DOWNWARDS:
        return Stays(Q(**{f"{high}__isnull": False}), None, high)
    if key == ONSET_OF_WORST:
        return Stays(NEVER, None, None)
    if key == ONSET:
        return Stays(Q(**{f"{high}__isnull": False}), 0, high)
    return Stays(Q(), low, high)

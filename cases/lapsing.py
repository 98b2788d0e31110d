"""What stays of the facts about irAEs once the answers about organs hold no more. Pure, and the same in SQL.

While an ICI may still be given, "asked and none" holds on its day alone: on the next one "none" is concluded for no
organ, and every grade may have been passed. A test compares this with a derivation from a record without answers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Case, DecimalField, F, Q, TextField, Value, When

from cases.derivations.dossier import LIVER_BASELINE, LIVER_THEN, LOWEST, PEAKS
from cases.derivations.iraes import ORGANS_BEHIND
from cases.derivations.record import MISSING
from evidence.conditions.facts import Fact, FactState
from evidence.conditions.vocabulary import FACTS

if TYPE_CHECKING:
    from datetime import date

    from django.db.models.expressions import Combinable

NUMBER = DecimalField(max_digits=10, decimal_places=2)
WORST_GRADE = 5
ONSET = "first_irae_days"
# "Yes" rests on every organ asked about; what else is said of them is said of irAEs that are entered.
NEEDS_ALL = frozenset({"organs_asked", "irae_resolved"})
GRADES = frozenset(key for key in (*ORGANS_BEHIND, "irae_grade_now") if FACTS[key].kind == "number")
FLAGS = frozenset(ORGANS_BEHIND) - GRADES - NEEDS_ALL
UPWARDS = frozenset(PEAKS)
DOWNWARDS = frozenset(LOWEST)
OF_EVENTS = frozenset({LIVER_THEN, LIVER_BASELINE})
LAPSING = GRADES | FLAGS | NEEDS_ALL | UPWARDS | DOWNWARDS | OF_EVENTS | {ONSET}
KNOWN, GONE, NONE = FactState.KNOWN.value, FactState.MISSING.value, FactState.NOT_APPLICABLE.value


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
        return Fact.between(fact.low, WORST_GRADE) if fact.low else MISSING
    if key in UPWARDS:
        return _bounded(fact.low, None)
    if key in DOWNWARDS:
        return _bounded(None, fact.high)
    if key == ONSET:
        return MISSING if fact.high is None else Fact.between(0, fact.high)
    # Whether the liver held tumour at a hepatitis, and from which baseline it rose: of events that are entered.
    return fact


def _bounded(low: Any, high: Any) -> Fact:
    return MISSING if low is None and high is None else Fact.between(low, high)


Columns = dict[str, "Combinable"]


def lapsed_columns(key: str, as_of: date) -> Columns:
    """Return state, and low and high of a number, as on `as_of`, where the row's answers may hold no more."""
    past = Q(answers_until__lt=as_of)
    known = Q(**{f"{key}_state": KNOWN})
    gone = _gone(key)
    never = Q(**{f"{key}_state": NONE})
    state = Case(
        When(past & (never | (known & gone) if gone is not None else never), then=Value(GONE)),
        default=F(f"{key}_state"),
        output_field=TextField(),
    )
    if FACTS[key].kind != "number":
        return {"state": state}
    low: Combinable = F(f"{key}_low")
    high: Combinable = F(f"{key}_high")
    if key in GRADES:
        high = _then(past, Value(WORST_GRADE, output_field=NUMBER), high)
    elif key in UPWARDS:
        high = _then(past, Value(None, output_field=NUMBER), high)
    elif key in DOWNWARDS:
        low = _then(past, Value(None, output_field=NUMBER), low)
    elif key == ONSET:
        low = _then(past, Value(0, output_field=NUMBER), low)
    return {"state": state, "low": low, "high": high}


def _gone(key: str) -> Q | None:
    """Return of which known values nothing stays."""
    if key in FLAGS:
        return Q(**{key: False})
    if key in NEEDS_ALL:
        return Q(**{key: True})
    if key in GRADES:
        return Q(**{f"{key}_low": 0}) | Q(**{f"{key}_low__isnull": True})
    if key in UPWARDS:
        return Q(**{f"{key}_low__isnull": True})
    if key in DOWNWARDS or key == ONSET:
        return Q(**{f"{key}_high__isnull": True})
    return None


def _then(past: Q, then: Combinable, otherwise: Combinable) -> Case:
    return Case(When(past, then=then), default=otherwise, output_field=NUMBER)

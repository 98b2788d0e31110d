"""What is derived of the course asked about, in words: the answer, the definition, its inputs or what is missing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from accounts.models import OligoprogressionDefinition
from cases.derivations import defined
from cases.derivations.resistance import LATE
from cases.models import PrimaryState
from cases.presenters.words import (
    dated_words,
    end_words,
    fact_label,
    span_words,
    state_words,
    value_words,
)
from cases.reading import asked_row, course_of, last_given_row
from evidence.conditions import Fact, FactState
from evidence.conditions.words import interval_words
from ui.forms import in_sentence

if TYPE_CHECKING:
    from cases.derivations import Derived
    from cases.models import Case

IN_DAYS = {"until_progression", "length", "off_treatment"}
# The time since the last dose is that of any course; all else is of the one asked about.
OF_ANY_COURSE = "ici_free_days"
FROM_DATES = {"prior_ici_days": ("start", "stop"), "ici_free_days": ("stop",)}


def worked_out(
    case: Case, keys: tuple[str, ...], facts: dict[str, Fact]
) -> tuple[tuple[str, ...], ...]:
    """Return label, value and basis of the facts that are worked out from the courses."""
    asked, last = asked_row(case), last_given_row(case)
    derived = (
        defined(course_of(asked), case.board.oligoprogression_definition)
        if asked is not None
        else {}
    )
    return tuple(
        (
            fact_label(key),
            answer_words(key, facts[key], derived.get(key)),
            _basis(key, last if key == OF_ANY_COURSE else asked, derived, facts[key]),
        )
        for key in keys
    )


def answer_words(key: str, fact: Fact, derived: Derived | None) -> str:
    """Return the value of a fact that is worked out, or that it cannot be told or is not covered."""
    if key == "oligoprogression" and derived is not None and _not_covered(fact, derived):
        return _("not covered by this definition")
    settled = fact.state in {FactState.KNOWN, FactState.NOT_APPLICABLE}
    if settled or (derived is None and key != "irae_contributed"):
        return value_words(key, fact)
    return _("cannot tell")


def _not_covered(fact: Fact, derived: Derived) -> bool:
    """Whether there was progression of which the definition says neither yes nor no."""
    return fact.state is FactState.NOT_APPLICABLE and derived.note != "no_progression"


def _basis(key: str, row: Any, derived: dict[str, Derived], fact: Fact) -> str:
    if row is None:
        return _("no course is entered")
    if key in derived:
        return derived_words(derived[key])
    if key == "irae_contributed" and fact.state is not FactState.KNOWN:
        return _(
            "Would settle it: the main and the other reasons of every course of a complete list"
        )
    dates = FROM_DATES.get(key, ())
    words = {"start": _("first dose"), "stop": _("last dose")}
    told = [f"{words[name]} {dated_words(row, name)}" for name in dates if getattr(row, name)]
    open_ = [
        f"{words[name]} {end_words(row, name) if name == 'stop' else state_words(getattr(row, f'{name}_state'))}"
        for name in dates
        if not getattr(row, name)
    ]
    return "; ".join([*told, *open_])


def derived_words(derived: Derived) -> str:
    """Return the definition and what it used, or what would settle it."""
    parts = [_definition(derived.definition)]
    if derived.note:
        parts.append(_notes()[derived.note])
    if derived.missing:
        missing = ", ".join(_missing(key, fact) for key, fact in derived.missing)
        parts.append(_("Would settle it: %(inputs)s") % {"inputs": missing})
    elif derived.used:
        used = ", ".join(_used(key, fact) for key, fact in derived.used)
        parts.append(_("From: %(inputs)s") % {"inputs": used})
    return ". ".join(part for part in parts if part)


def _definition(code: str) -> str:
    return {
        **{str(c): str(label) for c, label in OligoprogressionDefinition.choices},
        "resistance_review": _("Primary: no initial response; acquired: progression after one"),
        "resistance_sitc": _(
            "SITC 2020, times to be confirmed: 6 weeks of exposure, confirmed; primary PD or SD under 6"
            " months; acquired from 6 months; over 12 weeks after the last dose a late relapse"
        ),
        "resistance_24_weeks": _(
            "SWOG S1400F: primary before 24 weeks of anti-PD-(L)1, acquired from then on"
        ),
    }[code]


def _notes() -> dict[str, str]:
    return {
        "called_so": _("Called so by the report; its word is not counted"),
        "no_progression": _("There was no progression"),
        "primary_not_covered": _("The primary is neither stable nor in remission"),
        "growth_not_covered": _("Old lesions grow; this definition counts new ones alone"),
        "sd_has_no_length": _("The review does not say how long stable disease must last"),
        "response_not_evaluable": _("The best response is not evaluable"),
        "exposure_too_short": _("Under 6 weeks of exposure this definition does not apply"),
        "not_confirmed": _("This definition asks for a confirming scan"),
        "neither": _("A response under 6 months of exposure is neither"),
        "on_treatment_only": _("This rule is about progression on treatment"),
        "pd1_only": _("This rule is about anti-PD-(L)1"),
        LATE: _("Said to be on treatment, yet long after the last dose: one of the two is wrong"),
    }


def _label(key: str) -> str:
    return {
        "progression_timing": _("progression"),
        "best_response": _("best response"),
        "until_progression": _("first dose to progression"),
        "length": _("first to last dose"),
        "off_treatment": _("last dose to progression"),
        "confirmed": _("confirming scan"),
        "drugs": _("against PD-1 or PD-L1"),
        "primary": _("the primary"),
        "new_lesions": _("new lesions"),
        "growing_lesions": _("growing lesions"),
        "organs": _("organs with progression"),
        "all_treatable": _("all treatable locally"),
    }[key]


def _used(key: str, fact: Fact) -> str:
    if fact.value == "none":
        return value_words(key, fact)
    if key in IN_DAYS:
        words = span_words(fact)
    elif fact.low is not None or fact.high is not None:
        words = interval_words(fact, _)
    elif isinstance(fact.value, bool):
        words = _("yes") if fact.value else _("no")
    elif key == "primary":
        words = in_sentence(str(PrimaryState(str(fact.value)).label))
    else:
        words = value_words(key, fact)
    return f"{_label(key)} {words}"


def _missing(key: str, fact: Fact) -> str:
    if fact.state is FactState.KNOWN:
        return _("%(input)s more precisely (%(span)s)") % {
            "input": _label(key),
            "span": span_words(fact),
        }
    return f"{_label(key)} ({state_words(fact.state)})"

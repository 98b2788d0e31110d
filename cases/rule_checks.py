"""Says what is wrong with rules of readiness as somebody typed them, rule by rule."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from cases.derivations import DATED
from cases.readiness import LIMITS
from evidence.conditions import FACTS, ConditionError, parse
from evidence.errata_guard import breaches, unfounded_in

FIELDS = {"fact", "when", "age_limit_days"}
SOURCE = "source"
LONGEST_DAYS = 3650


def problems(rules: Any) -> list[str]:
    """Return in words what keeps `rules` from being used; empty where nothing does."""
    if not isinstance(rules, list) or not rules:
        return [_("Rules: a list of at least one rule.")]
    return [
        _("Rule %(n)s: %(words)s") % {"n": number, "words": words}
        for number, rule in enumerate(rules, start=1)
        for words in _of_rule(rule)
    ]


def note_problems(note: str) -> list[str]:
    """Return which erratum of the review the words on what changed, or on a source, would bring back."""
    told = {"note": note}
    return [each.message for each in (*breaches(told), *unfounded_in(told))]


def _of_rule(rule: Any) -> list[str]:
    if not isinstance(rule, dict) or set(rule) - {SOURCE} != FIELDS:
        words = _(
            'it needs "fact", "when" and "age_limit_days", may have "source", and nothing else.'
        )
        return [words]
    source = rule.get(SOURCE, "")
    if not isinstance(source, str):
        return [_("the source is said in words.")]
    if found := note_problems(source):
        return found
    fact, limit = rule["fact"], rule["age_limit_days"]
    if isinstance(fact, str) and fact in LIMITS:
        return _of_a_limit(fact, rule["when"], limit)
    if not isinstance(fact, str) or fact not in FACTS:
        return [_("there is no fact %(fact)s.") % {"fact": fact}]
    limited = _of_limit(limit) or _of_undated(fact, limit)
    found = [_("%(fact)s: %(words)s") % {"fact": fact, "words": w} for w in limited]
    if rule["when"] is not None:
        try:
            parse(rule["when"])
        except ConditionError as error:
            found.append(_("%(fact)s, when: %(words)s") % {"fact": fact, "words": error.words(_)})
    return found


def _of_undated(fact: str, limit: Any) -> list[str]:
    """Return that no limit can be held on a fact of which the record keeps no day."""
    if limit is None or fact in DATED:
        return []
    return [_("the record keeps no day of it, so that it cannot have an age limit.")]


def _of_a_limit(key: str, when: Any, limit: Any) -> list[str]:
    """Return what is wrong with a rule that sets an age limit alone: it asks for nothing, so nothing decides it."""
    if when is not None or limit is None:
        return [
            _("%(fact)s: this sets an age limit alone, in days and without a condition.")
            % {"fact": key}
        ]
    return [_("%(fact)s: %(words)s") % {"fact": key, "words": w} for w in _of_limit(limit)]


def _of_limit(limit: Any) -> list[str]:
    if limit is None:
        return []
    if type(limit) is not int or not 1 <= limit <= LONGEST_DAYS:
        return [
            _("the age limit is a whole number of days, 1 to %(n)s, or null.") % {"n": LONGEST_DAYS}
        ]
    return []

"""Words for what is questioned about a value."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from cases.vocabulary import Organ
from followup.limits import Basis, Unjudged, rule_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from decimal import Decimal

    from followup.limits import Doubt, Rule


def limit_words(doubt: Doubt) -> str:
    """Return which limit a value passes, such as `above 10` or `above 120, 3 × the upper limit`."""
    if doubt.above:
        words = _("above %(limit)s") % {"limit": doubt.above}
    else:
        words = _("below %(limit)s") % {"limit": doubt.below}
    why = [_basis_words(doubt)] if doubt.basis else []
    if doubt.organ:
        why.append(
            _("after an irAE (%(organ)s)") % {"organ": str(Organ(doubt.organ).label).lower()}
        )
    return ", ".join([words, *why])


def _basis_words(doubt: Doubt) -> str:
    if doubt.basis == Basis.BASELINE:
        if doubt.times and doubt.above:
            return _("%(n)s × the value before the first dose") % {"n": doubt.times}
        return _("against the value before the first dose")
    if doubt.basis == Basis.ASSUMED:
        return _("%(n)s × an upper limit that is assumed") % {"n": doubt.times}
    return _("%(n)s × the laboratory’s upper limit") % {"n": doubt.times}


def doubt_words(doubt: Doubt, measures: Iterable[Mapping[str, str]]) -> str:
    """Return why a value is questioned, and what can be done about it."""
    found = next((m for m in measures if m["code"] == doubt.code), None)
    words = {
        "label": found["label"] if found else doubt.code,
        "value": f"{doubt.value} {found['unit'] if found else ''}".strip(),
        "unit": found["unit"] if found else "",
    }
    if doubt.condition:
        return _(
            "%(label)s: %(value)s breaks the condition “%(text)s”. Correct it, choose abnormal, or say below"
            " that it is right"
        ) % {**words, "text": doubt.condition}
    if doubt.other or doubt.within:
        return _slip_words(doubt, words)
    if doubt.unjudged == Unjudged.NO_UPPER:
        return (
            _(
                "%(label)s: %(value)s cannot be judged without the laboratory’s upper limit. Enter the limit, choose"
                " abnormal, or say below that it is normal for this patient"
            )
            % words
        )
    words["beyond"] = limit_words(doubt)
    if doubt.unjudged:
        return (
            _(
                "%(label)s: %(value)s may be %(beyond)s. Correct it, choose abnormal, or say below that it is right"
            )
            % words
        )
    return (
        _(
            "%(label)s: %(value)s is %(beyond)s. Correct it, choose abnormal, or say below that it is right"
        )
        % words
    )


def _slip_words(doubt: Doubt, words: dict[str, str]) -> str:
    """Return that a value is hardly possible, and what it would be in the unit that it may have been read in."""
    if doubt.within:
        low, high = doubt.within
        return _(
            "%(label)s: %(value)s is hardly possible, results lie between %(low)s and %(high)s. Look at the unit:"
            " correct it, choose abnormal, or say below that it is right"
        ) % {**words, "low": low, "high": f"{high} {words['unit']}".strip()}
    return _(
        "%(label)s: %(value)s is hardly measured. In %(other)s it would be %(converted)s. Look at the unit:"
        " correct it, choose abnormal, or say below that it is right"
    ) % {
        **words,
        "other": doubt.other,
        "converted": words["value"].replace(doubt.value, doubt.converted, 1),
    }


def unusual_upper_words(
    code: str, entered: str, usual: Decimal, measures: Iterable[Mapping[str, str]]
) -> str:
    """Return why an upper limit is questioned: a slip in it would let every value pass."""
    found = next((m for m in measures if m["code"] == code), None)
    return _(
        "%(label)s: an upper limit of %(limit)s is more than twice the usual %(usual)s. Correct it, or say below"
        " that it is right"
    ) % {
        "label": found["label"] if found else code,
        "limit": entered,
        "usual": f"{usual.normalize():f}",
    }


def rule_words(code: str, organs: Iterable[str]) -> str:
    """Return beyond what a measure is questioned and by whom that is said, or that a person judges it."""
    rule = rule_of(code, organs)
    if rule is None:
        return _("no limit is kept here: a person judges it")
    words = " · ".join([*_above_words(rule), *_below_words(rule)])
    if rule.mark != "seen":
        return _("%(limits)s (%(source)s; general knowledge)") % {
            "limits": words,
            "source": rule.source,
        }
    return _("%(limits)s (%(source)s)") % {"limits": words, "source": rule.source}


def _above_words(rule: Rule) -> Iterator[str]:
    if rule.above is not None:
        yield _("above %(limit)s") % {"limit": rule.above}
    if rule.times_upper is not None:
        yield (
            _("above %(n)s × the laboratory’s upper limit") % {"n": rule.times_upper}
            if rule.times_upper != 1
            else _("above the laboratory’s upper limit")
        )
    if rule.times_baseline is not None:
        yield _("above %(n)s × the value before the first dose") % {"n": rule.times_baseline}
    if rule.times_raised_baseline is not None:
        yield _(
            "above %(n)s × the value before the first dose where that was above the upper limit, at most"
            " %(most)s × the upper limit"
        ) % {"n": rule.times_raised_baseline, "most": rule.most_times_upper}


def _below_words(rule: Rule) -> Iterator[str]:
    for limit in (rule.below, rule.below_without_baseline):
        if limit is not None:
            yield _("below %(limit)s") % {"limit": limit}
    if rule.fall_percent is not None:
        yield _("%(n)s %% below the value before the first dose") % {"n": rule.fall_percent}
    if rule.fall_points is not None:
        yield _("more than %(n)s below the value before the first dose") % {"n": rule.fall_points}

"""How old a required fact is, in words, where it has a limit or needs a day."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cases.presenters.words import fact_label
from cases.readiness import Standing

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cases.readiness import Age, Readiness, Requirement


def age_words(one: Requirement) -> str:
    """Return "stale: 43 days old, limit 28", that the day is not known, or nothing to say."""
    if not one.known:
        return ""
    if one.limit is None:
        return _("day not known") if one.age_is_open else ""
    if one.standing is Standing.STALE and one.age is not None:
        return _("stale: %(age)s, limit %(limit)s") % {"age": _old(one.age), "limit": one.limit}
    if not one.age_is_open:
        return ""
    if one.age is None:
        return _("day not known, limit %(limit)s days") % {"limit": one.limit}
    return _("%(age)s, limit %(limit)s: may be too old") % {
        "age": _old(one.age),
        "limit": one.limit,
    }


def _old(age: Age) -> str:
    if age.least == age.most:
        return ngettext("%(n)s day old", "%(n)s days old", age.least) % {"n": age.least}
    return _("%(least)s to %(most)s days old") % {"least": age.least, "most": age.most}


def ages_of(ready: Readiness, keys: Iterable[str]) -> tuple[tuple[str, str, bool], ...]:
    """Return label, words and whether it counts as too old, for those of `keys` whose age has to be told."""
    found = (ready.by_key[key] for key in keys if key in ready.by_key)
    return tuple(
        (fact_label(one.key), words, one.too_old) for one in found if (words := age_words(one))
    )

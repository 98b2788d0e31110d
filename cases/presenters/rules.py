"""Rules of readiness in words, and what changes from one version to the next."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from cases.derivations import DATED
from cases.derivations.saying import OF_COURSES, OF_STEROIDS
from cases.derivations.tumour import SITES
from cases.models import SweepState
from cases.presenters.words import fact_label
from cases.readiness import LIMITS
from evidence.conditions import read, readable
from ui import formatting

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from cases.models import LimitSweep


# Facts that are as old as a list of the record: an age limit on one of them is that of the list.
LISTS = {
    **dict.fromkeys(OF_COURSES, gettext_lazy("list of ICI courses")),
    **dict.fromkeys(("irae_any", "organs_asked"), gettext_lazy("organs asked about")),
    **dict.fromkeys(OF_STEROIDS, gettext_lazy("list of steroids")),
    "immunosuppressant_now": gettext_lazy("list of second-line agents"),
    **dict.fromkeys(SITES.values(), gettext_lazy("list of sites of metastases")),
}


def lists_words() -> str:
    """Return which facts carry the age limits of the lists, by the keys that stand in the rules."""
    keys: dict[str, list[str]] = {}
    for key, name in LISTS.items():
        keys.setdefault(str(name), []).append(key)
    told = "; ".join(f"{name}: {', '.join(found)}" for name, found in keys.items())
    return _("A list is as old as its fact, and has that fact's age limit (%(lists)s). ") % {
        "lists": told
    }


def rule_words(rule: Mapping[str, Any]) -> str:
    """Return when a fact is needed, how old it may be, and where that is said; it must be free of problems."""
    source = rule.get("source")
    words = _asked_words(rule)
    return _("%(rule)s [%(source)s]") % {"rule": words, "source": source} if source else words


def _asked_words(rule: Mapping[str, Any]) -> str:
    when = rule["when"]
    if rule["fact"] in LIMITS:
        words = _("counts for %(n)s days before and after a blood sample")
        return words % {"n": rule["age_limit_days"]}
    asked = (
        _("always")
        if when is None
        else _("if %(condition)s") % {"condition": readable(read(when), _)}
    )
    limit = rule["age_limit_days"]
    if limit is None:
        return asked
    words = _("%(asked)s; stale after %(n)s days") % {"asked": asked, "n": limit}
    if rule["fact"] not in DATED:
        words = _("%(rule)s (no day is kept for it: its age stays unknown)") % {"rule": words}
    return words


def by_fact(rules: Iterable[Mapping[str, Any]]) -> dict[str, list[str]]:
    """Return the rules in words under the label of their fact, in their order."""
    found: dict[str, list[str]] = {}
    for rule in rules:
        key = rule["fact"]
        label = _("Weight") if key in LIMITS else fact_label(key)
        if key in LISTS:
            label = _("%(fact)s (%(list)s)") % {"fact": label, "list": LISTS[key]}
        found.setdefault(label, []).append(rule_words(rule))
    return found


def difference(
    before: Iterable[Mapping[str, Any]], after: Iterable[Mapping[str, Any]]
) -> list[tuple[str, str, str]]:
    """Return fact, what held and what would hold, for each fact whose rules differ."""
    old, new = by_fact(before), by_fact(after)
    return [
        (label, "; ".join(old.get(label, [])), "; ".join(new.get(label, [])))
        for label in {**old, **new}
        if old.get(label, []) != new.get(label, [])
    ]


def _rewritten_words(sweep: LimitSweep) -> str:
    """Return how far open cases were written anew since a limit became longer; "" where none did."""
    count = formatting.number(sweep.rewritten)
    words = {
        SweepState.WAITING: _("open cases are to be written anew, for a limit is longer"),
        SweepState.RUNNING: _("%(n)s open cases were written anew so far, for a limit is longer"),
        SweepState.DONE: _("%(n)s open cases were written anew, for a limit is longer"),
        SweepState.CANCELLED: _("writing open cases anew was stopped after %(n)s"),
    }
    found = words.get(SweepState(sweep.rewrite_state)) if sweep.rewrite_state else None
    return "; ".join([found % {"n": count}, *_left_words(sweep)]) if found else ""


def _left_words(sweep: LimitSweep) -> list[str]:
    """Return how many cases could not be written anew, and how many boards nobody may do it for."""
    failed, left = len(sweep.failed_cases), len(sweep.boards_left)
    told = (
        (failed, ngettext("%(n)s case could not be", "%(n)s cases could not be", failed)),
        (
            left,
            ngettext(
                "%(n)s board waits for somebody who may edit its cases",
                "%(n)s boards wait for somebody who may edit their cases",
                left,
            ),
        ),
    )
    return [words % {"n": formatting.number(count)} for count, words in told if count]


def followed_words(sweep: LimitSweep | None) -> str:
    """Return how far the days kept with the cases follow the age limits of a version."""
    if sweep is None:
        return "–"
    if sweep.state == SweepState.DONE:
        words = _("followed by all cases since %(when)s") % {
            "when": formatting.datetime(sweep.ended_at)
        }
        return "; ".join(part for part in (words, _rewritten_words(sweep)) if part)
    if sweep.total_rows is None:
        words = _("waiting for a worker") if sweep.is_open else _("stopped")
        rest = _("what may be too old is shown as cannot tell")
        return f"{words}; {rest}"
    words = (
        _("%(done)s of %(total)s cases follow")
        if sweep.is_open
        else _("stopped at %(done)s of %(total)s cases")
    ) % {
        "done": formatting.number(sweep.done_rows),
        "total": formatting.number(sweep.total_rows),
    }
    rest = _("what may be too old in the others is shown as cannot tell")
    return f"{words}; {rest}"

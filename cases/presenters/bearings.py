"""The missing facts on the card of guidance: what each would settle, and who was asked for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext as _

from cases.presenters.words import fact_label
from evidence.conditions import FactState
from ui.formatting import date as date_words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from cases.models import Case, FactTask
    from evidence.conditions import Facts
    from evidence.missing import MissingFact

MOST = 8
# What follows from other facts, the one to ask for first; nobody can be asked for it itself.
_OF_RESISTANCE = ("best_response", "progression_timing", "prior_ici_days", "ici_free_days")
ENTERED = dict.fromkeys(
    ("resistance_review", "resistance_sitc", "resistance_24_weeks"), _OF_RESISTANCE
)


@dataclass(frozen=True)
class Bearing:
    """A missing fact and how many statements it would settle; `owed` says who was asked for it and until when."""

    label: str
    statements: str
    ask_url: str
    owed: str = ""


def bearings(
    case: Case, missing: Sequence[MissingFact], facts: Facts, *, ask: bool
) -> tuple[Bearing, ...]:
    """Return the facts that would settle most, each once and as it is entered; the tasks come with the case."""
    tasks = {task.fact: task for task in case.tasks.all()}
    found: dict[str, Bearing] = {}
    for one in missing:
        key = _asked_for(one.key, facts)
        found.setdefault(key, _bearing(case, key, one, tasks, ask=ask))
    return tuple(found.values())[:MOST]


def _asked_for(key: str, facts: Facts) -> str:
    """Return the fact that somebody can be asked for: of what follows from others the first that is not known."""
    behind = (
        one
        for one in ENTERED.get(key, ())
        if one in facts and facts[one].state is not FactState.KNOWN
    )
    return next(behind, key)


def _bearing(
    case: Case, key: str, one: MissingFact, tasks: Mapping[str, FactTask], *, ask: bool
) -> Bearing:
    label = fact_label(key)
    if key != one.key:
        label = _("%(fact)s, for: %(derived)s") % {"fact": label, "derived": fact_label(one.key)}
    url = reverse("cases:owner", args=[case.public_id, key]) if ask else ""
    return Bearing(label, one.settling, url, _owed(tasks.get(key)))


def _owed(task: FactTask | None) -> str:
    if task is None or task.owner is None:
        return ""
    if task.due_on is None:
        return str(task.owner.name)
    return _("%(who)s, by %(date)s") % {"who": task.owner.name, "date": date_words(task.due_on)}

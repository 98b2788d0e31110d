"""The missing facts on the card of guidance: what each would settle, which statements wait for it, and whom to ask."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cases.presenters.asking import Offer, offer_of
from cases.presenters.words import fact_label
from cases.standing import meeting_ahead
from evidence.choices import Signal
from evidence.conditions import FactState
from ui.formatting import date as date_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from accounts.models import User
    from cases.models import Case, FactTask
    from evidence.conditions import Facts
    from evidence.missing import MissingFact
    from evidence.presenters import Guidance, MatchCard

MOST = 8
# So few statements are not worth a fold: they stand open.
FEW = 6
# What follows from other facts, the one to ask for first; nobody can be asked for it itself.
_OF_RESISTANCE = ("best_response", "progression_timing", "prior_ici_days", "ici_free_days")
ENTERED = dict.fromkeys(
    ("resistance_review", "resistance_sitc", "resistance_24_weeks"), _OF_RESISTANCE
)
OTHERS = ""
"""The key of what waits for facts further down the list than those that are shown."""


@dataclass(frozen=True)
class Bearing:
    """A missing fact, how many statements it would settle, and those that wait for it.

    `stops` may stop the patient's ICI and are never folded; `cards` are the others, `marks` words and colours: how
    many may stop, hold or warn. `owed` says who was asked and until when;
    `ask_url` leads to the form, `offer` asks somebody at one press, `back_url` takes back what was asked.
    """

    label: str
    statements: str
    ask_url: str = ""
    key: str = ""
    owed: str = ""
    offer: Offer | None = None
    back_url: str = ""
    owner: str = ""
    stops: tuple[MatchCard, ...] = ()
    cards: tuple[MatchCard, ...] = ()
    marks: tuple[tuple[str, str], ...] = ()
    is_open: bool = False


def bearings(
    case: Case, found: Guidance, facts: Facts, user: User, today: date, *, ask: bool
) -> tuple[Bearing, ...]:
    """Return the facts that would settle most, each once and as it is entered, with the statements that wait for it.

    A statement stands under the first fact that it lacks; under `OTHERS` where none of them is shown. The tasks come
    with the case.
    """
    ranked = _ranked(found.missing, facts)
    waiting = _waiting(found.cannot_tell, tuple(ranked), facts)
    tasks = {task.fact: task for task in case.tasks.all()}
    is_open = len(found.cannot_tell) <= FEW
    meeting = meeting_ahead(case, today)
    rows = []
    for key, one in ranked.items():
        task = tasks.get(key)
        owner = task.owner if task is not None else None
        stops, others = _apart(waiting.get(key, ()))
        rows.append(
            Bearing(
                label=_label(key, one.key),
                statements=one.settling,
                ask_url=_of(case, "cases:owner", key) if ask else "",
                owed=_owed(task),
                offer=None if owner or not ask else offer_of(case, user, key, meeting),
                back_url=_of(case, "cases:unask", key) if owner and ask else "",
                owner=str(owner.public_id) if owner else "",
                key=key,
                stops=stops,
                cards=others,
                marks=marks_of((*stops, *others)),
                is_open=is_open,
            )
        )
    if left := waiting.get(OTHERS):
        words = ngettext("%(n)s statement", "%(n)s statements", len(left)) % {"n": len(left)}
        stops, others = _apart(left)
        rows.append(
            Bearing(
                _("Other facts"),
                words,
                stops=stops,
                cards=others,
                marks=marks_of(left),
                is_open=is_open,
            )
        )
    return tuple(rows)


def _apart(cards: Iterable[MatchCard]) -> tuple[tuple[MatchCard, ...], tuple[MatchCard, ...]]:
    """Part what may stop from the rest: it is in sight by name however much cannot be told."""
    cards = tuple(cards)
    stops = tuple(card for card in cards if card.signal_code == Signal.STOP)
    return stops, tuple(card for card in cards if card not in stops)


def marks_of(cards: Iterable[MatchCard]) -> tuple[tuple[str, str], ...]:
    """Say of statements that cannot be told how many may stop, and how many may hold or warn."""
    cards = tuple(cards)
    stops = sum(card.signal_code == Signal.STOP for card in cards)
    holds = sum(card.never_folded for card in cards) - stops
    counted = (
        (ngettext("%(n)s may stop", "%(n)s may stop", stops), stops, "amber"),
        (ngettext("%(n)s may hold or warn", "%(n)s may hold or warn", holds), holds, "outline"),
    )
    return tuple((words % {"n": number}, colour) for words, number, colour in counted if number)


def _ranked(missing: Sequence[MissingFact], facts: Facts) -> dict[str, MissingFact]:
    """Return the first facts by the key as they are entered, each with what made it stand there."""
    found: dict[str, MissingFact] = {}
    for one in missing:
        found.setdefault(asked_for(one.key, facts), one)
    return dict(list(found.items())[:MOST])


def _waiting(
    cards: Iterable[MatchCard], ranked: Sequence[str], facts: Facts
) -> dict[str, list[MatchCard]]:
    found: dict[str, list[MatchCard]] = {}
    for card in cards:
        lacks = {asked_for(key, facts) for key in card.lacks}
        first = next((key for key in ranked if key in lacks), OTHERS)
        found.setdefault(first, []).append(card)
    return found


def asked_for(key: str, facts: Facts) -> str:
    """Return the fact that somebody can be asked for: of what follows from others the first that is not known."""
    behind = (
        one
        for one in ENTERED.get(key, ())
        if one in facts and facts[one].state is not FactState.KNOWN
    )
    return next(behind, key)


def _label(key: str, derived: str) -> str:
    label = fact_label(key)
    if key == derived:
        return label
    return _("%(fact)s, for: %(derived)s") % {"fact": label, "derived": fact_label(derived)}


def _of(case: Case, name: str, key: str) -> str:
    return reverse(name, args=[case.public_id, key])


def _owed(task: FactTask | None) -> str:
    if task is None or task.owner is None:
        return ""
    if task.due_on is None:
        return str(task.owner.name)
    return _("%(who)s, by %(date)s") % {"who": task.owner.name, "date": date_words(task.due_on)}

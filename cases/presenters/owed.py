"""What is still owed before the meeting: each open fact with its owner, its date and what it would settle."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cases.derivations.iraes import ORGANS_BEHIND
from cases.models import Section
from cases.presenters.ages import age_words
from cases.presenters.bases import waiting_words
from cases.presenters.organs import organs_not_asked
from cases.presenters.sections import FACTS_OF, LISTS
from cases.presenters.words import fact_label
from cases.readiness import Standing
from cases.services.saying import MAY_STILL_HOLD
from cases.vocabulary import Organ
from evidence.conditions import Fact, FactState
from ui.formatting import date as date_words
from ui.formatting import days_from_today

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cases.models import Case
    from cases.readiness import Readiness, Requirement


# Answered by a form of its own, organ by organ.
ORGANS = "organs_asked"
# So many organs are named; of more it is said how many they are.
MOST_NAMED = 6


@dataclass(frozen=True)
class Owed:
    """One fact that is still owed."""

    key: str
    title: str
    tag_text: str
    tag_colour: str
    tone: str
    line: str
    settles: str
    give_url: str
    enter_url: str
    # Where one press says that a stale fact still holds today.
    still_url: str = ""
    section: str = ""
    version: int = 0


def owed_facts(
    case: Case,
    facts: dict[str, Fact],
    ready: Readiness,
    settles: Mapping[str, int],
    today: date,
) -> list[Owed]:
    """Return the open facts of a case, stale ones among them, those that bear on most statements first."""
    tasks = {task.fact: task for task in case.tasks.all()}
    keys = sorted(ready.open, key=lambda key: -_bears(key, settles))
    return [
        _owed(case, ready.by_key[key], facts[key], tasks.get(key), settles.get(key, 0), today)
        for key in keys
    ]


def _bears(key: str, settles: Mapping[str, int]) -> int:
    """Return on how many statements a fact bears; the organ review by what waits for it."""
    waiting = ORGANS_BEHIND if key == ORGANS else (key,)
    return max(settles.get(one, 0) for one in waiting)


def _owed(
    case: Case, one: Requirement, fact: Fact, task: object, statements: int, today: date
) -> Owed:
    key, stale = one.key, one.standing is Standing.STALE
    owner = getattr(task, "owner", None)
    due = getattr(task, "due_on", None)
    late = due is not None and due < today
    if owner is None:
        waits = waiting_words(case, key, fact)
        tag, colour, line = _("no owner"), "red", waits or _("Nobody has been asked")
    else:
        tag = days_from_today(due, today) if due else _("no date")
        colour = "red" if late else "amber"
        line = _("%(who)s, by %(date)s") % {"who": owner.name, "date": date_words(due)}
        if due is None:
            line = owner.name
    if fact.state is FactState.NOT_YET and owner is None:
        line = _("Not yet known; nobody has been asked")
    if key == ORGANS:
        line = f"{line} · {_not_asked(case)}"
    if stale:
        line = f"{age_words(one)} · {line}"
        tag, colour = (_("stale"), "amber") if owner is None else (tag, colour)
    bears = ngettext("bears on %(n)s statement", "bears on %(n)s statements", statements)
    return Owed(
        key=key,
        title=fact_label(key),
        tag_text=tag,
        tag_colour=colour,
        tone="red" if late or owner is None else "amber",
        line=line,
        settles=bears % {"n": statements} if statements else "",
        give_url=reverse("cases:owner", args=[case.public_id, key]),
        enter_url=_enter_url(case, key),
        still_url=reverse("cases:still", args=[case.public_id, key])
        if stale and key in MAY_STILL_HOLD
        else "",
        section=section_of(key),
        version=next((s.version for s in case.sections.all() if s.key == section_of(key)), 0),
    )


def _not_asked(case: Case) -> str:
    """Say which organs nobody has asked about; of many how many they are."""
    left = organs_not_asked(case)
    if len(left) > MOST_NAMED:
        return _("%(n)s of %(all)s organs not asked about") % {"n": len(left), "all": len(Organ)}
    return _("not asked about: %(organs)s") % {"organs": ", ".join(left)}


def section_of(key: str) -> str:
    """Return the section that holds a fact."""
    return next((s for s, keys in FACTS_OF.items() if key in keys), Section.FITNESS)


def _enter_url(case: Case, key: str) -> str:
    """Return where the fact is entered: the form of its section, or the list it follows from."""
    section = section_of(key)
    if key == ORGANS:
        return reverse("cases:organs", args=[case.public_id])
    if section in LISTS or section == Section.LABS:
        return f"{reverse('cases:detail', args=[case.public_id])}#section-{section}"
    return reverse("cases:section", args=[case.public_id, section])

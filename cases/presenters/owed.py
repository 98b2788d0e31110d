"""What is still owed before the meeting: each open fact with its owner, its date and what it would settle."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cases.askable import item_of
from cases.derivations.causes import ORGANS_BEHIND
from cases.models import Section
from cases.presenters.ages import age_words
from cases.presenters.asked import row_words, task_words
from cases.presenters.bases import waiting_words
from cases.presenters.entering import place_of
from cases.presenters.organs import organs_not_asked
from cases.presenters.sections import FACTS_OF
from cases.presenters.words import fact_label
from cases.readiness import Standing
from cases.services.saying import may_still_hold
from cases.vocabulary import Organ
from evidence.conditions import Fact, FactState
from ui.formatting import date as date_words
from ui.formatting import days_from_today

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from cases.models import Case, FactTask
    from cases.readiness import Readiness, Requirement
    from evidence.missing import MissingFact


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
    enter_url: str
    # Where one press says that a stale fact still holds today.
    still_url: str = ""
    section: str = ""
    version: int = 0
    late: bool = False
    owned: bool = False


def owed_facts(
    case: Case,
    facts: dict[str, Fact],
    ready: Readiness,
    settles: Mapping[str, MissingFact],
    today: date,
) -> list[Owed]:
    """Return the open facts of a case, stale ones among them, those that settle most statements first."""
    tasks = {task.fact: task for task in case.tasks.all()}
    keys = sorted(ready.open, key=lambda key: _settled(key, settles))
    return [
        _owed(case, ready.by_key[key], facts[key], tasks.get(key), settles.get(key), today)
        for key in keys
    ]


def asked_beside(case: Case, ready: Readiness, today: date) -> list[Owed]:
    """Return what somebody was asked for beside the facts that the question needs, the first to be told first."""
    tasks = [t for t in case.tasks.all() if t.owner is not None and t.fact not in ready.open]
    tasks.sort(key=lambda task: (task.due_on is None, task.due_on, task.pk))
    return [_beside(case, task, today) for task in tasks]


def _beside(case: Case, task: FactTask, today: date) -> Owed:
    late = task.due_on is not None and task.due_on < today
    line, row = _given_words(task), row_words(case, task.fact)
    return Owed(
        key=task.fact,
        title=task_words(task),
        tag_text=days_from_today(task.due_on, today) if task.due_on else _("no date"),
        tag_colour="red" if late else "grey",
        tone="red" if late else "amber",
        line=f"{row} · {line}" if row else line,
        settles="",
        enter_url=place_of(case, task.fact).url,
        late=late,
        owned=True,
    )


def _given_words(task: Any) -> str:
    if task.due_on is None:
        return str(task.owner.name)
    return _("%(who)s, by %(date)s") % {"who": task.owner.name, "date": date_words(task.due_on)}


def owed_words(owed: list[Owed], beside: Sequence[Owed] = ()) -> str:
    """Return in one line how many of all are overdue, and for how many of the facts nobody has been asked.

    `beside`: what somebody was asked for though the question does not need it.
    """
    late = sum(one.late for one in (*owed, *beside))
    free = sum(not one.owned for one in owed)
    parts = [
        ngettext("%(n)s overdue", "%(n)s overdue", late) % {"n": late} if late else "",
        _("nobody has been asked for %(n)s of %(all)s") % {"n": free, "all": len(owed)}
        if free
        else "",
    ]
    words = "; ".join(part for part in parts if part)
    return f"{words[:1].upper()}{words[1:]}." if words else ""


def _settled(key: str, settles: Mapping[str, MissingFact]) -> tuple[int, ...]:
    """Return what orders facts by what they settle; the organ review by what waits for it."""
    waiting = ORGANS_BEHIND if key == ORGANS else (key,)
    found = [settles[one] for one in waiting if one in settles]
    return min(
        (
            (-m.least, -m.most, -m.statements, -m.rules.least, -m.rules.most, -m.rules.of)
            for m in found
        ),
        default=(0,) * 6,
    )


def _owed(
    case: Case, one: Requirement, fact: Fact, task: object, missing: MissingFact | None, today: date
) -> Owed:
    key = one.key
    owner = getattr(task, "owner", None)
    due = getattr(task, "due_on", None)
    late = due is not None and due < today
    if owner is None:
        tag, colour, line = _("no owner"), "grey", waiting_words(case, key, fact)
    else:
        tag = days_from_today(due, today) if due else _("no date")
        colour = "red" if late else "grey"
        line = _given_words(task)
    if fact.state is FactState.NOT_YET and owner is None:
        line = _("Not yet known; nobody has been asked")
    if key == ORGANS:
        line = " · ".join(part for part in (line, _not_asked(case)) if part)
    if one.too_old:
        line = " · ".join(part for part in (age_words(one), line) if part)
        tag, colour = (_aged_tag(one), "amber") if owner is None else (tag, colour)
    return Owed(
        key=key,
        title=fact_label(key),
        tag_text=tag,
        tag_colour=colour,
        tone="red" if late else "amber" if owner is not None else "grey",
        late=late,
        owned=owner is not None,
        line=line,
        settles=missing.settling if missing else "",
        enter_url=place_of(case, key).url,
        still_url=reverse("cases:still", args=[case.public_id, key])
        if one.too_old and may_still_hold(key, fact)
        else "",
        section=section_of(key),
        version=next((s.version for s in case.sections.all() if s.key == section_of(key)), 0),
    )


def _aged_tag(one: Requirement) -> str:
    if one.standing is Standing.STALE:
        return _("stale")
    return _("day not known") if one.age is None else _("may be stale")


def _not_asked(case: Case) -> str:
    """Say which organs nobody has asked about; of many how many they are."""
    left = organs_not_asked(case)
    if len(left) > MOST_NAMED:
        return _("%(n)s of %(all)s organs not asked about") % {"n": len(left), "all": len(Organ)}
    return _("not asked about: %(organs)s") % {"organs": ", ".join(left)}


def section_of(key: str) -> str:
    """Return the section that holds a fact, or an item of the record beside them."""
    if (item := item_of(key)) is not None:
        return item.kind.section
    return next((s for s, keys in FACTS_OF.items() if key in keys), Section.FITNESS)

"""What is still owed before the meeting: each open fact with its owner, its date and what it would settle."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cases.models import Section
from cases.presenters.sections import FACTS_OF, LISTS
from cases.presenters.words import fact_label
from cases.readiness import readiness
from evidence.conditions import Fact, FactState
from ui.formatting import date as date_words
from ui.formatting import days_from_today

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cases.models import Case


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


def owed_facts(
    case: Case, facts: dict[str, Fact], settles: Mapping[str, int], today: date
) -> list[Owed]:
    """Return the open facts of a case, those that bear on most statements first."""
    tasks = {task.fact: task for task in case.tasks.all()}
    keys = sorted(readiness(facts).open, key=lambda key: -settles.get(key, 0))
    return [
        _owed(case, key, facts[key], tasks.get(key), settles.get(key, 0), today) for key in keys
    ]


def _owed(case: Case, key: str, fact: Fact, task: object, statements: int, today: date) -> Owed:
    owner = getattr(task, "owner", None)
    due = getattr(task, "due_on", None)
    late = due is not None and due < today
    if owner is None:
        tag, colour, line = _("no owner"), "red", _("Nobody has been asked")
    else:
        tag = days_from_today(due, today) if due else _("no date")
        colour = "red" if late else "amber"
        line = _("%(who)s, by %(date)s") % {"who": owner.name, "date": date_words(due)}
        if due is None:
            line = owner.name
    if fact.state is FactState.NOT_YET and owner is None:
        line = _("Not yet known; nobody has been asked")
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
    )


def _enter_url(case: Case, key: str) -> str:
    """Return where the fact is entered: the form of its section, or the list it follows from."""
    section = next((s for s, keys in FACTS_OF.items() if key in keys), Section.FITNESS)
    if section in LISTS or section == Section.LABS:
        return f"{reverse('cases:detail', args=[case.public_id])}#section-{section}"
    return reverse("cases:section", args=[case.public_id, section])

"""Who finds out what a form leaves at "not yet", and by when: two fields beside the fact itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cases.forms.fields import typed_words
from cases.forms.owner import DayField
from evidence.conditions import FactState
from ui.partial_dates import render_day

if TYPE_CHECKING:
    from django.forms.boundfield import BoundField

    from cases.forms.sections import SectionForm

DAYS_GIVEN = 7
OPEN_STATES = frozenset({FactState.NOT_YET.value, FactState.MISSING.value})


@dataclass(frozen=True)
class Task:
    """An open fact as it was given: to whom (a user's public id, "" for nobody), and by which day."""

    owner: str = ""
    due_on: date | None = None


@dataclass(frozen=True)
class Owners:
    """Whom the facts of a form may be given to, and how its open facts are given now.

    `facts`: by the names of the fields the facts that they answer; `people`: by public id how each person is named.
    """

    facts: Mapping[str, str] = field(default_factory=dict)
    people: Mapping[str, str] = field(default_factory=dict)
    tasks: Mapping[str, Task] = field(default_factory=dict)


@dataclass(frozen=True)
class OwedBeside:
    """The two fields beside a fact; `given`: it is with somebody now, so that they are shown whatever is chosen."""

    who: BoundField
    day: BoundField
    given: bool


@dataclass(frozen=True)
class Given:
    """One fact that a form gives to somebody."""

    name: str
    fact: str
    owner: str
    due_on: date | None


def who_name(name: str) -> str:
    """Return the name of the field for who finds a fact out."""
    return f"{name}_owed_by"


def day_name(name: str) -> str:
    """Return the name of the field for the day by which it is found out."""
    return f"{name}_owed_on"


def state_of(cleaned: Any) -> str:
    """Return the state of a cleaned fact, of whichever kind its field is; "" where it did not clean."""
    if isinstance(cleaned, Mapping):
        return str(cleaned.get("state") or cleaned.get("answer_state") or "")
    return str(getattr(cleaned, "state", ""))


def offer_owners(form: SectionForm, owners: Owners) -> SectionForm:
    """Give every field of a fact somebody may owe the two fields beside it."""
    if not owners.people:
        return form
    form.owners = owners
    choices = [("", _("Nobody yet")), *owners.people.items()]
    week = timezone.localdate() + timedelta(days=DAYS_GIVEN)
    for name, fact in owners.facts.items():
        if name not in form.fields:
            continue
        task, label = owners.tasks.get(fact), form.fields[name].label
        who = forms.ChoiceField(
            label=_("%(fact)s: who finds it out") % {"fact": label},
            required=False,
            choices=choices,
        )
        day = DayField(label=_("%(fact)s: by") % {"fact": label}, required=False, help_text="")
        form.fields[who_name(name)], form.fields[day_name(name)] = who, day
        _mark_not_yet(form.fields[name].widget)
        due = task.due_on if task and task.due_on else week
        first = {who_name(name): task.owner if task else "", day_name(name): render_day(due)}
        form.initial = {**first, **form.initial}
    return form


def _mark_not_yet(widget: forms.Widget) -> None:
    """Let the style sheet tell where "not yet" is typed: the two fields are shown then, without a script.

    What does not match a pattern can be selected; it is no mistake, and no reader is told that it is one.
    """
    if isinstance(widget, forms.TextInput):
        words = "|".join(_any_case(word) for word in typed_words(FactState.NOT_YET))
        widget.attrs |= {"pattern": rf"(?!\s*({words})\s*$).*", "aria-invalid": "false"}


def _any_case(words: str) -> str:
    """Return what finds words whatever their case; a browser's pattern has no flag for it."""
    return "".join(f"[{c.lower()}{c.upper()}]" if c.isalpha() else r"\s+" for c in words)


def given_in(form: SectionForm) -> Iterator[Given]:
    """Yield what a clean form gives to somebody otherwise than it was given before, each fact once."""
    done: set[str] = set()
    for name, fact in form.owners.facts.items():
        owner = form.cleaned_data.get(who_name(name))
        if not owner or fact in done or state_of(form.cleaned_data.get(name)) not in OPEN_STATES:
            continue
        task = form.owners.tasks.get(fact, Task())
        due = form.cleaned_data[day_name(name)]
        if (owner, due) != (task.owner, task.due_on):
            done.add(fact)
            yield Given(name, fact, owner, due)


def taken_back_in(form: SectionForm) -> Iterator[Given]:
    """Yield what a clean form leaves open and says that nobody is asked for, though somebody was; each once."""
    left: dict[str, Given] = {}
    for name, fact in form.owners.facts.items():
        task, who = form.owners.tasks.get(fact), who_name(name)
        if task is None or not task.owner or who not in form.data:
            continue
        if form.cleaned_data.get(who):
            left.pop(fact, None)
        elif state_of(form.cleaned_data.get(name)) in OPEN_STATES:
            left[fact] = Given(name, fact, task.owner, task.due_on)
    yield from left.values()


def hold_owners(form: SectionForm) -> None:
    """Hold the days against today, and forget what was typed about a fact that is no longer open."""
    today = timezone.localdate()
    for name in form.owners.facts:
        who, day = who_name(name), day_name(name)
        if who not in form.fields:
            continue
        wanted = form.cleaned_data.get(who) and name not in form.errors
        if not wanted or state_of(form.cleaned_data.get(name)) not in OPEN_STATES:
            form.errors.pop(day, None)
            form.cleaned_data[day] = None
            continue
        due = form.cleaned_data.get(day)
        if due is not None and due < today and day in form.changed_data:
            form.add_error(day, _("Enter a day that is still to come"))

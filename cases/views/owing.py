"""What a form leaves at "not yet" is given to somebody in the save that leaves it so."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from cases.askable import item_of, saved_as
from cases.beside import owners_of
from cases.forms.doubts import life_of
from cases.forms.owing import day_name, given_in, offer_owners, taken_back_in, who_name
from cases.holding import hold_case
from cases.presenters.words import fact_label
from cases.selectors import facts_row_of
from cases.services.facts import refreshed_once
from cases.services.tasks import hold_tasks, owe_fact, take_back, there_now
from ui.threeway import changed_since, held_since

if TYPE_CHECKING:
    from cases.forms.owing import Given
    from cases.forms.sections import SectionForm
    from cases.models import FactTask
    from cases.views.editing import Edit


def with_owners_beside(edit: Edit) -> Edit:
    """Return the edit with who finds it out beside every fact of its form that may be given."""
    if not edit.facts:
        return edit

    def make(*args: Any, **kwargs: Any) -> SectionForm:
        form = edit.make(*args, **kwargs)
        facts = edit.facts(form) if callable(edit.facts) else edit.facts
        return offer_owners(form, owners_of(edit.case, facts))

    return replace(edit, make=make)


def with_life_beside(edit: Edit) -> Edit:
    """Return the edit with the patient's life and courses beside its form, against which every date is held."""

    def known() -> set[int]:
        patient: Any = edit.case.patient
        numbers = {course.number for course in patient.courses.all()}
        # A further course will have a number that none has yet.
        return numbers | {len(numbers) + 1} if edit.adds == "ICICourse" else numbers

    def make(*args: Any, **kwargs: Any) -> SectionForm:
        form = edit.make(*args, **kwargs)
        form.life = life_of(edit.case)
        form.courses_known = known
        return form

    return replace(edit, make=make)


@transaction.atomic
def give_what_is_owed(by: User, edit: Edit, form: SectionForm, row: Any = None) -> list[str]:
    """Give the facts that a saved form leaves open to those who were chosen; return in words which, and to whom.

    Of person and day only what was chosen in this form counts: the other stays as it is by now. What something else
    in the record answers already, or somebody handed over meanwhile, is not given, which is said. `row`: what saving
    the form made, of which it asked without knowing its name.
    """
    chosen = [
        replace(one, fact=saved_as(one.fact, row))
        for one in given_in(form)
        if _changes(form, edit.draft_key, one)
    ]
    # Once for all of them: each would derive all that is known of the patient.
    with refreshed_once():
        return [*_take_back(by, edit, form), *_give_all(by, edit, form, chosen)]


def _give_all(by: User, edit: Edit, form: SectionForm, chosen: list[Given]) -> list[str]:
    """Give what was chosen; return in words what came of each."""
    if not chosen:
        return []
    people = User.objects.in_bulk([one.owner for one in chosen], field_name="public_id")
    by_key = {str(key): user for key, user in people.items()}
    # So that nobody else gives what has no task yet either.
    hold_case(edit.case)
    there = there_now(facts_row_of(edit.case), edit.case.patient, {o.fact for o in chosen})
    tasks = hold_tasks(edit.case, [one.fact for one in chosen])
    said = [
        _give(by, edit, form, one, by_key[one.owner], tasks.get(one.fact))
        if one.fact not in there
        else _said(_("%(fact)s: not given to %(who)s, the record tells it."), form, one, by_key)
        for one in chosen
    ]
    return [words for words in said if words]


def _take_back(by: User, edit: Edit, form: SectionForm) -> list[str]:
    """Take back what was left open and given to nobody, where somebody was asked as the form was opened."""
    found = []
    for one in taken_back_in(form):
        if changed_since(form, who_name(one.name), edit.draft_key) and take_back(
            by=by, case=edit.case, fact=one.fact, owner=one.owner
        ):
            words = _("%(fact)s: taken back, nobody is asked for it.")
            found.append(words % {"fact": _named(form, one)})
    return found


def _changes(form: SectionForm, scope: str, one: Given) -> tuple[str, ...]:
    """Return which of the two fields of a fact were sent otherwise than they were opened."""
    names = who_name(one.name), day_name(one.name)
    return tuple(name for name in names if changed_since(form, name, scope))


def _give(
    by: User, edit: Edit, form: SectionForm, one: Given, wanted: User, task: FactTask | None
) -> str:
    """Give one fact; return what is said of it, "" where it is so already."""
    scope, owner, due_on = edit.draft_key, wanted, one.due_on
    if task is not None and task.owner is not None:
        changed = _changes(form, scope, one)
        who = who_name(one.name)
        if who not in changed:
            owner = task.owner
        elif not held_since(form, who, str(task.owner.public_id), scope) and owner != task.owner:
            words = _("%(fact)s: not given to %(who)s, %(other)s was asked meanwhile.")
            return words % {
                "fact": _named(form, one),
                "who": owner.name,
                "other": task.owner.name,
            }
        if day_name(one.name) not in changed:
            due_on = task.due_on
        if (owner, due_on) == (task.owner, task.due_on):
            return ""
    owe_fact(by=by, case=edit.case, fact=one.fact, owner=owner, due_on=due_on)
    words = _("%(fact)s: given to %(who)s.")
    return words % {"fact": _named(form, one), "who": owner.name}


def _named(form: SectionForm, one: Given) -> str:
    """Return what is given: the fact, or the field of the form where it answers none."""
    return fact_label(one.fact) if item_of(one.fact) is None else str(form.fields[one.name].label)


def _said(words: str, form: SectionForm, one: Given, people: dict[str, User]) -> str:
    return words % {"fact": _named(form, one), "who": people[one.owner].name}

"""What a form leaves at "not yet" is given to somebody in the save that leaves it so."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from cases.beside import owners_of
from cases.forms.owing import day_name, given_in, offer_owners, who_name
from cases.presenters.words import fact_label
from cases.readiness import SETTLED
from cases.selectors import facts_row_of
from cases.services.facts import refreshed_once
from cases.services.tasks import hold_tasks, owe_fact
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


@transaction.atomic
def give_what_is_owed(by: User, edit: Edit, form: SectionForm) -> list[str]:
    """Give the facts that a saved form leaves open to those who were chosen; return in words which, and to whom.

    Of person and day only what was chosen in this form counts: the other stays as it is by now. What something else
    in the record answers already, or somebody handed over meanwhile, is not given, which is said.
    """
    chosen = [one for one in given_in(form) if _changes(form, edit.draft_key, one)]
    if not chosen:
        return []
    people = User.objects.in_bulk([one.owner for one in chosen], field_name="public_id")
    by_key = {str(key): user for key, user in people.items()}
    facts = facts_row_of(edit.case)
    with refreshed_once():
        tasks = hold_tasks(edit.case, [one.fact for one in chosen])
        said = [
            _give(by, edit, form, one, by_key[one.owner], tasks.get(one.fact))
            if getattr(facts, f"{one.fact}_state") not in SETTLED
            else _said(_("%(fact)s: not given to %(who)s, the record tells it."), one, by_key)
            for one in chosen
        ]
    return [words for words in said if words]


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
                "fact": fact_label(one.fact),
                "who": owner.name,
                "other": task.owner.name,
            }
        if day_name(one.name) not in changed:
            due_on = task.due_on
        if (owner, due_on) == (task.owner, task.due_on):
            return ""
    owe_fact(by=by, case=edit.case, fact=one.fact, owner=owner, due_on=due_on)
    words = _("%(fact)s: given to %(who)s.")
    return words % {"fact": fact_label(one.fact), "who": owner.name}


def _said(words: str, one: Given, people: dict[str, User]) -> str:
    return words % {"fact": fact_label(one.fact), "who": people[one.owner].name}

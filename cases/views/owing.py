"""What a form leaves at "not yet" is given to somebody in the save that leaves it so."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from accounts.models import User
from cases.beside import owners_of
from cases.forms.doubts import life_of
from cases.forms.owing import day_name, given_in, offer_owners, who_name
from cases.presenters.words import fact_label
from cases.readiness import SETTLED
from cases.selectors import facts_row_of
from cases.services.tasks import owe_fact
from ui.threeway import changed_since

if TYPE_CHECKING:
    from cases.forms.sections import SectionForm
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
    """Return the edit with the patient's birth and death beside its form, against which every date is held."""

    def make(*args: Any, **kwargs: Any) -> SectionForm:
        form = edit.make(*args, **kwargs)
        form.life = life_of(edit.case)
        return form

    return replace(edit, make=make)


def give_what_is_owed(by: User, edit: Edit, form: SectionForm) -> list[str]:
    """Give the facts that a saved form leaves open to those who were chosen; return in words which, and to whom.

    What something else in the record answers already is not given, which is said.
    """
    scope = edit.draft_key
    chosen = [
        one
        for one in given_in(form)
        if any(changed_since(form, n, scope) for n in (who_name(one.name), day_name(one.name)))
    ]
    if not chosen:
        return []
    people = User.objects.in_bulk([one.owner for one in chosen], field_name="public_id")
    by_key = {str(key): user for key, user in people.items()}
    facts, said = facts_row_of(edit.case), []
    for one in chosen:
        words = {"fact": fact_label(one.fact), "who": by_key[one.owner].name}
        if getattr(facts, f"{one.fact}_state") in SETTLED:
            said.append(_("%(fact)s: not given to %(who)s, the record tells it.") % words)
            continue
        owe_fact(by=by, case=edit.case, fact=one.fact, owner=by_key[one.owner], due_on=one.due_on)
        said.append(_("%(fact)s: given to %(who)s.") % words)
    return said

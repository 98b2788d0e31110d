"""What is asked of an event that the list of irAEs does not have: what it was, and which organ it affected."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.listed import listed_as
from cases.vocabulary import ORGANS_OF_UNLISTED, entities, is_unspecified

if TYPE_CHECKING:
    from collections.abc import Mapping


def name_field() -> forms.CharField:
    """Return the field for the event's name."""
    return forms.CharField(label=_("Which event, if another"), required=False, max_length=80)


def organ_field() -> forms.ChoiceField:
    """Return the field for its organ: one of the list, another, or that it were several or nobody can tell."""
    return forms.ChoiceField(
        label=_("Which organ, of another event"),
        required=False,
        choices=[("", _("Choose")), *ORGANS_OF_UNLISTED],
    )


def asks_more(form: forms.Form) -> bool:
    """Whether a form is about an event that the list does not have, or says something that only such a one has."""
    told = [form[name].value() for name in ("entity_text", "organ")]
    return is_unspecified(str(form["entity"].value() or "")) or any(told)


def hold_unlisted(form: forms.Form, data: Mapping[str, Any]) -> None:
    """Say beside the fields that an event outside the list has no name or organ, or that another has one of its own."""
    entity, name, organ = (data.get(field, "") for field in ("entity", "entity_text", "organ"))
    if is_unspecified(entity):
        listed = listed_as(name)
        if not name:
            form.add_error("entity_text", _("Which event: enter its name"))
        elif listed is not None:
            words = _("Which event: “%(event)s” is on the list: choose it there")
            form.add_error("entity_text", words % {"event": listed.name})
        if not organ:
            words = _(
                "Which organ: choose the one it affected, or that it was several or cannot be told"
            )
            form.add_error("organ", words)
    elif entity:
        if name:
            form.add_error(
                "entity_text", _("Which event: only another event has a name of its own")
            )
        if organ and organ != entities()[entity].organ:
            words = _("Which organ: that of an event of the list is known from the list")
            form.add_error("organ", words)


def organ_of(data: Mapping[str, Any]) -> str:
    """Return the organ of an event: the list's own, or what was said of one outside the list."""
    entity = data["entity"]
    return str(data.get("organ") if is_unspecified(entity) else entities()[entity].organ.value)


def organ_shown(row: Any) -> str:
    """Return what the field shows of a stored event: nothing where the list knows, or nobody was asked."""
    said = is_unspecified(row.entity) and row.organ in dict(ORGANS_OF_UNLISTED)
    return str(row.organ) if said else ""

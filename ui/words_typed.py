"""What was typed into a form, in words, where the form itself cannot be drawn any more."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.utils.translation import gettext as _

from ui.forms import Form
from ui.threeway import choices_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from django import forms

# What a form carries and nobody types.
CARRIED = frozenset({"version", "opened", "key", "clash", "since", "board"})


def in_words(
    fields: Mapping[str, list[str]], labels: Mapping[str, str]
) -> tuple[tuple[str, str, str], ...]:
    """Return name, label and words of every field in which something stands, in the order of its form.

    The labels are those of the form that has most of these fields; `labels` names what a form makes as it is opened.
    """
    form = max(_forms(Form), key=lambda one: len(one.base_fields.keys() & fields.keys()))
    found = []
    order = {name: place for place, name in enumerate(form.base_fields)}
    for name, values in sorted(fields.items(), key=lambda one: order.get(one[0], len(order))):
        field = form.base_fields.get(name)
        words = ", ".join(_words(field, [value for value in values if value.strip()]))
        if words and name not in CARRIED and not name.startswith("take-"):
            label = str(field.label or "") if field else labels.get(name, "")
            found.append((name, label or _said(name), words))
    return tuple(found)


def _forms(form: type[Form]) -> Iterator[type[Form]]:
    yield form
    for one in form.__subclasses__():
        yield from _forms(one)


def _words(field: forms.Field | None, values: Iterable[str]) -> Iterator[str]:
    named = {str(code): str(label) for code, label in choices_of(field)} if field else {}
    for value in values:
        if value in named:
            yield named[value]
        elif value == "on":
            yield _("ticked")
        elif not _is_id(value):
            yield value


def _is_id(value: str) -> bool:
    try:
        UUID(value)
    except ValueError:
        return False
    return True


def _said(name: str) -> str:
    """Return a name of a field as words, for want of a label."""
    return name.replace("_", " ").capitalize()

"""What was typed into a form, in words, where the form itself cannot be drawn any more."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _

from ui.threeway import choices_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

# What a form carries and nobody types.
CARRIED = frozenset({"version", "opened", "key", "clash", "since", "board"})


def is_typed(name: str) -> bool:
    """Whether a field is one that somebody fills in, and none that a form carries with it."""
    return name not in CARRIED and not name.startswith("take-")


def in_words(
    sent: Mapping[str, list[str]], fields: Mapping[str, forms.Field]
) -> tuple[tuple[str, str, str], ...]:
    """Return name, label and words of every field in which something stands, in the order of its form.

    `fields` are those of the form as it is made of what was sent; empty where no form is known.
    """
    order = {name: place for place, name in enumerate(fields)}
    found = []
    for name, values in sorted(sent.items(), key=lambda one: order.get(one[0], len(order))):
        field = fields.get(name)
        words = ", ".join(_words(field, [value for value in values if value.strip()]))
        if words and is_typed(name):
            label = str(field.label or "") if field else ""
            found.append((name, label or _said(name), words))
    return tuple(found)


def _words(field: forms.Field | None, values: Iterable[str]) -> Iterator[str]:
    named = {str(code): str(label) for code, label in choices_of(field)} if field else {}
    box = field is not None and isinstance(field.widget, forms.CheckboxInput)
    chosen = field is None or hasattr(field, "choices")
    for value in values:
        if value in named:
            yield named[value]
        elif box or (field is None and value == "on"):
            yield _("ticked")
        elif chosen and _is_id(value):
            # What it stood for is not offered here any more, or not to be seen.
            yield _("a choice")
        else:
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

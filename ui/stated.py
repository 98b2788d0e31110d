"""Facts that may be known, not yet known, unknown or not applicable, as pairs of form fields."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from ui.forms import in_sentence
from ui.widgets import Segmented

KNOWN, NOT_YET, UNKNOWN, NOT_APPLICABLE = "known", "not_yet", "unknown", "not_applicable"
STATE_CHOICES = [
    (KNOWN, _("Known")),
    (NOT_YET, _("Not yet")),
    (UNKNOWN, _("Unknown")),
    (NOT_APPLICABLE, _("Not applicable")),
]


class StatedFormMixin(forms.Form):
    """Gives every field named in `stated_fields` a companion `<name>_state`.

    A subclass may declare `<name>_state` itself, to offer fewer states. After cleaning: a known
    fact has a value; in every other state the value is None, and one that was typed is refused.
    A value without a state counts as known; no value and no state leaves the fact unanswered
    (state ""), unless something is typed into a field that `stated_beside` names with it: then it is
    known as well, and its value is asked for.
    """

    stated_fields: ClassVar[Sequence[str]] = ()
    # By a fact the fields that say more of it, and nothing without it.
    stated_beside: ClassVar[Mapping[str, Sequence[str]]] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in self.stated_fields:
            self.fields[name].required = False
            self.fields.setdefault(f"{name}_state", _state_field(self.fields[name].label or name))

    def clean(self) -> dict[str, Any]:
        """Hold each value against its state."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        for name in self.stated_fields:
            self._clean_stated(name, cleaned)
        return cleaned

    def _clean_stated(self, name: str, cleaned: dict[str, Any]) -> None:
        state = cleaned.get(f"{name}_state") or ""
        value = cleaned.get(name)
        given = value not in (None, "", [])
        if not state and (given or name in self.errors or self._told_beside(name)):
            state = cleaned[f"{name}_state"] = KNOWN
        if state == KNOWN:
            if not given and name not in self.errors:
                self.add_error(
                    name,
                    _("Enter %(field)s, or say that it is not known")
                    % {"field": in_sentence(str(self.fields[name].label or name))},
                )
        elif state:
            # Whatever else is wrong with a value no longer matters.
            self.errors.pop(name, None)
            cleaned[name] = None
            if self._is_typed(name):
                words = _("%(label)s is “%(state)s”: clear the value, or choose “Known”")
                self.add_error(name, words % said_of(self, name, state))

    def _told_beside(self, name: str) -> bool:
        """Whether anything is typed or ticked that says more of the fact."""
        return any(self._is_typed(other) for other in self.stated_beside.get(name, ()))

    def _is_typed(self, name: str) -> bool:
        """Whether anything stands in a field, sound or not."""
        widget, key = self.fields[name].widget, self.add_prefix(name)
        return bool(str(widget.value_from_datadict(self.data, self.files, key) or "").strip())


def said_of(form: forms.Form, name: str, state: str) -> dict[str, Any]:
    """Return a fact and its state in words, as the page has them."""
    return {"label": form.fields[name].label or name, "state": dict(STATE_CHOICES)[state]}


def _state_field(label: Any) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=STATE_CHOICES, required=False, widget=Segmented)

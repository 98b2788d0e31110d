"""Forms of a merge: which other record, and what is taken from it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ui.forms import Form, Segmented, TextInput

if TYPE_CHECKING:
    from collections.abc import Iterable

    from meetings.presenters.merging import PartView

KEPT, ABSORBED = "kept", "absorbed"


class OtherRecordForm(Form):
    """The reference of a case of the other record."""

    reference = forms.CharField(
        label=_("Reference of a case of the other record"),
        max_length=20,
        widget=TextInput({"autocomplete": "off", "spellcheck": "false"}, width=10),
        help_text=_("such as RC-2026-0142"),
    )

    def clean_reference(self) -> str:
        """Return the reference as it is stored."""
        return str(self.cleaned_data["reference"]).strip().upper()


class MergeForm(Form):
    """From which record each part comes that both have, and that it is one person."""

    version = forms.CharField(widget=forms.HiddenInput, max_length=64)

    def __init__(
        self, *args: Any, parts: Iterable[PartView], kept: str, absorbed: str, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.parts = tuple(part for part in parts if part.needs_choice)
        choices = [
            (KEPT, _("As in %(case)s") % {"case": kept}),
            (ABSORBED, _("As in %(case)s") % {"case": absorbed}),
        ]
        for part in self.parts:
            self.fields[part.key] = forms.ChoiceField(
                label=_("%(part)s: which is right?") % {"part": part.label},
                choices=choices,
                widget=Segmented,
                initial=ABSORBED if part.kept_is_empty else KEPT,
            )
        self.fields["one_person"] = forms.BooleanField(
            label=_("I have compared both: it is one person"),
            error_messages={"required": _("Confirm that it is one person")},
        )

    def taken(self) -> list[str]:
        """Return the parts that come from the record that goes."""
        return [part.key for part in self.parts if self.cleaned_data[part.key] == ABSORBED]

"""Forms of a merge: which other record, which of two values holds, and that it is one person."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ui.forms import Form, Segmented, TextInput

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cases.differing import Pair

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
    """For each thing of which the two records say something else: which holds. Nothing is chosen beforehand."""

    version = forms.CharField(widget=forms.HiddenInput, max_length=64)

    def __init__(self, *args: Any, pairs: Iterable[Pair], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.differing = tuple(pair for pair in pairs if pair.differs)
        for pair in self.differing:
            self.fields[pair.key] = forms.ChoiceField(
                label=pair.label,
                choices=[(KEPT, pair.kept), (ABSORBED, pair.absorbed)],
                widget=Segmented,
                error_messages={
                    "required": _("%(what)s: choose which holds") % {"what": pair.label}
                },
            )
        self.fields["one_person"] = forms.BooleanField(
            label=_("I have confirmed both names, dates of birth and numbers: it is one person"),
            error_messages={"required": _("Confirm that it is one person")},
        )

    def taken(self) -> list[str]:
        """Return the keys of what comes from the record that goes."""
        return [p.key for p in self.differing if self.cleaned_data[p.key] == ABSORBED]

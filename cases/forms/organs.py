"""The organ review: which organs somebody asked about."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.forms.checks import lies_ahead
from cases.forms.fields import Stated
from cases.forms.owner import DayField
from cases.forms.sections import SectionForm
from cases.vocabulary import Organ
from evidence.conditions import FactState


class OrgansForm(SectionForm):
    """A box an organ; what an organ had is read from the list of irAEs."""

    asked = forms.MultipleChoiceField(
        label=_("Asked about"), choices=Organ.choices, required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    again = forms.MultipleChoiceField(
        label=_("Asked again"), choices=Organ.choices, required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    asked_on = DayField(
        label=_("Asked on"), required=False,
        help_text=_("of what is ticked now, and of all organs where that is pressed; empty: today"),
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """Refuse a day in the future."""
        data = super().clean() or self.cleaned_data
        if lies_ahead(Stated(data.get("asked_on"), FactState.KNOWN.value)):
            self.add_error("asked_on", _("Asked on: the date is in the future"))
        elif data.get("asked_on") and not self._dates_something(data):
            self.add_error("asked_on", _("Asked on: tick what was asked about on that day"))
        return data

    def _dates_something(self, data: dict[str, Any]) -> bool:
        """Whether something is ticked now, or all organs are asked about by one press, so that the day is of it."""
        before = set(self.initial.get("asked") or ())
        newly = set(data.get("asked") or ()) - before
        return "all" in self.data or bool(newly or data.get("again"))

    @property
    def ticked(self) -> set[str]:
        """The organs whose box is ticked, as typed or as stored."""
        return {str(code) for code in self["asked"].value() or ()}

    @property
    def ticked_again(self) -> set[str]:
        """The organs that were asked about once more, as typed."""
        return {str(code) for code in self["again"].value() or ()}

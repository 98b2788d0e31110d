"""The days between doses in a form: one of the usual intervals, or another number."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from followup.intervals import LONGEST, SHORTEST, USUAL, is_interval
from ui.forms import Form, Segmented, TextInput

OTHER = "other"


class IntervalForm(Form):
    """A form that asks for the days between doses; `cleaned_data["dose_interval_days"]` holds them."""

    dose_interval = forms.ChoiceField(
        label=_("Days between doses"),
        choices=[("", ""), *((str(n), str(n)) for n in USUAL), (OTHER, _("Other"))],
        widget=Segmented,
        required=False,
        help_text=_("Checks at doses are dated by it."),
    )
    dose_interval_other = forms.IntegerField(
        label=_("Another number of days"),
        min_value=SHORTEST,
        max_value=LONGEST,
        widget=TextInput({"inputmode": "numeric"}, suffix=_("days"), width=3),
        required=False,
        error_messages={
            bound: _("Enter a number from %(low)s to %(high)s") % {"low": SHORTEST, "high": LONGEST}
            for bound in ("min_value", "max_value")
        },
    )

    def clean_interval(self, *, required: bool, seen: bool = True) -> int | None:
        """Return the days between doses; None, with an error beside the field, where they are lacking.

        What is out of sight is no error: the other number where a usual one is chosen, and both fields where
        the page does not show them (`seen`).
        """
        data = self.cleaned_data
        chosen = data.get("dose_interval", "")
        if chosen != OTHER or not seen:
            self.errors.pop("dose_interval_other", None)
        if chosen != OTHER:
            data["dose_interval_other"] = None
            if required and not chosen and "dose_interval" not in self.errors:
                self.add_error("dose_interval", _("Choose the days between doses"))
            return int(chosen) if chosen else None
        other = data.get("dose_interval_other")
        if other is None and seen and "dose_interval_other" not in self.errors:
            self.add_error("dose_interval_other", _("Enter the days between doses"))
        return int(other) if other is not None else None


def interval_initial(days: int | None) -> dict[str, Any]:
    """Return the initial values of an `IntervalForm` that show `days`."""
    if days is None or not is_interval(days):
        return {"dose_interval": "", "dose_interval_other": None}
    if days in USUAL:
        return {"dose_interval": str(days), "dose_interval_other": None}
    return {"dose_interval": OTHER, "dose_interval_other": days}

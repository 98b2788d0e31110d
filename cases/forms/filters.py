"""The form that keeps a filter of the list."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from ui.forms import Form, TextInput


class SaveFilterForm(Form):
    """A name for what the list is filtered by; the filter itself stands in the address."""

    name = forms.CharField(
        label=_("Name of this filter"),
        max_length=60,
        widget=TextInput({"autocomplete": "off"}),
        help_text=_("You alone see it"),
        error_messages={"required": _("Enter a name for this filter")},
    )

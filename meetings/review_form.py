"""The form by which somebody answers guidance that changed after a decision."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from meetings.choices import ReviewOutcome
from meetings.models.reviews import LONGEST_REASON
from ui.forms import Form, Textarea


class ReviewForm(Form):
    """What follows for the decision, and why; `key` says which change was in sight."""

    outcome = forms.ChoiceField(
        label=_("What follows"), choices=ReviewOutcome.choices, widget=forms.RadioSelect
    )
    reason = forms.CharField(label=_("Reason"), max_length=LONGEST_REASON, widget=Textarea())
    key = forms.CharField(max_length=64, widget=forms.HiddenInput)

"""The comment on what is attached to a case."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.models.guidance import LONGEST_COMMENT
from ui.forms import Form, Textarea


class CommentForm(Form):
    """What its writer says about it for the board; empty takes it away."""

    comment = forms.CharField(
        label=_("Comment"),
        required=False,
        max_length=LONGEST_COMMENT,
        widget=Textarea(),
        help_text=_(
            "The board reads it beside the guidance. It stays as it is once a decision is signed."
        ),
    )

"""The comment on what is attached to a case."""

from __future__ import annotations

import hashlib
from typing import Any

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
    key = forms.CharField(max_length=64, widget=forms.HiddenInput)

    def __init__(self, data: Any, *, was: str, initial: dict[str, Any]) -> None:
        self.was = was
        super().__init__(data, initial={"comment": was, **initial, "key": key_of(was)})

    def clean(self) -> dict[str, Any]:
        """Refuse, once, to write over what the same writer saved meanwhile in another window."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if "key" in cleaned and cleaned["key"] != key_of(self.was):
            self.data = {**dict(self.data.items()), "key": key_of(self.was)}
            words = _(
                "You saved another comment meanwhile: “%(was)s”. Save again to write over it."
            )
            self.add_error("comment", words % {"was": self.was})
        return cleaned


def key_of(comment: str) -> str:
    """Return by what a comment is known again."""
    return hashlib.sha256(comment.encode()).hexdigest()

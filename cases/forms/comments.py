"""The comment on what is attached to a case."""

from __future__ import annotations

import hashlib
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.models.guidance import LONGEST_COMMENT
from ui.forms import Form, Textarea


class AttachForm(Form):
    """What is said of guidance while it is attached; nothing has to be."""

    comment = forms.CharField(
        label=_("Comment"),
        required=False,
        max_length=LONGEST_COMMENT,
        widget=Textarea(),
        help_text=_(
            "The board reads it beside the guidance, and in the letter. It stays as it is once a decision is signed."
        ),
    )


class CommentForm(AttachForm):
    """What its writer says about it for the board; empty takes it away."""

    key = forms.CharField(max_length=64, widget=forms.HiddenInput)

    def __init__(self, data: Any, *, was: str, initial: dict[str, Any]) -> None:
        self.was = was
        super().__init__(data, initial={"comment": was, **initial, "key": key_of(was)})

    def clean(self) -> dict[str, Any]:
        """Refuse, once, to write over what the same writer saved meanwhile in another window."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if "key" in cleaned and cleaned["key"] != key_of(self.was):
            self.refuse_over(self.was)
        return cleaned

    def refuse_over(self, now: str) -> None:
        """Say what the comment is by now; what was typed stays, and the next save writes over it."""
        self.data = {**dict(self.data.items()), "key": key_of(now)}
        words = _("You saved another comment meanwhile: “%(was)s” Save again to write over it.")
        if not now:
            words = _("You took this comment away meanwhile. Save again to have it there.")
        self.add_error("comment", words % {"was": now})


def key_of(comment: str) -> str:
    """Return by what a comment is known again."""
    return hashlib.sha256(comment.encode()).hexdigest()

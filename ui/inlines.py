"""Rows of a table in the admin."""

from __future__ import annotations

from typing import Any

from django import forms
from django.forms.models import BaseInlineFormSet


class RowFormSet(BaseInlineFormSet):
    """Rows whose fields have names of their own: the head of a column names none to a screen reader."""

    def add_fields(self, form: Any, index: int | None) -> None:
        """Name every field of a row, the box that takes it away among them."""
        super().add_fields(form, index)
        for field in form.fields.values():
            widget: forms.Widget = field.widget
            # The admin wraps the choice of a related row.
            inner = getattr(widget, "widget", widget)
            if not inner.is_hidden:
                inner.attrs["aria-label"] = str(field.label or "")

"""The curators' form of one item of a dossier."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.models import DossierItem, DossierKind
from evidence.conditions import FACTS


class DossierItemForm(forms.ModelForm):
    """One item; a fact is answered by numbers alone."""

    class Meta:
        model = DossierItem
        fields = (
            "code", "organ", "label", "help_text", "kind", "unit", "choices", "lowest", "highest",
            "fact", "position", "active",
        )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """Hold the kind against answers, bounds and fact."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        choice = data.get("kind") == DossierKind.CHOICE
        if choice != bool(data.get("choices")):
            self.add_error("choices", _("One of several has answers, every other kind has none"))
        low, high = data.get("lowest"), data.get("highest")
        if low is not None and high is not None and low > high:
            self.add_error("highest", _("The highest value is below the lowest"))
        fact = data.get("fact")
        number = data.get("kind") == DossierKind.NUMBER
        if fact and (fact not in FACTS or FACTS[fact].kind != "number" or not number):
            self.add_error("fact", _("Not a fact of the vocabulary that a number answers"))
        return data

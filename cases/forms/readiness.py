"""The curators' form of the rules of readiness."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.models import ReadinessVersion
from cases.presenters.rules import lists_words
from cases.rule_checks import note_problems, problems
from evidence.admin_forms import CONDITION_HELP, PrettyJSON
from evidence.shown import ShownForm

RULES_HELP = _(
    'A list of {"fact": key, "when": condition or null, "age_limit_days": days or null, "source": text, if any}. '
    "Null as the condition: every question needs the fact. "
)


NO_LIST = _(
    "No fact rests on the lists of other treatment and of response assessments: they have no limit. "
)


class RulesForm(ShownForm):
    """The rules of a draft; what is wrong is said beside them, rule by rule."""

    rules = PrettyJSON(
        label=_("Rules"),
        widget=forms.Textarea(attrs={"rows": 40, "cols": 90, "spellcheck": "false"}),
    )

    class Meta:
        model = ReadinessVersion
        fields = ("note", "rules")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "rules" in self.fields:
            lists = f"{lists_words()}{NO_LIST}"
            self.fields["rules"].help_text = f"{RULES_HELP}{CONDITION_HELP}<br>{lists}"

    def clean_note(self) -> str:
        """Refuse what would bring an erratum of the review back."""
        value: str = self.cleaned_data["note"]
        if found := note_problems(value):
            raise forms.ValidationError(found)
        return value

    def clean_rules(self) -> Any:
        """Refuse rules that cannot be used, each with the reason."""
        value = self.cleaned_data["rules"]
        if found := problems(value):
            raise forms.ValidationError(found)
        return value

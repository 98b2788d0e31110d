"""Forms of curation: JSON fields laid out for reading, checked beside the field."""

from __future__ import annotations

import json
from typing import Any

from django import forms
from django.urls import reverse_lazy
from django.utils.text import format_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from evidence.conditions import ConditionError, parse
from evidence.content import basis_problems, problems
from evidence.models import Finding, Source, Statement, StatementVersion
from evidence.shown import ShownForm

CONDITION_HELP = format_lazy(
    '{} <a href="{}">{}</a>.',
    _(
        'Combine with {"all": [...]}, {"any": [...]}, {"not": ...}. A comparison is '
        '{"fact": "ecog", "op": "<=", "value": 1}, {"fact": "stop_reason", "op": "in", "value": '
        '["irae"]} or {"fact": "irae_any", "op": "is", "value": true}. {"always": true} is every case.'
    ),
    reverse_lazy("vocabulary"),
    _("The facts, their values and units"),
)


class PrettyJSON(forms.JSONField):
    """JSON over several lines, as a person can read and change it."""

    widget = forms.Textarea(attrs={"rows": 8, "cols": 90, "spellcheck": "false"})

    def prepare_value(self, value: Any) -> str:
        """Lay the value out with indents; what was typed wrong stays as typed."""
        if isinstance(value, str):
            return value
        return json.dumps(value, ensure_ascii=False, indent=2)


class VersionForm(ShownForm):
    """The content of a draft. What publication would refuse in one field is said beside it."""

    condition = PrettyJSON(label=_("Condition"), help_text=CONDITION_HELP)
    certainty_reasons = PrettyJSON(
        label=_("Reasons of the certainty"), required=False, help_text=_("A list of sentences.")
    )
    rules = PrettyJSON(
        label=_("Rules by source"),
        required=False,
        help_text=_('A list of {"source": code, "says": text}.'),
    )
    contradictions = PrettyJSON(
        label=_("Sources that contradict"),
        required=False,
        help_text=_(
            'A list of {"question": text, "sides": [{"source": code, "says": text}, ...]}.'
        ),
    )
    corrections = PrettyJSON(
        label=_("Corrected print"),
        required=False,
        help_text=_(
            'A list of {"erratum": number, "printed": text, "source_says": text, "shown": text}.'
        ),
    )

    class Meta:
        model = StatementVersion
        widgets = {
            "title": forms.TextInput(attrs={"size": 90}),
            "says": forms.Textarea(attrs={"rows": 4, "cols": 90}),
            "does_not_say": forms.Textarea(attrs={"rows": 4, "cols": 90}),
            "mark_note": forms.Textarea(attrs={"rows": 2, "cols": 90}),
            "change_note": forms.TextInput(attrs={"size": 90}),
        }
        fields = (
            "title", "says", "does_not_say", "section", "category", "signal", "condition",
            "indirect", "certainty", "certainty_reasons", "rules", "contradictions",
            "corrections", "mark", "mark_note", "change_note",
        )  # fmt: skip

    def clean_condition(self) -> Any:
        """Refuse a condition that cannot be read, with the place and the reason."""
        value = self.cleaned_data["condition"]
        try:
            parse(value)
        except ConditionError as error:
            raise forms.ValidationError(error.words(gettext)) from error
        return value

    def clean(self) -> dict[str, Any]:
        """Say what else is wrong beside its field; sources are checked at submission."""
        cleaned = super().clean() or {}
        for name in ("certainty_reasons", "rules", "contradictions", "corrections"):
            cleaned[name] = cleaned.get(name) or []
        for problem in problems(cleaned):
            # The sources are rows of their own, saved after this form.
            if problem.field in cleaned and not problem.of_sources:
                self.add_error(problem.field, problem.message)
        return cleaned


class NewVersionForm(VersionForm):
    """The first draft of a new statement."""

    code = forms.CharField(
        label=_("Code"), max_length=12, help_text=_("New and never changed, as in S80.")
    )

    class Meta(VersionForm.Meta):
        fields = VersionForm.Meta.fields

    def clean_code(self) -> str:
        """Refuse a code that is taken."""
        code = str(self.cleaned_data["code"])
        if Statement.objects.filter(code=code).exists():
            raise forms.ValidationError(_("There is a statement with this code."))
        return code


class BasisForm(forms.ModelForm):
    """A source or finding; an erratum of the review is refused here as well."""

    def clean(self) -> dict[str, Any]:
        """Refuse what would bring an erratum back, beside its field."""
        cleaned = super().clean() or {}
        source = cleaned.get("source")
        row = {**cleaned, "source": source.code} if isinstance(source, Source) else cleaned
        for problem in basis_problems(row):
            self.add_error(problem.field if problem.field in self.fields else None, problem.message)
        return cleaned


class SourceForm(BasisForm):
    """A source."""

    url = forms.URLField(label=_("Web address"), required=False, assume_scheme="https")

    class Meta:
        model = Source
        fields = (
            "code", "revision", "short", "citation", "kind", "author", "year", "journal",
            "design", "tumour", "population", "patients", "doi", "pmid", "url",
            "review_reference", "mark", "note",
        )  # fmt: skip


class FindingForm(BasisForm):
    """A finding."""

    class Meta:
        model = Finding
        fields = (
            "code", "revision", "source", "label", "definition", "population", "tumour", "direct",
            "design", "measure", "numerator", "denominator", "value", "interval", "endpoint",
            "figure", "unit", "setting", "initial_regimen", "rechallenge_regimen", "section",
            "reference", "printed", "state", "errata", "correction", "note", "mark",
        )  # fmt: skip

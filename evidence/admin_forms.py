"""Forms of curation: JSON fields laid out for reading, checked beside the field."""

from __future__ import annotations

import json
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from evidence.conditions import ConditionError, parse
from evidence.content import names_misprint_as_drug, problems, texts
from evidence.models import Finding, Source, Statement, StatementVersion
from evidence.services import default_review_by
from evidence.shown import ShownForm
from evidence.states import VersionState

CONDITION_HELP = _(
    'Combine with {"all": [...]}, {"any": [...]}, {"not": ...}. A comparison is '
    '{"fact": "ecog", "op": "<=", "value": 1}, {"fact": "stop_reason", "op": "in", "value": '
    '["irae"]} or {"fact": "irae_any", "op": "is", "value": true}. {"all": []} is every case.'
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
            "valid_from": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "review_by": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        }
        fields = (
            "title", "says", "does_not_say", "section", "category", "signal", "condition",
            "indirect", "certainty", "certainty_reasons", "rules", "contradictions",
            "corrections", "mark", "mark_note", "change_note", "valid_from", "review_by",
        )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.review_by is None:
            self.initial.setdefault("review_by", default_review_by())

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
        if self.instance.state == VersionState.IN_REVIEW:
            self.add_error(
                None,
                _(
                    "This draft was put in review since you opened it. What you typed stands below and "
                    "is not saved: have the version sent back first."
                ),
            )
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
    """A source or finding; the misprint of erratum E01 is refused here as well."""

    def clean(self) -> dict[str, Any]:
        """Refuse a misprinted drug."""
        cleaned = super().clean() or {}
        for name, value in list(cleaned.items()):
            if any(names_misprint_as_drug(text) for text in texts(value)):
                self.add_error(name, _("The print is wrong here: ipilimumab (erratum E01)."))
        return cleaned


class SourceForm(BasisForm):
    """A source."""

    url = forms.URLField(label=_("Web address"), required=False, assume_scheme="https")

    class Meta:
        model = Source
        fields = (
            "code", "revision", "short", "citation", "kind", "doi", "pmid", "url",
            "review_reference", "mark", "note",
        )  # fmt: skip


class FindingForm(BasisForm):
    """A finding."""

    class Meta:
        model = Finding
        fields = (
            "code", "revision", "source", "label", "definition", "population", "tumour", "direct",
            "design", "measure", "numerator", "denominator", "value", "interval", "note", "mark",
        )  # fmt: skip

"""Forms of curation: what publication would refuse is said beside its field."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.validators import validate_slug
from django.forms.utils import ErrorDict
from django.urls import reverse_lazy
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from evidence.content import basis_problems, problems
from evidence.curation.fields import EDIT, ConditionField, RowsField
from evidence.models import Finding, Source, Statement, StatementVersion
from evidence.services import default_review_by, lost_corrections
from evidence.shown import ShownForm
from evidence.states import VersionState

if TYPE_CHECKING:
    from accounts.models import User


# For conditions that are still typed as JSON: those of the rules of readiness.
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

    user: User | None = None
    condition = ConditionField(label=_("Condition"))
    certainty_reasons = RowsField(label=_("Reasons of the certainty"), required=False)
    rules = RowsField(label=_("Rules by source"), required=False)
    contradictions = RowsField(label=_("Sources that contradict"), required=False)
    corrections = RowsField(label=_("Corrected print"), required=False)

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

        for name in ("condition", "rules"):
            widget: Any = self.fields[name].widget
            widget.user = self.user
        # Of a new draft there is none yet.
        self.fields["rules"].widget.condition = self.instance.condition

    @property
    def is_being_edited(self) -> bool:
        """Whether a button of a field was pressed, which asks for another row and not to be saved."""
        return self.is_bound and EDIT in self.data

    def full_clean(self) -> None:
        """Judge nothing while rows are added and taken away: what was typed stands as it is."""
        super().full_clean()
        if self.is_being_edited:
            self._errors = ErrorDict(renderer=self.renderer)

    def is_valid(self) -> bool:
        """Whether it may be saved."""
        return not self.is_being_edited and super().is_valid()

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
        if self.instance.pk is not None:
            # Findings are rows of their own too: those that are stored are read.
            findings = self.instance.findings.select_related("source")
            for problem in lost_corrections(self.instance, cleaned["corrections"], findings):
                self.add_error(problem.field, problem.message)
        return cleaned


class NewVersionForm(VersionForm):
    """The first draft of a new statement."""

    code = forms.CharField(
        label=_("Code"),
        max_length=12,
        help_text=_("New and never changed, as in S80."),
        validators=[validate_slug],
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
        row = cleaned
        if isinstance(source, Source):
            row = {**cleaned, "source": source.code, "source_tumour": source.tumour}
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
            "read_at", "read_on", "review_reference", "mark", "note",
        )  # fmt: skip


class FindingForm(BasisForm):
    """A finding."""

    class Meta:
        model = Finding
        fields = (
            "code", "revision", "source", "label", "definition", "population", "tumour", "direct",
            "design", "measure", "numerator", "denominator", "value", "interval", "endpoint",
            "figure", "unit", "setting", "initial_regimen", "rechallenge_regimen", "initial_class",
            "rechallenge_class", "irae", "section", "reference", "printed", "state", "errata",
            "correction", "note", "mark",
        )  # fmt: skip

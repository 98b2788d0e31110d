"""The curators' forms of the lists of ICIs and of irAEs."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.list_checks import VERSIONS, field_of, joined
from cases.models import ListedDrug, ListedEvent, Target
from cases.organs import Organ
from cases.services import corrections
from cases.services.lists import faults, name_anew
from cases.vocabulary import disease_name, entities
from evidence.shown import ShownForm


class Lines(forms.Textarea):
    """A text of a few lines."""

    def __init__(self, rows: int = 2) -> None:
        super().__init__(attrs={"rows": rows, "class": "vLargeTextField"})


class ListedForm(ShownForm):
    """A row; what speaks against it stands beside the field."""

    # What gives a row its meaning, and what two people answer for: not there once that is fixed.
    meaning: tuple[str, ...] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.is_settled:
            for name in self.meaning:
                self.fields.pop(name, None)
        for name in ("brands", "synonyms"):
            if name in self.fields:
                self.initial[name] = ", ".join(getattr(self.instance, name))

    def read(self) -> None:
        """Put into the row what fields of ours hold that are no columns."""

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]
        row = self.instance
        if not row.is_settled:
            self.read()
            name_anew(row)
        for field, words in faults(row).items():
            name = field if field in self.fields else None
            if name is None or name not in self.errors:
                self.add_error(name, words)


class DrugForm(ListedForm):
    """An ICI of the list."""

    meaning = ("targets", "label", "atc", "dose", "dose_mark")

    targets = forms.MultipleChoiceField(
        label=_("Target"), choices=Target.choices, widget=forms.CheckboxSelectMultiple,
        help_text=_("two for a bispecific antibody"),
    )  # fmt: skip

    class Meta:
        model = ListedDrug
        fields = ("label", "atc", "dose", "dose_mark", "brands")
        widgets = {"dose": Lines(), "brands": Lines()}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "targets" in self.fields:
            self.initial["targets"] = self.instance.target.split("+")

    def read(self) -> None:
        """Put the targets together."""
        self.instance.target = joined(self.cleaned_data.get("targets", []))


class CorrectionForm(forms.ModelForm):
    """What two people answer for in an ICI, as it should be, and by which source."""

    source = forms.CharField(
        label=_("Source"), max_length=200, widget=forms.TextInput(attrs={"class": "vLargeTextField"}),
        help_text=_("such as “EU SmPC, section 4.2, March 2026”"),
    )  # fmt: skip

    class Meta:
        model = ListedDrug
        fields = corrections.FIELDS
        widgets = {"dose": Lines(rows=3)}

    def _post_clean(self) -> None:
        # The row stays as it is: it is corrected once a second curator has confirmed it.
        values = {name: self.cleaned_data.get(name, "") for name in corrections.FIELDS}
        source = self.cleaned_data.get("source", "")
        for field, words in corrections.faults(self.instance, values, source).items():
            name = field if field in self.fields else None
            if name not in self.errors:
                self.add_error(name, words)

    def values(self) -> dict[str, str]:
        """Return the words as they should be."""
        return {name: self.cleaned_data[name] for name in corrections.FIELDS}


TERM = forms.TextInput(attrs={"class": "vLargeTextField"})
GRADE = forms.NumberInput(attrs={"class": "vIntegerField"})
PARTS: dict[str, tuple[Any, type[forms.Field], dict[str, Any]]] = {
    "term": (_("Term"), forms.CharField, {"max_length": 120, "widget": TERM}),
    "meddra": (_("MedDRA code"), forms.CharField, {"max_length": 8}),
    "lowest": (_("Lowest grade"), forms.IntegerField, {"widget": GRADE}),
    "highest": (_("Highest grade"), forms.IntegerField, {"widget": GRADE}),
}


def family_choices() -> list[tuple[str, Any]]:
    """Return the diseases that an event may be one of, with their organs, after one of its own."""
    organs = {e.family: Organ(e.organ).label for e in entities().values() if not e.unspecified}
    found = ((family, f"{disease_name(family)} ({organ})") for family, organ in organs.items())
    return [("", _("A disease of its own")), *found]


class EventForm(ListedForm):
    """An irAE of the list, with one line for each version of CTCAE."""

    meaning = ("label", "organ", "family", *(field_of(part, v) for v in VERSIONS for part in PARTS))

    organ = forms.ChoiceField(
        label=_("Organ"), choices=[("", _("Choose")), *Organ.choices],
        help_text=_("“Other”: of several organs or of none of these. Every organ then stays open beside it."),
    )  # fmt: skip
    family = forms.ChoiceField(
        label=_("Same disease as"), required=False,
        help_text=_("events of one disease count as its return"),
    )  # fmt: skip

    class Meta:
        model = ListedEvent
        fields = ("label", "synonyms")
        widgets = {"synonyms": Lines()}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        row = self.instance
        if "family" not in self.fields:
            return
        self.fields["family"].choices = family_choices()  # type: ignore[attr-defined]
        own = row.family == row.code
        self.initial.update(organ=row.organ, family="" if own else row.family)
        for version in VERSIONS:
            if version in row.terms:
                held = (*row.terms[version], *row.grades[version])
                named = zip(PARTS, held, strict=True)
                self.initial.update({field_of(part, version): value for part, value in named})

    def read(self) -> None:
        """Put organ, disease and terms into the row."""
        data, row = self.cleaned_data, self.instance
        row.organ, row.family = data.get("organ", ""), data.get("family", "")
        row.terms, row.grades = {}, {}
        for version in VERSIONS:
            term, code, low, high = (data.get(field_of(part, version)) for part in PARTS)
            if any(value not in ("", None) for value in (term, code, low, high)):
                row.terms[version] = [term or "", code or ""]
                row.grades[version] = [low or 0, high or 0]


for _version in VERSIONS:
    for _part, (_label, _kind, _more) in PARTS.items():
        _name = field_of(_part, _version)
        EventForm.declared_fields[_name] = _kind(label=_label, required=False, **_more)
        EventForm.base_fields[_name] = EventForm.declared_fields[_name]

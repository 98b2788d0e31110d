"""Forms of the history's items: an ICI course, an irAE, a steroid course."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from cases.derivations import HIGHEST_REPLACEMENT, prednisone_equivalent
from cases.forms.fields import (
    AT_LEAST,
    AT_LEAST_SIGNS,
    StatedChoiceField,
    StatedDateField,
    StatedNumberField,
    after_sign,
    columns,
    current,
    starts_after,
)
from cases.forms.sections import SectionForm, drug_choices
from cases.models import SteroidDrug
from cases.presenters.items import course_name
from cases.vocabulary import (
    CTCAE_VERSIONS,
    ENDOCRINE,
    BestResponse,
    Organ,
    Resolution,
    StopReason,
    entities,
    entity_label,
)
from evidence.conditions import FactState

if TYPE_CHECKING:
    from cases.models import ICICourse, IrAE, SteroidCourse

# Our own short words for a grade; the thresholds of a term stand in CTCAE itself.
GRADE_HINTS = [
    ("1", _("1, mild or seen in tests only")),
    ("2", _("2, moderate, limits daily life")),
    ("3", _("3, severe, limits self-care or hospital")),
    ("4", _("4, life-threatening")),
    ("5", _("5, fatal")),
]


class CourseForm(SectionForm):
    """One course of one or more checkpoint inhibitors."""

    drug_1 = forms.ChoiceField(label=_("Drug"), required=False)
    drug_2 = forms.ChoiceField(label=_("With"), required=False)
    regimen = forms.CharField(
        label=_("Given with"), required=False, max_length=200, help_text=_("such as carboplatin")
    )
    line = forms.IntegerField(label=_("Line"), required=False, min_value=1, max_value=20)
    start = StatedDateField(label=_("First dose"))
    stop = StatedDateField(label=_("Last dose"))
    cycles = forms.CharField(
        label=_("Cycles"), required=False, max_length=20, help_text=_("14, or “at least 39”")
    )
    best_response = StatedChoiceField(label=_("Best response"), choices=BestResponse.choices)
    stop_reason = StatedChoiceField(label=_("Why it was stopped"), choices=StopReason.choices)

    STATED = ("start", "stop", "best_response", "stop_reason")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["drug_1"].choices = drug_choices(_("Unknown"))  # type: ignore[attr-defined]
        self.fields["drug_2"].choices = drug_choices(_("Nothing else"))  # type: ignore[attr-defined]

    @classmethod
    def initial_of(cls, row: ICICourse) -> dict[str, Any]:
        """Return what the record holds."""
        first, second, *_rest = [*row.drugs, "", ""]
        low, high = row.cycles_low, row.cycles_high
        cycles = "" if low is None else str(low) if low == high else str(AT_LEAST) % {"n": low}
        return {
            **{name: current(row, name) for name in cls.STATED},
            "drug_1": first,
            "drug_2": second,
            "regimen": row.regimen,
            "line": row.line,
            "cycles": cycles,
        }

    def clean_cycles(self) -> tuple[int | None, int | None]:
        """Return the bounds of the number of cycles."""
        text = self.cleaned_data["cycles"].lower().strip()
        after = after_sign(text, AT_LEAST_SIGNS, AT_LEAST)
        digits = text if after is None else after
        if not digits:
            return None, None
        if not digits.isdecimal() or not 0 < int(digits) < 1000:
            raise forms.ValidationError(_("Enter a number of cycles, or “at least” and a number"))
        return int(digits), int(digits) if after is None else None

    def clean(self) -> dict[str, Any]:
        """Hold the two dates against each other."""
        data = super().clean() or self.cleaned_data
        if starts_after(data.get("start"), data.get("stop")):
            self.add_error("stop", _("Last dose: the date is before the first dose"))
        return data

    def values(self) -> dict[str, Any]:
        """Return the columns of the course."""
        data = self.cleaned_data
        drugs = list(dict.fromkeys(code for code in (data["drug_1"], data["drug_2"]) if code))
        low, high = data["cycles"]
        return {
            **columns(data, self.STATED),
            "drugs": drugs,
            "drugs_state": FactState.KNOWN.value if drugs else FactState.UNKNOWN.value,
            "regimen": data["regimen"],
            "line": data["line"],
            "cycles_low": low,
            "cycles_high": high,
        }


def entity_choices() -> list[tuple[str, Any]]:
    """Return the irAEs under their organs, in the order of the organs."""
    by_organ: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for entity in entities().values():
        by_organ[entity.organ].append((entity.code, entity.name))
    groups = [(str(Organ(organ).label), rows) for organ, rows in by_organ.items()]
    return [
        ("", _("Choose")),
        *((code, f"{label} ({organ.lower()})") for organ, rows in groups for code, label in rows),
    ]


def versions_of(entity: str) -> list[tuple[str, str]]:
    """Return the CTCAE versions that have a term for the irAE; all of them for an unknown one."""
    found = entities().get(entity)
    return [(v, label) for v, label in CTCAE_VERSIONS if found is None or v in found.terms]


class IrAEForm(SectionForm):
    """One irAE. The versions offered are those by which the chosen event can be graded."""

    entity = forms.ChoiceField(label=_("Event"))
    ctcae_version = forms.ChoiceField(label=_("CTCAE version"))
    worst_grade = StatedChoiceField(label=_("Worst grade"), choices=GRADE_HINTS, coerce=int)
    grade_now = StatedChoiceField(
        label=_("Grade now"), choices=[("0", _("0, resolved")), *GRADE_HINTS], coerce=int
    )
    onset = StatedDateField(label=_("Onset"), help_text=_("a date, or “day 26 after ICI start”"))
    course = forms.ChoiceField(label=_("During or after"), required=False)
    resolution = StatedChoiceField(label=_("How it went on"), choices=Resolution.choices)
    resolved = StatedDateField(label=_("Resolved"))
    recurrence_of = forms.ChoiceField(label=_("Came back after"), required=False)

    STATED = ("worst_grade", "grade_now", "onset", "resolution", "resolved")

    def __init__(
        self,
        *args: Any,
        courses: Iterable[ICICourse] = (),
        others: Iterable[IrAE] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.courses = {str(c.public_id): c for c in courses}
        self.others = {str(e.public_id): e for e in others}
        self._choose("entity", entity_choices())
        self._choose("ctcae_version", versions_of(str(self["entity"].value() or "")))
        named = [(k, f"{c.number}: {course_name(c)}") for k, c in self.courses.items()]
        self._choose("course", [("", _("Not said")), *named])
        before = [
            (k, f"{entity_label(e.entity)}, {e.onset}" if e.onset else entity_label(e.entity))
            for k, e in self.others.items()
        ]
        self._choose("recurrence_of", [("", _("No, it is new")), *before])

    def _choose(self, name: str, choices: list[tuple[str, Any]]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]

    @classmethod
    def initial_of(cls, row: IrAE) -> dict[str, Any]:
        """Return what the record holds."""
        return {
            **{name: current(row, name) for name in cls.STATED},
            "entity": row.entity,
            "ctcae_version": row.ctcae_version,
            "course": str(row.course.public_id) if row.course else "",
            "recurrence_of": str(row.recurrence_of.public_id) if row.recurrence_of else "",
        }

    def clean(self) -> dict[str, Any]:
        """Hold grades and dates against each other, as the database will."""
        data = super().clean() or self.cleaned_data
        worst, now = data.get("worst_grade"), data.get("grade_now")
        if worst and now and worst.value is not None and (now.value or 0) > worst.value:
            self.add_error("grade_now", _("Grade now: it cannot be above the worst grade"))
        if starts_after(data.get("onset"), data.get("resolved")):
            self.add_error("resolved", _("Resolved: the date is before the onset"))
        resolution, entity = data.get("resolution"), entities().get(data.get("entity") or "")
        replaced = resolution and resolution.value == Resolution.ON_REPLACEMENT
        if replaced and entity and entity.organ not in ENDOCRINE:
            message = _("How it went on: only endocrine events are controlled on replacement")
            self.add_error("resolution", message)
        return data

    def values(self) -> dict[str, Any]:
        """Return the columns of the irAE."""
        data = self.cleaned_data
        return {
            **columns(data, self.STATED),
            "entity": data["entity"],
            "organ": entities()[data["entity"]].organ.value,
            "ctcae_version": data["ctcae_version"],
            "course": self.courses.get(data["course"]),
            "recurrence_of": self.others.get(data["recurrence_of"]),
        }


class SteroidForm(SectionForm):
    """One course of a systemic steroid, in mg a day of the drug given."""

    drug = StatedChoiceField(
        label=_("Steroid"),
        choices=[(c, capfirst(label)) for c, label in SteroidDrug.choices],
    )
    peak_mg_per_day = StatedNumberField(label=_("Peak"), highest=5000, suffix=_("mg/day"))
    now_mg_per_day = StatedNumberField(label=_("Now"), highest=5000, suffix=_("mg/day"))
    start = StatedDateField(label=_("From"))
    stop = StatedDateField(label=_("To"))
    irae = forms.ChoiceField(label=_("Given for"), required=False)
    replacement = forms.BooleanField(
        label=_("Physiological replacement, never counted as a dose"), required=False
    )

    STATED = ("drug", "peak_mg_per_day", "now_mg_per_day", "start", "stop")

    def __init__(self, *args: Any, iraes: Iterable[IrAE] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.iraes = {str(e.public_id): e for e in iraes}
        named = [(k, entity_label(e.entity)) for k, e in self.iraes.items()]
        self.fields["irae"].choices = [("", _("Not said")), *named]  # type: ignore[attr-defined]

    @classmethod
    def initial_of(cls, row: SteroidCourse) -> dict[str, Any]:
        """Return what the record holds."""
        return {
            **{name: current(row, name) for name in cls.STATED},
            "irae": str(row.irae.public_id) if row.irae else "",
            "replacement": row.replacement,
        }

    def clean(self) -> dict[str, Any]:
        """Hold the two dates against each other."""
        data = super().clean() or self.cleaned_data
        if starts_after(data.get("start"), data.get("stop")):
            self.add_error("stop", _("To: the date is before the start"))
        drug, now = data.get("drug"), data.get("now_mg_per_day")
        if data.get("replacement") and drug and now and drug.value and now.value:
            equivalent = prednisone_equivalent(drug.value, Decimal(now.value))
            if equivalent is not None and equivalent > HIGHEST_REPLACEMENT:
                message = _(
                    "Physiological replacement: %(dose)s mg prednisone-equivalent a day is more than that"
                )
                self.add_error("replacement", message % {"dose": equivalent})
        return data

    def values(self) -> dict[str, Any]:
        """Return the columns of the steroid course."""
        data = self.cleaned_data
        return {
            **columns(data, self.STATED),
            "irae": self.iraes.get(data["irae"]),
            "replacement": data["replacement"],
        }

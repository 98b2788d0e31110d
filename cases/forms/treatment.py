"""Forms of other treatment and of response assessments."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.forms.doubts import question_radiotherapy
from cases.forms.fields import (
    SHOWN_WORDS,
    StatedChoiceField,
    StatedDateField,
    StatedFlagField,
    StatedNumberField,
    columns,
    current,
    current_late,
    starts_after,
)
from cases.forms.measures import StatedCountField
from cases.forms.onsets import (
    course_choices,
    course_chosen,
    course_columns,
    question_course,
    question_other_course,
)
from cases.forms.sections import SectionForm
from cases.models import Criteria, Response, TreatmentKind
from cases.presenters.items import course_name
from cases.vocabulary import BestResponse
from evidence.conditions import FactState

if TYPE_CHECKING:
    from cases.models import ICICourse, OtherTreatment, ResponseAssessment


class TreatmentForm(SectionForm):
    """A treatment that is no ICI; a dose in Gy and fractions belong to radiotherapy alone."""

    kind = forms.ChoiceField(label=_("Kind"), choices=[("", _("Choose")), *TreatmentKind.choices])
    name = forms.CharField(
        label=_("Treatment"), required=False, max_length=200, help_text=_("drugs, or what was done")
    )
    line = StatedCountField(label=_("Line"), lowest=1, highest=20)
    start = StatedDateField(label=_("From"))
    stop = StatedDateField(label=_("To"))
    best_response = StatedChoiceField(label=_("Best response"), choices=BestResponse.choices)
    site = forms.CharField(label=_("Site"), required=False, max_length=120)
    dose_gy = StatedNumberField(label=_("Dose"), highest=200, places=2, suffix="Gy")
    fractions = StatedCountField(label=_("Fractions"), highest=60)

    STATED = ("start", "stop", "best_response", "dose_gy", "fractions")
    PLAIN = ("kind", "name", "site")
    RADIOTHERAPY = ("dose_gy", "fractions")

    @classmethod
    def initial_of(cls, row: OtherTreatment) -> dict[str, Any]:
        """Return what the record holds."""
        stated = {name: current(row, name) for name in cls.STATED}
        plain = {name: getattr(row, name) for name in cls.PLAIN}
        return {**stated, **plain, "line": current_late(row, "line")}

    @property
    def tells_radiotherapy(self) -> bool:
        """Whether a dose or fractions are entered, which are then never out of sight."""
        silent = (None, "", str(SHOWN_WORDS[FactState.NOT_APPLICABLE.value]))
        return any(
            self[name].value() not in silent or self[name].errors for name in self.RADIOTHERAPY
        )

    def clean(self) -> dict[str, Any]:
        """Hold the dates against each other and the dose against the kind."""
        data = super().clean() or self.cleaned_data
        if starts_after(data.get("start"), data.get("stop")):
            self.add_error("stop", _("To: the date is before the start"))
        for name in self.RADIOTHERAPY:
            stated = data.get(name)
            if (
                data.get("kind") != TreatmentKind.RADIOTHERAPY
                and stated
                and stated.value is not None
            ):
                message = _("%(field)s: only radiotherapy has it")
                self.add_error(name, message % {"field": self.fields[name].label})
        question_radiotherapy(self, data)
        return data

    def values(self) -> dict[str, Any]:
        """Return the columns of the treatment."""
        data = self.cleaned_data
        plain = {name: data[name] for name in self.PLAIN}
        return {**columns(data, (*self.STATED, "line")), **plain}


class ResponseForm(SectionForm):
    """One assessment of the tumour."""

    assessed = StatedDateField(label=_("Assessed on"))
    criteria = forms.ChoiceField(
        label=_("Response by"), required=False, choices=[("", _("Not said")), *Criteria.choices]
    )
    response = StatedChoiceField(label=_("Response"), choices=Response.choices)
    sum_mm = StatedNumberField(label=_("Sum of diameters"), highest=2000, suffix="mm")
    new_lesions = StatedFlagField(label=_("New lesions"))
    course = forms.ChoiceField(label=_("Under or after"), required=False)
    note = forms.CharField(label=_("Note"), required=False, max_length=200)

    STATED = ("assessed", "response", "sum_mm", "new_lesions")

    def __init__(self, *args: Any, courses: Iterable[ICICourse] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.courses = {str(c.public_id): c for c in courses}
        named = [(key, f"{c.number}: {course_name(c)}") for key, c in self.courses.items()]
        self.fields["course"].choices = course_choices(named)  # type: ignore[attr-defined]

    @classmethod
    def initial_of(cls, row: ResponseAssessment) -> dict[str, Any]:
        """Return what the record holds."""
        return {
            **{name: current(row, name) for name in cls.STATED},
            "criteria": row.criteria,
            "course": course_chosen(row),
            "note": row.note,
        }

    def clean(self) -> dict[str, Any]:
        """Hold date, response and criteria against each other."""
        data = super().clean() or self.cleaned_data
        course, assessed = self.courses.get(data.get("course", "")), data.get("assessed")
        if course and starts_after(current(course, "start"), assessed):
            self.add_error("assessed", _("Assessed on: the date is before the course's first dose"))
        question_course(self, data, ("assessed",), [*self.courses.values()])
        question_other_course(self, data, "assessed", course)
        response = data.get("response")
        immune = response and response.value in {Response.IUPD, Response.ICPD}
        if immune and data.get("criteria") != Criteria.IRECIST:
            self.add_error("response", _("Response: iUPD and iCPD are responses by iRECIST"))
        new = data.get("new_lesions")
        controlled = response and response.value in {Response.CR, Response.PR, Response.SD}
        recist = data.get("criteria") == Criteria.RECIST
        if new and new.value and controlled and recist:
            message = _("New lesions: by RECIST 1.1 a new lesion is progressive disease")
            self.add_error("new_lesions", message)
        return data

    def values(self) -> dict[str, Any]:
        """Return the columns of the assessment."""
        data = self.cleaned_data
        return {
            **columns(data, self.STATED),
            "criteria": data["criteria"],
            **course_columns(self, self.courses),
            "note": data["note"],
        }

"""What the record says, as the cells of a row: what a form would show, as one would type it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from cases.bulk.columns import BACKGROUND, COURSES, IRAES, PATIENTS, Column, Sheet
from cases.forms.background import BackgroundForm
from cases.forms.checks import ahead_words, lies_ahead
from cases.forms.courses import CourseForm
from cases.forms.fields import SHOWN_WORDS, Stated, current, current_late
from cases.forms.identity import IdentityForm
from cases.forms.iraes import IrAEForm
from cases.forms.owner import DayField
from cases.forms.sections import FitnessForm
from cases.lab_entry import range_words
from evidence.conditions import FactState
from ui.partial_dates import render_day

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django import forms

    from cases.models import (
        Background,
        ICICourse,
        IrAE,
        LabResult,
        PatientIdentity,
        PerformanceStatus,
    )

Cells = dict[str, str]
MANY = "; "


class StandingForm(BackgroundForm, FitnessForm):
    """Both forms of the section, which are one row of a file: one of another day, so that it says which."""

    surgery_said_on = DayField(label=_("No recent surgery said on"), required=False, help_text="")

    def clean(self) -> dict[str, Any]:
        """Refuse a day that is still to come, or beside anything but a no."""
        data = super().clean()
        day, surgery = data.get("surgery_said_on"), data.get("major_surgery")
        if day and lies_ahead(Stated(day, FactState.KNOWN.value)):
            self.add_error("surgery_said_on", ahead_words(self.fields["surgery_said_on"].label))
        elif day and surgery and surgery.value is not False:
            words = _("No recent surgery said on: say no beside it")
            self.add_error("surgery_said_on", words)
        return data

    def values(self) -> dict[str, Any]:
        """Return the columns of the background, and when somebody said that there was no surgery."""
        return {**super().values(), "surgery_said_on": self.cleaned_data["surgery_said_on"]}


def state_word(state: str) -> str:
    """Return the word that stands in a cell in place of a value; empty where nothing was said."""
    return str(SHOWN_WORDS.get(state, ""))


def _text(field: forms.Field, column: Column, value: Any) -> str:
    shown = field.prepare_value(value)
    if isinstance(shown, list | tuple):
        return MANY.join(state_word(str(one)) or str(one) for one in shown)
    text = "" if shown is None else str(shown)
    return state_word(text) if column.stated and text in SHOWN_WORDS else text


def _cells(sheet: Sheet, form: Any, initial: Mapping[str, Any]) -> Cells:
    found = {
        c.field: _text(form.base_fields[c.field], c, initial[c.field])
        for c in sheet.columns
        if c.field in initial and c.field in form.base_fields and not c.control
    }
    return {name: text for name, text in found.items() if text}


def whose(identity: PatientIdentity, hospital: str) -> Cells:
    """Return the cells that say of whom a row is; the hospital where it is not the board's own."""
    here = identity.hospital.lower() == hospital.lower()
    said = {"hospital_number": identity.hospital_number}
    return said if here else {**said, "hospital": identity.hospital}


def patient_cells(identity: PatientIdentity, question: str = "") -> Cells:
    """Return what the record says about who a patient is, and what is asked about them."""
    born = identity.birth_date
    initial = {
        **{
            n: getattr(identity, n)
            for n in ("family_name", "given_name", "national_scheme", "national_number")
        },
        "birth_date": render_day(born) if born else "",
        "sex": identity.patient.sex,
        "died": identity.died,
    }
    cells = _cells(PATIENTS, IdentityForm, initial)
    return {name: text for name, text in {**cells, "question": question}.items() if text}


def background_cells(status: PerformanceStatus, row: Background) -> Cells:
    """Return what the record says about fitness and background."""
    initial: dict[str, Any] = {n: current(status, n) for n in ("ecog", "assessed")}
    initial |= {n: current(row, n) for n in (*StandingForm.BODY, *StandingForm.STATED)}
    initial |= {n: current_late(row, n) for n in StandingForm.WORDS}
    initial |= {n: getattr(row, n) for n in StandingForm.PLAIN}
    said = row.surgery_said_on
    initial["surgery_said_on"] = render_day(said) if said else ""
    return _cells(BACKGROUND, StandingForm, initial)


def course_cells(row: ICICourse) -> Cells:
    """Return what the record says about a course."""
    cells = _cells(COURSES, CourseForm, CourseForm.initial_of(row))
    drugs = MANY.join(row.drugs) or state_word(row.drugs_state)
    return {"number": str(row.number), **cells, **({"drugs": drugs} if drugs else {})}


def irae_cells(row: IrAE) -> Cells:
    """Return what the record says about an irAE."""
    initial = IrAEForm.initial_of(row)
    if row.course is not None:
        initial["course"] = str(row.course.number)
    elif initial["course"]:
        initial["course"] = state_word(initial["course"])
    return _cells(IRAES, IrAEForm, initial)


def lab_cells(row: LabResult) -> Cells:
    """Return what the record says about a laboratory result, as it was entered."""
    cells = {
        "taken_on": render_day(row.taken_on),
        "analyte": row.analyte.code,
        "value": row.value_entered,
        "unit": row.unit_entered,
        "reference": range_words(row, row.analyte.scales),
        "source": row.source,
    }
    return {name: text for name, text in cells.items() if text}


def known(value: Any) -> Stated:
    """Return a value that stands without a state as one that is known, or not said."""
    empty = value in (None, "", [], ())
    return Stated(None, FactState.MISSING.value) if empty else Stated(value, FactState.KNOWN.value)

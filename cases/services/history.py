"""Writes to the clinical history, section by section.

Every function saves one section under its version (see `sections.editing`) with values that a form has
cleaned. `values` maps model fields to values; an item that is not a field is an error, not ignored.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Max

from cases.asof import complete_columns, is_today
from cases.models import (
    Background,
    BiomarkerResult,
    Case,
    ICICourse,
    Immunosuppressant,
    IrAE,
    OtherTreatment,
    Patient,
    PerformanceStatus,
    Report,
    ResponseAssessment,
    Section,
    SteroidCourse,
)
from cases.services.assigning import assign, row_of
from cases.services.numbering import number_courses
from cases.services.saying import (
    OF_NOW,
    OF_STATUS,
    OF_SURGERY,
    day_said,
    no_surgery_said,
    over_said,
    standing_of,
    values_of,
)
from cases.services.sections import editing
from cases.services.steroids import take_back_none
from evidence.conditions.facts import FactState

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from uuid import UUID

    from accounts.models import User
    from ui.partial_dates import PartialDate


# Which list says "complete" by which column of the patient.
COMPLETE_AS_OF = {
    Section.COURSES: "courses_complete_as_of",
    Section.TREATMENT: "treatments_complete_as_of",
    Section.RESPONSES: "responses_complete_as_of",
    Section.STEROIDS: "steroids_complete_as_of",
}

# Which courses that was said of, beside the day for which it was.
THROUGH = "courses_complete_through"

# Kind of item -> its model, and the section under whose version it is edited.
LISTED: dict[str, tuple[Any, Section]] = {
    "courses": (ICICourse, Section.COURSES),
    "treatment": (OtherTreatment, Section.TREATMENT),
    "responses": (ResponseAssessment, Section.RESPONSES),
    "iraes": (IrAE, Section.IRAES),
    "steroids": (SteroidCourse, Section.STEROIDS),
    "immunosuppressants": (Immunosuppressant, Section.STEROIDS),
    "reports": (Report, Section.IRAES),
    "biomarkers": (BiomarkerResult, Section.TUMOUR),
}


def save_question(*, by: User, case: Case, version: int, values: Mapping[str, Any]) -> Case:
    """Save the root question of a case."""
    with editing(by=by, case=case, key=Section.QUESTION, version=version) as current:
        before = values_of(current, OF_STATUS)
        assign(current, values)
        current.disease_status_on = day_said(current, before, OF_STATUS)
        current.save()
    return current


def save_fitness(
    *,
    by: User,
    case: Case,
    version: int,
    status: Mapping[str, Any],
    body: Mapping[str, Any] | None = None,
) -> PerformanceStatus:
    """Save ECOG, and weight and height if given."""
    with editing(by=by, case=case, key=Section.FITNESS, version=version) as current:
        row = PerformanceStatus.objects.get(patient=current.patient)
        assign(row, status)
        row.save()
        if body:
            _stand(current, body)
    return row


def save_background(*, by: User, case: Case, version: int, values: Mapping[str, Any]) -> Background:
    """Save what stands about the patient besides the tumour."""
    with editing(by=by, case=case, key=Section.FITNESS, version=version) as current:
        row = _stand(current, values)
    return row


def _stand(case: Case, values: Mapping[str, Any]) -> Background:
    row: Background = Background.objects.get(patient=case.patient)
    before = values_of(row, OF_SURGERY)
    assign(row, values)
    row.surgery_said_on = no_surgery_said(row, before, values)
    row.save()
    return row


def save_course(
    *,
    by: User,
    case: Case,
    version: int,
    values: Mapping[str, Any],
    public_id: UUID | None = None,
    after: int | None = None,
    in_order: bool = True,
    from_file: bool = False,
) -> ICICourse:
    """Add an ICI course, or change the one with `public_id`; the courses are numbered by their first doses.

    `after`: the number of the course that it came after, 0 for none, where the dates do not tell; left out, it
    stays where it stood, and a new one is the last. `in_order`: False where the caller numbers them in the end.
    `from_file`: a file says it, and no person of this one course.
    """
    with editing(by=by, case=case, key=Section.COURSES, version=version) as current:
        courses = ICICourse.objects.filter(patient=current.patient)
        row = row_of(courses, current, public_id)
        new = row.number is None
        if new:
            last = courses.order_by("-number").first()
            row.number = (last.number if last else 0) + 1
        before = standing_of(row)
        assign(row, values)
        row.over_said_on = over_said(row, before, values, from_file=from_file)
        row.save()
        if in_order:
            placed = (row, after) if after is not None else None
            number_courses(current.patient, new=row if new else None, placed=placed)
            row.refresh_from_db()
    return row


def number_in_order(*, by: User, case: Case, version: int) -> None:
    """Number the courses by their first doses, after several were entered with numbers that somebody gave."""
    with editing(by=by, case=case, key=Section.COURSES, version=version) as current:
        number_courses(current.patient)


def save_irae(
    *, by: User, case: Case, version: int, values: Mapping[str, Any], public_id: UUID | None = None
) -> IrAE:
    """Add an irAE, or change the one with `public_id`.

    The grade of now without the day for which it was said was said today, where it changed; with None as its day
    nobody knows when. One that stays as it is keeps its day, or takes another that is given.
    """
    with editing(by=by, case=case, key=Section.IRAES, version=version) as current:
        row = row_of(IrAE.objects.filter(patient=current.patient), current, public_id)
        before, said = values_of(row, OF_NOW), row.now_on
        assign(row, values)
        row.now_on = said
        row.now_on = _day_of_now(row, before, values)
        row.save()
    return row


def _day_of_now(row: IrAE, before: Mapping[str, object], values: Mapping[str, Any]) -> date | None:
    """Return the day for which the grade of now holds, or how it went on, once `values` are on the row."""
    if all(getattr(row, f"{name}_state") != FactState.KNOWN for name in OF_NOW):
        return None
    given: date | None = values.get("now_on")
    changed = values_of(row, OF_NOW) != before
    if given is not None or ("now_on" in values and changed):
        return given
    return day_said(row, before, OF_NOW)


def remove(*, by: User, case: Case, version: int, key: str, public_id: UUID) -> None:
    """Remove one item of a list; its history stays in the database's event table.

    An item that another one refers to raises `django.db.models.ProtectedError`.
    """
    model, section = LISTED[key]
    with editing(by=by, case=case, key=section, version=version) as current:
        model.objects.get(patient=current.patient, public_id=public_id).delete()


def _newest_course(patient: Patient) -> int:
    """Return the key of the course that was entered last, 0 where there is none."""
    newest = ICICourse.objects.filter(patient=patient).aggregate(key=Max("pk"))
    return newest["key"] or 0


def set_complete(
    *, by: User, case: Case, version: int, key: str, complete: bool, on: PartialDate | None = None
) -> None:
    """Say that a list is complete as of a day, today where none is given, or take that back.

    Of an earlier day nobody says that the courses which are there now are all: they may have begun since.
    """
    with editing(by=by, case=case, key=key, version=version) as current:
        columns: dict[str, Any] = {
            **complete_columns(COMPLETE_AS_OF[Section(key)], complete=complete, on=on)
        }
        if key == Section.COURSES:
            today = complete and is_today(on)
            columns[THROUGH] = _newest_course(current.patient) if today else None
        if key == Section.STEROIDS and complete and is_today(on):
            take_back_none(current.patient)
        Patient.objects.filter(pk=current.patient.pk).update(**columns)
        current.patient.refresh_from_db()

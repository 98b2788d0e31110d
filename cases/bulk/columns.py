"""The format: which sheets there are, which columns they have, and what a cell may hold.

Headings and codes are English in every language of the pages, so that a file can be read anywhere. A column stands
for one field of the form by which the same thing is entered by hand; the form says what is right.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from django.utils.translation import gettext_lazy as _

from cases.forms.fields import NONE_OF_THEM
from cases.lists import current
from cases.models import (
    Bleeding,
    Care,
    Criteria,
    Extent,
    Hypertension,
    Likelihood,
    OtherCause,
    PrimaryState,
    RegimenKind,
    Setting,
    Sex,
    Smoking,
    Transplant,
    ViralHepatitis,
)
from cases.national_numbers import SCHEMES
from cases.vocabulary import (
    ORGANS_OF_UNLISTED,
    UNSTATED,
    VERSIONS_OF_GRADES,
    BestResponse,
    ProgressionTiming,
    Resolution,
    StopReason,
    drugs,
    entities,
    offered_drugs,
    offered_entities,
)

Choices = Callable[[], Iterable[tuple[str, Any]]]
YES_NO = (("yes", _("Yes")), ("no", _("No")))
YES = (("yes", _("Yes")),)


@dataclass(frozen=True)
class Column:
    """One column: its heading, the field of the form, and what may stand in it.

    `stated`: a word such as "unknown" may stand in place of a value. `many`: several values with ; between them.
    `control`: a word to the import itself, or what is said by pointing at another row.
    """

    heading: str
    field: str
    says: Any = ""
    choices: Choices | None = None
    # What is understood, where more is than what is offered: rows of before name what no longer is.
    known: Choices | None = None
    stated: bool = False
    many: bool = False
    required: bool = False
    control: bool = False


@dataclass(frozen=True)
class Sheet:
    """One kind of row. `code` names it in files of text, `title` in workbooks."""

    code: str
    title: str
    label: Any
    columns: tuple[Column, ...]
    by_heading: Mapping[str, Column] = field(default_factory=dict)

    def __post_init__(self) -> None:
        found = {plain(c.heading): c for c in self.columns}
        object.__setattr__(self, "by_heading", found)

    def column(self, field_name: str) -> Column:
        """Return the column of a field."""
        return next(c for c in self.columns if c.field == field_name)


def plain(text: str) -> str:
    """Return a heading, a code or a label as it is compared: without capitals, marks and needless spaces."""
    return " ".join(re.sub(r"[\s_:*]+", " ", text).split()).casefold()


def of(choices: Iterable[tuple[str, Any]]) -> Choices:
    """Return choices that are the same every time."""
    fixed = tuple(choices)
    return lambda: fixed


def _drugs() -> Iterable[tuple[str, Any]]:
    return [(d.code, d.label) for d in offered_drugs()]


def _all_drugs() -> Iterable[tuple[str, Any]]:
    listed = drugs().values()
    brands = [(drug.code, brand) for drug in listed for brand in drug.brands]
    return [*((drug.code, drug.label) for drug in listed), *brands]


def _events() -> Iterable[tuple[str, Any]]:
    return [(e.code, e.label) for e in offered_entities()]


def _all_events() -> Iterable[tuple[str, Any]]:
    return [(e.code, e.label) for e in entities().values()]


GRADES = [(str(n), f"grade {n}") for n in range(1, 6)]
GRADES_NOW = [("0", "grade 0"), *GRADES]
DAYS = frozenset(
    {"birth_date", "died", "start", "stop", "progressed", "onset", "resolved", "now_on", "taken_on"}
    | {"assessed", "weighed", "bled", "operated", "surgery_said_on"}
)
ON = _("day, month or year")
DATE = _("such as 3 March 2024, March 2024 or 2024, or day 26 after ICI start")
NUMBER = Column("Hospital number", "hospital_number", _("as the hospital writes it"), required=True)
HOSPITAL = Column("Hospital", "hospital", _("leave empty for the hospital of the board"))

PATIENTS = Sheet(
    "patients", "Patients", _("Patients"),
    (
        NUMBER,
        HOSPITAL,
        Column("Family name", "family_name", _("needed for a patient who is new")),
        Column("First name", "given_name", _("needed for a patient who is new")),
        Column("Date of birth", "birth_date", _("the day, such as 3 March 1950")),
        Column("Sex", "sex", choices=of(Sex.choices)),
        Column("Kind of national number", "national_scheme", _("may be left empty where there is one kind"),
               choices=lambda: [(code, s.label) for code, s in SCHEMES.items()]),
        Column("National number", "national_number"),
        Column("Date of death", "died", _("day, month or year; empty says nothing")),
        Column("Question to the board", "question", _("needed for a patient without a case on the board")),
        Column("Another person", "another_person", _("yes: this is not the patient of a similar name"),
               choices=of(YES), control=True),
    ),
)  # fmt: skip

BACKGROUND = Sheet(
    "background", "Background", _("Fitness and background"),
    (
        NUMBER,
        HOSPITAL,
        Column("ECOG", "ecog", choices=of((str(n), f"ECOG {n}") for n in range(5)), stated=True),
        Column("ECOG assessed", "assessed", ON, stated=True),
        Column("Weight in kg", "weight_kg", _("a number"), stated=True),
        Column("Weighed", "weighed", ON, stated=True),
        Column("Height in cm", "height_cm", _("a number"), stated=True),
        Column("Smoking", "smoking", choices=of(Smoking.choices), stated=True),
        Column("Pack-years", "pack_years", _("a number"), stated=True),
        Column("Autoimmune disease", "autoimmune_disease", _("one that is no irAE"), choices=of(YES_NO), stated=True),
        Column("Which autoimmune disease", "autoimmune_text"),
        Column("Interstitial lung disease", "interstitial_lung_disease", choices=of(YES_NO), stated=True),
        Column("Transplant", "transplant", choices=of(Transplant.choices), stated=True),
        Column("Hepatitis B", "hepatitis_b", choices=of(ViralHepatitis.choices), stated=True),
        Column("Hepatitis C", "hepatitis_c", choices=of(ViralHepatitis.choices), stated=True),
        Column("Heart disease", "heart_disease", choices=of(YES_NO), stated=True),
        Column("Which heart disease", "heart_text"),
        Column("Pregnancy", "pregnancy", choices=of(YES_NO), stated=True),
        Column("Bleeding", "bleeding", choices=of(Bleeding.choices), stated=True),
        Column("Last bleeding", "bled", ON, stated=True),
        Column("Hypertension", "hypertension", choices=of(Hypertension.choices), stated=True),
        Column("Recent major surgery", "major_surgery", choices=of(YES_NO), stated=True),
        Column("Operated on", "operated", ON, stated=True),
        Column("No recent surgery said on", "surgery_said_on", _("the day, such as 3 March 2024, beside a no; empty:"
                                                                 " not known")),
        Column("Other illnesses", "comorbidities", _("in words"), stated=True),
        Column("What the patient wants", "preference", _("in the patient's words"), stated=True),
    ),
)  # fmt: skip

COURSES = Sheet(
    "courses", "Courses", _("ICI courses"),
    (
        NUMBER,
        HOSPITAL,
        Column("Course", "number", _("1 for the first course, 2 for the second, by their first doses"), required=True),
        Column("Drugs", "drugs", choices=_drugs, known=_all_drugs, stated=True, many=True),
        Column("Given with", "regimen", _("in words, such as carboplatin")),
        Column("Regimen", "regimen_kind", choices=of(RegimenKind.choices), stated=True),
        Column("Setting", "setting", choices=of(Setting.choices), stated=True),
        Column("Planned for", "planned_days", _("such as 24 months or 52 weeks"), stated=True),
        Column("Line", "line", _("a number"), stated=True),
        Column("First dose", "start", DATE, stated=True),
        Column("Last dose", "stop", DATE, stated=True),
        Column("Cycles", "cycles", _("14, or at least 39"), stated=True),
        Column("Best response", "best_response", choices=of(BestResponse.choices), stated=True),
        Column("Response by", "response_criteria", choices=of(Criteria.choices)),
        Column("Main reason for stopping", "stop_reason", choices=of(StopReason.choices), stated=True),
        Column("Other reasons", "contributing_reasons", many=True, stated=True,
               choices=of([*StopReason.choices, (NONE_OF_THEM, _("There was no other reason"))])),
        Column("Has progressed", "progression_timing", choices=of(ProgressionTiming.choices), stated=True),
        Column("Progressed on", "progressed", DATE, stated=True),
        Column("Confirmed by a later scan", "progression_confirmed", choices=of(YES_NO), stated=True),
        Column("The report calls it", "progression_called", choices=of(Extent.choices), stated=True),
        Column("New lesions", "new_lesions", _("a number"), stated=True),
        Column("Growing lesions", "growing_lesions", _("a number"), stated=True),
        Column("Organs with progression", "progressing_organs", _("a number"), stated=True),
        Column("All treatable locally", "all_treatable_locally", choices=of(YES_NO), stated=True),
        Column("Primary then", "primary_state", choices=of(PrimaryState.choices), stated=True),
        Column("Asked about", "asked_about", _("yes: the question to the board is about this course"),
               choices=of(YES), control=True),
    ),
)  # fmt: skip

IRAES = Sheet(
    "iraes", "irAEs", _("irAEs"),
    (
        NUMBER,
        HOSPITAL,
        Column("Event", "entity", choices=_events, known=_all_events, required=True),
        Column("Which event", "entity_text", _("what it was, of another event")),
        Column("Which organ", "organ", _("which it affected, of another event; untold: several, or it"
                                         " cannot be told"), choices=of(ORGANS_OF_UNLISTED)),
        Column("CTCAE version", "ctcae_version", choices=of(VERSIONS_OF_GRADES)),
        Column("Worst grade", "worst_grade", choices=of(GRADES), stated=True),
        Column("Grade now", "grade_now", choices=of(GRADES_NOW), stated=True),
        Column("Grade now said on", "now_on", _("the day, such as 3 March 2024, of the grade now and of how it went"
                                                " on; empty: not known")),
        Column("Onset", "onset", DATE, stated=True),
        Column("Course", "course", _("the number of the course that it came during or after, or unknown")),
        Column("How it went on", "resolution", choices=of(Resolution.choices), stated=True),
        Column("Resolved", "resolved", DATE, stated=True),
        Column("In the report's words", "severity_word", _("such as severe: a word, not a grade")),
        Column("Grade at onset", "onset_grade", choices=of(GRADES), stated=True),
        Column("Caused by the ICI", "likelihood", choices=of(Likelihood.choices), stated=True),
        Column("Most intensive care", "care", choices=of(Care.choices), stated=True),
        Column("Looked for and excluded", "excluded", many=True, stated=True,
               choices=of([*OtherCause.choices, (NONE_OF_THEM, _("None of them"))])),
        Column("Agents it followed", "drugs", _("empty: all agents of the course"), choices=_drugs,
               known=_all_drugs, many=True),
        Column("Sequelae", "sequelae", choices=of(YES_NO), stated=True),
        Column("Which sequelae", "sequelae_text"),
        Column("Row", "row_name", _("a name for this row, such as A, by which another row of the patient can name it"),
               control=True),
        Column("Came back after", "came_back_after", _("the name of the row of the event that this one is a return of"),
               control=True),
        Column("Course stopped for it", "stopped_course", _("the number of the course that was stopped for this event"),
               control=True),
        Column("Onset is right", "early_onset", _("yes: it was before the first dose entered"),
               choices=of(YES), control=True),
    ),
)  # fmt: skip

LABS = Sheet(
    "labs", "Labs", _("Laboratory results"),
    (
        NUMBER,
        HOSPITAL,
        Column("Day of the sample", "taken_on", _("the day, such as 3 March 2024"), required=True),
        Column("Analyte", "analyte", _("its name or code"), required=True),
        Column("Value", "value", _("4.2, <0.5 or >1000"), required=True),
        Column("Unit", "unit", _("as the laboratory reports it"), required=True),
        Column("Reference range", "reference", _("1.0-4.0, <250 or >60")),
        Column("Source", "source", _("laboratory, or where from")),
        Column("Keep as typed", "keep", _("yes: a value that seems impossible is right"),
               choices=of(YES), control=True),
    ),
)  # fmt: skip

SHEETS: dict[str, Sheet] = {s.code: s for s in (PATIENTS, BACKGROUND, COURSES, IRAES, LABS)}
ALIASES = {"5": "5.0", "6": "6.0", "5.": "5.0", "6.": "6.0", "not stated": UNSTATED}


@lru_cache(maxsize=512)
def _words(sheet: str, heading: str, _number: int) -> dict[str, str]:
    """Return code by code and by label, as they are compared, of a column with choices."""
    column = SHEETS[sheet].by_heading[plain(heading)]
    known = column.known or column.choices
    return lookup(known() if known else ())


def lookup(choices: Iterable[tuple[str, Any]]) -> dict[str, str]:
    """Return the code of each code and label."""
    pairs = [(str(code), str(label)) for code, label in choices]
    found = {plain(label): code for code, label in pairs}
    found.update({plain(code): code for code, _label in pairs})
    if "5.0" in found:
        found.update(ALIASES)
    return found


def words_of(sheet: Sheet, column: Column) -> dict[str, str]:
    """Return what may be written in a column with choices, each with the code that it means."""
    return _words(sheet.code, column.heading, current().number)

"""Where a fact is entered: the form, or the list, that holds what it is read from, and the field there.

Every fact of the vocabulary has a place, since a curator may require any of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode
from uuid import UUID

from django.urls import reverse

from cases.askable import DOSSIER, Item, item_of
from cases.derivations.blood import INDICES, NEWEST
from cases.derivations.causes import AGAIN, CAUSE_KEYS, OF_KINDS, ORGANS_BEHIND
from cases.derivations.iraes import NOW
from cases.models import BiomarkerKind, SampleTiming, Section, TMBUnit
from cases.presenters.steroids import SECOND_LINE
from cases.presenters.tumour import DRIVERS, METASTASES, SAMPLES
from cases.readiness import SETTLED
from cases.reading import BACKGROUND, asked_row, dose_said_on, last_given_row
from cases.unlisted import left_open_by
from cases.vocabulary import asked_under, is_unspecified, may_be_of
from cases.whole_record import ensure_record
from evidence.conditions import FactState

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable

    from cases.models import Case

# Fact -> section with a form of its own, and the field.
_OF_SECTIONS: dict[str, tuple[str, str]] = {
    "disease_status": (Section.QUESTION, "disease_status"),
    "proposed_regimen": (Section.QUESTION, "proposed_regimen"),
    "proposed_includes_ctla4": (Section.QUESTION, "proposed_drug_1"),
    "proposed_includes_pd1_pdl1": (Section.QUESTION, "proposed_drug_1"),
    "age": (Section.PATIENT, "birth_date"),
    "histology": (Section.TUMOUR, "histology"),
    "stage_group": (Section.TUMOUR, "stage_group"),
    "ecog": (Section.FITNESS, "ecog"),
}
# Fact -> part of a section, and the field.
_OF_PARTS: dict[str, tuple[str, str]] = {
    "liver_metastases": (METASTASES, "liver"),
    "brain_metastases": (METASTASES, "brain"),
    "driver_mutation": (DRIVERS, "EGFR"),
    **{key: ("background", key) for key in BACKGROUND},
}
# Fact -> field of the course in question.
_OF_THE_COURSE: dict[str, str] = {
    "stop_reason": "stop_reason",
    "irae_contributed": "contributing_reasons",
    "progression_timing": "progression_timing",
    "best_response": "best_response",
    "prior_setting": "setting",
    "prior_ici_days": "start",
    "ici_free_days": "stop",
    "oligoprogression": "new_lesions",
    "resistance_review": "progressed",
    "resistance_sitc": "progressed",
    "resistance_24_weeks": "progressed",
}
# What the list of courses says as a whole, once somebody calls it complete.
_OF_ALL_COURSES = frozenset({"prior_courses", "prior_includes_ctla4", "prior_includes_pd1_pdl1"})
_OF_SAMPLES: dict[str, tuple[str, str]] = {
    "pdl1_tps_initial": (BiomarkerKind.PDL1_TPS, SampleTiming.BEFORE),
    "pdl1_tps_recent": (BiomarkerKind.PDL1_TPS, SampleTiming.AFTER),
    "tmb": (f"tmb {TMBUnit.values[0]}", ""),
}
_LABS: dict[str, str] = {index.key: index.analytes[0] for index in INDICES} | NEWEST
# Measured by themselves, and so not in the form of a blood sample.
_MEASURED_ALONE = frozenset({"urine_protein", "systolic", "diastolic"})
# Fact of all irAEs -> the column of an event that it is read from, where one is open.
_OF_EVENTS: dict[str, str] = {
    "irae_grade_now": "grade_now",
    "irae_resolved": "resolution",
    "first_irae_days": "onset",
    "worst_irae_days": "onset",
}
# What a dossier's item answers only together with another.
_BY_ANOTHER = {"alt_ast_baseline_x_uln": "alt_ast_peak_x_baseline"}
COMPLETE = "complete"


@dataclass(frozen=True)
class Place:
    """Where a fact is entered: the address, and the name of the field (or button) that it leads to."""

    url: str
    field: str


def place_of(case: Case, key: str) -> Place:
    """Return where a fact, or an item, is entered; no query where the record of the patient was fetched."""
    item = item_of(key)
    if item is not None:
        return _place_of_item(case, item)
    ensure_record(case.patient)
    return _place_of_fact(case, key)


def _place_of_fact(case: Case, key: str) -> Place:
    if key in _OF_SECTIONS:
        section, field = _OF_SECTIONS[key]
        return _form(case, "cases:section", [section], section, field)
    if key in _OF_PARTS:
        part, field = _OF_PARTS[key]
        return _form(case, "cases:part", [part], part, field)
    if key in _OF_SAMPLES:
        kind, timing = _OF_SAMPLES[key]
        return _form(
            case, "cases:item_add", [SAMPLES], SAMPLES, "value", measured=kind, timing=timing
        )
    if _LABS.get(key) in _MEASURED_ALONE:
        return _form(case, "cases:result_add", [], "labs", "value", analyte=_LABS[key])
    if key in _LABS:
        return _form(case, "cases:sample_add", [], "labs", f"value_{_LABS[key]}")
    if key in _OF_ALL_COURSES:
        return _list(case, Section.COURSES)
    if key in _OF_THE_COURSE:
        return _course(case, _OF_THE_COURSE[key])
    if key in CAUSE_KEYS - _OF_EVENTS.keys() and (found := _of_causes(case, key)) is not None:
        return found
    if key in ("steroid_now", "steroid_not_tapered", "immunosuppressant_now"):
        return _doses(case, key)
    return _of_iraes(case, key)


def _place_of_item(case: Case, item: Item) -> Place:
    """Return the form of an item that is no fact: it says itself of which row it is."""
    form, name = item.kind.form, item.kind.field_of(item.column)
    if item.kind.code == DOSSIER:
        name = item.code if item.column == "answer" else f"{item.code}_on"
        return _form(case, "cases:dossier", [UUID(item.irae)], DOSSIER, name)
    if item.kind.by == "public_id":
        return _form(case, "cases:item", [form, UUID(item.row)], form, name)
    if item.kind.by:
        name = item.row if item.column == item.kind.columns[0] else f"{item.row}_{item.column}"
    whole = form == item.kind.section
    return _form(case, "cases:section" if whole else "cases:part", [form], form, name)


def _form(case: Case, name: str, args: list[Any], prefix: str, field: str, **query: str) -> Place:
    address = reverse(name, args=[case.public_id, *args])
    asked = {key: value for key, value in query.items() if value}
    query_text = f"?{urlencode(asked)}" if asked else ""
    return Place(f"{address}{query_text}#{prefix}-{field}", field)


def _list(case: Case, section: str) -> Place:
    """Return the list itself, opened: what is missing is a row, or that somebody calls it complete."""
    address = reverse("cases:detail", args=[case.public_id])
    return Place(f"{address}?open={section}#section-{section}", COMPLETE)


def _item(case: Case, key: str, row: Any, field: str) -> Place:
    return _form(case, "cases:item", [key, row.public_id], key, field)


def _course(case: Case, field: str) -> Place:
    """Return the form of the course in question, or that of a first one; the last dose is that of any."""
    row = last_given_row(case) if field == "stop" else asked_row(case)
    if row is None:
        return _form(case, "cases:item_add", [Section.COURSES], Section.COURSES, field)
    if field == "start" and not _open(row, "start"):
        field = "stop"
    return _item(case, Section.COURSES, row, field)


def _open(row: Any, name: str) -> bool:
    return getattr(row, f"{name}_state") not in SETTLED


def _first(rows: Iterable[Any], wanted: Callable[[Any], bool]) -> Any:
    return next((row for row in rows if wanted(row)), None)


def _doses(case: Case, key: str) -> Place:
    """Return the row of which the dose is open or said longest ago, else the list."""
    patient: Any = case.patient
    if key == "immunosuppressant_now":
        row = _first(patient.immunosuppressants.all(), lambda r: _open(r, "still_given"))
        return (
            _item(case, SECOND_LINE, row, "still_given") if row else _list(case, Section.STEROIDS)
        )
    rows = list(patient.steroids.all())
    if key == "steroid_not_tapered":
        row = _first(rows, lambda r: _open(r, "not_tapered"))
        return (
            _item(case, Section.STEROIDS, row, "not_tapered")
            if row
            else _list(case, Section.STEROIDS)
        )
    row = _first(rows, lambda r: _open(r, "now_mg_per_day"))
    if row is None:
        given = [
            (day, n) for n, r in enumerate(rows) if r.now_mg_per_day and (day := dose_said_on(r))
        ]
        row = rows[min(given)[1]] if given else None
    return (
        _item(case, Section.STEROIDS, row, "now_mg_per_day")
        if row
        else _list(case, Section.STEROIDS)
    )


def _of_iraes(case: Case, key: str) -> Place:
    """Return the event that leaves a fact open, its dossier, or the organ review where no event does."""
    patient: Any = case.patient
    events = list(patient.iraes.all())
    if (found := _of_dossiers(case, events, _BY_ANOTHER.get(key, key))) is not None:
        return found
    organs = ORGANS_BEHIND.get(key, frozenset())
    mine = [e for e in events if asked_under(e.organ) in organs]
    if key in _OF_EVENTS or key in NOW:
        name, asked = _OF_EVENTS.get(key, "grade_now"), mine if key in NOW else events
        row = _first(asked, lambda e: _open(e, name)) or _oldest(asked, key)
        return _item(case, Section.IRAES, row, name) if row else _no_event(case, key, organs)
    if key.endswith(("_recurrent", "_recurrence_grade")):
        again = [e for e in mine if e.recurrence_of_id]
        if row := _first(again, lambda e: _open(e, "worst_grade")):
            return _item(case, Section.IRAES, row, "worst_grade")
        twice = [e for n, e in enumerate(mine) if any(o.entity == e.entity for o in mine[:n])]
        return (
            _item(case, Section.IRAES, twice[-1], "recurrence_of")
            if twice
            else _no_event(case, key, organs)
        )
    row = _first(mine, lambda e: _open(e, "worst_grade")) if key.endswith("grade") else None
    return _item(case, Section.IRAES, row, "worst_grade") if row else _no_event(case, key, organs)


def _nobody_knows(event: Any) -> bool:
    """Whether it was said that nobody knows which course an irAE followed."""
    return bool(event.course_state == FactState.UNKNOWN)


def _of_causes(case: Case, key: str) -> Place | None:
    """Return the irAE of which nobody said which course it followed, that course, or the proposal, whichever is open.

    None where they are all told: then it is the grades or the organ review that leave a fact open.
    """
    patient: Any = case.patient
    courses = {row.pk: row for row in patient.courses.all()}
    events = [e for e in patient.iraes.all() if asked_under(e.organ) in ORGANS_BEHIND[key]]
    if courses and (
        row := _first(events, lambda e: not (e.course_id in courses or _nobody_knows(e)))
    ):
        return _item(case, Section.IRAES, row, "course")
    meant = [courses[e.course_id] for e in events if e.course_id in courses]
    field, name = ("regimen_kind",) * 2 if key in OF_KINDS else ("drugs", "drug_1")
    if row := _first(meant, lambda c: _open(c, field)):
        return _item(case, Section.COURSES, row, name)
    if key in AGAIN and events and not case.proposed_drugs:
        return _form(case, "cases:section", [Section.QUESTION], Section.QUESTION, "proposed_drug_1")
    return None


def _oldest(events: list[Any], key: str) -> Any:
    """Return the event of which the grade of now was said longest ago; of its onset none is old."""
    if _OF_EVENTS.get(key) == "onset":
        return None
    going_on = [e for e in events if e.now_on and e.resolution != "resolved"]
    return min(going_on, key=lambda e: e.now_on, default=None)


def _of_dossiers(case: Case, events: list[Any], key: str) -> Place | None:
    """Return the dossier that has not answered the item of a fact; the organ review where no organ had an irAE."""
    patient: Any = case.patient
    items = [item for item in patient.dossier_items if item.fact == key]
    if not items:
        return None
    asked = [(e, i) for e in events for i in items if i.organ == asked_under(e.organ) and i.active]
    if not asked:
        return _no_event(case, key, {item.organ for item in items})
    answered = {
        (e.pk, entry.item_id)
        for e, _item_of in asked
        for entry in e.dossier.all()
        if entry.answer_state in SETTLED
    }
    event, item = next(((e, i) for e, i in asked if (e.pk, i.pk) not in answered), asked[0])
    return _form(case, "cases:dossier", [event.public_id], "dossier", item.code)


def _no_event(case: Case, key: str, organs: Collection[str]) -> Place:
    """Return the organ of an event outside the list where that leaves a fact open, else the organ review."""
    if row := left_open_by(case.patient, key, organs):
        # Where its organ is another, what it was is asked, not where.
        may_be = is_unspecified(row.entity) and may_be_of(row.entity, row.organ, organs)
        field = "organ" if may_be else "entity"
        return _item(case, Section.IRAES, row, field)
    return _form(case, "cases:organs", [], "organs", "asked")

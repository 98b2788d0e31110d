"""What the record asks for beside the facts of the vocabulary, so that it can be given to somebody as they are.

Each is one column of a row. Its key stands where that of a fact does (`FactTask.fact`): `<kind>-<column>`, and for
rows of which there are several `-<row>`. A fact's key has no hyphen, so the two are never mistaken for each other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from uuid import UUID

from cases.fields import state_beside
from cases.models import (
    Background,
    BiomarkerResult,
    Case,
    DossierEntry,
    DriverTest,
    ICICourse,
    Immunosuppressant,
    IrAE,
    Metastasis,
    OtherTreatment,
    PerformanceStatus,
    Report,
    ResponseAssessment,
    Section,
    SteroidCourse,
    Tumour,
)
from cases.readiness import SETTLED
from evidence.conditions import FactState

if TYPE_CHECKING:
    from cases.models import DossierItem, Patient

# Stands for a row that is not saved yet.
NEW = "new"
DOSSIER = "dossier"
# How the key of an item of a dossier begins; the code of the item follows.
OF_DOSSIERS = r"^dossier-[a-z_]+-[0-9a-f]{32}-"


@dataclass(frozen=True)
class Kind:
    """Rows of one model: the form in which they are entered, and its fields that may be "not yet".

    `by`: the column that tells rows apart, "" where a patient (or the case) has one. `called`: by columns the fields
    that have another name.
    """

    code: str
    model: type[Any]
    section: Section
    form: str
    columns: tuple[str, ...]
    by: str = ""
    called: Mapping[str, str] = field(default_factory=dict)

    def key(self, column: str, row: str = "") -> str:
        """Return the key of one column, of the row that `row` stands for."""
        return "-".join(part for part in (self.code, column, row) if part)

    def field_of(self, column: str) -> str:
        """Return the name of the form's field."""
        return self.called.get(column, column)


@dataclass(frozen=True)
class Item:
    """One thing asked for: of which kind, which column, and of which row ("" where there is one)."""

    kind: Kind
    column: str
    row: str = ""

    @property
    def irae(self) -> str:
        """Return the irAE that an item of a dossier is about."""
        return self.row.partition("-")[0]

    @property
    def code(self) -> str:
        """Return the code of an item of a dossier."""
        return self.row.partition("-")[2]


_COURSE = (
    "drugs", "regimen_kind", "setting", "planned_days", "line", "start", "stop", "cycles", "best_response",
    "stop_reason", "contributing_reasons", "progression_timing", "progressed", "progression_confirmed",
    "progression_called", "new_lesions", "growing_lesions", "progressing_organs", "all_treatable_locally",
    "primary_state",
)  # fmt: skip
_IRAE = (
    "worst_grade", "grade_now", "onset", "resolution", "resolved", "onset_grade", "likelihood", "care",
    "excluded", "sequelae",
)  # fmt: skip
_STEROID = (
    "drug", "indication", "peak_mg_per_day", "now_mg_per_day", "start", "stop", "not_tapered",
)  # fmt: skip
_BY_ID = "public_id"

KINDS: tuple[Kind, ...] = (
    Kind("case", Case, Section.QUESTION, "question", ("prophylaxis", "alternatives")),
    Kind("tumour", Tumour, Section.TUMOUR, "tumour", ("t_category", "n_category", "m_category")),
    Kind("status", PerformanceStatus, Section.FITNESS, "fitness", ("assessed",)),
    Kind("body", Background, Section.FITNESS, "fitness", ("weight_kg", "weighed", "height_cm")),
    Kind(
        "background",
        Background,
        Section.FITNESS,
        "background",
        ("pack_years", "bled", "operated", "comorbidities", "preference"),
    ),
    Kind("site", Metastasis, Section.TUMOUR, "metastases", ("present",), "site"),
    Kind("driver", DriverTest, Section.TUMOUR, "drivers", ("result", "sampled"), "gene"),
    Kind("course", ICICourse, Section.COURSES, "courses", _COURSE, _BY_ID, {"drugs": "drug_1"}),
    Kind(
        "treatment",
        OtherTreatment,
        Section.TREATMENT,
        "treatment",
        ("line", "start", "stop", "best_response", "dose_gy", "fractions"),
        _BY_ID,
    ),
    Kind(
        "response",
        ResponseAssessment,
        Section.RESPONSES,
        "responses",
        ("assessed", "response", "sum_mm", "new_lesions"),
        _BY_ID,
    ),
    Kind("irae", IrAE, Section.IRAES, "iraes", _IRAE, _BY_ID),
    Kind(
        "steroid",
        SteroidCourse,
        Section.STEROIDS,
        "steroids",
        _STEROID,
        _BY_ID,
        {"indication": "purpose"},
    ),
    Kind(
        "second",
        Immunosuppressant,
        Section.STEROIDS,
        "immunosuppressants",
        ("indication", "start", "stop", "still_given"),
        _BY_ID,
        {"indication": "purpose"},
    ),
    Kind("report", Report, Section.IRAES, "reports", ("reported",), _BY_ID),
    Kind("sample", BiomarkerResult, Section.TUMOUR, "biomarkers", ("value", "sampled"), _BY_ID),
    Kind(DOSSIER, DossierEntry, Section.IRAES, DOSSIER, ("answer", "found_on"), "item"),
)
BY_CODE = {kind.code: kind for kind in KINDS}


def item_of(key: str) -> Item | None:
    """Return what a key stands for; None for that of a fact, or of nothing that is known."""
    code, _hyphen, rest = key.partition("-")
    column, _hyphen, row = rest.partition("-")
    kind = BY_CODE.get(code)
    if kind is None or column not in kind.columns or bool(row) != bool(kind.by):
        return None
    return Item(kind, column, row)


def items_of_form(form: str, row: Any = None) -> dict[str, str]:
    """Return by the names of its fields what one form asks for; `row`: the row that it changes, None for a new one.

    Of forms that ask for several rows at once it is each row's: `items_of_rows`.
    """
    found: dict[str, str] = {}
    for kind in KINDS:
        if kind.form == form and kind.by in ("", _BY_ID):
            named = (row.public_id.hex if row is not None else NEW) if kind.by else ""
            found |= {kind.field_of(c): kind.key(c, named) for c in kind.columns}
    return found


def items_of_rows(code: str, rows: Iterable[str]) -> dict[str, str]:
    """Return the same of a form that shows a site, or a gene, a line: the field of the first column bears its name."""
    kind = BY_CODE[code]
    first, *others = kind.columns
    return {
        row if column == first else f"{row}_{column}": kind.key(column, row)
        for row in rows
        for column in (first, *others)
    }


def items_of_dossier(irae: IrAE, items: Iterable[DossierItem]) -> dict[str, str]:
    """Return the same of the dossier of one irAE: each answer, and the day on which it was found."""
    kind = BY_CODE[DOSSIER]
    found: dict[str, str] = {}
    for item in items:
        row = f"{irae.public_id.hex}-{item.code}"
        found |= {item.code: kind.key("answer", row), f"{item.code}_on": kind.key("found_on", row)}
    return found


def saved_as(key: str, row: Any) -> str:
    """Return the key of an item of a form that made `row`."""
    return f"{key.removesuffix(NEW)}{row.public_id.hex}" if is_new(key) else key


def is_new(key: str) -> bool:
    """Whether a key is of a row that is not saved yet."""
    item = item_of(key)
    return item is not None and item.row == NEW


def told(case: Case, patient: Patient, keys: Iterable[str]) -> set[str]:
    """Return which of the items the record tells by now, or asks for no more since their row is gone.

    One query for each kind among them.
    """
    wanted: dict[str, dict[str, Item]] = {}
    for key in keys:
        item = item_of(key)
        if item is not None:
            wanted.setdefault(item.kind.code, {})[key] = item
    found: set[str] = set()
    for code, items in wanted.items():
        rows = _rows(BY_CODE[code], case, patient, items.values())
        found |= {key for key, item in items.items() if rows(item)}
    return found


def _rows(
    kind: Kind, case: Case, patient: Patient, items: Iterable[Item]
) -> Callable[[Item], bool]:
    """Return what says of an item of `kind` whether it is told."""
    if kind.code == "case":
        return lambda item: _tells(case, item.column)
    # What stays behind with a merged record is asked for no more, like a row that is gone.
    mine = kind.model._default_manager.filter(patient=patient.kept)
    if not kind.by:
        row = mine.first()
        return lambda item: row is not None and _tells(row, item.column)
    if kind.code == DOSSIER:
        return _of_dossiers(mine, patient, [item.irae for item in items])
    if kind.by == _BY_ID:
        ids = [UUID(item.row) for item in items]
        by_id = {row.public_id.hex: row for row in mine.filter(public_id__in=ids)}
        return lambda item: item.row not in by_id or _tells(by_id[item.row], item.column)
    named = {getattr(row, kind.by): row for row in mine}
    return lambda item: item.row in named and _tells(named[item.row], item.column)


def _of_dossiers(mine: Any, patient: Patient, iraes: Iterable[str]) -> Callable[[Item], bool]:
    ids = [UUID(irae) for irae in iraes]
    events = IrAE.objects.filter(patient=patient.kept, public_id__in=ids)
    there = {found.hex for found in events.values_list("public_id", flat=True)}
    rows = mine.filter(irae__public_id__in=ids).select_related("irae", "item")
    entries = {f"{row.irae.public_id.hex}-{row.item.code}": row for row in rows}

    def is_told(item: Item) -> bool:
        entry = entries.get(item.row)
        return item.irae not in there or (entry is not None and _tells(entry, item.column))

    return is_told


def _tells(row: Any, column: str) -> bool:
    """Whether a column of a row says something, or why it never will."""
    name = "state" if column == "value" else f"{column}_state"
    return FactState(state_beside(getattr(row, column, None), getattr(row, name))) in SETTLED


def each_key() -> Iterator[tuple[Kind, str]]:
    """Yield every column that can be asked for, for checks."""
    for kind in KINDS:
        for column in kind.columns:
            yield kind, column

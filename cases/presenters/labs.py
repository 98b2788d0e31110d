"""Laboratory results as a table by day, and what follows from those of one day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cases.lab_entry import is_doubtful, range_words, unit_words
from cases.lab_reading import blood_of
from cases.models import Case, Comparator
from cases.presenters.indices import IndexView, index_views
from cases.presenters.sparklines import Sparkline, sparkline
from cases.reading import WEIGHT
from cases.rules import days_held
from cases.whole_record import ensure_record
from ui import formatting

if TYPE_CHECKING:
    from cases.models import LabResult

DAYS_SHOWN = 5


@dataclass(frozen=True)
class ResultCell:
    """One result: as entered, and beside it what it is in the canonical unit where that is another."""

    text: str
    unit: str
    converted: str
    reference: str
    outside: str
    doubtful: bool
    source: str
    edit_url: str
    name: str


@dataclass(frozen=True)
class ResultRow:
    """One analyte over the days shown; a day may hold several results of different sources."""

    label: str
    unit: str
    cells: tuple[tuple[ResultCell, ...], ...]
    trend: Sparkline | None


@dataclass(frozen=True)
class DayHead:
    """One day of samples; `source` where all its results are of one."""

    day: str
    source: str


@dataclass(frozen=True)
class LabTable:
    """The newest days of a patient's results."""

    days: tuple[DayHead, ...]
    rows: tuple[ResultRow, ...]
    more: str
    all_url: str
    add_url: str
    indices: tuple[IndexView, ...]


@dataclass(frozen=True)
class ListedResult:
    """One result in the list of all."""

    day: str
    analyte: str
    cell: ResultCell
    entered_by: str


def result_name(row: LabResult) -> str:
    """Return a result by analyte and day."""
    name = {"analyte": row.analyte.label, "day": formatting.date(row.taken_on)}
    return _("%(analyte)s of %(day)s") % name


def _cell(case: Case, row: LabResult, *, may_edit: bool) -> ResultCell:
    analyte = row.analyte
    sign = "" if row.comparator == Comparator.EQUAL else row.comparator
    value = Decimal(row.value)
    converted = ""
    if row.unit_entered != analyte.unit:
        shown = f"{sign}{formatting.number(value)} {unit_words(analyte.unit)}"
        converted = _("= %(value)s") % {"value": shown}
    url = reverse("cases:result", args=[case.public_id, row.public_id]) if may_edit else ""
    return ResultCell(
        text=row.value_entered,
        unit=unit_words(row.unit_entered),
        converted=converted,
        reference=range_words(row, analyte.scales),
        outside=_outside(row, value),
        doubtful=is_doubtful(row),
        source=row.source,
        edit_url=url,
        name=result_name(row),
    )


def _outside(row: LabResult, value: Decimal) -> str:
    """Return "above" or "below" where a result certainly lies outside its own reference range."""
    low, high = row.reference_low, row.reference_high
    if high is not None and value > high and row.comparator != Comparator.LESS:
        return "above"
    if low is not None and value < low and row.comparator != Comparator.GREATER:
        return "below"
    return ""


def lab_table(case: Case, *, may_edit: bool) -> LabTable:
    """Return the results of the newest days and the indices of the blood. No query but the record's."""
    ensure_record(case.patient)
    patient: Any = case.patient
    rows: list[LabResult] = list(patient.lab_results.all())
    days = sorted({row.taken_on for row in rows}, reverse=True)
    shown = days[:DAYS_SHOWN]
    heads = [DayHead(formatting.date(day), _one_source(rows, day)) for day in shown]
    all_url = reverse("cases:labs", args=[case.public_id])
    older = sum(row.taken_on not in set(shown) for row in rows)
    return LabTable(
        days=tuple(heads),
        rows=tuple(_table_rows(case, rows, shown, may_edit=may_edit)),
        more=ngettext("%(n)s older result", "%(n)s older results", older) % {"n": older}
        if older
        else "",
        all_url=all_url if rows else "",
        add_url=reverse("cases:result_add", args=[case.public_id]) if may_edit else "",
        indices=index_views(
            blood_of(
                patient,
                weight_holds_days=days_held(case, WEIGHT),
                doses_hold_days=days_held(case, "steroid_now"),
            ),
            rows,
        )
        if rows
        else (),
    )


def _one_source(rows: Iterable[LabResult], day: date) -> str:
    sources = {row.source for row in rows if row.taken_on == day}
    return sources.pop() if len(sources) == 1 else ""


def _table_rows(
    case: Case, rows: Iterable[LabResult], days: list[date], *, may_edit: bool
) -> list[ResultRow]:
    by_analyte: dict[int, list[LabResult]] = defaultdict(list)
    for row in rows:
        by_analyte[row.analyte_id].append(row)
    groups = sorted(by_analyte.values(), key=lambda g: (g[0].analyte.position, g[0].analyte.code))
    found = []
    for group in groups:
        cells = tuple(
            tuple(_cell(case, r, may_edit=may_edit) for r in group if r.taken_on == day)
            for day in days
        )
        if any(cells):
            analyte = group[0].analyte
            trend = sparkline(group)
            found.append(ResultRow(analyte.label, unit_words(analyte.unit), cells, trend))
    return found


def result_rows(case: Case, rows: Iterable[LabResult], *, may_edit: bool) -> list[ListedResult]:
    """Return results as the list of all shows them."""
    return [
        ListedResult(
            day=formatting.date(row.taken_on),
            analyte=row.analyte.label,
            cell=_cell(case, row, may_edit=may_edit),
            entered_by=row.entered_by.name,
        )
        for row in rows
    ]


def labs_summary(case: Case) -> str:
    """Return the number of results and the newest day in one line."""
    ensure_record(case.patient)
    patient: Any = case.patient
    rows = list(patient.lab_results.all())
    if not rows:
        return _("none entered")
    count = ngettext("%(n)s result", "%(n)s results", len(rows)) % {"n": len(rows)}
    newest = formatting.date(max(row.taken_on for row in rows))
    return _("%(count)s, the newest of %(day)s") % {"count": count, "day": newest}

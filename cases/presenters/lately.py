"""The newest laboratory results that bear on a dossier, in words: value, day, limit and source."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from cases.derivations.lately import MEASURED_BY
from cases.lab_entry import unit_words
from cases.models import Comparator
from ui import formatting

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cases.models import DossierItem, LabResult, Patient

# Item of a dossier -> the analytes that tell of it.
ANALYTES = {
    "colon_calprotectin": ("calprotectin",),
    "colon_calprotectin_now": ("calprotectin",),
    "heart_ck": ("ck",),
    "heart_troponin": ("troponin_t", "troponin_i"),
    "kidney_creatinine_uln": ("creatinine",),
    "kidney_now": ("creatinine",),
    "liver_alt_uln": ("alt",),
    "liver_ast_uln": ("ast",),
    "liver_bilirubin_uln": ("bilirubin",),
    "muscle_ck": ("ck",),
    "muscle_troponin": ("troponin_t", "troponin_i"),
    "pancreas_lipase": ("lipase",),
}
OF_LIMIT = "x ULN"
TENTH = Decimal("0.1")


def beside_items(patient: Patient, items: Iterable[DossierItem]) -> dict[str, str]:
    """Return for the code of each item what the newest results that bear on it say; the record must be fetched."""
    told = ((item, newest_of(patient, ANALYTES.get(item.code, ()))) for item in items)
    return {
        item.code: "; ".join(
            _("laboratory: %(result)s") % {"result": result_words(row, item.unit)} for row in rows
        )
        for item, rows in told
        if rows
    }


def newest_of(patient: Patient, analytes: Iterable[str]) -> list[LabResult]:
    """Return the results of the newest day of each of `analytes`."""
    lists: Any = patient
    rows: list[LabResult] = list(lists.lab_results.all())
    found = []
    for code in analytes:
        mine = [row for row in rows if row.analyte.code == code]
        newest = max((row.taken_on for row in mine), default=None)
        found += [row for row in mine if row.taken_on == newest]
    return found


def result_words(row: LabResult, unit: str = "") -> str:
    """Return a result with its day and source; for an item told in multiples of the limit with that too."""
    parts = [
        f"{row.analyte.label} {row.value_entered} {unit_words(row.unit_entered)}",
        formatting.date(row.taken_on),
        row.source,
    ]
    if unit == OF_LIMIT:
        parts.append(_multiple(row))
    return ", ".join(part for part in parts if part)


def _multiple(row: LabResult) -> str:
    """Return the result as a multiple of its own upper limit, or that it came without one."""
    if not row.reference_high:
        return _("without its upper limit")
    times = (Decimal(row.value) / Decimal(row.reference_high)).quantize(TENTH, ROUND_HALF_UP)
    sign = "" if row.comparator == Comparator.EQUAL else row.comparator
    return _("%(times)s x its upper limit") % {"times": f"{sign}{formatting.number(times)}"}


def measured_words(patient: Patient, key: str) -> str:
    """Return the newest result that may stand for what a dossier says of now; empty where there is none."""
    if key not in MEASURED_BY or not patient.record_is_fetched:
        return ""
    return "; ".join(
        _("newest result: %(result)s") % {"result": result_words(row)}
        for row in newest_of(patient, (MEASURED_BY[key],))
    )

"""The laboratory results that bear on a dossier, in words: the newest, and the highest since the event began."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from cases.derivations.dossier import PEAKS
from cases.derivations.lately import MEASURED_BY, OF_BASELINE, NoBaseline, baseline_day
from cases.lab_entry import unit_words
from cases.models import Comparator
from cases.reading import asked_of
from ui import formatting
from ui.partial_dates import bounded

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from cases.models import DossierItem, IrAE, LabResult, Patient
    from ui.partial_dates import PartialDate

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
# Items that ask how things are now, of which the newest result tells; the others ask how bad it became.
OF_NOW = frozenset({"colon_calprotectin_now", "kidney_now"})
OF_LIMIT = "x ULN"
# Limits of grades and rules have one decimal at most.
OF_LIMITS, LEAST, MOST = Decimal("0.1"), 2, 9


def beside_items(patient: Patient, irae: IrAE, items: Iterable[DossierItem]) -> dict[str, str]:
    """Return for the code of each item what the results that bear on it say; the record must be fetched.

    Beside what asks for a peak stands the highest result since the onset of the event, as far as that is known:
    else nothing.
    """
    onset = _onset_of(patient, irae)
    told = {
        item.code: _newest_words(patient, item)
        if item.code in OF_NOW
        else _highest_words(patient, item, irae.onset, onset.earliest if onset else None)
        for item in items
        if item.code in ANALYTES
    }
    return {code: words for code, words in told.items() if words}


def _onset_of(patient: Patient, irae: IrAE) -> PartialDate | None:
    """Return the onset with the bounds that follow from the first dose of its course."""
    lists: Any = patient
    course = next((row for row in lists.courses.all() if row.pk == irae.course_id), None)
    return irae.onset and bounded(irae.onset, {"ICI start": course.start if course else None})


def _newest_words(patient: Patient, item: DossierItem) -> str:
    rows = newest_of(patient, ANALYTES[item.code])
    told = [_("laboratory: %(result)s") % {"result": result_words(row, item.unit)} for row in rows]
    return "; ".join([*told, *_baseline_words(patient, item.fact)])


def _highest_words(
    patient: Patient, item: DossierItem, onset: PartialDate | None, since: date | None
) -> str:
    if since is None:
        return ""
    rows = highest_of(patient, ANALYTES[item.code], since, item.unit)
    sentence = _("laboratory, highest since the onset (%(onset)s): %(result)s")
    words = (result_words(row, item.unit) for row in rows)
    day = formatting.partial_date(onset)
    return "; ".join(sentence % {"onset": day, "result": result} for result in words)


def highest_of(
    patient: Patient, analytes: Iterable[str], since: date, unit: str
) -> list[LabResult]:
    """Return the highest result of each of `analytes` from `since` on.

    For an item told in multiples of the limit that is the highest multiple; a value that came without its limit and
    is higher stands beside it.
    """
    lists: Any = patient
    rows: list[LabResult] = [row for row in lists.lab_results.all() if row.taken_on >= since]
    found = []
    for code in analytes:
        mine = [row for row in rows if row.analyte.code == code]
        limited = [row for row in mine if row.reference_high] if unit == OF_LIMIT else []
        top = max(limited, key=lambda row: (_rank(row), _times(row)), default=None)
        others = [row for row in mine if not (limited and row.reference_high)]
        highest = max(others, key=lambda row: (_rank(row), row.value), default=None)
        if highest and top and (_rank(highest), highest.value) <= (_rank(top), top.value):
            highest = None
        found += [row for row in (top, highest) if row is not None]
    return found


def _rank(row: LabResult) -> bool:
    """Whether a result is more than an upper bound: what is below 10 may be lower than 8."""
    return row.comparator != Comparator.LESS


def _times(row: LabResult) -> Decimal:
    return Decimal(row.value) / Decimal(row.reference_high or 1)


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


def _baseline_of(patient: Patient, key: str) -> list[LabResult] | NoBaseline:
    """Return the results that are the baseline of a fact told as a multiple of it, or why there is none."""
    lists: Any = patient
    rows = [row for row in lists.lab_results.all() if row.analyte.code == MEASURED_BY[key]]
    taken = (row.taken_on for row in rows)
    day = baseline_day(asked_of(patient), PEAKS[key], taken)
    return day if isinstance(day, NoBaseline) else [row for row in rows if row.taken_on == day]


def _baseline_words(patient: Patient, key: str) -> list[str]:
    if key not in OF_BASELINE:
        return []
    rows = _baseline_of(patient, key)
    if isinstance(rows, NoBaseline):
        return [_("no baseline: %(why)s") % {"why": _why_none()[rows]}]
    return [_("baseline: %(result)s") % {"result": result_words(row)} for row in rows]


def _why_none() -> dict[NoBaseline, str]:
    return {
        NoBaseline.FIRST_DOSE: _(
            "the first dose of all is not known, or the courses are not all told"
        ),
        NoBaseline.FIRST_DOSE_IN_PART: _(
            "the first dose of all is known only in part, and which result it is depends on its day"
        ),
        NoBaseline.BEGINNING: _("the day on which the event began is not known, or only in part"),
        NoBaseline.RESULT: _(
            "no result of the year before the first dose of all, of a day before the event began"
        ),
    }


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
    sign = "" if row.comparator == Comparator.EQUAL else row.comparator
    times = formatting.number(multiple(_times(row)))
    return _("%(times)s x its upper limit") % {"times": f"{sign}{times}"}


def multiple(exact: Decimal) -> Decimal:
    """Return a multiple to two decimals; to more where it would be rounded to what may be a limit."""
    for places in range(LEAST, MOST):
        found = exact.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
        if found == exact or found != found.quantize(OF_LIMITS):
            return found
    return exact


def measured_words(patient: Patient, key: str) -> str:
    """Return the newest result that may stand for what a dossier says of now; empty where there is none."""
    if key not in MEASURED_BY or not patient.record_is_fetched:
        return ""
    rows = newest_of(patient, (MEASURED_BY[key],))
    told = [_("newest result: %(result)s") % {"result": result_words(row)} for row in rows]
    return "; ".join([*told, *_baseline_words(patient, key)] if told else [])

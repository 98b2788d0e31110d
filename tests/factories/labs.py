"""Laboratory results for tests, read as a form reads them and saved through the service."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from cases.lab_entry import Typed, check
from cases.loading import load
from cases.models import Analyte, CaseSection, LabResult
from cases.services.labs import save_results

if TYPE_CHECKING:
    from accounts.models import User
    from cases.models import Case

USUAL = {
    "leukocytes": ("8.0", "10^9/L", ""),
    "neutrophils": ("6.0", "10^9/L", ""),
    "lymphocytes": ("1.5", "10^9/L", "1.0-4.0"),
    "monocytes": ("0.5", "10^9/L", ""),
    "platelets": ("300", "10^9/L", ""),
    "ldh": ("300", "U/L", "135-225"),
    "albumin": ("38", "g/L", "35-50"),
}


def analytes() -> dict[str, Analyte]:
    """Return the analytes as delivered, by code."""
    if not Analyte.objects.exists():
        load()
    return {row.code: row for row in Analyte.objects.all()}


def version_of(case: Case) -> int:
    """Return the version of the section of laboratory results."""
    return CaseSection.objects.get(case=case, key="labs").version


def make_sample(
    by: User,
    case: Case,
    day: date,
    values: dict[str, tuple[str, str, str]] | None = None,
    source: str = "",
) -> list[LabResult]:
    """Enter the results of one day."""
    known = analytes()
    results = []
    for code, (value, unit, reference) in (values or USUAL).items():
        checked = check(known[code], Typed(value, unit, reference))
        assert not checked.errors, checked.errors
        results.append({**checked.columns, "taken_on": day, "source": source})
    return save_results(by=by, case=case, version=version_of(case), results=results)


def make_many(by: User, case: Case, count: int, newest: date = date(2026, 3, 3)) -> None:
    """Enter at least `count` results, one usual sample a week back in time, in one save."""
    known, results = analytes(), []
    day = newest
    while len(results) < count:
        for code, (value, unit, reference) in USUAL.items():
            columns = check(known[code], Typed(value, unit, reference)).columns
            results.append({**columns, "taken_on": day, "source": "Laboratory"})
        day -= timedelta(days=7)
    save_results(by=by, case=case, version=version_of(case), results=results)

"""Laboratory results for tests, read as a form reads them and saved through the service."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.urls import reverse

from cases.lab_entry import Typed, check
from cases.loading import load
from cases.models import Analyte, CaseSection, LabResult
from cases.services.labs import save_results

if TYPE_CHECKING:
    from accounts.models import User
    from cases.models import Case
    from evidence.conditions.facts import Fact

USUAL = {
    "leukocytes": ("8.0", "10^9/L", ""),
    "neutrophils": ("6.0", "10^9/L", ""),
    "lymphocytes": ("1.5", "10^9/L", "1.0-4.0"),
    "monocytes": ("0.5", "10^9/L", ""),
    "platelets": ("300", "10^9/L", ""),
    "ldh": ("300", "U/L", "135-225"),
    "albumin": ("38", "g/L", "35-50"),
}
DAY = date(2026, 3, 3)


def typed(version: int = 1, day: str = "3 March 2026", **fields: str) -> dict[str, Any]:
    """Return the fields of one sample as its form sends them."""
    return {"version": version, "taken_on": day, "source": "Central laboratory", **fields}


def post_sample(client: Any, case: Case, **fields: Any) -> Any:
    """Send the form of one sample."""
    return client.post(f"{reverse('cases:detail', args=[case.public_id])}labs/add", typed(**fields))


def facts_of(case: Case) -> dict[str, Fact]:
    """Return the facts of a case as they stand now."""
    case.facts.refresh_from_db()
    return case.facts.as_facts()


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


def make_many(by: User, case: Case, count: int, newest: date = DAY) -> None:
    """Enter at least `count` results, one usual sample a week back in time, in one save."""
    known = analytes()
    results: list[dict[str, Any]] = []
    day = newest
    while len(results) < count:
        for code, (value, unit, reference) in USUAL.items():
            columns = check(known[code], Typed(value, unit, reference)).columns
            results.append({**columns, "taken_on": day, "source": "Laboratory"})
        day -= timedelta(days=7)
    save_results(by=by, case=case, version=version_of(case), results=results)

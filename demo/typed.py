"""Turns typed values into what the services take: a value beside its state, dates known in part."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cases.lab_entry import Typed, check
from ui.partial_dates import parse_partial_date

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from cases.models import Analyte

COURSE = ("best_response", "stop_reason")
IRAE = ("worst_grade", "grade_now", "resolution")
STEROID = ("drug", "peak_mg_per_day", "now_mg_per_day")


def stated(given: Mapping[str, Any], names: Iterable[str]) -> dict[str, Any]:
    """Return value and state of each of `names`: not given or None is unknown."""
    values: dict[str, Any] = {}
    for name in names:
        value = given.get(name)
        if isinstance(value, dict):
            values[name], values[f"{name}_state"] = None, value["state"]
        else:
            values[name] = value
            values[f"{name}_state"] = "unknown" if value is None else "known"
    return values


def dated(given: Mapping[str, Any], names: Iterable[str]) -> dict[str, Any]:
    """Return each partial date of `names`, read as a form reads it, and its state."""
    values: dict[str, Any] = {}
    for name in names:
        value = given.get(name)
        if isinstance(value, str):
            values[name] = parse_partial_date(value)
        else:
            values[name] = None
            values[f"{name}_state"] = value["state"] if value else "unknown"
    return values


def course(given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values of one ICI course."""
    low, high = _bounds(given.get("cycles"))
    drugs = given.get("drugs")
    return {
        "drugs": drugs or [],
        "drugs_state": "known" if drugs else "unknown",
        "regimen": given.get("regimen", ""),
        "line": given.get("line"),
        "cycles_low": low,
        "cycles_high": high,
        **dated(given, ("start", "stop")),
        **stated(given, COURSE),
    }


def _bounds(cycles: int | str | None) -> tuple[int | None, int | None]:
    """Return the lowest and highest number of cycles: 8, or "at least 39"."""
    if isinstance(cycles, str):
        return int(cycles.removeprefix("at least ")), None
    return cycles, cycles


def irae(given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values of one irAE, without the rows it refers to."""
    plain = {name: given[name] for name in ("organ", "entity", "ctcae_version")}
    return {**plain, **dated(given, ("onset", "resolved")), **stated(given, IRAE)}


def steroid(given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values of one steroid course, without the irAE it was given for."""
    return {
        "replacement": given.get("replacement", False),
        **dated(given, ("start", "stop")),
        **stated(given, STEROID),
    }


def biomarker(given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values of one biomarker result: a value, bounds, or only words."""
    low, high = given.get("low"), given.get("high")
    unknown = low is None and high is None
    return {
        "kind": given["kind"],
        "timing": given["timing"],
        "low": low,
        "high": high,
        "state": given.get("state", "unknown" if unknown else "known"),
        "entered": given.get("entered", ""),
        "assay": given.get("assay", ""),
        **dated(given, ("sampled",)),
    }


def body(given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values of weight and height; none where nothing was planned."""
    if not given:
        return {}
    return {**stated(given, ("weight_kg", "height_cm")), **dated(given, ("weighed",))}


def results(given: Mapping[str, Any], analytes: Mapping[str, Analyte]) -> list[dict[str, Any]]:
    """Return the values of the results of one sample, read as a form reads them."""
    day = parse_partial_date(given["taken"]).earliest
    found = []
    for code, (value, unit, reference) in given["values"].items():
        checked = check(analytes[code], Typed(value, unit, reference))
        if checked.errors:
            raise ValueError(f"{code} {value} {unit}: {checked.errors}")
        found.append({**checked.columns, "taken_on": day, "source": given["source"]})
    return found

"""Turns typed values into what the services take: a value beside its state, dates known in part."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from cases.lab_entry import Typed, check
from ui.partial_dates import parse_partial_date

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from cases.models import Analyte

COURSE = (
    "best_response",
    "stop_reason",
    "setting",
    "regimen_kind",
    "planned_days",
    "progression_timing",
)
PROGRESSION = (
    "progression_confirmed",
    "progression_called",
    "new_lesions",
    "growing_lesions",
    "progressing_organs",
    "all_treatable_locally",
    "primary_state",
)
IRAE = ("worst_grade", "grade_now", "resolution")
MORE = ("severity_word", "excluded", "sequelae_text")
MORE_STATED = ("onset_grade", "likelihood", "care", "sequelae")
STEROID = ("drug", "peak_mg_per_day", "now_mg_per_day", "not_tapered")


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
        "cycles_state": "missing" if low is None and high is None else "known",
        "response_criteria": given.get("response_criteria", ""),
        "contributing_reasons": given.get("contributing", []),
        "contributing_reasons_state": "known" if "contributing" in given else "missing",
        **dated(given, ("start", "stop")),
        **stated(given, COURSE),
        **_progression(given),
    }


def _progression(given: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is told of a progression; where there was none, the questions do not arise."""
    timing = given.get("progression_timing")
    if timing == "none" or timing == {"state": "not_applicable"}:
        given = {name: {"state": "not_applicable"} for name in (*PROGRESSION, "progressed")}
    return {**stated(given, PROGRESSION), **dated(given, ("progressed",))}


def treatment(given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values of one treatment that is no ICI."""
    radiotherapy = given["kind"] == "radiotherapy"
    if not radiotherapy:
        no = {"state": "not_applicable"}
        given = {**given, "dose_gy": no, "fractions": no}
    return {
        "kind": given["kind"],
        **{name: given.get(name, "") for name in ("name", "site")},
        "line": given.get("line"),
        **dated(given, ("start", "stop")),
        **stated(given, ("best_response", "dose_gy", "fractions")),
    }


def response(given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values of one response assessment, without the course it belongs to."""
    return {
        "criteria": given["criteria"],
        "note": given.get("note", ""),
        **dated(given, ("assessed",)),
        **stated(given, ("response", "sum_mm", "new_lesions")),
    }


def _bounds(cycles: int | str | None) -> tuple[int | None, int | None]:
    """Return the lowest and highest number of cycles: 8, or "at least 39"."""
    if isinstance(cycles, str):
        return int(cycles.removeprefix("at least ")), None
    return cycles, cycles


def irae(given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values of one irAE, without the rows it refers to."""
    plain = {name: given[name] for name in ("organ", "entity", "ctcae_version")}
    more = {name: given[name] for name in MORE if name in given}
    more |= stated(given, [name for name in MORE_STATED if name in given])
    return {**plain, **more, **dated(given, ("onset", "resolved")), **stated(given, IRAE)}


def steroid(given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values of one steroid course, without the irAE it was given for."""
    return {
        "indication": given.get("indication"),
        "indication_state": "known" if given.get("indication") else "unknown",
        **dated(given, ("start", "stop")),
        **stated(given, STEROID),
    }


def doses(given: Mapping[str, Any]) -> list[tuple[Any, Decimal]] | None:
    """Return the steps of a steroid course, None where only peak and now are told."""
    steps = given.get("doses")
    if steps is None:
        return None
    return [(parse_partial_date(since), Decimal(str(mg))) for since, mg in steps]


def second_line(given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values of one second-line agent, without the irAE it was given for."""
    return {
        "drug": given["drug"],
        "dose": given.get("dose", ""),
        "indication": "irae",
        "indication_state": "known",
        **dated(given, ("start", "stop")),
        **stated(given, ("still_given",)),
    }


def report(given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values of one report in words, without the irAE it is about."""
    return {"title": given["title"], "text": given["text"], **dated(given, ("reported",))}


def finding(kind: str, answer: str) -> dict[str, Any]:
    """Return the values of one answer of a dossier; a number may be told by its bounds, as 4-6."""
    low = high = None
    if kind == "number":
        first, _dash, last = answer.partition("-")
        low, high = Decimal(first), Decimal(last or first)
    return {"answer": answer, "answer_state": "known", "low": low, "high": high}


RESULTS = ("positive", "negative", "not_tested")


def site(said: Any) -> dict[str, Any]:
    """Return the values of one site of metastases: yes, no, None for unknown, a state, or words about them."""
    detail = said if isinstance(said, str) else ""
    found = stated({"present": True if detail else said}, ("present",))
    return {**found, "detail": detail}


def driver(gene: str, said: Any) -> dict[str, Any]:
    """Return the values of one gene: a result, None for unknown, a state, or the alteration found.

    Of "other" alterations there are words alone.
    """
    if gene == "other":
        return {"variant": said}
    variant = said if isinstance(said, str) and said not in RESULTS else ""
    found = stated({"result": "positive" if variant else said}, ("result",))
    return {**found, "variant": variant}


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
        "unit": given.get("unit", "mut_per_mb"),
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

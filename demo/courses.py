"""What surrounds the invented courses: setting, regimen, progression, other treatment, assessments, alternatives."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random
from typing import Any

from ui.partial_dates import PartialDate, parse_partial_date, render_day

MISSING = {"state": "missing"}
NOT_APPLICABLE = {"state": "not_applicable"}
# new, growing, organs, all treatable locally, the primary, confirmed, the report's word
PROGRESSIONS: tuple[tuple[Any, ...], ...] = (
    (1, 0, 1, True, "stable", True, "oligo"),
    (4, 2, 3, False, "growing", True, "systemic"),
    (2, 0, 1, True, "remitting", True, None),
    (6, 0, 4, False, "stable", True, "systemic"),
    (None, None, None, None, "stable", False, "oligo"),
    (2, 1, 2, True, "stable", True, None),
)
COUNTS = (
    "new_lesions",
    "growing_lesions",
    "progressing_organs",
    "all_treatable_locally",
    "primary_state",
    "progression_confirmed",
    "progression_called",
)
STATUS = {
    "on_treatment": ("slow", "treat_now", "treat_now"),
    "after_stop": ("slow", "treat_now", "slow"),
    "none": ("controlled", "no_evidence", "controlled"),
}
OPEN: tuple[tuple[list[str], str], ...] = (
    (["chemotherapy", "supportive"], ""),
    (["surveillance"], ""),
    (["chemotherapy", "trial"], "docetaxel with ramucirumab"),
    (["radiotherapy", "chemotherapy"], "stereotactic radiotherapy of the new site"),
    (["none"], ""),
)


def _first(text: str) -> date:
    found: PartialDate = parse_partial_date(text)
    assert found.earliest is not None
    return found.earliest


def _last(text: str) -> date:
    found: PartialDate = parse_partial_date(text)
    assert found.latest is not None
    return found.latest


def elaborate(
    number: int,
    courses: tuple[dict[str, Any], ...],
    progressed: str,
    referred: date,
    *,
    known: bool,
) -> tuple[dict[str, Any], ...]:
    """Return the courses with setting, regimen and plan, the last one with its progression."""
    rng = Random(5000 + number)  # noqa: S311 - the same invented courses every time
    found = []
    for row in courses:
        drugs = row["drugs"]
        consolidation = drugs == ["durvalumab"]
        chemotherapy = "platinum" in row.get("regimen", "")
        kind = "dual" if len(drugs) > 1 else "chemotherapy" if chemotherapy else "monotherapy"
        found.append(
            row
            | {
                "setting": "consolidation" if consolidation else "palliative",
                "regimen_kind": kind,
                "planned_days": 365 if consolidation else 730,
                "response_criteria": rng.choice(("recist", "recist", "irecist")),
                "progression_timing": "none",
            }
        )
    last = found[-1]
    if not known:
        found[-1] = last | dict.fromkeys(("progression_timing", *COUNTS, "progressed"), MISSING)
        return tuple(found)
    last["progression_timing"] = progressed
    if last["stop_reason"] == "progression" and number % 2:
        last["contributing"] = ["patient_choice"] if number % 3 else []
    if progressed != "none":
        counts = dict(zip(COUNTS, PROGRESSIONS[number % len(PROGRESSIONS)], strict=True))
        last |= counts | {"progressed": _progressed(last, progressed, referred, rng)}
    return tuple(found)


def _progressed(row: dict[str, Any], timing: str, referred: date, rng: Random) -> str:
    """Return a day of progression: at the last dose, or between it and the referral."""
    start, stop = _last(row["start"]), _last(row["stop"])
    if timing == "on_treatment":
        return render_day(max(min(stop + timedelta(days=rng.randint(0, 12)), referred), start))
    room = max((referred - stop).days, 1)
    return render_day(stop + timedelta(days=rng.randint(room // 2, room)))


def treatments(number: int, courses: tuple[dict[str, Any], ...]) -> tuple[dict[str, Any], ...]:
    """Return what was given before the first ICI, of every second patient."""
    if number % 2:
        return ()
    start = _first(courses[0]["start"])
    before = start - timedelta(days=90 + 11 * (number % 7))
    radiotherapy = {
        "kind": "radiotherapy",
        "site": ("chest", "brain", "left hip", "mediastinum")[number % 4],
        "dose_gy": (60, 30, 20, 54)[number % 4],
        "fractions": (30, 10, 5, 27)[number % 4],
        "start": render_day(before),
        "stop": render_day(before + timedelta(days=(42, 13, 6, 38)[number % 4])),
        "best_response": NOT_APPLICABLE,
    }
    chemotherapy = {
        "kind": "chemotherapy",
        "name": ("cisplatin and etoposide", "carboplatin and paclitaxel")[number % 4 // 2],
        "line": 1,
        "start": render_day(before),
        "stop": render_day(before + timedelta(days=63)),
        "best_response": ("PR", "SD", "PR")[number % 3],
        "dose_gy": NOT_APPLICABLE,
        "fractions": NOT_APPLICABLE,
    }
    return (chemotherapy, radiotherapy) if number % 4 == 0 else (radiotherapy,)


def responses(number: int, courses: tuple[dict[str, Any], ...]) -> tuple[dict[str, Any], ...]:
    """Return two assessments under the last course, of two patients in three."""
    row = courses[-1]
    if number % 3 == 1 or not isinstance(row["best_response"], str):
        return ()
    start, stop = _last(row["start"]), _last(row["stop"])
    first, second = start + timedelta(days=56), start + timedelta(days=112)
    best, baseline = row["best_response"], 40 + 3 * (number % 9)
    change = {"CR": 0.0, "PR": 0.6, "SD": 0.95, "PD": 1.3, "NE": 1.0}[best]
    found = [
        {
            "assessed": render_day(when),
            "criteria": row["response_criteria"],
            "response": response,
            "sum_mm": round(baseline * size, 1),
            "new_lesions": response == "PD",
            "course": len(courses),
        }
        for when, response, size in ((first, "PD" if best == "PD" else "SD", (1 + change) / 2),
                                     (second, best, change))
        if when <= stop
    ]  # fmt: skip
    return tuple(found)


def against(number: int, progressed: str, *, known: bool) -> dict[str, Any]:
    """Return how the disease stands, what else is open, and what is proposed against the irAE."""
    if not known:
        return {"disease_status": MISSING, "prophylaxis": MISSING}
    open_, words = OPEN[number % len(OPEN)]
    return {
        "disease_status": STATUS[progressed][number % 3],
        "alternatives": open_,
        "alternatives_text": words,
        "prophylaxis": "none" if number % 4 else MISSING,
    }

"""Invented laboratory results: a blood count and chemistry on a few days, and weight and height."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random
from typing import Any

from ui.partial_dates import render_day

# Where the demonstration shows what is not everyday.
VERY_LONG, FROM_ELSEWHERE, COUNT_ALONE = 8, 3, 9
COUNT = {
    "leukocytes": (4.2, 11.5, 1, "4.0-10.0"),
    "platelets": (145, 420, 0, "150-400"),
    "haemoglobin": (98, 152, 0, "115-165"),
}
CHEMISTRY = {
    "alt": (12, 58, 0, "<40", "U/L"),
    "ast": (14, 52, 0, "<40", "U/L"),
    "bilirubin": (4, 19, 0, "<21", "umol/L"),
    "ldh": (150, 420, 0, "135-225", "U/L"),
    "albumin": (29, 45, 0, "35-50", "g/L"),
    "creatinine": (55, 118, 0, "60-110", "umol/L"),
    "tsh": (0.4, 4.6, 2, "0.3-4.2", "mIU/L"),
}


def results(number: int, referred: date) -> tuple[dict[str, Any], ...]:
    """Return the samples of an invented patient up to the day of referral; some have none."""
    rng = Random(7000 + number)  # noqa: S311 - the same invented results every time
    days = 9 if number == VERY_LONG else (4, 0, 2, 3, 0)[number % 5]
    found = []
    day = referred - timedelta(days=rng.randint(1, 6))
    for turn in range(days):
        elsewhere = number % 12 == FROM_ELSEWHERE and turn == days - 1
        values = _count(rng, elsewhere=elsewhere)
        if not (number % 12 == COUNT_ALONE and turn == 0):
            values |= _chemistry(rng)
        source = "District hospital" if elsewhere else "Hospital laboratory"
        found.append({"taken": render_day(day), "source": source, "values": values})
        day -= timedelta(days=rng.randint(18, 45))
    return tuple(found)


def body(number: int, referred: date) -> dict[str, Any]:
    """Return weight and height of an invented patient who has results; the height is not always there."""
    rng = Random(8000 + number)  # noqa: S311 - as above
    if not results(number, referred):
        return {}
    weighed = referred - timedelta(days=rng.randint(0, 9) if number % 4 else 90)
    height = {"state": "not_yet"} if number % 7 == 2 else rng.randint(154, 188)
    return {
        "weight_kg": rng.randint(520, 940) / 10,
        "weighed": render_day(weighed),
        "height_cm": height,
    }


def _figure(rng: Random, low: float, high: float, places: int) -> str:
    return f"{rng.uniform(low, high):.{places}f}"


def _count(rng: Random, *, elsewhere: bool) -> dict[str, tuple[str, str, str]]:
    values = {
        code: (
            _figure(rng, low, high, places),
            "g/L" if code == "haemoglobin" else "10^9/L",
            range_,
        )
        for code, (low, high, places, range_) in COUNT.items()
    }
    total = float(values["leukocytes"][0])
    shares = {"neutrophils": rng.uniform(0.5, 0.78), "monocytes": rng.uniform(0.05, 0.11)}
    shares["lymphocytes"] = (1 - sum(shares.values())) * rng.uniform(0.75, 0.95)
    ranges = {"neutrophils": "2.0-7.5", "monocytes": "0.2-0.8", "lymphocytes": "1.0-4.0"}
    for code, share in shares.items():
        values[code] = (f"{total * share:.2f}", "10^9/L", ranges[code])
    if elsewhere:
        # Another laboratory counts cells in a microlitre.
        for code in ("leukocytes", *shares):
            count = round(float(values[code][0]) * 1000, -1)
            values[code] = (f"{count:.0f}", "/uL", "")
    return values


def _chemistry(rng: Random) -> dict[str, tuple[str, str, str]]:
    values = {
        code: (_figure(rng, low, high, places), unit, range_)
        for code, (low, high, places, range_, unit) in CHEMISTRY.items()
    }
    crp = rng.uniform(1, 40)
    values["crp"] = ("<4" if crp < 12 else f"{crp:.0f}", "mg/L", "<5")
    return values

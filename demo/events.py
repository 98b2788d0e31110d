"""Invented courses, irAEs and steroids: plausible in kind, time and dose, of no real patient."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from ui.partial_dates import MONTHS, parse_partial_date, render_day

if TYPE_CHECKING:
    from random import Random

ENDOCRINE = {"thyroid", "pituitary", "adrenal", "endocrine_pancreas"}


@dataclass(frozen=True)
class Kind:
    """An irAE as it may come: term, organ, CTCAE version, worst grades, days from start to onset."""

    entity: str
    organ: str
    grades: tuple[int, ...]
    onset: tuple[int, int]
    version: str = "5.0"


# The leading events, in the order in which the invented cases take them: every organ comes up.
LEADING = (
    Kind("pneumonitis", "lung", (2, 3), (40, 180)),
    Kind("colitis", "colon", (2, 3), (30, 150)),
    Kind("hepatitis", "liver", (3, 4), (30, 120)),
    Kind("hypophysitis", "pituitary", (2,), (50, 120)),
    Kind("myocarditis", "heart", (2, 3), (14, 60)),
    Kind("nephritis", "kidney", (2, 3), (60, 200)),
    Kind("arthritis", "joint", (2, 3), (60, 240)),
    Kind("pneumonitis", "lung", (1, 2), (60, 220)),
    Kind("hypothyroidism", "thyroid", (2,), (40, 160)),
    Kind("bullous", "skin", (2, 3), (60, 260)),
    Kind("myasthenia", "nerve", (2, 3), (20, 60)),
    Kind("encephalitis", "brain", (3,), (30, 100), "6.0"),
    Kind("diarrhoea", "colon", (2, 3), (30, 150)),
    Kind("adrenal_insufficiency", "adrenal", (2, 3), (80, 220)),
    Kind("diabetes", "endocrine_pancreas", (3,), (40, 200)),
    Kind("myositis", "muscle", (2, 3), (20, 90)),
    Kind("thrombocytopenia", "blood", (3, 4), (30, 120)),
    Kind("uveitis", "eye", (2, 3), (40, 140)),
    Kind("pancreatitis", "pancreas", (2, 3), (50, 180)),
    Kind("vasculitis", "vessel", (2, 3), (60, 200)),
    Kind("tubulointerstitial_nephritis", "kidney", (2, 3), (60, 220), "6.0"),
    Kind("autoimmune_other", "other", (2,), (60, 200)),
    Kind("hepatitis", "liver", (2, 3), (30, 140)),
    Kind("guillain_barre", "nerve", (3,), (20, 80)),
    Kind("pericarditis", "heart", (2, 3), (30, 120)),
    Kind("haemolysis", "blood", (3,), (40, 130)),
)
BESIDE = (
    Kind("rash", "skin", (1, 2), (10, 60)),
    Kind("pruritus", "skin", (1,), (7, 50)),
    Kind("thyroiditis", "thyroid", (1, 2), (30, 90), "6.0"),
    Kind("hypothyroidism", "thyroid", (2,), (60, 180)),
    Kind("arthritis", "joint", (1,), (60, 200)),
    Kind("lipase", "pancreas", (1, 2), (30, 120)),
)


def as_known(day: date, rng: Random) -> str:
    """Return a date as a record would have it: to the day more often than to the month."""
    if rng.random() < 0.72:
        return render_day(day)
    return f"{MONTHS[day.month - 1]} {day.year}"


def event(kind: Kind, start: date, latest: date, rng: Random, *, course: int) -> dict[str, Any]:
    """Return an irAE that begins after `start` and is told by `latest`."""
    onset = min(start + timedelta(days=rng.randint(*kind.onset)), latest - timedelta(days=8))
    worst = rng.choice(kind.grades)
    row: dict[str, Any] = {
        "course": course,
        "organ": kind.organ,
        "entity": kind.entity,
        "ctcae_version": kind.version,
        "worst_grade": worst,
        "onset": as_known(onset, rng),
        "dossier": DOSSIERS.get(kind.entity, {}),
    }
    if kind.organ in ENDOCRINE:
        return row | {"resolution": "on_replacement", "grade_now": min(worst, 2), "resolved": None}
    over = onset + timedelta(days=rng.randint(16, 95))
    if over < latest and rng.random() < 0.82:
        return row | {"resolution": "resolved", "grade_now": 0, "resolved": render_day(over)}
    return row | {
        "resolution": "ongoing",
        "grade_now": min(worst, rng.choice((1, 1, 2))),
        "resolved": {"state": "not_applicable"},
    }


def _taper(row: dict[str, Any], peak: int) -> dict[str, Any]:
    """Return the doses over time of a steroid that is over, where its dates are known to the day."""
    begun = parse_partial_date(row["onset"]).exact
    ended = parse_partial_date(row["resolved"]).exact if isinstance(row["resolved"], str) else None
    if begun is None or ended is None or (ended - begun).days < 16:
        return {}
    part = (ended - begun) / 4
    steps = ((begun, peak), (begun + part, peak // 2), (begun + 2 * part, 10), (ended, 0))
    return {"doses": [(render_day(day), mg) for day, mg in steps]}


# What the dossier of an invented event says, by entity; the items are those delivered.
DOSSIERS: dict[str, dict[str, str]] = {
    "pneumonitis": {
        "lung_ct_pattern": "Organising pneumonia",
        "lung_spo2": "91",
        "lung_dlco": "68",
    },
    "hepatitis": {
        "liver_alt_uln": "7.4",
        "liver_ast_uln": "5.1",
        "liver_bilirubin_uln": "1.2",
        "liver_metastases_then": "no",
    },
}


# The second-line agent of an invented event of grade 3 or more that is over.
SECOND_LINE = {"colitis": "infliximab", "hepatitis": "mycophenolate", "myocarditis": "abatacept"}

# What a report of an invented event says.
REPORTS = {
    "colitis": (
        "Colonoscopy",
        "Left-sided inflammation without ulcers; biopsies taken from every segment.",
    ),
    "pneumonitis": (
        "CT chest",
        "Ground-glass opacities in both lower lobes, less than a quarter of the lung.",
    ),
}


def second_line(iraes: tuple[dict[str, Any], ...]) -> tuple[dict[str, Any], ...]:
    """Return the agents given beside steroids for what was severe and is over, where one is told."""
    return tuple(
        {"irae": number, "drug": SECOND_LINE[row["entity"]], "still_given": False}
        for number, row in enumerate(iraes, start=1)
        if row["entity"] in SECOND_LINE
        and row["worst_grade"] >= 3
        and row["resolution"] == "resolved"
    )


def reports(iraes: tuple[dict[str, Any], ...]) -> tuple[dict[str, Any], ...]:
    """Return the reports of the events of which one is told."""
    return tuple(
        {"irae": number, "title": title, "text": text}
        for number, row in enumerate(iraes, start=1)
        if row["entity"] in REPORTS
        for title, text in (REPORTS[row["entity"]],)
    )


def steroid(row: dict[str, Any], number: int, rng: Random) -> dict[str, Any] | None:
    """Return the steroid given for irAE `row`, or None where none is usual."""
    if row["organ"] in {"pituitary", "adrenal"}:
        dose = {"peak_mg_per_day": 20, "now_mg_per_day": 20}
        return {
            "irae": number,
            "drug": "hydrocortisone",
            "indication": "adrenal_replacement",
            **dose,
        }
    if row["organ"] in ENDOCRINE or row["worst_grade"] < 2:
        return None
    drug = (
        "methylprednisolone" if row["worst_grade"] >= 3 and rng.random() < 0.5 else "prednisolone"
    )
    over = row["resolution"] == "resolved"
    peak = rng.choice((40, 50, 60, 80)) if row["worst_grade"] < 4 else 120
    now = 0 if over else rng.choice((5, 7.5, 10, 15, 20))
    return {
        "irae": number,
        "indication": "irae",
        "drug": drug,
        "start": row["onset"],
        "peak_mg_per_day": peak,
        "now_mg_per_day": now,
        "stop": row["resolved"] if over else {"state": "not_applicable"},
        "not_tapered": False if over else {"state": "not_yet"},
        **_taper(row, peak),
    }


def eventful(today: date, rng: Random) -> tuple[tuple[dict[str, Any], ...], ...]:
    """Return courses, irAEs and steroids of a patient with a very long history."""
    courses, iraes, steroids = [], [], []
    drugs = (["pembrolizumab"], ["nivolumab", "ipilimumab"], ["atezolizumab"], ["durvalumab"])
    for number, given in enumerate(drugs, start=1):
        start = today - timedelta(days=1630 - 330 * number)
        stop = start + timedelta(days=230)
        courses.append(
            {
                "drugs": given,
                "line": number,
                "cycles": 6 + number,
                "start": render_day(start),
                "stop": render_day(stop),
                "best_response": ("PR", "SD", "SD", "PD")[number - 1],
                "stop_reason": "progression" if number == 3 else "irae",
            }
        )
        for kind in (LEADING[number - 1], *BESIDE[number % 2 :: 2], *LEADING[number + 4 :: 6][:3]):
            row = event(kind, start, stop + timedelta(days=90), rng, course=number)
            iraes.append(row)
            given_steroid = steroid(row, len(iraes), rng)
            if given_steroid:
                steroids.append(given_steroid)
    return tuple(courses), tuple(iraes), tuple(steroids)

"""Plans the invented cases: the same ones at every load, dated from the day of loading."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

from cases.vocabulary import drug_label, drug_targets, entity_label
from demo import courses as around
from demo import events, labs
from demo.carrier import carrier
from demo.plan import CasePlan, Owed

NAMES = Path(__file__).parent / "data" / "names.json"
# How many invented cases of one board stand where, and how many days ago they were referred.
PLACES: dict[str, tuple[int, tuple[int, int]]] = {
    "referred": (5, (0, 9)),
    "ready": (3, (4, 15)),
    "next_meeting": (6, (6, 24)),
    "later_meeting": (2, (3, 12)),
    "today_meeting": (3, (9, 28)),
    "decided_no": (2, (35, 70)),
    "deferred": (1, (32, 45)),
    "watch_waiting": (2, (12, 19)),
    "watch_active": (4, (50, 95)),
    "returned": (1, (67, 85)),
    "closed_no": (1, (100, 150)),
    "closed_watch": (1, (109, 125)),
    "unsigned": (1, (12, 16)),
}
REASONS = ("irae", "irae", "progression", "irae", "completed", "irae", "irae", "progression",
           "irae", "irae", "patient_choice", "irae", "irae", "completed", "irae", "other")  # fmt: skip
FIRST = (["pembrolizumab"], ["nivolumab"], ["atezolizumab"], ["durvalumab"], ["cemiplimab"],
         ["pembrolizumab"], ["tislelizumab"], ["nivolumab", "ipilimumab"], ["pembrolizumab"])  # fmt: skip
SWITCH = {"PD-1": "atezolizumab", "PD-L1": "pembrolizumab"}
OWED = (
    ("pdl1_tps_recent", "pathology"), ("liver_metastases", "radiology"), ("ecog", "medical_oncology"),
    ("interstitial_lung_disease", "respiratory"), ("driver_mutation", "pathology"),
    ("autoimmune_disease", None), ("ecog", "specialist_nurse"), ("stage_group", "radiology"),
    ("autoimmune_disease", "medical_oncology"), ("interstitial_lung_disease", "chair"),
    ("liver_metastases", "coordinator"), ("stage_group", "medical_oncology"),
)  # fmt: skip
DUE = (-6, -1, 0, 0, 3, 9, 5, -3, 1, 14)


def plans(today: date) -> list[CasePlan]:
    """Return the plan of every invented case."""
    names = _names()
    found: list[CasePlan] = []
    for board in ("north", "riverside"):
        for place, (count, ago) in PLACES.items():
            for _ in range(count):
                found.append(_plan(len(found), board, place, ago, next(names), today))
    return found


def _names() -> Iterator[tuple[str, str, str]]:
    """Yield (sex, given name, family name), each family name once."""
    lists = json.loads(NAMES.read_text())
    rng = Random(20)  # noqa: S311 - the same invented people every time
    families = rng.sample(lists["family"], len(lists["family"]))
    for index, family in enumerate(families):
        sex = "female" if index % 5 in {0, 2} else "male"
        yield sex, lists[sex][index % len(lists[sex])], family


def _plan(
    number: int,
    board: str,
    place: str,
    ago: tuple[int, int],
    name: tuple[str, str, str],
    today: date,
) -> CasePlan:
    rng = Random(1000 + number)  # noqa: S311 - the same invented cases every time
    reason = REASONS[number % len(REASONS)]
    referred_ago = rng.randint(*ago)
    referred = today - timedelta(days=referred_ago)
    if (board, place, number) == ("north", "next_meeting", 8):
        courses, iraes, steroids = events.eventful(referred, rng)
        reason = "irae"
    else:
        courses, iraes, steroids = _history(number, reason, referred, rng)
    knowledge = _knowledge(place, rng)
    owed, open_facts = _owed(number, knowledge)
    progressed = _progressed(reason, rng)
    known = knowledge != "little"
    courses = around.elaborate(number, courses, progressed, referred, known=known)
    plan = CasePlan(
        key=f"invented-{number + 1:02d}",
        board=board,
        place=place,
        sex=name[0],
        given_name=name[1],
        family_name=name[2],
        age=rng.randint(44, 84),
        referred_days_ago=referred_ago,
        urgent=number % 11 == 3,
        question={
            **_question(number, reason, courses, iraes, progressed),
            **around.against(number, progressed, known=known),
        },
        courses=courses,
        treatments=around.treatments(number, courses) if known else (),
        responses=around.responses(number, courses) if known else (),
        iraes=iraes,
        steroids=steroids,
        second_line=events.second_line(iraes),
        reports=events.reports(iraes),
        complete={
            "full": ("courses", "treatment", "iraes", "steroids"),
            "part": ("courses", "iraes"),
        }.get(knowledge, ()),
        labs=labs.results(number, referred),
        body=labs.body(number, referred),
        # Whoever refers in haste has asked about the organs that come up most.
        organs_asked=("lung", "colon", "skin", "thyroid") if knowledge == "little" else (),
        owed=owed,
        **carrier(knowledge, referred, open_facts, rng),
    )
    return plan


def _knowledge(place: str, rng: Random) -> str:
    """Return how complete the record is: "full", "part" or "little"."""
    if place in {"referred", "deferred"}:
        return rng.choice(("little", "part", "part"))
    if place in {"next_meeting", "later_meeting", "today_meeting"}:
        return rng.choice(("full", "full", "part"))
    return "full"


def _owed(number: int, knowledge: str) -> tuple[tuple[Owed, ...], set[str]]:
    if knowledge == "full":
        return (), set()
    picked = [(number + i) % len(OWED) for i in range(3 if knowledge == "part" else 2)]
    found = {OWED[i][0]: Owed(OWED[i][0], OWED[i][1], DUE[(number + i) % len(DUE)]) for i in picked}
    return tuple(found.values()), set(found)


def _history(
    number: int, reason: str, referred: date, rng: Random
) -> tuple[tuple[dict[str, Any], ...], ...]:
    """Return courses, irAEs and steroids up to the day of referral."""
    stop = referred - timedelta(days=rng.randint(25, 300))
    length = rng.randint(660, 740) if reason == "completed" else rng.randint(60, 480)
    start = stop - timedelta(days=length)
    drugs = list(FIRST[number % len(FIRST)])
    courses = [_course(drugs, start, stop, reason, rng)]
    if number % 6 == 4:
        before = start - timedelta(days=rng.randint(120, 300))
        earlier = before - timedelta(days=rng.randint(60, 240))
        courses.insert(0, _course(["durvalumab"], earlier, before, "completed", rng))
    last = len(courses)
    turn = sum(REASONS[i % len(REASONS)] == "irae" for i in range(number))
    kinds = [events.LEADING[turn % len(events.LEADING)]] if reason == "irae" else []
    kinds += rng.sample(events.BESIDE, rng.choice((0, 0, 1, 1, 2)))
    iraes = [events.event(kind, start, referred, rng, course=last) for kind in kinds]
    given = [events.steroid(row, i, rng) for i, row in enumerate(iraes, start=1)]
    return tuple(courses), tuple(iraes), tuple(row for row in given if row)


def _course(drugs: list[str], start: date, stop: date, reason: str, rng: Random) -> dict[str, Any]:
    response = {"progression": ("PD", "SD", "PR"), "completed": ("CR", "PR", "PR")}
    return {
        "drugs": drugs,
        "line": rng.choice((1, 1, 2)),
        "cycles": max(1, (stop - start).days // 21),
        "regimen": rng.choice(("", "", "with platinum and pemetrexed", "every six weeks")),
        "start": events.as_known(start, rng),
        "stop": events.as_known(stop, rng),
        "best_response": rng.choice(response.get(reason, ("PR", "SD", "PR", "CR"))),
        "stop_reason": reason,
    }


def _progressed(reason: str, rng: Random) -> str:
    either = rng.choice(("after_stop", "after_stop", "none"))
    return {"progression": "on_treatment", "completed": "after_stop"}.get(reason, either)


def _question(
    number: int,
    reason: str,
    courses: tuple[dict[str, Any], ...],
    iraes: tuple[dict[str, Any], ...],
    progressed: str,
) -> dict[str, Any]:
    drugs = courses[-1]["drugs"]
    regimen, proposed = _proposal(number, reason, drugs)
    given, asked = _words(drugs), _words(proposed)
    why = {
        "irae": f"was stopped for {_event(iraes)}",
        "progression": "was stopped when the cancer progressed",
        "completed": "ended as planned after two years",
        "patient_choice": "was stopped at the patient's wish",
        "other": "was stopped for an operation",
    }[reason]
    since = {
        "on_treatment": "", "none": ", without progression since", "after_stop": ", with progression since",
    }[progressed]  # fmt: skip
    return {
        "question": f"{given.capitalize()} {why}{since}. May {asked} be given now?",
        "proposed_regimen": regimen,
        "proposed_drugs": proposed,
    }


def _event(iraes: tuple[dict[str, Any], ...]) -> str:
    """Return the leading irAE as it stands within a sentence."""
    label = entity_label(iraes[0]["entity"]).split(",")[0] if iraes else ""
    return label if label.startswith("Guillain") else label.lower()


def _words(codes: list[str]) -> str:
    return " with ".join(drug_label(code) for code in codes)


def _proposal(number: int, reason: str, drugs: list[str]) -> tuple[str, list[str]]:
    """Return regimen and drugs that answer the stop reason."""
    target = "PD-L1" if "PD-L1" in drug_targets(drugs) else "PD-1"
    if reason == "progression":
        choices = (
            ("pd_ctla4_combination", ["nivolumab", "ipilimumab"]),
            ("ici_chemotherapy", [drugs[0]]),
            ("bispecific", ["ivonescimab"]),
            ("switch_pd1_pdl1", [SWITCH[target]]),
        )
        return choices[number % len(choices)]
    if reason == "irae" and number % 3 == 1:
        return "switch_pd1_pdl1", [SWITCH[target]]
    if reason == "irae" and drugs[1:]:
        return "other", [drugs[0]]
    return "same_agent", drugs

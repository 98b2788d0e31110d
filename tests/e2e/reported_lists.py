"""What the lists of a page and the table of the history must show of a published case, read from its file."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from tests.e2e.reported import (
    AGENTS,
    CARE,
    DOSSIER,
    EVENTS,
    KINDS,
    NO_DATE,
    NOT_ENTERED,
    ORGANS,
    RESPONSES,
    SETTINGS,
    TARGETS,
    UNKNOWN,
    WORDS,
    Told,
    capital,
    event_of,
    joined,
)


@dataclass
class Row:
    """A row of a list: head -> text, and where it is of the file the small line under it; what stands below."""

    cells: dict[str, str]
    small: dict[str, str] = field(default_factory=dict)
    notes: dict[str, set[str]] = field(default_factory=dict)


def lists(case: Told) -> dict[tuple[str, str], list[Row]]:
    """Return every list by section and caption, each with all of its rows."""
    return {
        ("tumour", "Biomarkers"): list(biomarkers(case)),
        ("courses", "ICI courses"): [course(one, n) for n, one in _numbered(case, "courses")],
        ("treatment", "Other treatment"): [treatment(one) for one in case.parts("treatments")],
        ("responses", "Response assessments"): [response(one) for one in case.parts("responses")],
        ("iraes", "Immune-related adverse events"): [
            irae(case, one, n) for n, one in _numbered(case, "iraes")
        ],
        ("steroids", "Steroids"): [steroid(case, one) for one in case.parts("steroids")],
        ("steroids", "Second-line immunosuppression"): [
            second_line(case, one) for one in case.parts("second_line")
        ],
    }


def _numbered(case: Told, key: str) -> Any:
    return enumerate(case.parts(key), start=1)


def biomarkers(case: Told) -> list[Row]:
    """Return the samples: a PD-L1 that is not reported is unknown."""
    told = {one.get("kind"): one for one in case.parts("biomarkers")}
    rows = []
    for kind, name in (("pdl1_tps", "PD-L1 TPS"), ("tmb", "TMB")):
        one = told.get(kind)
        if one is None and kind == "tmb":
            continue
        result, taken = UNKNOWN, "Before the first ICI"
        if one is not None:
            low, high, said = one.get("low"), one.get("high"), one.get("entered")
            assert low == high and one.get("timing") == ""
            taken = "Before or after the first ICI: not said"
            result = f"{UNKNOWN}: {said}" if low is None else f"{low} %"
            assert low is None or result == said
        rows.append(Row({"Biomarker": name, "Result": result}, {"Biomarker": taken}))
    return rows


def name_of(one: Told) -> str:
    """Return the drugs of a course, "" where none is named."""
    return capital(" + ".join(one.get("drugs") or ()))


def course(one: Told, number: int) -> Row:
    """Return an ICI course."""
    line = one.get("line")
    about = joined(
        f"course {number}",
        SETTINGS.get(one.get("setting"), ""),
        KINDS.get(one.get("regimen_kind"), ""),
        one.get("regimen", ""),
        f"line {line}" if line else "",
        open_of({"setting": one.get("setting"), "regimen": one.get("regimen_kind")}),
    )
    cycles = one.get("cycles")
    progressed = one.date("progressed")
    return Row(
        {
            "Course": name_of(one) or "drug not known",
            "First dose": one.date("start"),
            "Last dose": one.date("stop").replace("not applicable", "ongoing"),
            "Cycles": str(cycles) if cycles else NOT_ENTERED,
            "Best response": one.words("best_response"),
            "Stopped": one.words("stop_reason"),
            "Progression": one.words("progression_timing"),
        },
        {"Course": about, "Progression": when_progressed(one, progressed)},
    )


def open_of(told: dict[str, Any]) -> str:
    """Return what of several facts is not told, as a line says it."""
    missing = [label for label, value in told.items() if value is None]
    return f"{UNKNOWN}: {', '.join(missing)}" if missing else ""


def when_progressed(one: Told, day: str) -> str:
    """Return when it progressed; the day is asked for where it did after the ICI had been stopped."""
    if day != UNKNOWN:
        return day
    return f"{UNKNOWN}: its day" if one.get("progression_timing") == "after_stop" else ""


def treatment(one: Told) -> Row:
    """Return a treatment that is no ICI."""
    line, gray, parts = one.get("line"), one.get("dose_gy"), one.get("fractions")
    given = one.get("kind") == "radiotherapy"
    dose = open_of({"dose": gray, "fractions": parts}) if given else ""
    return Row(
        {
            "Treatment": WORDS[one.get("kind")],
            "From": one.date("start"),
            "To": one.date("stop"),
            "Site and dose": one.get("site", "–"),
            "Best response": one.words("best_response"),
        },
        {
            "Treatment": joined(one.get("name", ""), f"line {line}" if line else ""),
            "Site and dose": f"{gray} Gy in {parts} fractions" if gray else dose,
        },
    )


def response(one: Told) -> Row:
    """Return an assessment of the tumour."""
    assert one.get("criteria") == ""
    return Row(
        {
            "Assessed": one.date("assessed"),
            "Response": one.get("response"),
            "Course": f"course {one.get('course')}",
        },
        {"Assessed": one.get("note", ""), "Response": "criteria not said"},
    )


def irae(case: Told, one: Told, number: int) -> Row:
    """Return an irAE: no grade is shown that the report does not give, and its word for it is."""
    worst, now, first = one.get("worst_grade"), one.get("grade_now"), one.get("onset_grade")
    grade = "? grade not known" if worst is None else f"grade {worst}"
    grade += "" if now is None else f"→ now {now}"
    word, care, organ = one.get("severity_word"), one.get("care"), one.get("organ")
    resolved = one.date("resolved")
    known = {f"grade {first} at onset" if first else "", f"care: {CARE[care]}" if care else ""}
    known.add(open_of({"grade at onset": first, "care": care}))
    dossier = one.get("dossier", {})
    answers = {
        f"{DOSSIER[code][0]}: {dossier.get(code)}{DOSSIER[code][1]}" for code in dossier.rows
    }
    about = {f"{r.get('title')} (text)" for r in case.parts("reports") if r.get("irae") == number}
    notes = {"Known of it": known - {""}, "Dossier": answers, "Reports": about}
    word = f"“{word}” in the report" if word else ""
    none = "worst grade unknown" if worst is None else ""
    of_now = f"now: grade {UNKNOWN}" if now is None else f"now: {today()}"
    over = one.get("resolution") == "resolved"
    return Row(
        {
            "Event": EVENTS[one.get("entity")],
            "Worst → now": grade,
            "Onset": one.date("onset"),
            "Course": f"course {one.get('course')}",
            "Resolved": one.words("resolution"),
        },
        {
            "Event": joined(ORGANS.get(organ, organ), version_of(one), by=" · "),
            "Worst → now": joined(none, word, of_now, by=" · "),
            "Resolved": resolved if resolved != UNKNOWN else f"on a day {UNKNOWN}" if over else "",
        },
        {label: told for label, told in notes.items() if told},
    )


def version_of(one: Told) -> str:
    """Return by which version a grade was given: no report states it; of what has no grade nothing is said."""
    version = one.get("ctcae_version")
    graded = any(one.get(key) for key in ("worst_grade", "onset_grade", "grade_now"))
    assert version == ("none" if graded else "")
    return "CTCAE version not stated" if version else ""


def today() -> str:
    """Return the day of today as it is shown."""
    now = date.today()
    return f"{now.day} {now:%B %Y}"


def steroid(case: Told, one: Told) -> Row:
    """Return a steroid course, with the event it was given for."""

    def dose(key: str) -> str:
        found = one.words(key)
        return found if found == UNKNOWN else f"{found} mg/day"

    event, replacement = event_of(case, one), one.get("indication") == "adrenal_replacement"
    return Row(
        {
            "Steroid": capital(one.words("drug")),
            "Given for": f"adrenal replacement after {event}" if replacement else event,
            "Peak": dose("peak_mg_per_day"),
            "Now": dose("now_mg_per_day"),
            "From, to": f"{one.date('start')} to {UNKNOWN}",
        }
    )


def second_line(case: Told, one: Told) -> Row:
    """Return a second-line agent."""
    return Row(
        {
            "Agent": AGENTS[one.get("drug")],
            "Given for": event_of(case, one),
            "From, to": f"{UNKNOWN} to {UNKNOWN}",
            "Still given": one.words("still_given"),
        },
        {"Agent": one.get("dose", "")},
    )


# --- The table of the history, which stands beside its picture.

DATES = ("start", "stop", "onset", "resolved", "assessed")
LISTS = ("courses", "treatments", "responses", "iraes", "steroids", "second_line")
History = list[tuple[str, str, str, str]]


def counted(case: Told) -> str:
    """Return what the axis counts: days of the calendar, days from the first dose, or nothing."""
    rows = [one for key in LISTS for one in case.parts(key)]
    said = [text for one in rows for key in DATES if isinstance(text := one.rows.get(key), str)]
    if any(re.search(r"\d{4}", text) for text in said):
        return "calendar"
    return "days" if said else "nothing"


def between(start: str, stop: str, *, goes_on: bool = False) -> str:
    """Return from when to when, "unknown" being no date."""
    end = "ongoing" if goes_on else "" if stop == UNKNOWN else stop
    begin = NO_DATE if start == UNKNOWN else start
    return f"{begin} to {end}" if end else begin


def history(case: Told) -> History:
    """Return the rows of the table of the history, in no order."""
    rows: History = [course_line(case, one, n) for n, one in _numbered(case, "courses")]
    regimen = case.get("question").get("proposed_regimen")
    if regimen:
        rows.append(("Question", f"proposed: {WORDS[regimen].lower()}", "from now on", ""))
    rows += [treatment_line(one) for one in case.parts("treatments")]
    rows += [irae_line(case, one, n) for n, one in _numbered(case, "iraes")]
    rows += [steroid_line(case, one) for one in case.parts("steroids")]
    for one in case.parts("second_line"):
        label = AGENTS[one.get("drug")]
        what = joined(label[:1].lower() + label[1:], one.get("dose", ""))
        when = between(UNKNOWN, UNKNOWN, goes_on=bool(one.get("still_given")))
        rows.append(("Second line", what, when, f"for {event_of(case, one)}"))
    for one in case.parts("responses"):
        about = joined(f"course {one.get('course')}", one.get("note", ""), by=" · ")
        rows.append(
            ("Response", f"{one.get('response')}, criteria not said", one.date("assessed"), about)
        )
    for one in case.parts("biomarkers"):
        if one.get("low") is not None:
            value = f"PD-L1 TPS {one.get('entered')}, before or after ICI, not said"
            rows.append(("Measured", value, NO_DATE, ""))
    return rows


def course_line(case: Told, one: Told, number: int) -> tuple[str, str, str, str]:
    """Return an ICI course; without a date its first dose is day 0 of what is counted in days."""
    cycles, best = one.get("cycles"), one.get("best_response")
    told = f"{cycles} cycle{'' if cycles == 1 else 's'}" if cycles else ""
    name = name_of(one) or one.get("regimen", "") or "ICI, drug not known"
    start, stop = one.date("start"), one.date("stop")
    if start == UNKNOWN and counted(case) == "days":
        start = "day 0"
    why = one.words("stop_reason")
    known = why not in (UNKNOWN, "not applicable")
    goes_on = stop == "not applicable"
    details = joined(
        *(TARGETS[drug] for drug in one.get("drugs") or ()),
        f"stopped: {why}" if known else "",
        by=" · ",
    )
    return (
        f"ICI course {number}",
        joined(name, told, best or ""),
        between(start, stop, goes_on=goes_on),
        details,
    )


def treatment_line(one: Told) -> tuple[str, str, str, str]:
    """Return a treatment that is no ICI."""
    kind, gray, line = WORDS[one.get("kind")], one.get("dose_gy"), one.get("line")
    dose = f"{gray} Gy in {one.get('fractions')}" if gray else ""
    what = joined(capital(one.get("name", "")) or kind, one.get("site", ""), dose)
    details = joined(
        f"line {line}" if line else "", RESPONSES.get(one.get("best_response"), ""), by=" · "
    )
    return kind, what, between(one.date("start"), one.date("stop")), details


def irae_line(case: Told, one: Told, number: int) -> tuple[str, str, str, str]:
    """Return an irAE."""
    worst, now, resolved = one.get("worst_grade"), one.get("grade_now"), one.date("resolved")
    grade = f"grade {UNKNOWN}" if worst is None else f"worst grade {worst}"
    version = version_of(one)
    given = [
        joined(s.get("drug") or "steroid, drug not known", up_to(s.get("peak_mg_per_day")), by=" ")
        for s in case.parts("steroids")
        if s.get("irae") == number
    ]
    outcome = {
        None: "",
        "resolved": "resolved" if resolved == UNKNOWN else f"resolved {resolved}",
        "ongoing": "ongoing" if now is None else f"grade {now} now",
        "on_replacement": "on replacement",
    }[one.get("resolution")]
    goes_on = one.get("resolution") in ("ongoing", "on_replacement") and resolved == UNKNOWN
    details = joined(
        f"{grade} ({version})" if version else grade,
        outcome,
        f"course {one.get('course')}",
        f"given: {', '.join(given)}" if given else "",
        by=" · ",
    )
    when = between(one.date("onset"), resolved, goes_on=goes_on and counted(case) != "nothing")
    return "irAE", EVENTS[one.get("entity")], when, details


def up_to(peak: Any) -> str:
    """Return the highest dose of a steroid; empty where it is not told."""
    return "" if peak is None else f"up to {peak} mg/day"


def steroid_line(case: Told, one: Told) -> tuple[str, str, str, str]:
    """Return a steroid course."""
    replacement = one.get("indication") == "adrenal_replacement"
    peak, now = one.get("peak_mg_per_day"), one.get("now_mg_per_day")
    what = joined(
        one.get("drug") or "steroid, drug not known",
        "replacement" if replacement else "",
        "" if peak is None else f"peak {peak} mg/day",
        "" if now is None else f"{now} mg/day on {today()}",
    )
    when = between(one.date("start"), UNKNOWN)
    event = event_of(case, one)
    about = f"for {event[:1].lower()}{event[1:]}"
    return "Steroid", what, when, joined("replacement" if replacement else "", about, by=" · ")

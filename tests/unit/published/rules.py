"""How a fact of the published reports, as they were handed over, stands in the demonstration's own file: by rules.

A rule takes the value of the report and what the demonstration says; it is asked for every value, also for one that
is not reported (None), which the demonstration must not state either. Where a reading of our own fills it in, that is
named by hand in `exceptions`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

HISTOLOGY = (("adenocarcinoma", "adenocarcinoma"), ("squamous", "squamous"), ("NSCLC", "nos"))
RESPONSES = ("CR", "PR", "SD", "PD")
# A report says "resumed" in its own words: what is looked for is the word's beginning.
STEM = 5


@dataclass(frozen=True)
class Here:
    """Where a value stands: the report, the demonstration's case, and in lists the two rows."""

    report: dict[str, Any]
    case: dict[str, Any]
    row: dict[str, Any]
    mine: dict[str, Any]

    @property
    def text(self) -> str:
        """Everything that the demonstration's case says, in lower case."""
        return json.dumps(self.case, ensure_ascii=False).lower()


Rule = Callable[[Any, Here], bool]


def same(*path: str) -> Rule:
    """The demonstration's field has the same value; what is not reported is not stated."""

    def rule(value: Any, here: Here) -> bool:
        found: Any = here.case
        for name in path:
            found = (found or {}).get(name)
        return (found or None) == value

    return rule


def of_row(name: str, read: Callable[[Any], Any] = lambda value: value) -> Rule:
    """The row's field has the value, as the product reads it; what is not reported is not stated."""

    def rule(value: Any, here: Here) -> bool:
        return here.mine.get(name) == (None if value is None else read(value))

    return rule


def in_words(value: Any, here: Here) -> bool:
    """The case tells it in words of its own: every number of it, and one of its words at least."""
    if value is None:
        return True
    text = str(value).lower()
    numbers = re.findall(r"\d+(?:\.\d+)?", text)
    words = [word[:STEM] for word in re.findall(r"[a-z]{5,}", text)]
    told = not words or any(word in here.text for word in words)
    return told and all(re.search(rf"(?<!\d){re.escape(n)}(?!\d)", here.text) for n in numbers)


def sex(value: Any, here: Here) -> bool:
    """A sex that is not reported is "unknown"."""
    return bool(here.case["sex"] == (value or "unknown"))


def histology(value: Any, here: Here) -> bool:
    """A subtype that was not seen is "not otherwise specified"."""
    return bool(here.case["tumour"].get("histology") == next(c for w, c in HISTOLOGY if w in value))


def stage(value: Any, here: Here) -> bool:
    """The group is that of the words; the words stand beside it where they say more."""
    group = here.case["tumour"].get("stage_group")
    if value is None:
        return group is None
    said = re.match(r"(IV|III|II|I)(?![a-z])", value)
    wanted = said[1] if said else "IV" if value.startswith("metastatic") else None
    return group == wanted and (value == wanted or in_words(value, here))


def edition(value: Any, here: Here) -> bool:
    """The edition that has such a group."""
    return here.case["tumour"].get("tnm_edition") == (value[0] if value else None)


def tnm(value: Any, here: Here) -> bool:
    """Basis and categories, one by one."""
    tumour = here.case["tumour"]
    names = ("tnm_basis", "t_category", "n_category", "m_category")
    found = re.fullmatch(r"([cp])(T\w+?)(N\d)(M\d)", value) if value else None
    return tuple(tumour.get(n) for n in names) == (found.groups() if found else (None,) * 4)


def extent(value: Any, here: Here) -> bool:
    """Each site that is named is one of the case's; of others nothing is said."""
    told = here.case.get("metastases") or {}
    sites = [s for s in ("brain", "liver", "bone", "adrenal", "lung") if s in (value or "")]
    return set(told) == set(sites) and all(told.values())


def measured(kind: str) -> Rule:
    """A number, or that the report gives none; without a result there is no sample."""

    def rule(value: Any, here: Here) -> bool:
        found = [row for row in here.case["biomarkers"] if row["kind"] == kind]
        if value is None:
            return not found
        number = re.match(r"(\d+)%", value)
        if number:
            return [row.get("low") for row in found] == [int(number[1])]
        return len(found) == 1 and "high" in found[0]["entered"] and "low" not in found[0]

    return rule


def smoking(value: Any, here: Here) -> bool:
    """Current, or pack-years; never more than is said."""
    told = here.case["background"]
    if value is None:
        return "smoking" not in told and "pack_years" not in told
    if years := re.match(r"(\d+) pack-years", value):
        return told.get("pack_years") == int(years[1])
    return bool(told.get("smoking") == value.split()[0])


def response(value: Any, here: Here) -> bool:
    """A category by its code; an effect without one is told in words and is no category."""
    code = value.split()[0] if value else ""
    if code in RESPONSES:
        return here.mine.get("best_response") == code
    return "best_response" not in here.mine and in_words(value, here)


def stop_reason(value: Any, here: Here) -> bool:
    """An irAE is the reason; an ICI that was not stopped has none."""
    told = here.mine.get("stop_reason")
    if value is None:
        return told is None
    if value.startswith("irAE"):
        return told == "irae"
    return told == {"state": "not_applicable"} and here.mine["stop"] == told


def cycles(value: Any, here: Here) -> bool:
    """A number, or "at least"."""
    return here.mine.get("cycles") == value


def month(value: Any) -> Any:
    """Return "2016-01" as the product writes it."""
    names = ("January", "February", "March", "April", "May")
    year, _dash, number = str(value).partition("-")
    return f"{names[int(number) - 1]} {year}" if number.isdigit() else value


def agents(value: Any, here: Here) -> bool:
    """A drug by its code; an agent that is not named is none."""
    drugs = here.mine.get("drugs")
    return drugs is None and in_words(value, here) if "not named" in value else value in drugs


def grade(value: Any, here: Here) -> bool:
    """A grade that is not reported is not stated."""
    return here.mine.get("worst_grade") == value


def entity(value: Any, here: Here) -> bool:
    """The code shares a word with the report's, or is its short form."""
    code = here.mine["entity"].replace("_", " ")
    short = "".join(word[0] for word in re.findall(r"[A-Za-z]+", value)).lower()
    return code == short[: len(code)] or any(part[:STEM] in value.lower() for part in code.split())


def organ(value: Any, here: Here) -> bool:
    """The organ of the product's own list."""
    return here.mine["organ"] in (value, value.removesuffix("s"))


def severity(value: Any, here: Here) -> bool:
    """The report's own word; it is no grade."""
    return "severity_word" not in here.mine if value is None else in_words(value, here)


def steroid(value: Any, here: Here) -> bool:
    """A steroid is a course given for the event; without one reported none is entered for it."""
    event = here.report["iraes"].index(here.row) + 1
    given = any(row.get("irae") == event for row in here.case["steroids"])
    return given == (value is not None)


def dose(value: Any, here: Here) -> bool:
    """A dose a day as the peak of the event's steroid; one by weight, or of a taper, in words."""
    event = here.report["iraes"].index(here.row) + 1
    peaks = [s.get("peak_mg_per_day") for s in here.case["steroids"] if s.get("irae") == event]
    daily = re.match(r"(\d+) mg/day", value or "")
    return int(daily[1]) in peaks if daily else in_words(value, here)


def onset(value: Any, here: Here) -> bool:
    """The same words, or their number and unit beside what it is counted from."""
    mine = here.mine.get("onset")
    if value is None or mine is None:
        return mine == value
    return bool(mine == value or mine.startswith(f"{value} after"))


def care(value: Any, here: Here) -> bool:
    """Hospital where it is said."""
    return here.mine.get("care") in (("hospital", "intensive") if value else (None,))


def performed(value: Any, here: Here) -> bool:
    """What followed is told where the report tells it; a rechallenge that was not made is none."""
    after = here.case.get("after") or {}
    return bool(after.get("says")) if value is not None else True


def prophylaxis(value: Any, here: Here) -> bool:
    """The agent of the proposal."""
    return bool(here.case["question"].get("prophylaxis") == value)


RULES: dict[str, Rule] = {
    "age": same("age"),
    "sex": sex,
    "citation.doi": same("doi"),
    "citation.url": same("url"),
    "citation.authors": in_words,
    "citation.journal": in_words,
    "citation.locator": in_words,
    "citation.title": in_words,
    "citation.year": in_words,
    "smoking": smoking,
    "comorbidities": in_words,
    "comorbidities[]": in_words,
    "preexisting_autoimmune": in_words,
    "histology": histology,
    "stage": stage,
    "stage_edition": edition,
    "tnm": tnm,
    "disease_extent": extent,
    "driver_mutations": lambda _value, here: "drivers" not in here.case,
    "driver_mutations.TP53": in_words,
    "pdl1_tps": measured("pdl1_tps"),
    "tmb": measured("tmb"),
    "ecog": same("ecog"),
    "prior_treatments[].type": in_words,
    "prior_treatments[].start": lambda value, here: value is None or in_words(month(value), here),
    "prior_treatments[].end": lambda value, here: value is None or in_words(month(value), here),
    "prior_treatments[].progression": in_words,
    "intervening_treatments[].type": in_words,
    "intervening_treatments[].site": in_words,
    "intervening_treatments[].response": in_words,
    "ici_courses[].agents": lambda _value, here: here.mine.get("drugs") is None,
    "ici_courses[].agents[]": agents,
    "ici_courses[].regimen": in_words,
    "ici_courses[].line": of_row("line"),
    "ici_courses[].start": of_row("start", month),
    "ici_courses[].stop": of_row("stop", month),
    "ici_courses[].cycles": cycles,
    "ici_courses[].best_response": response,
    "ici_courses[].stop_reason": stop_reason,
    "ici_courses[].progression": lambda value, here: (
        "progressed" not in here.mine
        if value is None
        else here.mine.get("progression_timing") == "after_stop"
    ),
    "iraes[].entity": entity,
    "iraes[].organ": organ,
    "iraes[].ctcae_grade": grade,
    "iraes[].severity_text": severity,
    "iraes[].course_n": of_row("course"),
    "iraes[].onset": onset,
    "iraes[].treatment.steroid": steroid,
    "iraes[].treatment.dose": dose,
    "iraes[].treatment.taper_weeks": in_words,
    "iraes[].treatment.second_line_immunosuppressants": in_words,
    "iraes[].treatment.other": in_words,
    "iraes[].hospitalised": care,
    "iraes[].resolved_to_grade": of_row("grade_now"),
    "iraes[].resolution": in_words,
    "iraes[].resolution_time": lambda value, here: (
        "resolved" not in here.mine if value is None else in_words(value, here)
    ),
    "labs.at_irae.potassium_mmol_L": in_words,
    "labs.at_irae.calcium_mg_dL": in_words,
    "labs.at_irae.magnesium_mg_dL": in_words,
    "labs.at_irae.phosphate_mg_dL": in_words,
    "labs.note": in_words,
    "rechallenge.performed": performed,
    "rechallenge.agent": in_words,
    "rechallenge.start": in_words,
    "rechallenge.interval": in_words,
    "rechallenge.with_prophylaxis": prophylaxis,
    "rechallenge.reason": in_words,
    "outcome.recurrence_same_irae": in_words,
    "outcome.new_irae": in_words,
    "outcome.response": in_words,
    "outcome.pfs_months": in_words,
    "outcome.os_months": in_words,
    "outcome.alive": lambda value, _here: value is None,
    "outcome.follow_up": in_words,
    "outcome.cause_of_death": in_words,
}

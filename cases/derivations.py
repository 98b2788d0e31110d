"""Derives the facts of a case from the record. Pure: no database, an explicit `as_of`.

Doses are mg a day, times are days, grades are CTCAE grades of the version in which each was given. Where a
list is not said to be complete, "none" is never concluded from it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING

from cases.vocabulary import ENDOCRINE, NEUROLOGICAL, Organ
from evidence.conditions.facts import Fact, FactState

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import date

Span = tuple["date | None", "date | None"]
MISSING = Fact.absent(FactState.MISSING)

# mg that equal prednisone 10 mg (the product's clinical reference, table of steroid equivalents).
EQUALS_PREDNISONE_10 = {
    "prednisone": Decimal(10),
    "prednisolone": Decimal(10),
    "methylprednisolone": Decimal(8),
    "dexamethasone": Decimal("1.5"),
    "hydrocortisone": Decimal(40),
}


@dataclass(frozen=True)
class Course:
    """One ICI course; `targets` is None where the drugs are not known."""

    number: int
    targets: frozenset[str] | None
    start: Span = (None, None)
    stop: Span = (None, None)
    best_response: Fact = MISSING


@dataclass(frozen=True)
class Event:
    """One irAE."""

    entity: str
    organ: str
    ctcae_version: str
    worst_grade: Fact = MISSING
    grade_now: Fact = MISSING
    resolution: Fact = MISSING
    onset: Span = (None, None)
    onset_after_start_days: int | None = None
    recurrent: bool = False

    @property
    def on_replacement(self) -> bool:
        """An endocrine irAE controlled on replacement: graded 2 for life, yet neither active nor a bar."""
        return self.organ in ENDOCRINE and self.resolution.value == "on_replacement"


@dataclass(frozen=True)
class Steroid:
    """One steroid course as it stands now."""

    drug: str
    replacement: bool
    now_mg_per_day: Fact = MISSING


@dataclass(frozen=True)
class Result:
    """One biomarker result."""

    kind: str
    timing: str
    value: Fact


@dataclass(frozen=True)
class Record:
    """All that the derivations read."""

    birth_date: date | None = None
    stop_reason: Fact = MISSING
    progression_timing: Fact = MISSING
    oligoprogression: Fact = MISSING
    proposed_regimen: Fact = MISSING
    proposed_targets: frozenset[str] = frozenset()
    courses: tuple[Course, ...] = ()
    courses_complete: bool = False
    iraes: tuple[Event, ...] = ()
    iraes_complete: bool = False
    steroids: tuple[Steroid, ...] = ()
    steroids_complete: bool = False
    results: tuple[Result, ...] = ()
    ecog: Fact = MISSING
    tumour: dict[str, Fact] = field(default_factory=dict)


def derive(record: Record, *, as_of: date) -> dict[str, Fact]:
    """Return every fact that the record supports; a key that is not there is missing."""
    return {
        "stop_reason": record.stop_reason,
        "progression_timing": record.progression_timing,
        "oligoprogression": record.oligoprogression,
        "proposed_regimen": record.proposed_regimen,
        "proposed_includes_ctla4": _proposed_ctla4(record),
        "ecog": record.ecog,
        "age": _age(record.birth_date, as_of),
        **record.tumour,
        **_course_facts(record, as_of),
        **_irae_facts(record),
        **_organ_facts(record),
        **_biomarkers(record.results),
        "steroid_now": steroid_now(record.steroids, complete=record.steroids_complete),
    }


def prednisone_equivalent(drug: str, mg_per_day: Decimal) -> Decimal | None:
    """Return mg prednisone a day, to 0.1 mg; None for a drug without a known equivalent."""
    equal = EQUALS_PREDNISONE_10.get(drug)
    return (mg_per_day * 10 / equal).quantize(Decimal("0.1")) if equal else None


def steroid_now(steroids: Iterable[Steroid], *, complete: bool) -> Fact:
    """Return the summed prednisone-equivalent of today; physiological replacement does not count."""
    counted = [s for s in steroids if not s.replacement]
    if not counted:
        return Fact.number(Decimal(0)) if complete else MISSING
    total = Decimal(0)
    for steroid in counted:
        dose = steroid.now_mg_per_day
        if dose.state is FactState.NOT_APPLICABLE:
            continue
        if dose.state is not FactState.KNOWN or dose.low is None:
            return Fact.absent(dose.state)
        equivalent = (
            Decimal(0) if dose.low == 0 else prednisone_equivalent(steroid.drug, Decimal(dose.low))
        )
        if equivalent is None:
            return Fact.absent(FactState.UNKNOWN)
        total += equivalent
    return Fact.number(total)


def _proposed_ctla4(record: Record) -> Fact:
    if record.proposed_targets:
        return Fact.known("CTLA-4" in record.proposed_targets)
    if record.proposed_regimen.value == "pd_ctla4_combination":
        return Fact.known(True)
    if record.proposed_regimen.value in {"same_agent", "switch_pd1_pdl1"}:
        given = {t for c in record.courses for t in (c.targets or ())}
        if record.proposed_regimen.value == "switch_pd1_pdl1" or "CTLA-4" not in given:
            return (
                Fact.known(False)
                if given or record.proposed_regimen.value != "same_agent"
                else MISSING
            )
    return MISSING


def _age(birth_date: date | None, as_of: date) -> Fact:
    if birth_date is None:
        return MISSING
    before = (as_of.month, as_of.day) < (birth_date.month, birth_date.day)
    return Fact.number(as_of.year - birth_date.year - before)


def _between(earlier: Span, later: Span) -> Fact:
    """Return the days from one partial date to another as an interval; missing where a bound is open."""
    if None in (*earlier, *later):
        return MISSING
    (a, b), (c, d) = earlier, later
    low, high = (c - b).days, (d - a).days  # type: ignore[operator]
    return Fact.between(max(low, 0), high) if high >= 0 else MISSING


def _course_facts(record: Record, as_of: date) -> dict[str, Fact]:
    courses = record.courses
    facts: dict[str, Fact] = {}
    if record.courses_complete:
        facts["prior_courses"] = Fact.number(len(courses))
    elif courses:
        facts["prior_courses"] = Fact.between(len(courses), None)
    facts["prior_includes_ctla4"] = _given(record, {"CTLA-4"})
    facts["prior_includes_pd1_pdl1"] = _given(record, {"PD-1", "PD-L1"})
    if courses:
        last = max(courses, key=lambda c: c.number)
        facts["ici_free_days"] = _between(last.stop, (as_of, as_of))
        facts["prior_ici_days"] = _between(last.start, last.stop)
        facts["best_response"] = last.best_response
    return facts


def _given(record: Record, targets: set[str]) -> Fact:
    if any(c.targets and c.targets & targets for c in record.courses):
        return Fact.known(True)
    certain = record.courses_complete and all(c.targets is not None for c in record.courses)
    return Fact.known(False) if certain else MISSING


def _worst(record: Record, matches: Callable[[Event], bool]) -> Fact:
    """Return the worst grade of the matching events; 0 where a complete list has none of them.

    A grade that is not known leaves the upper end open; grades of different CTCAE versions of one entity
    are not put together.
    """
    events = [e for e in record.iraes if matches(e)]
    if not events:
        return Fact.number(0) if record.iraes_complete else MISSING
    if _mixes_versions(events):
        return Fact.absent(FactState.UNKNOWN)
    grades = [int(e.worst_grade.low) for e in events if e.worst_grade.low is not None]
    if not grades:
        return Fact.absent(events[0].worst_grade.state)
    all_known = len(grades) == len(events) and record.iraes_complete
    return Fact.between(max(grades), max(grades) if all_known else 5)


def _mixes_versions(events: list[Event]) -> bool:
    versions: dict[str, set[str]] = {}
    for event in events:
        versions.setdefault(event.entity, set()).add(event.ctcae_version)
    return any(len(found) > 1 for found in versions.values())


def _irae_facts(record: Record) -> dict[str, Fact]:
    events = record.iraes
    none = Fact.known(False) if record.iraes_complete else MISSING
    active = [e for e in events if not e.on_replacement]
    return {
        "irae_any": Fact.known(True) if events else none,
        "irae_worst_grade": _worst(record, lambda _e: True),
        "irae_worst_grade_nonendocrine": _worst(record, lambda e: e.organ not in ENDOCRINE),
        "irae_grade_now": _grade_now(active, complete=record.iraes_complete),
        "irae_resolved": _resolved(events, complete=record.iraes_complete),
        "irae_recurrent": Fact.known(True) if any(e.recurrent for e in events) else none,
        "first_irae_days": _first_irae(record),
    }


def _grade_now(active: list[Event], *, complete: bool) -> Fact:
    if not active:
        return Fact.number(0) if complete else MISSING
    known = [int(e.grade_now.low) for e in active if e.grade_now.low is not None]
    if len(known) == len(active) and complete:
        return Fact.number(max(known))
    if known and max(known) > 0:
        return Fact.between(max(known), 5)
    open_states = [e.grade_now.state for e in active if e.grade_now.low is None]
    return Fact.absent(open_states[0]) if open_states else Fact.between(0, 5)


def _resolved(events: tuple[Event, ...], *, complete: bool) -> Fact:
    if not events:
        return Fact.absent(FactState.NOT_APPLICABLE) if complete else MISSING
    if any(e.resolution.value == "ongoing" for e in events):
        return Fact.known(False)
    over = {"resolved", "on_replacement"}
    if complete and all(e.resolution.value in over for e in events):
        return Fact.known(True)
    states = [e.resolution.state for e in events if e.resolution.state is not FactState.KNOWN]
    return Fact.absent(states[0]) if states else MISSING


def _first_irae(record: Record) -> Fact:
    told = [e.onset_after_start_days for e in record.iraes if e.onset_after_start_days is not None]
    if told:
        all_told = record.iraes_complete and len(told) == len(record.iraes)
        return Fact.between(min(told) if all_told else 0, min(told))
    if not record.iraes or not record.courses:
        return MISSING
    first = min(record.courses, key=lambda c: c.number)
    spans = [_between(first.start, e.onset) for e in record.iraes]
    if any(s.low is None for s in spans):
        return MISSING
    # An event that nobody has entered may have come earlier.
    low = min(s.low or 0 for s in spans) if record.iraes_complete else 0
    return Fact.between(low, min(s.high or 0 for s in spans))


_ORGAN_FACTS: dict[str, Callable[[Event], bool]] = {
    "pneumonitis_worst_grade": lambda e: e.entity == "pneumonitis",
    "colitis_worst_grade": lambda e: e.entity in {"colitis", "diarrhoea"},
    "hepatitis_worst_grade": lambda e: e.organ == Organ.LIVER,
    "nephritis_worst_grade": lambda e: e.organ == Organ.KIDNEY,
    "endocrine_worst_grade": lambda e: e.organ in ENDOCRINE,
    "skin_worst_grade": lambda e: e.organ == Organ.SKIN,
    "neurological_worst_grade": lambda e: e.organ in NEUROLOGICAL,
    "arthritis_worst_grade": lambda e: e.entity == "arthritis",
}
_NAMED_EVENTS: dict[str, frozenset[str]] = {
    "myocarditis_any": frozenset({"myocarditis"}),
    "sjs_ten_dress_any": frozenset({"sjs", "ten", "dress"}),
    "gbs_encephalitis_myelitis_any": frozenset(
        {"guillain_barre", "encephalitis", "transverse_myelitis"}
    ),
}


def _organ_facts(record: Record) -> dict[str, Fact]:
    facts = {key: _worst(record, matches) for key, matches in _ORGAN_FACTS.items()}
    none = Fact.known(False) if record.iraes_complete else MISSING
    for key, entities in _NAMED_EVENTS.items():
        facts[key] = Fact.known(True) if any(e.entity in entities for e in record.iraes) else none
    return facts


def _biomarkers(results: Iterable[Result]) -> dict[str, Fact]:
    keys = {
        ("pdl1_tps", "before"): "pdl1_tps_initial",
        ("pdl1_tps", "after"): "pdl1_tps_recent",
        ("tmb", "before"): "tmb",
        ("tmb", "after"): "tmb",
    }
    return {keys[r.kind, r.timing]: r.value for r in results}

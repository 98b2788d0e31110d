"""Derives the facts of a case from the record. Pure: no database, an explicit `as_of`.

Doses are mg a day, times are days, grades are CTCAE grades of the version in which each was given. Where a
list is not said to be complete, "none" is never concluded from it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING

from cases.vocabulary import ENDOCRINE, NEUROLOGICAL, Organ, family_of
from evidence.conditions.facts import Fact, FactState

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import date

Span = tuple["date | None", "date | None"]
MISSING = Fact.absent(FactState.MISSING)

# A dose of a month ago says nothing of today: after this long "no other steroid" has to be said anew.
STEROIDS_STAY_COMPLETE_DAYS = 14

# mg prednisone-equivalent a day; hydrocortisone 30 mg, above the usual 15 to 25 mg of replacement.
HIGHEST_REPLACEMENT = Decimal("7.5")

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
    resolved: Span = (None, None)
    onset_after_start_days: int | None = None
    recurrent: bool = False

    @property
    def family(self) -> str:
        """The disease, whichever of its terms it was graded by."""
        return family_of(self.entity)

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
    steroids_complete_on: date | None = None
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
        "age": age_fact(record.birth_date, as_of),
        **record.tumour,
        **_course_facts(record, as_of),
        **_irae_facts(record),
        **_organ_facts(record),
        **_biomarkers(record.results),
        "steroid_now": steroid_now(record.steroids, complete=_recently(record, as_of)),
    }


def prednisone_equivalent(drug: str, mg_per_day: Decimal) -> Decimal | None:
    """Return mg prednisone a day, to 0.1 mg; None for a drug without a known equivalent."""
    equal = EQUALS_PREDNISONE_10.get(drug)
    return (mg_per_day * 10 / equal).quantize(Decimal("0.1")) if equal else None


def _recently(record: Record, as_of: date) -> bool:
    """Whether somebody said lately that the list of steroids is complete: a dose changes within days."""
    said = record.steroids_complete_on
    return said is not None and (as_of - said).days <= STEROIDS_STAY_COMPLETE_DAYS


def steroid_now(steroids: Iterable[Steroid], *, complete: bool) -> Fact:
    """Return the summed prednisone-equivalent of today; physiological replacement does not count.

    What is certain is a lower bound as long as a dose, or the list, is not complete; no dose is ever
    concluded from silence.
    """
    total, states = Decimal(0), []
    for steroid in steroids:
        if steroid.now_mg_per_day.state is FactState.NOT_APPLICABLE:
            continue
        dose, state = _equivalent(steroid)
        # What is called replacement but is more than the body makes is a dose all the same.
        if steroid.replacement and dose <= HIGHEST_REPLACEMENT:
            continue
        total += dose
        if state is not FactState.KNOWN:
            states.append(state)
    if complete and not states:
        return Fact.number(total)
    return Fact.between(total, None) if total else Fact.absent(most_open(states))


def _equivalent(steroid: Steroid) -> tuple[Decimal, FactState]:
    """Return the certain dose of one course, and whether it is all that is to be known."""
    dose = steroid.now_mg_per_day
    if dose.state is not FactState.KNOWN or dose.low is None:
        return Decimal(0), dose.state
    if dose.low == 0:
        return Decimal(0), FactState.KNOWN
    equivalent = prednisone_equivalent(steroid.drug, Decimal(dose.low))
    return (
        (equivalent, FactState.KNOWN) if equivalent is not None else (Decimal(0), FactState.UNKNOWN)
    )


def most_open(states: Iterable[FactState]) -> FactState:
    """Return the state that leaves most to be done; missing where there is none."""
    found = set(states)
    order = (FactState.MISSING, FactState.NOT_YET, FactState.UNKNOWN)
    return next((state for state in order if state in found), FactState.MISSING)


def _proposed_ctla4(record: Record) -> Fact:
    regimen = record.proposed_regimen.value
    if regimen == "pd_ctla4_combination" or "CTLA-4" in record.proposed_targets:
        return Fact.known(True)
    if record.proposed_targets or regimen == "switch_pd1_pdl1":
        return Fact.known(False)
    if regimen == "same_agent" and record.courses:
        last = max(record.courses, key=lambda c: c.number)
        return Fact.known("CTLA-4" in last.targets) if last.targets is not None else MISSING
    return MISSING


def age_fact(birth_date: date | None, as_of: date) -> Fact:
    """Return the age in completed years."""
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

    A grade that is not known leaves the upper end open. Grades of different CTCAE versions of one disease
    are not put together: they leave the upper end open too.
    """
    events = [e for e in record.iraes if matches(e)]
    if not events:
        return Fact.number(0) if record.iraes_complete else MISSING
    return _highest(events, lambda e: e.worst_grade, complete=record.iraes_complete)


def _highest(events: list[Event], grade: Callable[[Event], Fact], *, complete: bool) -> Fact:
    mixed = _mixed_families(events)
    sure = [g for e in events if e.family not in mixed and (g := grade(e).low) is not None]
    certain = complete and len(sure) == len(events)
    if certain:
        return Fact.number(max(sure))
    if sure and max(sure) > 0:
        return Fact.between(max(sure), 5)
    if mixed:
        return Fact.absent(FactState.UNKNOWN)
    # An event that happened has a grade: "not applicable" says no more than that it is not known.
    states = [grade(e).state for e in events if grade(e).state is not FactState.KNOWN]
    known = {FactState.UNKNOWN if s is FactState.NOT_APPLICABLE else s for s in states}
    return Fact.absent(most_open(known))


def _mixed_families(events: Iterable[Event]) -> set[str]:
    """Return the diseases graded by more than one CTCAE version."""
    versions: dict[str, set[str]] = {}
    for event in events:
        versions.setdefault(event.family, set()).add(event.ctcae_version)
    return {family for family, found in versions.items() if len(found) > 1}


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
        "irae_recurrent": _recurrent(record, lambda _e: True),
        "first_irae_days": _first_irae(record),
    }


def _grade_now(active: list[Event], *, complete: bool) -> Fact:
    if not active:
        return Fact.number(0) if complete else MISSING
    return _highest(active, lambda e: e.grade_now, complete=complete)


def _resolved(events: tuple[Event, ...], *, complete: bool) -> Fact:
    if not events:
        return Fact.absent(FactState.NOT_APPLICABLE) if complete else MISSING
    if any(e.resolution.value == "ongoing" for e in events):
        return Fact.known(False)
    over = [e.resolution.value == "resolved" or e.on_replacement for e in events]
    if complete and all(over):
        return Fact.known(True)
    states = {e.resolution.state for e in events} - {FactState.KNOWN, FactState.NOT_APPLICABLE}
    return Fact.absent(most_open(states))


def _recurrent(record: Record, matches: Callable[[Event], bool]) -> Fact:
    """Return whether a disease came back: said so, or once over before it began again.

    Two events of one disease of which neither is certain leave the answer open.
    """
    events = [e for e in record.iraes if matches(e)]
    if any(e.recurrent for e in events):
        return Fact.known(True)
    pairs = [(a, b) for a in events for b in events if a is not b and a.family == b.family]
    if any(_over_before(a, b) for a, b in pairs):
        return Fact.known(True)
    return Fact.known(False) if record.iraes_complete and not pairs else MISSING


def _over_before(first: Event, second: Event) -> bool:
    ended, began = first.resolved[1], second.onset[0]
    return ended is not None and began is not None and ended < began


def _first_irae(record: Record) -> Fact:
    told = [e.onset_after_start_days for e in record.iraes if e.onset_after_start_days is not None]
    if any(days < 0 for days in told):
        # Before the first dose there is no irAE: somebody counted from something else.
        return MISSING
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
    "endocrine_uncontrolled_worst_grade": lambda e: e.organ in ENDOCRINE and not e.on_replacement,
    "haematological_worst_grade": lambda e: e.organ == Organ.BLOOD,
    "infusion_reaction_worst_grade": lambda e: e.entity == "infusion_reaction",
    "myositis_worst_grade": lambda e: e.entity == "myositis",
    "uveitis_worst_grade": lambda e: e.entity == "uveitis",
    "pancreatitis_worst_grade": lambda e: e.entity == "pancreatitis",
}
_NAMED_EVENTS: dict[str, frozenset[str]] = {
    "myocarditis_any": frozenset({"myocarditis"}),
    "ttp_any": frozenset({"ttp"}),
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
    facts["pneumonitis_recurrent"] = _recurrent(record, lambda e: e.family == "pneumonitis")
    facts["colitis_recurrent"] = _recurrent(record, lambda e: e.family == "colitis")
    return facts


def _biomarkers(results: Iterable[Result]) -> dict[str, Fact]:
    keys = {
        ("pdl1_tps", "before"): "pdl1_tps_initial",
        ("pdl1_tps", "after"): "pdl1_tps_recent",
        ("tmb", "before"): "tmb",
        ("tmb", "after"): "tmb",
    }
    return {keys[r.kind, r.timing]: r.value for r in results}

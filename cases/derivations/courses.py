"""What follows from the ICI courses and the proposal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cases.derivations.oligoprogression import oligoprogression
from cases.derivations.record import MISSING, Course, Record
from cases.derivations.resistance import contradicts, resistance
from cases.derivations.times import day_of_last_dose, free_of, given_last, length
from evidence.conditions.facts import Fact, FactState

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from cases.derivations.deciding import Derived
    from cases.derivations.doubles import Pairs


def course_facts(record: Record, as_of: date) -> dict[str, Fact]:
    """Return the facts of the courses given, and of the one that the question is about.

    The time since the last dose is that of any course.
    """
    courses = record.courses
    facts: dict[str, Fact] = {}
    if record.courses_told:
        facts["prior_courses"] = Fact.number(len(courses))
    elif courses:
        facts["prior_courses"] = Fact.between(fewest(courses, record.course_pairs), None)
    facts["prior_includes_ctla4"] = _given(record, {"CTLA-4"})
    facts["prior_includes_pd1_pdl1"] = _given(record, {"PD-1", "PD-L1"})
    facts["irae_contributed"] = _irae_contributed(record)
    last = asked_about(record)
    if last is not None:
        facts["stop_reason"] = last.stop_reason
        # Of a course that denies itself neither half is told.
        facts["progression_timing"] = MISSING if contradicts(last) else last.progression_timing
        facts["prior_setting"] = last.setting
        facts["best_response"] = last.best_response
        facts["ici_free_days"] = free_of(record.courses, as_of)
        facts["last_ici_dose_on"] = day_of_last_dose(given_last(record.courses))
        facts["prior_ici_days"] = length(last)
        by_definition = defined(last, record.oligoprogression_definition)
        facts |= {key: derived.fact for key, derived in by_definition.items()}
    return facts


def may_be_one(one: Course, other: Course) -> bool:
    """Whether two entries may be of one course: of the same agents, begun on one day as far as the days are told."""
    (first, last), (begun, latest) = one.start, other.start
    if not one.drugs or one.drugs != other.drugs or None in (first, last, begun, latest):
        return False
    return first <= latest and begun <= last  # type: ignore[operator]


def fewest(courses: Iterable[Course], pairs: Pairs) -> int:
    """Return how many courses there are at the least, where nobody said that the list is right as it stands."""
    told: list[Course] = []
    for course in courses:
        if not any(
            pairs.may_be_one(course.entry, one.entry, alike=may_be_one(course, one)) for one in told
        ):
            told.append(course)
    return len(told)


def asked_about(record: Record) -> Course | None:
    """Return the course that the question is about: the one that the case names.

    Where it names none, the last that was stopped: a rechallenge that is under way does not take the place of the
    course whose stop led to the question.
    """
    named = next((c for c in record.courses if c.number == record.asked_course), None)
    if named is not None:
        return named
    stopped = [c for c in record.courses if c.stop_reason.state is not FactState.NOT_APPLICABLE]
    return max(stopped, key=lambda c: c.number) if stopped else record.last_course


def defined(course: Course, definition: str) -> dict[str, Derived]:
    """Return what is derived of a course under named definitions, by the key of its fact."""
    return {"oligoprogression": oligoprogression(course, definition), **resistance(course)}


def _irae_contributed(record: Record) -> Fact:
    """Return whether an irAE was a reason for stopping any course, main or contributing.

    "No" needs every course to say its reasons, and no other, or every organ asked about since the last dose and
    no irAE.
    """
    if any(
        c.stop_reason.value == "irae" or "irae" in (c.contributing or ()) for c in record.courses
    ):
        return Fact.known(True)
    if record.lasting.asked() and not record.iraes:
        return Fact.known(False)
    told = all(
        c.stop_reason.state is FactState.NOT_APPLICABLE
        or (c.stop_reason.state is FactState.KNOWN and c.contributing is not None)
        for c in record.courses
    )
    return Fact.known(False) if record.courses_told and record.courses and told else MISSING


def _given(record: Record, targets: set[str]) -> Fact:
    if any(c.targets and c.targets & targets for c in record.courses):
        return Fact.known(True)
    certain = record.courses_told and all(c.targets is not None for c in record.courses)
    return Fact.known(False) if certain else MISSING


def proposed_pd1(record: Record) -> Fact:
    """Return whether what is proposed contains an agent against PD-1 or PD-L1."""
    pd, regimen = {"PD-1", "PD-L1"}, record.proposed_regimen.value
    if record.proposed_targets & pd or regimen in {"pd_ctla4_combination", "switch_pd1_pdl1"}:
        return Fact.known(True)
    if record.proposed_unlisted:
        return MISSING
    if record.proposed_targets:
        return Fact.known(False)
    asked = asked_about(record) if regimen == "same_agent" else None
    if asked is None or asked.targets is None:
        return MISSING
    return Fact.known(bool(asked.targets & pd))


def proposed_ctla4(record: Record) -> Fact:
    """Return whether what is proposed contains an agent against CTLA-4; of one named in words nobody can tell."""
    listed = _listed_ctla4(record)
    return MISSING if record.proposed_unlisted and listed.value is False else listed


def _listed_ctla4(record: Record) -> Fact:
    regimen = record.proposed_regimen.value
    if regimen == "pd_ctla4_combination" or "CTLA-4" in record.proposed_targets:
        return Fact.known(True)
    if record.proposed_targets or regimen == "switch_pd1_pdl1":
        return Fact.known(False)
    if regimen == "same_agent" and record.courses:
        asked = asked_about(record)
        targets = asked.targets if asked is not None else None
        return Fact.known("CTLA-4" in targets) if targets is not None else MISSING
    return MISSING

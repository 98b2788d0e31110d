"""What follows from the ICI courses and the proposal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cases.derivations.record import MISSING, Record, days_between
from evidence.conditions.facts import Fact

if TYPE_CHECKING:
    from datetime import date


def course_facts(record: Record, as_of: date) -> dict[str, Fact]:
    """Return the facts of the courses given; the last one is the one in question."""
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
        facts["ici_free_days"] = days_between(last.stop, (as_of, as_of))
        facts["prior_ici_days"] = days_between(last.start, last.stop)
        facts["best_response"] = last.best_response
    return facts


def _given(record: Record, targets: set[str]) -> Fact:
    if any(c.targets and c.targets & targets for c in record.courses):
        return Fact.known(True)
    certain = record.courses_complete and all(c.targets is not None for c in record.courses)
    return Fact.known(False) if certain else MISSING


def proposed_ctla4(record: Record) -> Fact:
    """Return whether what is proposed contains an agent against CTLA-4."""
    regimen = record.proposed_regimen.value
    if regimen == "pd_ctla4_combination" or "CTLA-4" in record.proposed_targets:
        return Fact.known(True)
    if record.proposed_targets or regimen == "switch_pd1_pdl1":
        return Fact.known(False)
    if regimen == "same_agent" and record.courses:
        last = max(record.courses, key=lambda c: c.number)
        return Fact.known("CTLA-4" in last.targets) if last.targets is not None else MISSING
    return MISSING

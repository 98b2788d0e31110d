"""Derives the facts of a case from the record. Pure: no database, an explicit `as_of`.

Doses are mg a day, times are days, grades are CTCAE grades, from what was given up to what the version that the
rules read may make of it. Where a list is not said to be complete, "none" is never concluded from it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from cases.delivered import delivered_limit
from cases.derivations.blood import blood_facts
from cases.derivations.causes import cause_facts
from cases.derivations.courses import (
    asked_about,
    course_facts,
    defined,
    proposed_ctla4,
    proposed_pd1,
)
from cases.derivations.deciding import Derived
from cases.derivations.dossier import dossier_facts
from cases.derivations.grades import WORST_GRADE, grown_old, still_owed
from cases.derivations.iraes import NOW, irae_facts, now_until, organ_facts
from cases.derivations.record import (
    MISSING,
    Course,
    Event,
    Finding,
    Record,
    Result,
    SecondLine,
    Span,
    Steroid,
    days_between,
    most_open,
)
from cases.derivations.saying import DATED, days_of, said
from cases.derivations.steroids import (
    EQUALS_PREDNISONE_10,
    HIGHEST_REPLACEMENT,
    doses_until,
    peak_and_now,
    prednisone_equivalent,
    said_of_today,
    treatment_facts,
)
from cases.derivations.times import given_last
from cases.derivations.tumour import biomarker_facts, driver_facts, site_facts
from evidence.conditions.facts import Fact
from evidence.conditions.vocabulary import FACTS

if TYPE_CHECKING:
    from datetime import date

__all__ = [
    "DATED",
    "EQUALS_PREDNISONE_10",
    "HIGHEST_REPLACEMENT",
    "MISSING",
    "NOW",
    "WORST_GRADE",
    "Course",
    "Derived",
    "Event",
    "Finding",
    "Record",
    "Result",
    "SecondLine",
    "Span",
    "Steroid",
    "age_fact",
    "asked_about",
    "days_between",
    "defined",
    "derive",
    "doses_until",
    "given_last",
    "grown_old",
    "most_open",
    "now_until",
    "peak_and_now",
    "prednisone_equivalent",
    "said",
    "said_of_today",
]


def derive(record: Record, *, as_of: date) -> dict[str, Fact]:
    """Return every fact that the record supports; a key that is not there is missing.

    A fact that the record does not tell is "not yet" while it is owed.
    """
    record = replace(record, as_of=as_of)
    found = _supported(record, as_of)
    for key in record.owed & FACTS.keys():
        found[key] = still_owed(found.get(key, MISSING))
    return found | days_of(found, said(record))


def _supported(record: Record, as_of: date) -> dict[str, Fact]:
    return {
        "disease_status": record.disease_status,
        "proposed_regimen": record.proposed_regimen,
        "proposed_includes_ctla4": proposed_ctla4(record),
        "proposed_includes_pd1_pdl1": proposed_pd1(record),
        "ecog": record.ecog,
        "age": age_fact(record.birth_date, as_of, record.died),
        **record.tumour,
        **record.background,
        "major_surgery": recent_surgery(record, as_of),
        **site_facts(record),
        **driver_facts(record.drivers),
        **course_facts(record, as_of),
        **irae_facts(record),
        **organ_facts(record),
        **cause_facts(record),
        **dossier_facts(record),
        **biomarker_facts(record.results),
        **blood_facts(record.blood),
        **treatment_facts(record, as_of),
    }


def recent_surgery(record: Record, as_of: date) -> Fact:
    """Return whether there was major surgery lately; "yes" without a day, or past the limit, tells nothing.

    Neither does a "no" beside a day on which there may have been one.
    """
    fact = record.background.get("major_surgery", MISSING)
    if fact.value is False and denied_by_a_day(record):
        return MISSING
    until = record.surgery_until
    return MISSING if fact.value is True and (until is None or until < as_of) else fact


def denied_by_a_day(record: Record) -> bool:
    """Whether a day of an operation stands beside "no recent surgery" that was recent when it was said, or since.

    By the limit as it is delivered, not by a board's: what is kept of the fact holds whatever a board sets.
    """
    _first, last = record.operated
    said = record.surgery_said_on
    if last is None:
        return False
    return said is None or (said - last).days <= delivered_limit("major_surgery")


def age_fact(birth_date: date | None, as_of: date, died: Span | None = None) -> Fact:
    """Return the age in completed years: nobody grows older after their death.

    `died`: the first and the last day on which the patient may have died; None of one who is not known to have.
    """
    if birth_date is None:
        return MISSING
    first, last = died or (as_of, as_of)
    low = 0 if first is None else _years(birth_date, min(first, as_of))
    return Fact.between(low, _years(birth_date, min(last or as_of, as_of)))


def _years(birth_date: date, on: date) -> int:
    before = (on.month, on.day) < (birth_date.month, birth_date.day)
    return max(on.year - birth_date.year - before, 0)

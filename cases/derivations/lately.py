"""A laboratory result that is newer than what a dossier says of now takes its place. Pure."""

from __future__ import annotations

from datetime import date, timedelta
from enum import Enum
from typing import TYPE_CHECKING

from cases.derivations.blood import rounded
from cases.derivations.measured import hull, quotient
from cases.derivations.record import Finding
from evidence.conditions.facts import Fact, FactState

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from collections.abc import Set as AbstractSet

    from cases.derivations.measured import Interval
    from cases.derivations.record import Record
    from cases.derivations.samples import Blood

# Fact of a dossier that is a measured value of now -> the analyte that measures it, in its unit or over a baseline.
MEASURED_BY = {"calprotectin_now": "calprotectin", "creatinine_now_x_baseline": "creatinine"}
OF_BASELINE = frozenset({"creatinine_now_x_baseline"})
# How long before the first dose of all a result may be from to be the patient's baseline: as far as NHS England's
# algorithm for kidney injury looks back (patient safety alert of 2014). Of that year the last result is taken, not the
# median, since the page shows it with its day; for a clinician to confirm.
BASELINE_DAYS = 365


class NoBaseline(Enum):
    """Why there is no baseline."""

    FIRST_DOSE = "the first dose of all is open"
    FIRST_DOSE_IN_PART = "another result is the baseline by another day of the first dose"
    BEGINNING = "the day on which an event began is open"
    RESULT = "nothing was measured by then"


def newest_day(blood: Blood, analyte: str) -> date | None:
    """Return the day of the newest result of an analyte."""
    return max((s.day for s in blood.samples if s.analyte == analyte), default=None)


def baseline_day(
    record: Record, organs: AbstractSet[str], days: Iterable[date]
) -> date | NoBaseline:
    """Return of which of `days` the patient's baseline is: the last by the first dose of all, within a year before it.

    Of a time before each event of `organs` began. None while there may be a course that nobody entered, or one whose
    first dose nobody knows: it may have been given before. None either where a first dose, or an onset, that is known
    in part leaves open which result that is.
    """
    starts = [course.start[0] for course in record.courses]
    firsts = [day for day in starts if day is not None]
    if not record.courses_told or not firsts or len(firsts) < len(starts):
        return NoBaseline.FIRST_DOSE
    began = [record.begun(event) for event in record.iraes if event.organ in organs]
    if any(first is None for first, _last in began):
        return NoBaseline.BEGINNING
    begins = min((first for first, _last in began if first is not None), default=date.max)
    begun = min((last for _first, last in began if last is not None), default=date.max)
    # The first dose of all was no later than any dose.
    doses = (last for c in record.courses for last in (c.start[1], c.last_dose[1]))
    earliest, latest = min(firsts), min((d for d in doses if d is not None), default=date.max)
    a_year = timedelta(days=BASELINE_DAYS)
    may_be = [day for day in days if earliest - a_year <= day <= latest and day < begun]
    last = max(may_be, default=None)
    if last is None:
        return NoBaseline.RESULT
    if not latest - a_year <= last <= earliest:
        return NoBaseline.FIRST_DOSE_IN_PART
    return last if last < begins else NoBaseline.BEGINNING


def with_result(
    record: Record, key: str, organs: AbstractSet[str], told: Sequence[Finding]
) -> list[Finding]:
    """Return what a fact is read from: what dossiers told, or a newer result in place of what is older.

    A result that may be from before an event began says nothing of it, and one before a finding is out of date. A
    finding of which nobody knows the day may be the newer one: it counts beside the result.
    """
    day = newest_day(record.blood, MEASURED_BY.get(key, ""))
    began = [record.begun(event)[1] for event in record.iraes if event.organ in organs]
    if day is None or any(last is None or last > day for last in began):
        return list(told)
    known = [finding for finding in told if finding.answer.state is FactState.KNOWN]
    if any(first is not None and first > day for first, _last in (f.found for f in known)):
        return list(told)
    value = _measured(record, key, organs, day)
    if value is None:
        return list(told)
    result = Finding("", key, Fact.between(*rounded(key, value)), found=(day, day))
    return [*(f for f in known if f.found[1] is None or f.found[1] >= day), result]


def _measured(record: Record, key: str, organs: AbstractSet[str], day: date) -> Interval | None:
    """Return the value of a day, of what is told of a baseline over that; None without a baseline before it."""
    analyte = MEASURED_BY[key]
    value = _of_day(record.blood, analyte, day)
    if key not in OF_BASELINE:
        return value
    days = (s.day for s in record.blood.samples if s.analyte == analyte and s.day < day)
    before = baseline_day(record, organs, days)
    if isinstance(before, NoBaseline):
        return None
    return quotient(value, _of_day(record.blood, analyte, before))


def _of_day(blood: Blood, analyte: str, day: date) -> Interval:
    return hull(s.value for s in blood.samples if (s.analyte, s.day) == (analyte, day))

"""A laboratory result that is newer than what a dossier says of now takes its place. Pure."""

from __future__ import annotations

from datetime import timedelta
from enum import Enum
from typing import TYPE_CHECKING

from cases.derivations.blood import rounded
from cases.derivations.measured import hull, quotient
from cases.derivations.record import Finding
from evidence.conditions.facts import Fact, FactState

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from collections.abc import Set as AbstractSet
    from datetime import date

    from cases.derivations.measured import Interval
    from cases.derivations.record import Event, Record
    from cases.derivations.samples import Blood, Span

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
    BEGINNING = "the day on which an event began is open"
    RESULT = "nothing was measured by then"


def newest_day(blood: Blood, analyte: str) -> date | None:
    """Return the day of the newest result of an analyte."""
    return max((s.day for s in blood.samples if s.analyte == analyte), default=None)


def baseline_day(
    record: Record, organs: AbstractSet[str], days: Iterable[date]
) -> date | NoBaseline:
    """Return of which of `days` the patient's baseline is: the last by the first dose of all, within a year before it.

    Of a time before each event of `organs` may have begun. None while there may be a course that nobody entered, or one
    whose first dose nobody knows: it may have been given before.
    """
    starts = [course.start[0] for course in record.courses]
    known = [day for day in starts if day is not None]
    if not record.courses_told or not known or len(known) < len(starts):
        return NoBaseline.FIRST_DOSE
    began = [began_from(record, event) for event in record.iraes if event.organ in organs]
    before = [day for day in began if day is not None]
    if len(before) < len(began):
        return NoBaseline.BEGINNING
    first_dose = min(known)
    since = first_dose - timedelta(days=BASELINE_DAYS)
    meant = (day for day in days if since <= day <= first_dose)
    return max(
        (day for day in meant if all(day < begin for begin in before)), default=NoBaseline.RESULT
    )


def began_from(record: Record, event: Event) -> date | None:
    """Return the first day on which an event may have begun, as `began_by` the last; None where that is open."""
    told = event.onset_after_start_days
    if told is None:
        return event.onset[0]
    starts = _starts_of(record, event)
    known = [day for day, _last in starts if day is not None]
    return min(known) + timedelta(days=told) if known and len(known) == len(starts) else None


def began_by(record: Record, event: Event) -> date | None:
    """Return the last day on which an event may have begun; None where that is open.

    An onset told in days after the first dose is counted from that of its course; where nobody told which course, it
    may be any of them.
    """
    told = event.onset_after_start_days
    if told is None:
        return event.onset[1]
    starts = _starts_of(record, event)
    known = [day for _first, day in starts if day is not None]
    return max(known) + timedelta(days=told) if known and len(known) == len(starts) else None


def _starts_of(record: Record, event: Event) -> list[Span]:
    """Return the first doses from which an onset told in days may be counted."""
    named = [course for course in record.courses if course.number == event.course]
    return [course.start for course in named or record.courses]


def with_result(
    record: Record, key: str, organs: AbstractSet[str], told: Sequence[Finding]
) -> list[Finding]:
    """Return what a fact is read from: what dossiers told, or a newer result in place of what is older.

    A result that may be from before an event began says nothing of it, and one before a finding is out of date. A
    finding of which nobody knows the day may be the newer one: it counts beside the result.
    """
    day = newest_day(record.blood, MEASURED_BY.get(key, ""))
    began = [began_by(record, event) for event in record.iraes if event.organ in organs]
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

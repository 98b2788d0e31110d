"""A laboratory result that is newer than what a dossier says of now takes its place. Pure."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from cases.derivations.blood import rounded
from cases.derivations.measured import hull
from cases.derivations.record import Finding
from evidence.conditions.facts import Fact, FactState

if TYPE_CHECKING:
    from collections.abc import Sequence
    from collections.abc import Set as AbstractSet
    from datetime import date

    from cases.derivations.record import Event, Record
    from cases.derivations.samples import Blood

# Fact of a dossier that is a measured value of now -> the analyte that measures it, in the same unit.
MEASURED_BY = {"calprotectin_now": "calprotectin"}


def newest_day(blood: Blood, analyte: str) -> date | None:
    """Return the day of the newest result of an analyte."""
    return max((s.day for s in blood.samples if s.analyte == analyte), default=None)


def began_by(record: Record, event: Event) -> date | None:
    """Return the last day on which an event may have begun; None where that is open.

    An onset told in days after the first dose is counted from that of its course; where nobody told which course, it
    may be any of them.
    """
    told = event.onset_after_start_days
    if told is None:
        return event.onset[1]
    named = [course for course in record.courses if course.number == event.course]
    starts = [course.start[1] for course in named or record.courses]
    known = [day for day in starts if day is not None]
    return max(known) + timedelta(days=told) if known and len(known) == len(starts) else None


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
    same = [s.value for s in record.blood.samples if (s.analyte, s.day) == (MEASURED_BY[key], day)]
    result = Finding("", key, Fact.between(*rounded(key, hull(same))), found=(day, day))
    return [*(f for f in known if f.found[1] is None or f.found[1] >= day), result]

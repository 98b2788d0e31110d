"""Saying that something still holds: the day of a fact moves on, its value stays."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from cases.models import Background, Case, ICICourse, IrAE, Section
from cases.over import is_over
from cases.services.sections import editing
from evidence.conditions.facts import Fact, FactState

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from accounts.models import User
    from ui.partial_dates import PartialDate

# Facts that are said and not measured: one press says them anew. Key -> the section that holds them.
MAY_STILL_HOLD = {
    "disease_status": Section.QUESTION,
    "irae_grade_now": Section.IRAES,
    "irae_resolved": Section.IRAES,
    "major_surgery": Section.FITNESS,
}


def may_still_hold(key: str, fact: Fact) -> bool:
    """Whether one press can say that a fact still holds: surgery that there was becomes no newer by it."""
    return key in MAY_STILL_HOLD and (key != "major_surgery" or fact.value is False)


def still_holds(*, by: User, case: Case, fact: str, version: int) -> None:
    """Say that a fact of `MAY_STILL_HOLD` is today as it stands in the record.

    Grade and course of every irAE are said anew together; their values stay as they are.
    """
    today = timezone.localdate()
    with editing(by=by, case=case, key=MAY_STILL_HOLD[fact], version=version) as current:
        if fact == "disease_status":
            current.disease_status_on = today
            current.save(update_fields=["disease_status_on", "changed_at"])
        elif fact == "major_surgery":
            none = Background.objects.filter(patient=current.patient, major_surgery=False)
            none.update(surgery_said_on=today)
        else:
            IrAE.objects.filter(patient=current.patient).update(now_on=today)


def day_said(row: Case | IrAE, before: Mapping[str, object], names: tuple[str, ...]) -> date | None:
    """Return the day for which `names` are said once a row that had `before` holds what is on it now.

    Today where one of them changed; else the day that stands there. None where nothing is said.
    """
    column = "disease_status_on" if isinstance(row, Case) else "now_on"
    if all(getattr(row, f"{name}_state") != FactState.KNOWN for name in names):
        return None
    changed = any(getattr(row, name) != before[name] for name in names)
    day: date | None = timezone.localdate() if changed else getattr(row, column)
    return day


@dataclass(frozen=True)
class Stood:
    """What a course said of its beginning and its end before it is saved."""

    over: bool
    start: PartialDate | None


def standing_of(row: ICICourse) -> Stood:
    """Return what a course says of its beginning and its end now."""
    return Stood(is_over(row), row.start)


def over_said(
    row: ICICourse, before: Stood, values: Mapping[str, Any], *, from_file: bool
) -> date | None:
    """Return the day on which somebody first said that a course is over, once `values` are on a row that had `before`.

    That nobody knows why it stopped is said by a person alone: in a file an empty word may stand for it. A first dose
    that moved past that day takes it away: whoever said it then meant other doses.
    """
    if not is_over(row):
        return None
    if before.over and row.over_said_on is not None:
        said: date = row.over_said_on
        return None if row.start != before.start and _begins_after(row, said) else said
    of_its_end = any(name in values for name in OF_THE_END)
    told = row.stop_reason_state == FactState.KNOWN or not from_file
    return timezone.localdate() if of_its_end and told else None


def _begins_after(row: ICICourse, day: date) -> bool:
    """Whether the first dose of a course may have been after `day`, as it is told."""
    start = row.start
    ends = (start.earliest, start.latest) if start is not None else ()
    return any(end is not None and end > day for end in ends)


def values_of(row: Case | IrAE | Background, names: tuple[str, ...]) -> dict[str, object]:
    """Return what a row holds of `names` now."""
    return {name: getattr(row, name) for name in names}


def no_surgery_said(
    row: Background, before: Mapping[str, object], values: Mapping[str, Any]
) -> date | None:
    """Return the day for which "no recent surgery" is said, once `values` are on a row that had `before`.

    Said without a day it is of today; with None as its day nobody knows when. What stays as it is keeps its day, or
    takes another that is given.
    """
    if row.major_surgery is not False:
        return None
    given: date | None = values.get(SURGERY_SAID)
    changed = row.major_surgery != before["major_surgery"]
    if given is not None or (SURGERY_SAID in values and changed):
        return given
    stood: Any = before[SURGERY_SAID]
    return timezone.localdate() if changed else stood


OF_THE_END = ("stop_reason_state", "stop_state")
SURGERY_SAID = "surgery_said_on"
OF_SURGERY = ("major_surgery", SURGERY_SAID)
OF_STATUS = ("disease_status",)
OF_NOW = ("grade_now", "resolution")

"""The doses of a plan: those entered, and the one that comes next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from followup.dosing import may_go_on, may_take_back_first, next_dose
from followup.states import PlanState
from followup.vocabulary import DoseState
from ui import formatting

if TYPE_CHECKING:
    from followup.models import MonitoringPlan


@dataclass(frozen=True)
class DoseLine:
    """One dose entered; `latest` where it may be taken back as the last one entered."""

    number: int
    day: str
    state: str
    colour: str
    latest: bool


@dataclass(frozen=True)
class Doses:
    """What the card of doses shows; `next` is "" where no dose is awaited, and `why` then says why."""

    lines: tuple[DoseLine, ...]
    earlier: int
    next: str
    next_day: date | None
    why: str
    last: str
    first_may_go: bool
    may_go_on: bool


SHOWN = 4
SOON_DAYS = 3


def doses_of(plan: MonitoringPlan, today: date, *, against: bool) -> Doses | None:
    """Return the doses of a plan whose first is entered, None before; `plan.doses` are fetched.

    `against`: the board decided against a rechallenge since the plan was opened.
    """
    if plan.first_dose_on is None:
        return None
    rows = sorted(plan.doses.all(), key=lambda dose: dose.number)
    first = DoseLine(1, formatting.date(plan.first_dose_on), _("given"), "green", False)
    lines = [first] + [
        DoseLine(
            dose.number,
            formatting.date(dose.on),
            _("given")
            if dose.state == DoseState.GIVEN
            else _("skipped: %(why)s") % {"why": dose.get_reason_display().lower()},
            "green" if dose.state == DoseState.GIVEN else "amber",
            dose is rows[-1],
        )
        for dose in rows
    ]
    following = next_dose(plan)
    words, day = "", None
    if following is not None:
        days = formatting.days_from_today(following.expected_on, today)
        words = _("Dose %(n)s, expected %(day)s (%(days)s)") % {
            "n": following.number,
            "day": formatting.date(following.expected_on),
            "days": days,
        }
        # One press enters it: today is offered only where the dose is due about now.
        soon = following.expected_on <= today + timedelta(days=SOON_DAYS)
        day = min(following.expected_on, today) if soon else None
    return Doses(
        lines=tuple(lines[-SHOWN:]),
        earlier=max(len(lines) - SHOWN, 0),
        next=words,
        next_day=day,
        why=_why(plan) if following is None else "",
        last=_last(plan),
        first_may_go=may_take_back_first(plan),
        may_go_on=may_go_on(plan, against=against),
    )


def _last(plan: MonitoringPlan) -> str:
    if plan.last_dose_on is None:
        return ""
    return _("Last dose %(day)s: %(why)s") % {
        "day": formatting.date(plan.last_dose_on),
        "why": plan.get_end_reason_display().lower(),
    }


def _why(plan: MonitoringPlan) -> str:
    if plan.last_dose_on is not None:
        return _("No further dose is given. Late contacts count from the last.")
    if plan.held_on is not None and plan.hold_reason:
        return _("Doses are held since %(day)s.") % {"day": formatting.date(plan.held_on)}
    return ""


def _lower_first(words: str) -> str:
    return words[:1].lower() + words[1:]


def taking_back_words(*, decided: bool) -> str:
    """Return what taking the first dose back does; where the board `decided` otherwise, none is waited for."""
    then = (
        _(
            "The board decided otherwise since: the plan is closed with it, and what was asked is cancelled."
        )
        if decided
        else _("The plan waits for its first dose again; what was not done is asked for with it.")
    )
    return " ".join(
        (
            _("For a dose that was not given under this plan."),
            then,
            _(
                "The course that it began in the patient's record is removed; one that was entered by hand says"
                " what it said before. Results stay. Where only the day is wrong, correct the first dose instead."
            ),
        )
    )


def taken_back_words(plan: MonitoringPlan, *, had_course: bool, course_stays: bool) -> str:
    """Return what became of a plan and of the record's course when its first dose was taken back."""
    said = [
        _("The first dose is taken back, and the plan is closed: %(why)s.")
        % {"why": _lower_first(plan.get_close_reason_display())}
        if plan.state == PlanState.CLOSED
        else _("The first dose is taken back. The plan waits for it.")
    ]
    if had_course and course_stays:
        said.append(_("The course that was entered by hand says what it said before."))
    elif had_course:
        said.append(_("The course it began is removed."))
    return " ".join(said)

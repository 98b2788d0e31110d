"""The conditions of a decision as they stand today."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from accounts.zones import today_of
from cases.presenters.patient import facts_of
from followup.conditions import Standing, judge_conditions
from ui import formatting

if TYPE_CHECKING:
    from followup.models import MonitoringPlan

COLOURS = {Standing.MET: "green", Standing.UNJUDGED: "amber", Standing.IN_WORDS: "amber"}


@dataclass(frozen=True)
class Condition:
    """One condition in words; `place` is where it stands in the plan's list."""

    place: int
    standing: Standing
    text: str
    until: str
    state: str
    colour: str


def conditions_of(plan: MonitoringPlan) -> tuple[Condition, ...]:
    """Return what the decision demands before the first dose; judged today, or by the day of the dose."""
    if not plan.conditions:
        return ()
    on = plan.first_dose_on or today_of(plan.case.board)
    words = {
        Standing.MET: _("met"),
        Standing.NOT_MET: _("not met"),
        Standing.EXPIRED: _("has run out"),
        Standing.UNJUDGED: _("not known from the record"),
        Standing.IN_WORDS: _("asked for with the first dose"),
    }
    return tuple(
        Condition(
            place=place,
            standing=found.standing,
            text=found.text or _("erased"),
            until=_("to be met by %(date)s") % {"date": formatting.date(found.expires_on)}
            if found.expires_on
            else "",
            state=words[found.standing],
            colour=COLOURS.get(found.standing, "red"),
        )
        for place, found in enumerate(judge_conditions(plan.conditions, facts_of(plan.case), on))
    )

"""Plans the day of the first dose, from which what is asked before it counts back."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.zones import today_of
from followup.dosing import is_far_off
from followup.policies import check_record
from followup.services.agents import learn_agents
from followup.services.baselines import ask_anew, ask_for_left_out, kept_of, left_out
from followup.services.dating import redate_each, undone_checks
from followup.services.locking import locked_plan, require_version
from followup.services.noting import note
from followup.services.planning import (
    due_before_first,
    make_checks,
    pin_protocols,
    wanted,
    within_days_of,
)
from followup.services.sweep import UNPLANNED_AFTER
from followup.states import PlanState, StepNotPossible
from followup.vocabulary import FAR_OFF
from ui import formatting

if TYPE_CHECKING:
    from datetime import date

    from accounts.models import User
    from followup.models import MonitoringPlan


@transaction.atomic
def plan_first_dose(
    *,
    by: User,
    plan: MonitoringPlan,
    on: date,
    confirmed: bool = False,
    version: int | None = None,
) -> MonitoringPlan:
    """Enter that the first dose is planned for `on`; given again it moves what is not done yet.

    A day that is far off has to be `confirmed`, which is kept: until shortly before it nothing is asked for.
    A check that was left out because the dose was not given is asked for again, also for the same day; a critical
    one that would be too old on that day as well.
    """
    plan = locked_plan(plan)
    check_record(by, plan)
    waits = plan.state == PlanState.WAITING
    if plan.planned_first_on == on and waits and not left_out(plan).exists():
        return plan
    require_version(plan.version, version)
    if not waits:
        raise StepNotPossible(_("The first dose is entered already."))
    if on < today_of(plan.case.board):
        raise ValidationError(
            {"on": _("That day is over: enter the first dose itself, or a day to come.")}
        )
    far = _is_far_ahead(plan, on)
    if far and not confirmed:
        raise ValidationError(
            {"on": ValidationError(_far_words(on, today_of(plan.case.board)), code=FAR_OFF)}
        )
    plan.planned_first_on = on
    plan.version += 1
    plan.save(update_fields=["planned_first_on", "version"])
    again = ask_for_left_out(plan)
    if learn_agents(plan):
        pin_protocols(plan)
        make_checks(plan)
    within = {p.step.code: within_days_of(p) for p in wanted(plan) if p.day is None}
    moved: dict[int, date] = {}
    for check in undone_checks(plan).filter(offset_days__isnull=True).select_related("step"):
        days = within.get(check.step.code, check.step.within_days)
        # Planned for a day that is near, it is due at once, and not late already.
        due_on = max(due_before_first(plan, days), today_of(plan.case.board))
        if due_on != check.due_on:
            moved[check.pk] = due_on
    redate_each(plan, moved)
    again += ask_anew(plan, on)
    kept = {"confirmed": True} if far else {}
    note(plan, by, "plan.first_dose_planned", on=on.isoformat(), **kept, **kept_of(again))
    return plan


def _is_far_ahead(plan: MonitoringPlan, on: date) -> bool:
    """Whether a day is beyond those on which a first dose is looked for, by more than the days between doses."""
    looked_for = today_of(plan.case.board) + timedelta(days=UNPLANNED_AFTER)
    return on > looked_for and is_far_off(on, looked_for, plan.dose_interval_days or 0)


def _far_words(on: date, today: date) -> str:
    days = (on - today).days
    return ngettext(
        "%(day)s is in %(days)s day. Until shortly before it nothing is asked for. Correct the day, or say below that"
        " it is right.",
        "%(day)s is in %(days)s days. Until shortly before it nothing is asked for. Correct the day, or say below that"
        " it is right.",
        days,
    ) % {"day": formatting.date(on), "days": days}

"""Opens plans, holds, resumes and closes them."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.zones import today_of
from cases.models import IrAE
from followup.agents import classes_of
from followup.dosing import is_far_off, when_resumed
from followup.models import MonitoringPlan
from followup.policies import check_alive, check_open, check_record
from followup.services.closing import close_for
from followup.services.conditions import stored
from followup.services.doses import check_interval
from followup.services.locking import hold_plans, locked_plan, require_version
from followup.services.notices import notify
from followup.services.noting import note
from followup.services.pausing import go_on_from, wait_for_doses
from followup.services.planning import last_known_dose, make_checks, pin_protocols
from followup.services.superseding import make_way
from followup.services.toxicity import tell_of_toxicity
from followup.services.triggers import event_of
from followup.states import (
    PlanState,
    StepNotPossible,
    require_plan_step,
)
from followup.vocabulary import FAR_OFF, CloseReason, HoldReason, NoticeKind
from ui import formatting

if TYPE_CHECKING:
    from collections.abc import Collection
    from uuid import UUID

    from accounts.models import User
    from cases.models import Case


@transaction.atomic
def open_plan(
    *,
    by: User,
    case: Case,
    regimen_label: str,
    decision_ref: UUID,
    dose_interval_days: int,
    drugs: Collection[str] = (),
    conditions: list[dict[str, Any]] | None = None,
) -> MonitoringPlan:
    """Open the plan of a decision from the general protocol and those for organs once affected and for `drugs`.

    Checks before the first dose are asked for from now on; the others wait for it. Checks at doses follow each other by
    `dose_interval_days`, as the decision names them. The same decision opens one plan;
    an open plan of an earlier decision of the case makes way for it (`services.superseding`). `conditions` are
    those of the decision, each {"text", "condition": a tree or None, "expires_on"}.
    """
    check_open(by, case)
    check_interval(dose_interval_days)
    existing = MonitoringPlan.objects.filter(decision_ref=decision_ref).first()
    if existing is not None:
        return existing
    check_alive(case)
    people = make_way(by=by, case=case)
    iraes = list(IrAE.objects.filter(patient=case.patient).order_by("id"))
    known = {str(row.pk): event_of(row).remembered for row in iraes}
    plan = MonitoringPlan.objects.create(
        patient_id=case.patient_id,
        case=case,
        decision_ref=decision_ref,
        regimen_label=regimen_label,
        dose_interval_days=dose_interval_days,
        decided_interval_days=dose_interval_days,
        agents=classes_of(drugs),
        conditions=stored(conditions or []),
        opened_by=by,
        earlier_entities=sorted({row.entity for row in iraes}),
        known_iraes=known,
        known_at_opening=known,
    )
    pin_protocols(plan)
    make_checks(plan)
    note(plan, by, "plan.opened", case=case.pk, decision=str(decision_ref))
    notify(users=people, kind=NoticeKind.SUPERSEDED, plan=plan, reference=case.reference)
    return plan


@transaction.atomic
def hold_plan(
    *, by: User, plan: MonitoringPlan, reason: str, version: int | None = None
) -> MonitoringPlan:
    """Pause the doses: checks at doses lose their dates until the plan is resumed, the others go on.

    An irAE may begin weeks after a dose, so holding the ICI does not stop the watch. Held for toxicity, checks at
    doses that show how it goes on keep their dates too, and leaders are told where no irAE is recorded.
    """
    plan = locked_plan(plan)
    check_record(by, plan)
    require_version(plan.version, version)
    require_plan_step(plan.state, PlanState.HELD)
    if plan.last_dose_on is not None:
        raise StepNotPossible(_("The last dose was given: there is nothing to hold."))
    plan.state, plan.hold_reason, plan.held_on = PlanState.HELD, reason, today_of(plan.case.board)
    plan.version += 1
    plan.save()
    wait_for_doses(plan, plan.checks.all())
    note(plan, by, "plan.held", reason=reason)
    if reason == HoldReason.TOXICITY:
        tell_of_toxicity(plan)
    return plan


@transaction.atomic
def resume_plan(
    *,
    by: User,
    plan: MonitoringPlan,
    next_dose_on: date,
    confirmed: bool = False,
    version: int | None = None,
) -> MonitoringPlan:
    """Give doses again from `next_dose_on`: each kind of check at doses starts there anew.

    It comes after the dose before the hold. A day that is early after that one, or far ahead, has to be
    `confirmed`, which is kept.
    """
    plan = locked_plan(plan)
    check_record(by, plan)
    require_version(plan.version, version)
    require_plan_step(plan.state, PlanState.ACTIVE)
    odd = _question_day(plan, next_dose_on, confirmed=confirmed)
    go_on_from(plan, next_dose_on)
    kept = {"confirmed": True} if odd else {}
    note(plan, by, "plan.resumed", next_dose_on=next_dose_on.isoformat(), **kept)
    return plan


def _question_day(plan: MonitoringPlan, on: date, *, confirmed: bool) -> bool:
    """Return whether the day on which doses go on is odd; raise where it cannot be, or is odd and not `confirmed`."""
    before = last_known_dose(plan)
    if before is not None and on <= before:
        raise ValidationError(
            {
                "on": _("The dose before it was given on %(day)s: the next one comes later.")
                % {"day": formatting.date(before)}
            }
        )
    usual, interval = when_resumed(plan), plan.dose_interval_days or 0
    if usual is None:
        return False
    # Early after the dose before it; late from today on, however long the hold was.
    usually = usual if on < usual else max(usual, min(on, today_of(plan.case.board)))
    odd = is_far_off(on, usually, interval)
    if odd and not confirmed:
        words = _(
            "The dose before it was given on %(before)s, and doses follow each other by %(n)s days: %(day)s is"
            " far from that. Correct the day, or say below that it is right."
        ) % {
            "before": formatting.date(before) if before else "",
            "n": interval,
            "day": formatting.date(on),
        }
        raise ValidationError({"on": ValidationError(words, code=FAR_OFF)})
    return odd


@transaction.atomic
def close_plan(
    *, by: User, plan: MonitoringPlan, reason: str, version: int | None = None
) -> MonitoringPlan:
    """End the watch for a coded reason; what was not done is cancelled."""
    # One that it made way for is written with it: all are held in the order in which a death holds them.
    hold_plans(plan.case_id)
    plan = locked_plan(plan)
    check_record(by, plan)
    require_version(plan.version, version)
    if reason == CloseReason.NOT_GIVEN and plan.first_dose_on is not None:
        raise ValidationError(
            {
                "reason": _(
                    "A first dose is entered for %(day)s. If it was not given, take it back on the plan's page"
                    " first. If it was, enter the last dose, or choose another reason."
                )
                % {"day": formatting.date(plan.first_dose_on)}
            }
        )
    return close_for(plan, by=by, reason=reason)

"""Opens plans, dates their checks from the doses, holds, resumes and closes them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import DateField, ExpressionWrapper, F, Min, Q, Value
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.services import record
from cases.models import IrAE
from followup.intervals import is_interval
from followup.models import Check, MonitoringPlan
from followup.policies import check_open, check_record
from followup.services.conditions import require_conditions, stored
from followup.services.locking import locked_plan, require_version
from followup.services.planning import make_checks, pin_protocols
from followup.services.triggers import event_of, judge_record
from followup.states import OPEN_PLANS, UNDONE_CHECKS, CheckState, PlanState, require_plan_step
from followup.vocabulary import CloseReason, HoldReason

if TYPE_CHECKING:
    from uuid import UUID

    from django.db.models import QuerySet
    from django.db.models.expressions import CombinedExpression

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
    conditions: list[dict[str, Any]] | None = None,
) -> MonitoringPlan:
    """Open the plan of a decision from the general protocol and one for each organ once affected.

    Checks before the first dose get dates now; the others wait for it. Checks at doses follow each other by
    `dose_interval_days`, as the decision names them. The same decision opens one plan;
    an open plan of an earlier decision of the case is closed as superseded. `conditions` are those of the
    decision, each {"text", "condition": a tree or None, "expires_on"}.
    """
    check_open(by, case)
    _check_interval(dose_interval_days)
    existing = MonitoringPlan.objects.filter(decision_ref=decision_ref).first()
    if existing is not None:
        return existing
    for earlier in MonitoringPlan.objects.filter(case=case, state__in=OPEN_PLANS):
        _close(earlier, by=by, reason=CloseReason.SUPERSEDED)
    iraes = list(IrAE.objects.filter(patient_id=case.patient_id).order_by("id"))
    plan = MonitoringPlan.objects.create(
        patient_id=case.patient_id,
        case=case,
        decision_ref=decision_ref,
        regimen_label=regimen_label,
        dose_interval_days=dose_interval_days,
        decided_interval_days=dose_interval_days,
        conditions=stored(conditions or []),
        opened_by=by,
        earlier_entities=sorted({row.entity for row in iraes}),
        known_iraes={str(row.pk): event_of(row).remembered for row in iraes},
    )
    pin_protocols(plan)
    make_checks(plan)
    _note(plan, by, "plan.opened", case=case.pk, decision=str(decision_ref))
    return plan


@transaction.atomic
def enter_first_dose(
    *,
    by: User,
    plan: MonitoringPlan,
    on: date,
    dose_interval_days: int | None = None,
    acknowledged: bool = False,
    version: int | None = None,
) -> MonitoringPlan:
    """Date the checks from the first dose on `on`; given again it corrects it and moves undone checks.

    `dose_interval_days` changes the days between doses, which is kept on the trail; None leaves those of the
    decision. A condition of the decision that is not certainly met has to be `acknowledged`.
    """
    plan = locked_plan(plan)
    check_record(by, plan)
    interval = dose_interval_days or plan.dose_interval_days
    if (plan.state, plan.first_dose_on, plan.dose_interval_days) == (
        PlanState.ACTIVE,
        on,
        interval,
    ):
        return plan
    require_version(plan.version, version)
    _check_day(plan, on)
    _check_interval(dose_interval_days)
    before, interval_before = plan.first_dose_on, plan.dose_interval_days
    if before is None:
        require_plan_step(plan.state, PlanState.ACTIVE)
        require_conditions(by=by, plan=plan, on=on, acknowledged=acknowledged)
        _take_history(plan, by=by, on=on)
        plan.state = PlanState.ACTIVE
    elif interval != interval_before:
        _refuse_after_pause(plan)
    plan.first_dose_on, plan.dose_interval_days = on, interval
    plan.version += 1
    plan.save()
    _move_checks(plan, before, on)
    if before is None or interval != interval_before:
        make_checks(plan)
    kind = "plan.first_dose" if before is None else "plan.first_dose_corrected"
    _note(plan, by, kind, on=on.isoformat(), dose_interval_days=interval)
    if interval != interval_before:
        # The decision named another: who changed it, when and from what, is asked for by the board.
        _note(plan, by, "plan.dose_interval_changed", **{"from": interval_before, "to": interval})
    return plan


def _check_interval(days: int | None) -> None:
    if days is not None and not is_interval(days):
        raise ValidationError(_("Doses are given every 7 to 84 days."))


def _check_day(plan: MonitoringPlan, on: date) -> None:
    if on > timezone.localdate():
        raise ValidationError(_("The first dose cannot be entered before it is given."))
    if on < timezone.localdate(plan.opened_at) - timedelta(days=365):
        raise ValidationError(_("The first dose is more than a year before the plan was opened."))


def _take_history(plan: MonitoringPlan, *, by: User, on: date) -> None:
    """Judge what was recorded since the signature, then count what certainly began before `on` as earlier.

    What was known when the plan was opened is kept: the board decided on that. Protocols of organs affected
    since are pinned now.
    """
    judge_record(by=by, plan=plan)
    rows = IrAE.objects.filter(patient_id=plan.patient_id)
    began = {r.entity for r in rows if r.onset and r.onset.latest and r.onset.latest < on}
    plan.earlier_entities = sorted({*plan.earlier_entities, *began})
    pin_protocols(plan)


def _refuse_after_pause(plan: MonitoringPlan) -> None:
    """Raise where doses were held: their checks no longer stand at whole intervals from the first."""
    first = plan.first_dose_on
    at_doses = plan.checks.filter(at_dose=True, state__in=UNDONE_CHECKS, offset_days__isnull=False)
    for due_on, offset in at_doses.values_list("due_on", "offset_days"):
        if first is None or due_on != first + timedelta(days=offset or 0):
            raise ValidationError(
                _(
                    "Doses were held since the first: the days between doses cannot be changed any more."
                )
            )


def _move_checks(plan: MonitoringPlan, before: date | None, on: date) -> None:
    undone = plan.checks.filter(state__in=UNDONE_CHECKS).select_for_update(of=("self",))
    counted = undone.filter(offset_days__isnull=False)
    if before is None:
        _date(counted, _day(on) + F("offset_days"))
    elif before != on:
        # Moved, not counted anew: checks after a pause keep their distance.
        _date(counted.filter(due_on__isnull=False), F("due_on") + Value((on - before).days))
    # What was to be done before the first dose is late from its day on.
    undone.filter(offset_days__isnull=True, due_on__gt=on).update(
        due_on=on, version=F("version") + 1
    )


def _day(on: date) -> Value:
    return Value(on, output_field=DateField())


def _date(checks: QuerySet[Check], day: CombinedExpression) -> None:
    """Give each check its day, a date plus days; one that was due waits for its new day."""
    checks.update(
        due_on=ExpressionWrapper(day, output_field=DateField()),
        state=CheckState.WAITING,
        opened_on=None,
        version=F("version") + 1,
    )


@transaction.atomic
def hold_plan(
    *, by: User, plan: MonitoringPlan, reason: str, version: int | None = None
) -> MonitoringPlan:
    """Pause the doses: checks at doses lose their dates until the plan is resumed, the others go on.

    An irAE may begin weeks after a dose, so holding the ICI does not stop the watch.
    """
    plan = locked_plan(plan)
    check_record(by, plan)
    require_version(plan.version, version)
    require_plan_step(plan.state, PlanState.HELD)
    plan.state, plan.hold_reason, plan.held_on = PlanState.HELD, reason, timezone.localdate()
    plan.version += 1
    plan.save()
    waiting = plan.checks.filter(at_dose=True, state=CheckState.WAITING, due_on__gte=plan.held_on)
    if reason == HoldReason.TOXICITY:
        # What is measured is what shows how the toxicity goes on.
        waiting = waiting.filter(measures=[])
    waiting.update(due_on=None, version=F("version") + 1)
    _note(plan, by, "plan.held", reason=reason)
    return plan


@transaction.atomic
def resume_plan(
    *, by: User, plan: MonitoringPlan, next_dose_on: date, version: int | None = None
) -> MonitoringPlan:
    """Give doses again from `next_dose_on`: each kind of check at doses starts there anew."""
    plan = locked_plan(plan)
    check_record(by, plan)
    require_version(plan.version, version)
    require_plan_step(plan.state, PlanState.ACTIVE)
    plan.state, plan.hold_reason, plan.held_on = PlanState.ACTIVE, "", None
    plan.version += 1
    plan.save()
    ahead = Q(due_on__isnull=True) | Q(due_on__gte=timezone.localdate())
    waiting = plan.checks.filter(
        ahead, at_dose=True, state=CheckState.WAITING, offset_days__isnull=False
    )
    firsts = dict(waiting.values_list("step__code").annotate(first=Min("offset_days")))
    for code, first in firsts.items():
        assert first is not None  # they were filtered for it
        # Each kind of check has one on the day of the dose, whichever of them were done by the calendar.
        start = _day(next_dose_on - timedelta(days=first))
        _date(waiting.filter(step__code=code), start + F("offset_days"))
    _note(plan, by, "plan.resumed", next_dose_on=next_dose_on.isoformat())
    return plan


@transaction.atomic
def close_plan(
    *, by: User, plan: MonitoringPlan, reason: str, version: int | None = None
) -> MonitoringPlan:
    """End the watch for a coded reason; what was not done is cancelled."""
    plan = locked_plan(plan)
    check_record(by, plan)
    require_version(plan.version, version)
    return _close(plan, by=by, reason=reason)


def _close(plan: MonitoringPlan, *, by: User, reason: str) -> MonitoringPlan:
    require_plan_step(plan.state, PlanState.CLOSED)
    plan.state, plan.close_reason = PlanState.CLOSED, reason
    plan.version += 1
    plan.save()
    plan.checks.filter(state__in=UNDONE_CHECKS).update(
        state=CheckState.CANCELLED, version=F("version") + 1
    )
    _note(plan, by, "plan.closed", reason=reason)
    return plan


def _note(plan: MonitoringPlan, by: User, kind: str, **detail: Any) -> None:
    record(
        kind,
        by=by,
        board=plan.case.board,
        patient_id=plan.patient_id,
        subject=plan,
        detail=detail,
    )

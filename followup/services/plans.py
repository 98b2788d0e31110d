"""Opens plans, dates their checks from the doses, holds, resumes and closes them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import DateField, ExpressionWrapper, F, Min, Value
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.services import record
from cases.models import IrAE
from followup.models import Check, MonitoringPlan
from followup.policies import check_open, check_record
from followup.services.locking import locked_plan, require_version
from followup.services.planning import make_checks, pin_protocols
from followup.services.triggers import event_of
from followup.states import OPEN_PLANS, UNDONE_CHECKS, CheckState, PlanState, require_plan_step
from followup.vocabulary import CloseReason, Timing

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
    dose_interval_days: int | None = None,
) -> MonitoringPlan:
    """Open the plan of a decision from the general protocol and one for each organ once affected.

    Checks before the first dose get dates now; the others wait for it. The same decision opens one plan;
    an open plan of an earlier decision of the case is closed as superseded.
    """
    check_open(by, case)
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
        opened_by=by,
        earlier_entities=sorted({row.entity for row in iraes}),
        known_iraes={str(row.pk): event_of(row).remembered for row in iraes},
    )
    pin_protocols(plan)
    make_checks(plan)
    record(
        "plan.opened",
        by=by,
        board=case.board,
        patient_id=case.patient_id,
        subject=plan,
        detail={"case": case.pk, "decision": str(decision_ref)},
    )
    return plan


@transaction.atomic
def enter_first_dose(
    *, by: User, plan: MonitoringPlan, on: date, version: int | None = None
) -> MonitoringPlan:
    """Date the checks from the first dose on `on`; given again it corrects it and moves undone checks."""
    plan = locked_plan(plan)
    check_record(by, plan)
    if plan.state == PlanState.ACTIVE and plan.first_dose_on == on:
        return plan
    require_version(plan.version, version)
    if on > timezone.localdate():
        raise ValidationError(_("The first dose cannot be entered before it is given."))
    if on < timezone.localdate(plan.opened_at) - timedelta(days=365):
        raise ValidationError(_("The first dose is more than a year before the plan was opened."))
    corrected = plan.first_dose_on is not None
    moved_by = on - plan.first_dose_on if plan.first_dose_on else timedelta()
    if not corrected:
        require_plan_step(plan.state, PlanState.ACTIVE)
        plan.state = PlanState.ACTIVE
        # From here on an irAE counts as one under this treatment.
        rows = list(IrAE.objects.filter(patient_id=plan.patient_id))
        plan.earlier_entities = sorted({row.entity for row in rows})
        plan.known_iraes = {str(row.pk): event_of(row).grades for row in rows}
    plan.first_dose_on = on
    plan.version += 1
    plan.save()
    undone = plan.checks.filter(state__in=UNDONE_CHECKS).select_for_update(of=("self",))
    counted = undone.filter(offset_days__isnull=False)
    if corrected:
        # Moved, not counted anew: checks after a pause keep their distance.
        _date(counted.filter(due_on__isnull=False), F("due_on") + Value(moved_by.days))
    else:
        _date(counted, _day(on) + F("offset_days"))
    # What was to be done before the first dose is late from its day on.
    undone.filter(offset_days__isnull=True, due_on__gt=on).update(
        due_on=on, version=F("version") + 1
    )
    kind = "plan.first_dose_corrected" if corrected else "plan.first_dose"
    record(
        kind,
        by=by,
        board=plan.case.board,
        patient_id=plan.patient_id,
        subject=plan,
        detail={"on": on.isoformat()},
    )
    return plan


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
    plan.checks.filter(
        state=CheckState.WAITING, step__kind=Timing.AT_EACH_DOSE, due_on__gte=plan.held_on
    ).update(due_on=None, version=F("version") + 1)
    _record_step(plan, by, "plan.held", reason)
    return plan


@transaction.atomic
def resume_plan(
    *, by: User, plan: MonitoringPlan, next_dose_on: date, version: int | None = None
) -> MonitoringPlan:
    """Give doses again from `next_dose_on`: the checks at doses that wait keep their distances."""
    plan = locked_plan(plan)
    check_record(by, plan)
    require_version(plan.version, version)
    require_plan_step(plan.state, PlanState.ACTIVE)
    plan.state, plan.hold_reason, plan.held_on = PlanState.ACTIVE, "", None
    plan.version += 1
    plan.save()
    waiting = plan.checks.filter(
        state=CheckState.WAITING, due_on__isnull=True, offset_days__isnull=False
    )
    first = waiting.aggregate(first=Min("offset_days"))["first"] or 0
    _date(waiting, _day(next_dose_on - timedelta(days=first)) + F("offset_days"))
    _record_step(plan, by, "plan.resumed", "")
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
    _record_step(plan, by, "plan.closed", reason)
    return plan


def _record_step(plan: MonitoringPlan, by: User, kind: str, reason: str) -> None:
    record(
        kind,
        by=by,
        board=plan.case.board,
        patient_id=plan.patient_id,
        subject=plan,
        detail={"reason": reason} if reason else {},
    )

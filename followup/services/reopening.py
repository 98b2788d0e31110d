"""Takes a normal result back that was entered by mistake: the check stands again as if nobody had recorded it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.zones import today_of
from audit.services import record
from followup.policies import check_record
from followup.services.locking import Outdated, locked_check, locked_plan, require_version
from followup.services.pausing import wait_for_doses
from followup.services.saying import say_steroid_dose
from followup.services.spared import want_again
from followup.states import (
    CheckState,
    PlanState,
    require_check_step,
)
from followup.vocabulary import Result, Timing

if TYPE_CHECKING:
    from datetime import date

    from accounts.models import User
    from followup.models import Check, MonitoringPlan


@transaction.atomic
def reopen_check(*, by: User, check: Check, version: int | None = None) -> Check:
    """Take back a normal result entered by mistake; the check waits for its day, or is due from today on.

    Its days of grace begin anew: nobody could be late with what was recorded. What is asked at doses alone does not
    come back into a hold, nor after the last dose, and what was found at a first dose that was taken back not at all.
    An abnormal result has had consequences and stays: what follows from it is decided by the board.
    """
    # The plan before its checks, as doses lock them.
    plan = locked_plan(check.plan)
    check = locked_check(check)
    check_record(by, plan)
    twice = check.state == CheckState.WAITING and version == check.version - 1
    if check.state == CheckState.DUE or twice:
        # The same button pressed twice.
        return check
    require_version(check.version, version)
    if _asked_anew(check):
        raise ValidationError(_("It was asked for again since: correct what was found then."))
    if check.result == Result.ABNORMAL:
        raise ValidationError(
            _("An abnormal result has brought the case back and cannot be taken back.")
        )
    if check.result != Result.NORMAL:
        raise Outdated
    today = today_of(plan.case.board)
    to = _state_again(plan, check, today)
    require_check_step(check.state, to)
    before = check.measured_on
    check.state, check.result, check.values = to, "", {}
    check.upper_limits, check.unmeasured = {}, ""
    check.measured_on = check.recorded_by = check.recorded_at = None
    check.opened_on = today if to == CheckState.DUE else None
    if check.offset_days is not None and plan.first_dose_on is None:
        # It had its day from the result alone.
        check.due_on = None
    check.version += 1
    check.save()
    if plan.state == PlanState.HELD and wait_for_doses(plan, plan.checks.filter(pk=check.pk)):
        check.refresh_from_db()
    say_steroid_dose(by=by, check=check, before=before)
    want_again(check)
    record(
        "check.reopened",
        by=by,
        board=plan.case.board,
        patient_id=check.patient_id,
        subject=check,
    )
    return check


def _state_again(plan: MonitoringPlan, check: Check, today: date) -> CheckState:
    """Return where a check stands of which nothing is recorded any more."""
    assert check.due_on is not None  # it was given a day with its result at the latest
    if check.of_no_dose:
        # As that dose was taken back, the check was asked for anew at the dose to come.
        return CheckState.CANCELLED
    last = plan.last_dose_on
    if check.at_dose and last is not None and check.due_on > last:
        return CheckState.CANCELLED
    undosed = check.offset_days is not None and plan.first_dose_on is None
    return CheckState.WAITING if undosed or check.due_on > today else CheckState.DUE


def _asked_anew(check: Check) -> bool:
    """Whether a later check took the place of one that was done too early before the first dose.

    What was found at a first dose that was taken back took no place, and none is taken by it.
    """
    if check.offset_days is not None or check.of_no_dose:
        return False
    later = check.plan.checks.filter(
        offset_days__isnull=True,
        step__code=check.step.code,
        step__kind=Timing.BEFORE_FIRST_DOSE,
        pk__gt=check.pk,
    )
    return later.exclude(state=CheckState.CANCELLED).exists()

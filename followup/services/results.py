"""Records what came of a check, puts it right, passes the check on."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.zones import today_of
from audit.services import record
from followup.models import Check, Reminder
from followup.policies import check_assign, check_record, check_retry
from followup.services.baselines import kept_of
from followup.services.locking import Outdated, locked_check, locked_plan, require_version
from followup.services.notices import leaders, notify
from followup.services.planning import last_known_dose
from followup.services.questioning import ask_again, question
from followup.services.reaching import may_reach, reach_on
from followup.services.saying import say_steroid_dose
from followup.services.triggers import return_by, tell
from followup.states import CheckState, PlanState, ReminderState, require_check_step
from followup.vocabulary import (
    LACKING,
    TO_BE_MEASURED,
    HoldReason,
    NotDoneReason,
    NoticeKind,
    ReminderKind,
    Result,
    ReturnReason,
)

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from accounts.models import User


@dataclass(frozen=True)
class Outcome:
    """What came of a check. `values`: code of the measure -> number as text; `reason`: why not done.

    `upper_limits`: those of the laboratory, as values; `unmeasured`: why a value is lacking.
    """

    result: str
    measured_on: date | None = None
    reason: str = ""
    values: dict[str, str] = field(default_factory=dict)
    upper_limits: dict[str, str] = field(default_factory=dict)
    unmeasured: str = ""


@transaction.atomic
def record_result(
    *,
    by: User,
    check: Check,
    result: str,
    measured_on: date | None = None,
    reason: str = "",
    values: dict[str, str] | None = None,
    upper_limits: dict[str, str] | None = None,
    unmeasured: str = "",
    kept: bool = False,
    early: bool = False,
    as_read: bool = False,
    correcting: bool = False,
    version: int | None = None,
) -> Check:
    """Record normal, abnormal or not done. Abnormal, or a critical check not done, returns the case.

    A normal result with a value beyond its limit or not to be judged, that is hardly possible in its unit, or that
    breaks a condition of the decision, is questioned until `kept` says that it is right, which the trail keeps; so is
    an upper limit far above the usual one. A point that may part thousands is questioned until the figures are meant
    `as_read`, a day before the dose that the check follows until `early` says that it is right; so is one on which a
    critical check is too old for the first dose, which is asked for again. A critical check is normal only with its
    values, or with some of them and why others are `unmeasured`.
    `correcting` puts a normal result right in its place: the check is never open meanwhile, so nothing is late, and the
    history keeps what stood there. The same sent twice changes nothing the second time.
    Raises Outdated when the check was changed since version `version`, ValidationError for a result that cannot be.
    """
    goes_on = check.at_dose and may_reach(check.plan, measured_on)
    if goes_on or (check.offset_days is None and check.step.critical):
        # The plan before its checks, as doses lock them.
        locked_plan(check.plan)
    check = locked_check(check)
    before = check.measured_on
    check_record(by, check.plan)
    why = unmeasured if check.step.critical and _lacking(check, values or {}) else ""
    outcome = Outcome(result, measured_on, reason, values or {}, upper_limits or {}, why)
    if _same(check, outcome, by):
        return check
    require_version(check.version, version)
    if correcting:
        _require_correctable(check, outcome)
    _clean(outcome, today_of(check.plan.case.board))
    _require_values(check, outcome)
    doubted = question(check, outcome, kept=kept, early=early, as_read=as_read)
    to = CheckState.MISSED if result == Result.NOT_DONE else CheckState.DONE
    # A missed check gets its reason afterwards without changing its state.
    if not correcting and (check.state != to or check.result):
        require_check_step(check.state, to)
    _write(check, outcome, by, to)
    _note_result(check, by, doubted, ask_again(check), correcting=correcting)
    say_steroid_dose(by=by, check=check, before=before)
    _act_on(check, by)
    if goes_on and to == CheckState.DONE:
        reach_on(check.plan, check.measured_on)
    return check


def _same(check: Check, outcome: Outcome, by: User) -> bool:
    return (
        check.result == outcome.result != ""
        and check.recorded_by_id == by.pk
        and check.measured_on == outcome.measured_on
        and check.reason == outcome.reason
        and check.values == outcome.values
        and check.upper_limits == outcome.upper_limits
        and check.unmeasured == outcome.unmeasured
    )


def _clean(outcome: Outcome, today: date) -> None:
    if outcome.result not in Result.values:
        raise ValidationError(_("Choose normal, abnormal or not done."))
    if outcome.result == Result.NOT_DONE:
        if not outcome.reason:
            raise ValidationError({"reason": _("Say why it was not done.")})
        return
    if outcome.measured_on is None:
        raise ValidationError({"measured_on": _("Enter the day of the measurement.")})
    if outcome.measured_on > today:
        raise ValidationError(
            {"measured_on": _("The day of the measurement cannot be in the future.")}
        )


def _lacking(check: Check, values: Mapping[str, str]) -> list[str]:
    """Return the codes of the measures of a check that have no value."""
    return [m["code"] for m in check.measures if not values.get(m["code"])]


def _require_values(check: Check, outcome: Outcome) -> None:
    """Raise where a critical check is called normal without any value, or without one and why it is lacking."""
    if outcome.result != Result.NORMAL or not check.step.critical:
        return
    lacking = _lacking(check, outcome.values)
    if lacking and outcome.unmeasured:
        _require_some(check, outcome, lacking)
        return
    labels = {m["code"]: m["label"] for m in check.measures}
    if lacking:
        words = _("%(label)s: enter the value, or say below why it was not measured")
        raise ValidationError(
            {
                f"value-{code}": ValidationError(words % {"label": labels[code]}, code=LACKING)
                for code in lacking
            }
        )


def _require_some(check: Check, outcome: Outcome, lacking: list[str]) -> None:
    """Raise where nothing at all was measured, or where what is lacking can still be measured."""
    if len(lacking) == len(check.measures):
        words = _("Without any value the check is not normal. Choose not done, and say why")
        raise ValidationError({"unmeasured": words})
    if outcome.unmeasured in TO_BE_MEASURED:
        words = _(
            "What was not ordered, or whose sample was lost, can still be measured. Leave the check open until it is,"
            " or choose not done"
        )
        raise ValidationError({"unmeasured": words})


def _require_correctable(check: Check, outcome: Outcome) -> None:
    """Raise unless a normal result stands that another result can take the place of."""
    if check.result != Result.NORMAL:
        raise Outdated
    if outcome.result == Result.NOT_DONE:
        words = _("Take the result back first: the check is then open, and can be not done.")
        raise ValidationError({"result": words})


def _write(check: Check, outcome: Outcome, by: User, to: str) -> None:
    check.state, check.result = CheckState(to), outcome.result
    not_done = outcome.result == Result.NOT_DONE
    check.measured_on = None if not_done else outcome.measured_on
    check.reason = outcome.reason if not_done else ""
    check.values = {} if not_done else outcome.values
    check.upper_limits = {} if not_done else outcome.upper_limits
    check.unmeasured = "" if not_done else outcome.unmeasured
    check.recorded_by, check.recorded_at = by, timezone.now()
    if check.due_on is None:
        check.due_on = outcome.measured_on or today_of(check.plan.case.board)
    check.version += 1
    check.save()


def _note_result(
    check: Check, by: User, doubted: list[str], again: list[str], *, correcting: bool
) -> None:
    """Put the result on the trail: what was kept though it was asked about, why values lack, what is asked `again`."""
    record(
        "check.corrected" if correcting else "check.recorded",
        by=by,
        board=check.plan.case.board,
        patient_id=check.patient_id,
        subject=check,
        detail={
            "result": check.result,
            "reason": check.reason,
            **({"kept": doubted} if doubted else {}),
            **({"unmeasured": check.unmeasured} if check.unmeasured else {}),
            **kept_of(again),
        },
    )


def _act_on(check: Check, by: User) -> None:
    """Bring the case back where the result asks for it, and tell who leads the board."""
    plan, case = check.plan, check.plan.case
    if check.result == Result.ABNORMAL:
        return_by(by=by, case=case, reason=ReturnReason.ABNORMAL_CHECK)
        notify(
            users=leaders(case.board_id),
            kind=NoticeKind.ABNORMAL,
            plan=plan,
            reference=case.reference,
            check=check,
            reason=ReturnReason.ABNORMAL_CHECK,
        )
    elif check.result == Result.NOT_DONE and check.step.critical and not _no_dose_due(check):
        reason = ReturnReason.MISSED_CHECK
        back = return_by(by=by, case=case, reason=reason)
        tell(plan=plan, case=case, reason=reason, back=back, check=check)


def _no_dose_due(check: Check) -> bool:
    """Whether it was left out because the dose that it belongs to is not given: nobody is at risk by it.

    That is so before the first dose, and at a dose that is held, but not for toxicity: with the next dose each kind
    of check is asked for. Where doses are not held nobody would ask for it at the dose that is given late.
    """
    plan = check.plan
    if check.reason != NotDoneReason.DOSE_NOT_GIVEN:
        return False
    if check.offset_days is None:
        return plan.first_dose_on is None
    held = plan.state == PlanState.HELD and plan.hold_reason != HoldReason.TOXICITY
    last = last_known_dose(plan)
    return bool(held and check.at_dose and last and check.due_on and check.due_on > last)


@transaction.atomic
def assign_check(*, by: User, check: Check, to: User, version: int | None = None) -> Check:
    """Pass a check on to `to`, who is reminded of it at once."""
    check = locked_check(check)
    check_assign(by, check, to)
    if check.assignee_id == to.pk:
        return check
    require_version(check.version, version)
    if check.state not in {CheckState.WAITING, CheckState.DUE} or check.due_on is None:
        raise ValidationError(_("Only a check that is dated and not done can be passed on."))
    check.assignee = to
    check.version += 1
    check.save()
    Reminder.objects.bulk_create(
        [
            Reminder(
                patient_id=check.patient_id,
                safety_check=check,
                recipient=to,
                kind=ReminderKind.REASSIGNED,
                due_on=check.due_on,
                due_at=Now(),
                next_attempt_at=Now(),
            )
        ],
        ignore_conflicts=True,
    )
    record(
        "check.assigned",
        by=by,
        board=check.plan.case.board,
        patient_id=check.patient_id,
        subject=check,
        detail={"to": to.pk},
    )
    return check


@transaction.atomic
def retry_reminder(*, by: User, reminder: Reminder) -> Reminder:
    """Have a failed reminder sent again, from the first attempt on."""
    reminder = (
        Reminder.objects.select_for_update(of=("self",))
        .select_related("safety_check__plan__case__board")
        .get(pk=reminder.pk)
    )
    check_retry(by, reminder)
    if reminder.state == ReminderState.FAILED:
        Reminder.objects.filter(pk=reminder.pk).update(
            state=ReminderState.PENDING,
            attempts=0,
            due_at=Now(),  # asked for now, so not late since the day of the first attempt
            next_attempt_at=Now(),
            last_error="",
        )
        record(
            "reminder.retried",
            by=by,
            board=reminder.safety_check.plan.case.board,
            patient_id=reminder.patient_id,
            subject=reminder,
        )
        reminder.refresh_from_db()
    return reminder

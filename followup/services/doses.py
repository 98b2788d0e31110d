"""Enters the doses: the first, which dates the checks; each further one, which moves what is asked at doses.

Checks at doses follow the doses as they are given. Late contacts count from the last dose as far as it is
known, so each dose moves them on.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import DateField, ExpressionWrapper, F, Min, Q, Value
from django.utils.translation import gettext as _

from accounts.zones import day_of, today_of
from cases.models import IrAE
from followup.dosing import NextDose, is_far_off, next_dose
from followup.intervals import is_interval
from followup.models import Check, Dose, MonitoringPlan
from followup.policies import check_record
from followup.services.agents import learn_agents
from followup.services.baselines import (
    ask_anew,
    ask_for_left_out,
    date_before_first,
    kept_of,
)
from followup.services.conditions import require_conditions, require_conditions_moved
from followup.services.courses import follow_course
from followup.services.dating import day_value, for_the_dose_alone, redate, undone_checks
from followup.services.locking import locked_plan, require_version
from followup.services.noting import note
from followup.services.planning import last_known_dose, make_checks, pin_protocols
from followup.services.reaching import reach_on
from followup.services.toxicity import tell_of_toxicity
from followup.services.triggers import judge_record
from followup.services.undecided import require_decision
from followup.states import UNDONE_CHECKS, CheckState, PlanState, StepNotPossible, require_plan_step
from followup.vocabulary import FAR_OFF, DoseState, HoldReason
from ui import formatting

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.db.models import QuerySet

    from accounts.models import User


@transaction.atomic
def enter_first_dose(
    *,
    by: User,
    plan: MonitoringPlan,
    on: date,
    dose_interval_days: int | None = None,
    said: Mapping[int, bool] | None = None,
    acknowledged: bool = False,
    undecided: bool = False,
    version: int | None = None,
) -> MonitoringPlan:
    """Date the checks from the first dose on `on`; given again it corrects it and moves undone checks.

    `dose_interval_days` changes the days between doses, which is kept on the trail; None leaves those of the
    decision. `said`: whether each condition that stands in words alone, by its place, was met. A condition that
    is not certainly met, or that has run out by a corrected day, has to be `acknowledged`, and so has to be, as
    `undecided`, that no decision to give it stands. What was left out before it because no dose was given, or was
    done too early, is asked for again.
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
    _check_first_day(plan, on)
    check_interval(dose_interval_days)
    before, interval_before = plan.first_dose_on, plan.dose_interval_days
    if before is None:
        require_plan_step(plan.state, PlanState.ACTIVE)
        require_decision(by=by, plan=plan, number=1, on=on, acknowledged=undecided)
        require_conditions(by=by, plan=plan, on=on, said=said or {}, acknowledged=acknowledged)
        _take_history(plan, by=by, on=on)
        plan.state = PlanState.ACTIVE
    else:
        if interval != interval_before:
            _refuse_after_move(plan)
        require_conditions_moved(by=by, plan=plan, before=before, on=on, acknowledged=acknowledged)
    plan.first_dose_on, plan.dose_interval_days = on, interval
    plan.version += 1
    plan.save()
    _move_checks(plan, before, on)
    again = ask_for_left_out(plan) if before is None else []
    if before is None or interval != interval_before:
        make_checks(plan)
    again += ask_anew(plan, on)
    kind = "plan.first_dose" if before is None else "plan.first_dose_corrected"
    note(plan, by, kind, on=on.isoformat(), dose_interval_days=interval, **kept_of(again))
    if interval != interval_before:
        # The decision named another: who changed it, when and from what, is asked for by the board.
        note(plan, by, "plan.dose_interval_changed", **{"from": interval_before, "to": interval})
    follow_course(by=by, plan=plan)
    return plan


def check_interval(days: int | None) -> None:
    """Raise ValidationError for days that cannot lie between two doses."""
    if days is not None and not is_interval(days):
        raise ValidationError(_("Doses are given every 7 to 84 days."))


def _check_first_day(plan: MonitoringPlan, on: date) -> None:
    if on > today_of(plan.case.board):
        raise ValidationError({"on": _("The first dose cannot be entered before it is given.")})
    decided = day_of(plan.case.board, plan.opened_at)
    if on < decided:
        raise ValidationError(
            {
                "on": _(
                    "The decision was signed on %(day)s: a dose before that day was not given under it. Correct"
                    " the day, or enter an earlier course in the patient's record."
                )
                % {"day": formatting.date(decided)}
            }
        )
    later = plan.doses.aggregate(first=Min("on"))["first"]
    if (later is not None and on >= later) or (plan.last_dose_on and on > plan.last_dose_on):
        raise ValidationError(
            {"on": _("The first dose comes before the doses that are entered already.")}
        )


def _take_history(plan: MonitoringPlan, *, by: User, on: date) -> None:
    """Judge what was recorded since the signature, then count what certainly began before `on` as earlier.

    What was known when the plan was opened is kept: the board decided on that. Protocols of organs affected
    since are pinned now.
    """
    judge_record(by=by, plan=plan)
    rows = IrAE.objects.filter(patient=plan.case.patient)
    began = {r.entity for r in rows if r.onset and r.onset.latest and r.onset.latest < on}
    plan.earlier_entities = sorted({*plan.earlier_entities, *began})
    learn_agents(plan)
    pin_protocols(plan)


def _refuse_after_move(plan: MonitoringPlan) -> None:
    """Raise where doses came after the first: their checks do not stand at whole intervals from it."""
    first = plan.first_dose_on
    at_doses = plan.checks.filter(at_dose=True, state__in=UNDONE_CHECKS, offset_days__isnull=False)
    moved = any(
        first is None or due_on != first + timedelta(days=offset or 0)
        for due_on, offset in at_doses.values_list("due_on", "offset_days")
    )
    if moved or plan.last_dose_on is not None or plan.doses.exists():
        raise ValidationError(
            _(
                "Doses were entered or held since the first: the days between doses cannot be changed any"
                " more."
            )
        )


def _move_checks(plan: MonitoringPlan, before: date | None, on: date) -> None:
    undone = undone_checks(plan)
    counted = undone.filter(offset_days__isnull=False, after_last_dose=False)
    if before is None:
        redate(counted, day_value(on) + F("offset_days"))
    elif before != on:
        moved = counted.filter(due_on__isnull=False)
        second = plan.doses.aggregate(first=Min("on"))["first"]
        if second is not None:
            # The doses after the first stand on days of their own.
            moved = moved.filter(Q(at_dose=False) | Q(due_on__lt=second))
        elif plan.next_dose_on is not None:
            plan.next_dose_on += on - before
            plan.save(update_fields=["next_dose_on"])
        # Moved, not counted anew: checks after a pause keep their distance.
        redate(moved, F("due_on") + Value((on - before).days))
    date_before_first(plan, on)
    date_late_contacts(plan)


def date_late_contacts(plan: MonitoringPlan) -> None:
    """Let what is asked for after the treatment count from the last dose that is known: there was a first."""
    last = last_known_dose(plan)
    assert last is not None
    late = undone_checks(plan).filter(after_last_dose=True)
    day = day_value(last) + F("offset_days")
    redate(late.exclude(due_on=ExpressionWrapper(day, output_field=DateField())), day)


def _asked_from(plan: MonitoringPlan, day: date) -> QuerySet[Check]:
    """Return the undone checks at doses from `day` on; what was left undone at an earlier dose stays there."""
    return undone_checks(plan).filter(at_dose=True, due_on__gte=day)


@transaction.atomic
def give_dose(
    *,
    by: User,
    plan: MonitoringPlan,
    on: date,
    confirmed: bool = False,
    undecided: bool = False,
    version: int | None = None,
) -> Dose:
    """Enter that the next dose was given on `on`: what is asked at it and after it moves with it.

    A day far from the expected one has to be `confirmed`, which is kept; so has to be, as `undecided`, that no
    decision to give it stands. The same entry sent twice is one.
    """
    plan = locked_plan(plan)
    check_record(by, plan)
    twin = _same_entry(by, plan, version, state=DoseState.GIVEN, on=on)
    if twin is not None:
        return twin
    following = _following(plan, version)
    _check_day(plan, on)
    odd = is_far_off(on, following.expected_on, plan.dose_interval_days or 0)
    if odd and not confirmed:
        raise ValidationError({"on": ValidationError(_far_words(following, on), code=FAR_OFF)})
    require_decision(by=by, plan=plan, number=following.number, on=on, acknowledged=undecided)
    moved = (on - following.expected_on).days
    redate(_asked_from(plan, following.expected_on), F("due_on") + Value(moved))
    return _enter(by, plan, following, state=DoseState.GIVEN, on=on, confirmed=odd)


@transaction.atomic
def skip_dose(*, by: User, plan: MonitoringPlan, reason: str, version: int | None = None) -> Dose:
    """Enter that the next dose is left out: what is asked at it alone is asked no more.

    Skipped for toxicity, what shows how it goes on stays, and leaders are told where no irAE is recorded. The dose
    after it is expected on its day.
    """
    plan = locked_plan(plan)
    check_record(by, plan)
    twin = _same_entry(by, plan, version, state=DoseState.SKIPPED, reason=reason)
    if twin is not None:
        return twin
    following = _following(plan, version)
    if reason not in HoldReason.values:
        raise ValidationError({"reason": _("Say why the dose was skipped.")})
    day = following.expected_on
    after = day + timedelta(days=plan.dose_interval_days or 0)
    rows = _asked_from(plan, day).filter(due_on__lt=after)
    if reason == HoldReason.TOXICITY:
        rows = for_the_dose_alone(rows)
        tell_of_toxicity(plan)
    left_out = sorted(rows.values_list("pk", flat=True))
    plan.checks.filter(pk__in=left_out).update(state=CheckState.CANCELLED, version=F("version") + 1)
    return _enter(
        by, plan, following, state=DoseState.SKIPPED, on=day, reason=reason, left_out=left_out
    )


def _same_entry(by: User, plan: MonitoringPlan, version: int | None, **entry: Any) -> Dose | None:
    """Return the dose that a second press of the same button has entered already: the step after `version`."""
    if version is None or plan.version != version + 1:
        return None
    latest = plan.doses.order_by("number").last()
    if latest is None or latest.recorded_by_id != by.pk:
        return None
    return latest if all(getattr(latest, name) == v for name, v in entry.items()) else None


def _far_words(following: NextDose, on: date) -> str:
    return _(
        "Dose %(n)s is expected on %(expected)s; %(day)s is far from it. Correct the day, or say below that it"
        " is right."
    ) % {
        "n": following.number,
        "expected": formatting.date(following.expected_on),
        "day": formatting.date(on),
    }


def _following(plan: MonitoringPlan, version: int | None) -> NextDose:
    require_version(plan.version, version)
    following = next_dose(plan)
    if following is None:
        raise StepNotPossible(
            _(
                "No dose is awaited: the first is not entered, doses are held, or the last was given."
            )
        )
    return following


def _check_day(plan: MonitoringPlan, on: date) -> None:
    if on > today_of(plan.case.board):
        raise ValidationError({"on": _("A dose cannot be entered before it is given.")})
    before = last_known_dose(plan)
    if before is not None and on <= before:
        raise ValidationError({"on": _("The dose before it was given on that day or later.")})


def _enter(by: User, plan: MonitoringPlan, following: NextDose, **values: Any) -> Dose:
    dose = Dose.objects.create(
        patient_id=plan.patient_id,
        plan=plan,
        number=following.number,
        expected_on=following.expected_on,
        recorded_by=by,
        **values,
    )
    date_late_contacts(plan)
    reach_on(plan)
    _expect(plan, None)
    detail = {"number": dose.number, "on": dose.on.isoformat(), "reason": dose.reason}
    if dose.confirmed:
        detail["expected"] = dose.expected_on.isoformat()
    kind = "plan.dose_given" if dose.state == DoseState.GIVEN else "plan.dose_skipped"
    note(plan, by, kind, **detail)
    follow_course(by=by, plan=plan)
    return dose


def _expect(plan: MonitoringPlan, day: date | None) -> None:
    """Expect the next dose on `day`, or an interval after the one before it."""
    plan.next_dose_on = day
    plan.version += 1
    plan.save(update_fields=["next_dose_on", "version"])


@transaction.atomic
def take_back_dose(*, by: User, plan: MonitoringPlan, version: int | None = None) -> None:
    """Take the entry of the latest dose back: its checks stand where they stood before."""
    plan = locked_plan(plan)
    check_record(by, plan)
    require_version(plan.version, version)
    dose = plan.doses.order_by("number").last()
    if dose is None or plan.last_dose_on is not None:
        raise StepNotPossible(_("There is no dose to take back."))
    if plan.state != PlanState.ACTIVE:
        raise StepNotPossible(_("Doses are held: let them go on first."))
    redate(_asked_from(plan, dose.on), F("due_on") + Value((dose.expected_on - dose.on).days))
    _ask_again(plan, dose)
    detail = {"number": dose.number, "state": dose.state, "on": dose.on.isoformat()}
    expected = dose.expected_on
    dose.delete()
    date_late_contacts(plan)
    _expect(plan, expected)
    note(plan, by, "plan.dose_taken_back", **detail)
    follow_course(by=by, plan=plan)


def _ask_again(plan: MonitoringPlan, dose: Dose) -> None:
    """Make the checks anew that were left out with a skipped dose; a cancelled one stays cancelled."""
    rows = plan.checks.filter(pk__in=dose.left_out, state=CheckState.CANCELLED)
    Check.objects.bulk_create(
        Check(
            patient_id=plan.patient_id,
            plan=plan,
            step_id=row.step_id,
            label=row.label,
            measures=row.measures,
            at_dose=True,
            offset_days=row.offset_days,
            due_on=row.due_on,
            assignee_id=row.assignee_id,
        )
        for row in rows
    )

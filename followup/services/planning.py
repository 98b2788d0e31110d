"""Which protocols a plan pins, and which checks they make; made anew when a protocol or the interval changes."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db.models import Max
from django.utils.translation import gettext as _

from accounts.zones import day_of, today_of
from cases.models import IrAE
from followup import timing
from followup.models import Check, PlanProtocol, ProtocolStep, ProtocolVersion, VersionState
from followup.states import UNDONE_CHECKS, CheckState
from followup.vocabulary import DoseState

if TYPE_CHECKING:
    from datetime import date

    from cases.models import Patient
    from followup.models import MonitoringPlan


class NoInterval(ValidationError):
    """Nobody has said how many days lie between two doses; none are assumed."""


class NoProtocol(ValidationError):
    """No general protocol is published, so no plan can be made."""


def _worst_by_organ(patient: Patient) -> dict[str, IrAE]:
    worst: dict[str, IrAE] = {}
    for row in IrAE.objects.filter(patient=patient).order_by("id"):
        if row.organ not in worst or (row.worst_grade or 0) > (worst[row.organ].worst_grade or 0):
            worst[row.organ] = row
    return worst


def pin_protocols(plan: MonitoringPlan) -> int:
    """Pin the newest published version of each protocol that history and agents call for; return how many.

    A protocol pinned before keeps its version.
    """
    worst = _worst_by_organ(plan.case.patient)
    had = set(plan.pinned.values_list("version__protocol_id", flat=True))
    newest: dict[int, ProtocolVersion] = {}
    published = ProtocolVersion.objects.filter(state=VersionState.PUBLISHED)
    for version in published.select_related("protocol").order_by("number"):
        newest[version.protocol_id] = version
    if not any(version.protocol.general for version in newest.values()):
        raise NoProtocol(
            _("No general monitoring protocol is published: run manage.py load_protocols.")
        )
    pins = []
    for version in newest.values():
        protocol = version.protocol
        because = [worst[o] for o in protocol.organs if o in worst]
        wanted_for = protocol.general or because or set(protocol.agents) & set(plan.agents)
        if version.protocol_id in had or not wanted_for:
            continue
        cause = max(because, key=lambda row: row.worst_grade or 0, default=None)
        pins.append(
            PlanProtocol(
                patient_id=plan.patient_id,
                plan=plan,
                version=version,
                because_entity=cause.entity if cause else "",
                because_grade=cause.worst_grade if cause else None,
            )
        )
    return len(PlanProtocol.objects.bulk_create(pins))


def last_known_dose(plan: MonitoringPlan) -> date | None:
    """Return the day of the last dose as far as it is known: entered as the last, or the latest given."""
    if plan.last_dose_on is not None or plan.first_dose_on is None:
        return plan.last_dose_on
    given = plan.doses.filter(state=DoseState.GIVEN).aggregate(latest=Max("on"))["latest"]
    return max(given, plan.first_dose_on) if given else plan.first_dose_on


def wanted(plan: MonitoringPlan, dosed_until: int = timing.FIRST_DAYS) -> list[timing.Planned[Any]]:
    """Return the checks that the pinned versions ask for, the organ protocols' own wording first.

    What goes on while doses are given goes on to `dosed_until`, a day after the first dose.
    """
    if plan.dose_interval_days is None:
        raise NoInterval(
            _("The days between doses are not entered: checks at doses have no dates.")
        )
    steps: Any = ProtocolStep.objects.filter(version__in=plan.pinned.values("version"))
    ordered = steps.order_by("version__protocol__general", "version__protocol__code", "position")
    return timing.merge(ordered, plan.dose_interval_days, dosed_until)


def due_before_first(plan: MonitoringPlan, within_days: int) -> date:
    """Return when a check that may be `within_days` old at the first dose is due.

    In the middle of those days before the planned dose, so that what is late is known before the dose is
    given. While no day is planned it is asked for from the signature on, and never counts as missed.
    """
    if plan.planned_first_on is not None:
        return plan.planned_first_on - timedelta(days=max(within_days // 2, 1))
    return day_of(plan.case.board, plan.opened_at) + timedelta(days=within_days)


def within_days_of(planned: timing.Planned[Any]) -> int:
    """Return how old a check may be at the first dose, by the strictest step that asks for it."""
    return min(step.within_days for step in planned.steps)


def make_check(plan: MonitoringPlan, planned: timing.Planned[Any], due_on: date | None) -> Check:
    """Return the check, not saved."""
    return Check(
        patient_id=plan.patient_id,
        plan=plan,
        step=planned.step,
        offset_days=planned.day,
        due_on=due_on,
        dated_on=today_of(plan.case.board) if due_on else None,
        label=timing.unite_labels([step.label for step in planned.steps]),
        measures=timing.unite_measures(step.measures for step in planned.steps),
        at_dose=planned.at_dose,
        after_last_dose=planned.after_last_dose,
    )


def _due_on(plan: MonitoringPlan, planned: timing.Planned[Any], last: date | None) -> date | None:
    """Return the day of a check that is made anew; None where the dose it counts from is not known."""
    if planned.day is None:
        asked = due_before_first(plan, within_days_of(planned))
        return min(asked, plan.first_dose_on) if plan.first_dose_on else asked
    from_day = last if planned.after_last_dose else plan.first_dose_on
    return from_day + timedelta(days=planned.day) if from_day else None


def make_checks(plan: MonitoringPlan) -> None:
    """Bring the plan's checks in line with its protocols and interval; nothing that was done changes.

    Undone checks that are no longer asked for are cancelled, missing ones made and, once the first dose
    is known, dated from it. What takes over from checks while dosed waits for the last dose to be entered.
    """
    rows = plan.checks.exclude(state=CheckState.CANCELLED).select_related("step").order_by("pk")
    # Of those before the first dose the one asked for anew comes after the one that is done.
    standing = {
        (row.step.code, row.offset_days, row.after_last_dose): row
        for row in rows
        if not row.of_no_dose
    }
    # What was made further on with the visits stays asked for.
    reached = max((day or 0 for _code, day, after_last in standing if not after_last), default=0)
    fresh, last = [], last_known_dose(plan)
    asked = wanted(plan, max(reached, timing.FIRST_DAYS))
    later = timing.takes_over(asked)
    for planned in asked:
        if planned.after_last_dose and planned.step.code in later:
            continue
        made = make_check(plan, planned, _due_on(plan, planned, last))
        stands = standing.pop((planned.step.code, planned.day, planned.after_last_dose), None)
        if stands is None:
            fresh.append(made)
        elif stands.state in UNDONE_CHECKS and asks(stands) != asks(made):
            stands.step, stands.label = made.step, made.label
            stands.measures, stands.at_dose = made.measures, made.at_dose
            stands.version += 1
            stands.save()
    for left in (*standing.values(), *(row for row in rows if row.of_no_dose)):
        if left.state in UNDONE_CHECKS:
            left.state = CheckState.CANCELLED
            left.version += 1
            left.save()
    Check.objects.bulk_create(fresh)


def asks(check: Check) -> tuple[int, str, bool]:
    """Return what a check asks for, to be compared with what is wanted now."""
    return check.step_id, check.label, check.at_dose

"""Keeps the rechallenge in the patient's record: the doses entered under a plan are a course of an ICI.

Nothing is typed twice. A course that somebody entered by hand meanwhile is taken as it; from then on its days
and its number of doses are those of the plan, and the history keeps what stood there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db.models import Max, ProtectedError, Q, Subquery
from django.utils.translation import gettext as _

from accounts.zones import day_of
from cases.models import ICICourse, IrAE, Section
from cases.selectors import called_before
from cases.services.history import remove, save_course
from cases.services.sections import locked_version
from cases.states import CaseState
from cases.vocabulary import StopReason, drug_label, drugs
from evidence.conditions.facts import FactState
from followup.models import MonitoringPlan
from followup.vocabulary import END_BY_DECISION, DoseState, EndReason
from ui.partial_dates import PartialDate, render_day

if TYPE_CHECKING:
    from datetime import date

    from accounts.models import User

WHY = {
    EndReason.COMPLETED: StopReason.COMPLETED,
    EndReason.PROGRESSION: StopReason.PROGRESSION,
    EndReason.PATIENT_WISH: StopReason.PATIENT_CHOICE,
    EndReason.OTHER: StopReason.OTHER,
}
KNOWN, MISSING = FactState.KNOWN.value, FactState.MISSING.value
NOT_YET, NOT_APPLICABLE = FactState.NOT_YET.value, FactState.NOT_APPLICABLE.value


def follow_course(*, by: User, plan: MonitoringPlan, goes_on: bool = False) -> None:
    """Let the record's course be what the doses of `plan`, locked by the caller, say; make it with the first.

    `goes_on`: its end was entered here and is taken back. A closed case takes no entry: its course follows with
    the next dose entered once it is open again.
    """
    if plan.first_dose_on is None or plan.case.state == CaseState.CLOSED:
        return
    course = plan.course or _entered_by_hand(plan)
    values = _values(plan, course, goes_on=goes_on)
    if course is None or any(getattr(course, name) != value for name, value in values.items()):
        course = save_course(
            by=by,
            case=plan.case,
            version=locked_version(plan.case, Section.COURSES),
            values=values,
            public_id=course.public_id if course else None,
        )
    if plan.course_id != course.pk:
        plan.course = course
        plan.save(update_fields=["course"])


def undo_course(*, by: User, plan: MonitoringPlan) -> None:
    """Let the record say nothing more of a first dose of `plan`, locked by the caller, that was not given.

    The course that was made with it is removed; one that somebody had entered by hand says what it said before.
    The history keeps both. Raises ValidationError where an entry of the record names the course.
    """
    course = plan.course
    if course is None:
        return
    if plan.case.state == CaseState.CLOSED:
        raise ValidationError(
            _("The case is closed, and its record takes no change. Return it to triage first.")
        )
    stood = _before_the_plan(plan, course)
    plan.course = None
    plan.save(update_fields=["course"])
    lock: dict[str, Any] = {
        "by": by,
        "case": plan.case,
        "version": locked_version(plan.case, Section.COURSES),
        "public_id": course.public_id,
    }
    if stood is not None:
        save_course(values=_as_it_stood(plan, course, stood), **lock)
        return
    try:
        remove(key="courses", **lock)
    except ProtectedError as error:
        raise ValidationError(
            _(
                "An irAE or a response is recorded under course %(n)s, which this dose began. Correct that in"
                " the patient's record first."
            )
            % {"n": course.number}
        ) from error


def _before_the_plan(plan: MonitoringPlan, course: ICICourse) -> Any:
    """Return how the course stood before the plan took it, from the history; None where the plan made it."""
    plans: Any = MonitoringPlan.pgh_event_model  # type: ignore[attr-defined]
    courses: Any = ICICourse.pgh_event_model  # type: ignore[attr-defined]
    of_plan = plans.objects.filter(pgh_obj_id=plan.pk)
    without = of_plan.filter(Q(course_id=None) | ~Q(course_id=course.pk))
    last = without.aggregate(last=Max("pgh_id"))["last"] or 0
    taken = of_plan.filter(pgh_id__gt=last).order_by("pgh_id").values("pgh_created_at")[:1]
    # What one transaction writes has one time: a course that is older was there before.
    older = courses.objects.filter(pgh_obj_id=course.pk, pgh_created_at__lt=Subquery(taken))
    return older.order_by("-pgh_id").first()


def _as_it_stood(plan: MonitoringPlan, course: ICICourse, stood: Any) -> dict[str, Any]:
    """Return the columns that follow a plan's doses, as an event of the history has them."""
    columns = [f.attname for f in ICICourse._meta.concrete_fields]
    names = [name for name in columns if name.startswith(("start_", "stop_", "cycles_"))]
    if stood.drugs_state == MISSING and course.drugs == drugs_of(plan):
        names += ["drugs", "drugs_state"]
    return {name: getattr(stood, name) for name in names}


def _entered_by_hand(plan: MonitoringPlan) -> ICICourse | None:
    """Return the newest course that may have begun on the first dose, or certainly began since the decision."""
    decided, first = day_of(plan.case.board, plan.opened_at), plan.first_dose_on
    assert first is not None
    rows = ICICourse.objects.filter(patient=plan.case.patient, plans__isnull=True)
    for row in rows.order_by("-number"):
        start = row.start
        if start is None or start.earliest is None:
            continue
        if start.earliest >= decided or (start.latest and start.earliest <= first <= start.latest):
            return row
    return None


def _values(plan: MonitoringPlan, course: ICICourse | None, *, goes_on: bool) -> dict[str, Any]:
    given = plan.doses.filter(state=DoseState.GIVEN).count() + 1
    assert plan.first_dose_on is not None
    values: dict[str, Any] = {
        "start": _day(plan.first_dose_on),
        "start_state": KNOWN,
        "cycles_low": given,
        # Of a last dose that is no entered one, doses were given that are not entered here.
        "cycles_high": given if _all_entered(plan) else None,
        "cycles_state": KNOWN,
    }
    if plan.last_dose_on is not None:
        why = _why(plan)
        values |= {"stop": _day(plan.last_dose_on), "stop_state": KNOWN}
        values |= {"stop_reason": why, "stop_reason_state": KNOWN if why else NOT_YET}
    else:
        # It is still given: there is no last dose, and no reason for one.
        for name in ("stop", "stop_reason"):
            if goes_on or course is None or getattr(course, f"{name}_state") == MISSING:
                values |= {name: None, f"{name}_state": NOT_APPLICABLE}
    if course is None or course.drugs_state == MISSING:
        codes = drugs_of(plan)
        values |= {"drugs": codes, "drugs_state": KNOWN if codes else NOT_YET}
    return values


def _why(plan: MonitoringPlan) -> str | None:
    """Return why the course ended, None where that is still to be said.

    Toxicity is an irAE where one is recorded since the first dose; why the board decided otherwise is in words.
    """
    if plan.end_reason in END_BY_DECISION:
        return None
    if plan.end_reason != EndReason.TOXICITY:
        return WHY[EndReason(plan.end_reason)].value
    since = IrAE.objects.filter(
        patient=plan.case.patient, onset_earliest__gte=plan.first_dose_on
    ).exists()
    return StopReason.IRAE.value if since else None


def _all_entered(plan: MonitoringPlan) -> bool:
    last = plan.last_dose_on
    if last is None or last == plan.first_dose_on:
        return True
    return bool(plan.doses.filter(state=DoseState.GIVEN, on=last).exists())


def _day(on: date) -> PartialDate:
    return PartialDate(on, on, "day", render_day(on))


def drugs_of(plan: MonitoringPlan) -> list[str]:
    """Return the codes of the decision's drugs, which the plan names; empty where one is not of the list.

    A drug may be called otherwise by now: the history of the list knows what it was called when the plan was opened.
    """
    names = plan.regimen_label.split(", ")
    by_name = {drug_label(code): code for code in drugs()}
    if not set(names) <= by_name.keys():
        by_name = called_before(names) | by_name
    named = [by_name.get(name) for name in names]
    return [code for code in named if code] if all(named) else []

"""Puts a case back on the triage list for an irAE under monitoring."""

from __future__ import annotations

from typing import TYPE_CHECKING

import structlog
from django.db import connection, transaction

from accounts.models import Board
from audit.services import record
from cases.models import Case, IrAE
from cases.services.lifecycle import return_to_triage
from cases.states import CaseState
from followup.models import MonitoringPlan
from followup.services.notices import leaders, notify
from followup.states import OPEN_PLANS
from followup.triggers import Event, judge
from followup.vocabulary import NoticeKind, ReturnReason

if TYPE_CHECKING:
    from accounts.models import User
    from followup.models import Check

log = structlog.get_logger(__name__)

# What a sweep may read of an irAE: the rights of the workers' role name these columns.
IRAE_COLUMNS = (
    "id",
    "patient_id",
    "entity",
    "organ",
    "worst_grade",
    "worst_grade_state",
    "grade_now",
    "grade_now_state",
    "resolution",
    "resolution_state",
    "ctcae_version",
)


def event_of(row: IrAE) -> Event:
    """Return what the triggers read of an irAE."""
    return Event(
        pk=row.pk,
        entity=row.entity,
        organ=row.organ,
        worst_grade=row.worst_grade,
        grade_now=row.grade_now,
        resolution=row.resolution,
        ctcae_version=row.ctcae_version,
    )


@transaction.atomic
def irae_recorded(*, by: User, case: Case, irae: IrAE) -> str | None:
    """Judge an irAE that `by` has just recorded; return why the case came back, or None.

    Under the newest open plan, from the signature on: an irAE before the first dose is judged as well. Without an
    open plan, nothing happens. The sweep judges what is recorded elsewhere.
    """
    plan = (
        MonitoringPlan.objects.select_for_update(of=("self",))
        .filter(case=case, state__in=OPEN_PLANS)
        .order_by("-pk")
        .first()
    )
    if plan is None:
        return None
    return _follow(plan, event_of(irae), by=by, case=case)


def judge_record(*, by: User, plan: MonitoringPlan) -> None:
    """Judge every irAE of the patient that is new, or not as last judged; for a plan locked by the caller."""
    for row in IrAE.objects.filter(patient=plan.case.patient).order_by("id"):
        event = event_of(row)
        if plan.known_iraes.get(str(row.pk)) != event.remembered:
            _follow(plan, event, by=by, case=plan.case)


def _follow(plan: MonitoringPlan, event: Event, *, by: User, case: Case) -> str | None:
    reason = _judge(plan, event)
    if reason is not None:
        tell(plan=plan, case=case, reason=reason, back=return_by(by=by, case=case, reason=reason))
    return reason


def _judge(plan: MonitoringPlan, event: Event) -> str | None:
    reason = judge(event, plan.known_iraes, plan.earlier_entities, plan.known_at_opening)
    plan.known_iraes = {**plan.known_iraes, str(event.pk): event.remembered}
    plan.save(update_fields=["known_iraes"])
    return reason


def return_by(*, by: User, case: Case, reason: str) -> bool:
    """Return the case as `by`; False where it was back already, or is on the way to a meeting."""
    before, case.state = case.state, return_to_triage(by=by, case=case, reason_code=reason).state
    return before != CaseState.RETURNED == case.state


# Of what leaders are told where the case need not come back, being before the board already.
ALREADY_BACK: dict[str, NoticeKind] = {
    ReturnReason.MISSED_CHECK: NoticeKind.MISSED,
    ReturnReason.CONDITIONS_EXPIRED: NoticeKind.EXPIRED,
    ReturnReason.ENDED_TOXICITY: NoticeKind.ENDED,
    ReturnReason.ENDED_PROGRESSION: NoticeKind.ENDED,
}


def tell(
    *, plan: MonitoringPlan, case: Case, reason: str, back: bool, check: Check | None = None
) -> None:
    """Notify coordinators and chairs, whether the case came `back` or was before the board already."""
    notify(
        users=leaders(case.board_id),
        kind=NoticeKind.RETURNED if back else ALREADY_BACK.get(reason, NoticeKind.IRAE),
        plan=plan,
        reference=case.reference,
        reason=reason,
        check=check,
    )


@transaction.atomic
def return_by_sweep(*, plan: MonitoringPlan, reason: str) -> bool:
    """Return the plan's case for nobody, as the workers may; True if it was not back already."""
    case = Case.objects.only("id", "reference", "board_id", "patient_id").get(pk=plan.case_id)
    with connection.cursor() as cursor:
        cursor.execute("SELECT rechallenge_return_case(%s, %s)", [case.pk, reason])
        (outcome,) = cursor.fetchone()
    if outcome:
        record(
            "case.returned" if outcome == "returned" else "case.return_reason",
            by=None,
            board=Board(pk=case.board_id),
            patient_id=case.patient_id,
            subject=case,
            detail={"reason": reason, "plan": plan.pk},
        )
    tell(plan=plan, case=case, reason=reason, back=outcome == "returned")
    return bool(outcome == "returned")


# irAEs of watched patients that are new, or not as last judged; where a new decision opened another plan, under that.
UNJUDGED = """
    SELECT p.id, i.id FROM followup_monitoringplan p JOIN cases_patient r ON r.id = p.patient_id
    JOIN cases_irae i ON i.patient_id = coalesce(r.merged_into_id, r.id)
    WHERE p.state <> 'closed'
      AND NOT EXISTS (SELECT FROM followup_monitoringplan n
                      WHERE n.case_id = p.case_id AND n.id > p.id AND n.state <> 'closed')
      AND p.known_iraes -> i.id::text IS DISTINCT FROM
          jsonb_build_array(i.worst_grade, i.grade_now, i.resolution, i.ctcae_version, i.entity, i.organ)
    ORDER BY p.id, i.id LIMIT 500
"""


def sweep_iraes() -> int:
    """Judge irAEs recorded on the case page since; return how many cases came back. For workers."""
    with connection.cursor() as cursor:
        cursor.execute(UNJUDGED)
        pairs = cursor.fetchall()
    returned = 0
    for plan_id, irae_id in pairs:
        # Whatever is wrong with one irAE, those behind it bring their cases back too.
        try:
            with transaction.atomic():
                returned += _sweep_one(plan_id, irae_id)
        except Exception:
            log.exception("sweep.irae_failed", plan=plan_id, irae=irae_id)
    return returned


def _sweep_one(plan_id: int, irae_id: int) -> bool:
    """Judge one irAE under one plan; return whether the case came back."""
    plan = (
        MonitoringPlan.objects.select_for_update(of=("self",))
        .filter(pk=plan_id, state__in=OPEN_PLANS)
        .first()
    )
    irae = IrAE.objects.only(*IRAE_COLUMNS).order_by("pk").filter(pk=irae_id).first()
    if plan is None or irae is None:
        return False
    reason = _judge(plan, event_of(irae))
    return reason is not None and return_by_sweep(plan=plan, reason=reason)

"""Monitoring plans for tests, and the workers' login role."""

from __future__ import annotations

import uuid
from contextlib import contextmanager
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.utils import timezone

from accounts.acting import acting_as
from cases.models import Case, IrAE
from followup.models import MonitoringPlan
from followup.services import (
    enter_first_dose,
    enter_last_dose,
    give_dose,
    hold_plan,
    open_plan,
    skip_dose,
)
from followup.services.planning import last_known_dose
from followup.services.protocols import load_protocols
from tests.factories.people import make_user
from tests.factories.record import make_case

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from accounts.models import Board, User


def today() -> date:
    """Return the day on which the product's services act."""
    return timezone.localdate()


def day(offset: int) -> date:
    """Return the day `offset` days from today."""
    return today() + timedelta(days=offset)


def make_irae(by: User, case: Case, entity: str = "pneumonitis", **extra: Any) -> IrAE:
    """Return an irAE of the case's patient, grade 2, resolved."""
    organ, name = extra.pop("organ", "lung"), extra.pop("entity_text", "")
    grades = {"worst_grade": 2, "grade_now": 0, "resolution": "resolved", **extra}
    states = {
        f"{name}_state": "known" if value is not None else "unknown"
        for name, value in grades.items()
    }
    with acting_as(by):
        return IrAE.objects.create(
            patient=case.patient,
            organ=organ,
            entity=entity,
            entity_text=name,
            ctcae_version="5.0",
            **grades,
            **states,
        )


def make_watched_case(by: User, board: Board, *, irae: bool = True) -> Case:
    """Return a case in the state "watching", with one earlier pneumonitis."""
    case = make_case(by, board)
    if irae:
        make_irae(by, case)
    with acting_as(by):
        Case.objects.filter(pk=case.pk).update(state="watching")
        case.refresh_from_db()
    return case


def make_plan(
    by: User,
    board: Board,
    *,
    case: Case | None = None,
    dosed: int | None = None,
    interval: int = 21,
) -> MonitoringPlan:
    """Return an open plan; `dosed`: the first dose was given so many days ago. `by` may record."""
    load_protocols()
    case = case or make_watched_case(by, board)
    with acting_as(by):
        plan = open_plan(
            by=by,
            case=case,
            regimen_label="atezolizumab 1200 mg",
            decision_ref=uuid.uuid4(),
            dose_interval_days=interval,
        )
        if dosed is not None:
            backdate(plan, dosed + 1)
            plan = enter_first_dose(by=by, plan=plan, on=day(-dosed))
    return plan


def make_dosed(by: User, board: Board, *doses: int) -> MonitoringPlan:
    """Return a plan decided 60 days ago, for every 21 days, with doses given so many days ago."""
    plan = make_plan(by, board, dosed=doses[0])
    with acting_as(by):
        backdate(plan, 60)
        for days in doses[1:]:
            give_dose(by=by, plan=plan, on=day(-days))
    return fresh(plan, by)


def fresh(plan: MonitoringPlan, by: User) -> MonitoringPlan:
    """Return a plan as it stands now, for `by`."""
    with acting_as(by):
        return MonitoringPlan.objects.select_related("case__board").get(pk=plan.pk)


def use_role(role: str) -> None:
    """Connect this process anew as one of the three login roles."""
    connection.close()
    connection.settings_dict["USER"] = f"rechallenge_{role}"


def backdate(plan: MonitoringPlan, days: int) -> None:
    """Let `plan` be opened `days` days ago: no dose comes before its decision."""
    MonitoringPlan.objects.filter(pk=plan.pk).update(
        opened_at=timezone.now() - timedelta(days=days)
    )


def undosed(line: Any) -> None:
    """Let the plan of a line wait for its first dose again."""
    with acting_as(line.people["nurse"]):
        MonitoringPlan.objects.filter(pk=line.plan.pk).update(
            state="waiting_first_dose", first_dose_on=None
        )


def held(line: Any) -> None:
    """Let the doses of a line's plan be held."""
    _step(line, hold_plan, reason="toxicity")


def skipped(line: Any) -> None:
    """Let the next dose of a line's plan be skipped."""
    _step(line, skip_dose, reason="logistics")


def ended(line: Any) -> None:
    """Let the latest dose of a line's plan be the last."""
    with acting_as(line.people["nurse"]):
        on = last_known_dose(MonitoringPlan.objects.get(pk=line.plan.pk))
    _step(line, enter_last_dose, on=on, reason="completed")


def _step(line: Any, service: Callable[..., object], **values: Any) -> None:
    nurse = line.people["nurse"]
    with acting_as(nurse):
        service(by=nurse, plan=line.plan, **values)


@contextmanager
def as_worker() -> Iterator[None]:
    """Run a block as the workers do; only with `committed_db`, as a new connection is made."""
    use_role("worker")
    try:
        yield
    finally:
        use_role("app")


DUE = """
    INSERT INTO followup_reminder (public_id, patient_id, safety_check_id, recipient_id, kind, due_on,
        channel, due_at, next_attempt_at, attempts, state, last_error)
    SELECT gen_random_uuid(), c.patient_id, c.id, u.id, k.kind, c.due_on, 'email',
        now() - interval '1 hour', now() - interval '1 hour', 0, 'pending', ''
    FROM followup_check c CROSS JOIN accounts_user u
    CROSS JOIN (VALUES ('due'), ('overdue'), ('escalation'), ('reassigned')) AS k (kind)
    WHERE c.due_on IS NOT NULL AND u.id = ANY (%s)
    ORDER BY c.id, u.id, k.kind LIMIT %s
"""


def make_due_reminders(by: User, board: Board, count: int) -> None:
    """Write exactly `count` due reminders of plans of `board`, as many plans and people as that takes."""
    made, people = 0, [make_user("nurse", board).pk for _ in range(5)]
    while made < count:
        plan = make_plan(by, board, dosed=7)
        made += plan_checks(by, plan) * len(people) * 4
    with acting_as(by), connection.cursor() as cursor:
        cursor.execute(DUE, [people, count])
        assert cursor.rowcount == count


def plan_checks(by: User, plan: MonitoringPlan) -> int:
    """Return how many dated checks a plan has."""
    with acting_as(by):
        return plan.checks.filter(due_on__isnull=False).count()

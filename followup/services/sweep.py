"""The sweep that opens due checks, writes their reminders, and notices what was missed. For workers.

Set by set in SQL, each set in one transaction: the state of a check and the reminders that it calls for
commit together. Time is the database's; the day is that of the board's time zone. Running it twice, or
twice at once, does nothing twice: states move one way and reminders have a unique key.
"""

from __future__ import annotations

from dataclasses import dataclass

import structlog
from django.conf import settings
from django.db import connection, transaction
from django.db.models import Q

from accounts.models import Board
from audit.services import record
from cases.models import Case
from followup.models import Check, MonitoringPlan, Sweep
from followup.services.notices import leaders, notify
from followup.services.triggers import return_by_sweep, sweep_iraes
from followup.states import PlanState
from followup.unplanned import UNPLANNED_SQL
from followup.vocabulary import NoticeKind, ReminderKind, ReturnReason

log = structlog.get_logger(__name__)

OVERDUE_AFTER, ESCALATE_CRITICAL_AFTER, ESCALATE_AFTER = 1, 1, 3  # days
UNPLANNED_AFTER = 28  # days
"""After how many days without a planned first dose the board's leaders are told that a decision waits."""

OPEN = """
    UPDATE followup_check ch
    SET state = 'due', opened_on = greatest(ch.due_on, (now() AT TIME ZONE b.zone)::date)
    FROM followup_monitoringplan p
    JOIN cases_case c ON c.id = p.case_id
    JOIN accounts_board b ON b.id = c.board_id
    WHERE p.id = ch.plan_id AND p.state <> 'closed' AND ch.state = 'waiting'
      AND ch.due_on <= (now() + interval '14 hours')::date
      AND ch.due_on <= (now() AT TIME ZONE b.zone)::date
"""

# Whom the check was passed on to, as long as they are on the board and may record a result.
ASSIGNEE = """
    SELECT (SELECT m.user_id FROM accounts_membership m JOIN accounts_user u ON u.id = m.user_id
            WHERE m.user_id = ch.assignee_id AND m.board_id = c.board_id AND m.active AND u.is_active
              AND m.role IN ('nurse', 'member', 'chair') LIMIT 1) AS user_id
"""

# Who is reminded: whom the check was passed on to; else the board's members in the step's role; else its
# coordinators. An escalation goes to coordinators and chairs.
RECIPIENTS = """
    SELECT a.user_id WHERE a.user_id IS NOT NULL AND %(kind)s <> 'escalation'
    UNION
    SELECT m.user_id FROM accounts_membership m JOIN accounts_user u ON u.id = m.user_id
    WHERE m.board_id = c.board_id AND m.active AND u.is_active
      AND CASE
        WHEN %(kind)s = 'escalation' THEN m.role IN ('coordinator', 'chair')
        WHEN a.user_id IS NOT NULL THEN false
        WHEN EXISTS (SELECT 1 FROM accounts_membership n JOIN accounts_user v ON v.id = n.user_id
                     WHERE n.board_id = c.board_id AND n.role = s.responsible AND n.active AND v.is_active)
          THEN m.role = s.responsible
        ELSE m.role = 'coordinator'
      END
"""
# What is asked before a first dose that nobody has planned is no late check: it is told once.
# A check that lay in the past already when it was dated, as by a first dose entered weeks late, is told in the
# application alone unless it is critical: a row each, as always, and no row is lost in a mail about many.
# One that was no longer needed, as its check had moved to another day, is wanted again once the check is due on its
# day after all: nothing of it was sent.
REMIND = f"""
    INSERT INTO followup_reminder (public_id, patient_id, safety_check_id, recipient_id, kind, due_on,
        channel, due_at, next_attempt_at, attempts, state, last_error, created_at)
    SELECT gen_random_uuid(), ch.patient_id, ch.id, r.user_id, %(kind)s, ch.due_on,
        CASE WHEN s.critical OR ch.dated_on IS NULL OR ch.dated_on <= ch.due_on THEN 'email' ELSE 'in_app' END,
        t.at, t.at, 0, 'pending', '', now()
    FROM followup_check ch
    JOIN followup_protocolstep s ON s.id = ch.step_id
    JOIN followup_monitoringplan p ON p.id = ch.plan_id
    JOIN cases_case c ON c.id = p.case_id
    JOIN accounts_board b ON b.id = c.board_id
    CROSS JOIN LATERAL ({ASSIGNEE}) a
    CROSS JOIN LATERAL ({RECIPIENTS}) r
    CROSS JOIN LATERAL (
        SELECT greatest((now() AT TIME ZONE b.zone)::date + %(morning)s::time, now() AT TIME ZONE b.zone)
               AT TIME ZONE b.zone AS at) t
    WHERE ch.state = 'due' AND p.state <> 'closed'
      AND (%(kind)s = 'due' OR NOT {UNPLANNED_SQL})
      AND ch.opened_on + CASE WHEN s.critical THEN %(critical_days)s ELSE %(days)s END
          <= (now() AT TIME ZONE b.zone)::date
      AND NOT EXISTS (SELECT 1 FROM followup_reminder x WHERE x.safety_check_id = ch.id
                      AND x.kind = %(kind)s AND x.due_on = ch.due_on AND x.state <> 'cancelled')
    ON CONFLICT (safety_check_id, recipient_id, kind, due_on, channel) DO UPDATE
        SET state = 'pending', due_at = excluded.due_at, next_attempt_at = excluded.next_attempt_at, attempts = 0,
            last_error = ''
        WHERE followup_reminder.state = 'cancelled'
"""  # noqa: S608 - only constants are put in

# What is asked before the first dose is missed once that dose was given without it, never while none is due.
MISSED = """
    SELECT ch.id FROM followup_check ch
    JOIN followup_protocolstep s ON s.id = ch.step_id
    JOIN followup_monitoringplan p ON p.id = ch.plan_id
    JOIN cases_case c ON c.id = p.case_id
    JOIN accounts_board b ON b.id = c.board_id
    WHERE ch.state = 'due' AND p.state <> 'closed'
      AND (ch.offset_days IS NOT NULL OR p.first_dose_on IS NOT NULL)
      AND CASE WHEN ch.offset_days IS NULL
               THEN greatest(ch.opened_on, p.first_dose_on, ch.dated_on) ELSE ch.opened_on END
          + s.grace_days < (now() AT TIME ZONE b.zone)::date
    ORDER BY ch.id LIMIT 1000
"""


# Plans that wait for the first dose while a condition of their decision has run out since that was told.
EXPIRED = """
    SELECT p.id, t.today FROM followup_monitoringplan p
    JOIN cases_case c ON c.id = p.case_id
    JOIN accounts_board b ON b.id = c.board_id
    CROSS JOIN LATERAL (SELECT (now() AT TIME ZONE b.zone)::date AS today) t
    WHERE p.state = 'waiting_first_dose' AND EXISTS (
        SELECT 1 FROM jsonb_array_elements(p.conditions) e
        WHERE (e ->> 'expires_on')::date < t.today
          AND (p.expiry_told_on IS NULL OR (e ->> 'expires_on')::date >= p.expiry_told_on))
    ORDER BY p.id LIMIT 500
"""


# Plans whose first dose nobody has planned for long. What is asked before that dose is never late in them, so that
# without a word nobody would miss it.
NEVER_PLANNED = """
    SELECT p.id, t.today FROM followup_monitoringplan p
    JOIN cases_case c ON c.id = p.case_id
    JOIN accounts_board b ON b.id = c.board_id
    CROSS JOIN LATERAL (SELECT (now() AT TIME ZONE b.zone)::date AS today) t
    WHERE p.state = 'waiting_first_dose' AND p.planned_first_on IS NULL AND p.unplanned_told_on IS NULL
      AND (p.opened_at AT TIME ZONE b.zone)::date + %(days)s <= t.today
    ORDER BY p.id LIMIT 500
"""


@dataclass(frozen=True)
class Swept:
    """What a sweep did."""

    opened: int
    reminders: int
    missed: int
    returned: int


def open_due_checks() -> Swept:
    """Open what is due, remind, mark what was missed; judge irAEs recorded elsewhere and conditions that ran out.

    Tells of first doses that nobody has planned. That it came to its end is noted: nothing else would show that
    checks are no longer opened.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        # Two sweeps at once would lock the same rows in different orders: the second waits.
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('followup.open_due_checks'))")
        cursor.execute(OPEN)
        opened = cursor.rowcount
        reminders = 0
        for kind, critical_days, days in (
            (ReminderKind.DUE, 0, 0),
            (ReminderKind.OVERDUE, OVERDUE_AFTER, OVERDUE_AFTER),
            (ReminderKind.ESCALATION, ESCALATE_CRITICAL_AFTER, ESCALATE_AFTER),
        ):
            cursor.execute(
                REMIND,
                {
                    "kind": kind.value,
                    "critical_days": critical_days,
                    "days": days,
                    "morning": settings.REMINDERS_FROM,
                },
            )
            reminders += cursor.rowcount
    missed, returned = _miss()
    _tell_unplanned()
    returned += sweep_iraes() + _expire()
    Sweep.note(Sweep.OPENING, opened)
    return Swept(opened, reminders, missed, returned)


def _miss() -> tuple[int, int]:
    """Mark checks as missed whose days of grace are over; a critical one returns the case."""
    with connection.cursor() as cursor:
        cursor.execute(MISSED)
        ids = [pk for (pk,) in cursor.fetchall()]
    missed = returned = 0
    for pk in ids:
        # One transaction each: whatever is wrong with one case is no reason to leave out the next.
        try:
            with transaction.atomic():
                if not Check.objects.filter(pk=pk, state="due").update(state="missed"):
                    continue
                missed += 1
                returned += _missed_one(pk)
        except Exception:
            log.exception("sweep.missed_check_failed", check=pk)
    return missed, returned


def _missed_one(pk: int) -> int:
    critical, plan_id, patient_id, board_id = Check.objects.values_list(
        "step__critical", "plan_id", "patient_id", "plan__case__board"
    ).get(pk=pk)
    record(
        "check.missed",
        by=None,
        board=Board(pk=board_id),
        patient_id=patient_id,
        subject=Check(pk=pk),
        detail={"critical": critical},
    )
    if not critical:
        return 0
    plan = MonitoringPlan.objects.get(pk=plan_id)
    return int(return_by_sweep(plan=plan, reason=ReturnReason.MISSED_CHECK))


def _expire() -> int:
    """Return the cases whose first dose is awaited beyond a day that their decision set; say so once."""
    with connection.cursor() as cursor:
        cursor.execute(EXPIRED)
        rows = cursor.fetchall()
    returned = 0
    for pk, today in rows:
        try:
            with transaction.atomic():
                # The row waits for another sweep's, and has been told today once that is through.
                untold = Q(expiry_told_on=None) | Q(expiry_told_on__lt=today)
                waits = MonitoringPlan.objects.filter(untold, pk=pk, state=PlanState.WAITING)
                if not waits.update(expiry_told_on=today):
                    continue
                plan = MonitoringPlan.objects.get(pk=pk)
                returned += return_by_sweep(plan=plan, reason=ReturnReason.CONDITIONS_EXPIRED)
        except Exception:
            log.exception("sweep.expired_conditions_failed", plan=pk)
    return returned


def _tell_unplanned() -> None:
    """Tell coordinators and chairs, once a plan, that a first dose is neither planned nor said not to be given."""
    with connection.cursor() as cursor:
        cursor.execute(NEVER_PLANNED, {"days": UNPLANNED_AFTER})
        rows = cursor.fetchall()
    for pk, today in rows:
        try:
            with transaction.atomic():
                waits = MonitoringPlan.objects.filter(
                    pk=pk, state=PlanState.WAITING, planned_first_on=None, unplanned_told_on=None
                )
                if not waits.update(unplanned_told_on=today):
                    continue
                plan = MonitoringPlan.objects.get(pk=pk)
                case = Case.objects.only("id", "reference", "board_id").get(pk=plan.case_id)
                notify(
                    users=leaders(case.board_id),
                    kind=NoticeKind.UNPLANNED,
                    plan=plan,
                    reference=case.reference,
                )
        except Exception:
            log.exception("sweep.unplanned_first_dose_failed", plan=pk)

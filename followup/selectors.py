"""Reads of monitoring."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db import connection
from django.db.models import Case as Choice
from django.db.models import Count, F, OuterRef, Prefetch, Q, Value, When
from django.db.models.functions import JSONObject

from accounts.zones import start_of
from cases.family import joined
from cases.models import Case, IrAE
from cases.rules import with_rules
from cases.states import CaseState
from followup.models import Check, MonitoringPlan, Notice, PlanProtocol, Reminder, Sweep
from followup.states import OPEN_PLANS, CheckState, ReminderState
from followup.triggers import Event, got_worse
from followup.unplanned import UNPLANNED
from followup.vocabulary import ReturnReason

if TYPE_CHECKING:
    from accounts.models import User
    from cases.access import PatientScopedQuerySet

LATE_MINUTES = 15
WEEK = timedelta(days=7)
# When nobody opens checks, no reminder is written and so none is late: both sweeps have to show that they run.
HEALTH = """
    SELECT h.late_minutes, h.failed, h.sweep_seconds,
        (SELECT extract(epoch FROM now() - s.ran_at)::double precision FROM followup_sweep s WHERE s.name = %s)
    FROM rechallenge_reminder_health() h
"""


@dataclass(frozen=True)
class ReminderHealth:
    """How reminders flow.

    `sweep_seconds`: since the last delivery; `opening_seconds`: since checks were last opened and their reminders
    written, to the end. None where that has not happened yet.
    """

    late_minutes: float
    failed: int
    sweep_seconds: float | None
    opening_seconds: float | None

    @property
    def late(self) -> bool:
        """Whether a reminder that is due has not gone out in time."""
        return self.late_minutes > LATE_MINUTES

    @property
    def well(self) -> bool:
        """Whether reminders go out in time, and are written at all."""
        return not self.late and all(
            seconds is not None and seconds <= LATE_MINUTES * 60
            for seconds in (self.sweep_seconds, self.opening_seconds)
        )


def reminder_health() -> ReminderHealth:
    """Return the state of delivery across all boards; no row of a patient is read. One query."""
    with connection.cursor() as cursor:
        cursor.execute(HEALTH, [Sweep.OPENING])
        return ReminderHealth(*cursor.fetchone())


def _open(user: User) -> PatientScopedQuerySet:
    """Checks to be done or explained, of plans that run, on boards where the user may monitor."""
    return Check.objects.visible_to(user).filter(
        state__in=[CheckState.WAITING, CheckState.DUE, CheckState.MISSED],
        result="",
        due_on__isnull=False,
        plan__state__in=OPEN_PLANS,
        plan__case__board__in=user.boards_with("monitoring.view"),
    )


def span(show: str, today: date) -> Q:
    """Return the days that a filter of the worklist shows; what nobody has planned is of today, never overdue."""
    return {
        "overdue": Q(due_on__lt=today) & ~UNPLANNED,
        "today": Q(due_on=today) | (Q(due_on__lt=today) & UNPLANNED),
        "week": Q(due_on__gt=today, due_on__lte=today + WEEK),
        "all": Q(due_on__lte=today + WEEK),
    }[show]


def worklist(user: User, *, show: str, mine: bool, today: date) -> PatientScopedQuerySet:
    """Return the checks of the worklist; what their rows show is asked for the page alone, by `worklist_rows`."""
    rows = _open(user).filter(span(show, today))
    if mine:
        rows = rows.filter(
            Q(assignee=user) | Q(assignee__isnull=True, step__responsible__in=_roles(user))
        )
    return rows


def worklist_rows(user: User) -> PatientScopedQuerySet:
    """Return checks with what a row of the worklist shows, in one query with their reminders."""
    sent = Reminder.objects.filter(safety_check=OuterRef("pk"), state=ReminderState.SENT)
    rows = Check.objects.visible_to(user).select_related(
        "step__version__protocol",
        "assignee",
        "plan__case__facts",
        *joined("plan__case__patient", "identity"),
    )
    return with_rules(rows).annotate(
        reminded=ArraySubquery(
            sent.order_by("sent_at").values(row=JSONObject(kind="kind", at="sent_at"))
        )
    )


def _roles(user: User) -> set[str]:
    return {m.role for m in user.active_memberships}


def worklist_counts(user: User, *, today: date) -> dict[str, int]:
    """Return what stands in the figures above the worklist, in one query."""
    boards = user.boards_with("monitoring.view")
    spans = ("overdue", "today", "week")
    # The three spans are told apart in one pass over the open checks: the wall of access is the dear part.
    when = [When(span(show, today), then=Value(show)) for show in spans]
    parts = {
        "abnormal": Case.objects.visible_to(user).filter(
            board__in=boards,
            state=CaseState.RETURNED,
            returned_reason=ReturnReason.ABNORMAL_CHECK,
        ),
        "failed": failed_reminders(user),
        "unread": Notice.objects.filter(user=user, read_at__isnull=True),
    }
    labelled = [rows.annotate(what=Value(what)) for what, rows in parts.items()]
    planned = _open(user).filter(span("all", today)).annotate(what=Choice(*when))
    counted = [
        rows.order_by().values("what").annotate(n=Count("pk")) for rows in (planned, *labelled)
    ]
    found = counted[0].union(*counted[1:], all=True)
    return {**dict.fromkeys((*spans, *parts), 0), **{row["what"]: row["n"] for row in found}}


def failed_reminders(user: User) -> PatientScopedQuerySet:
    """Return reminders that could not be sent, on boards where the user may monitor."""
    return Reminder.objects.visible_to(user).filter(
        state=ReminderState.FAILED,
        safety_check__plan__case__board__in=user.boards_with("monitoring.view"),
    )


def failed_for_list(user: User) -> PatientScopedQuerySet:
    """Return them with what a row shows."""
    return failed_reminders(user).select_related(
        "recipient", "safety_check__step", "safety_check__plan__case__board"
    )


def notices(user: User) -> Any:
    """Return the user's notices; row-level security shows no others."""
    return Notice.objects.filter(user=user)


def plans(user: User) -> PatientScopedQuerySet:
    """Return the plans on boards where the user may monitor, with case, patient and board."""
    rows = MonitoringPlan.objects.visible_to(user).select_related(
        "case__board",
        "case__facts",
        *joined("case__patient", "identity", "tumour"),
    )
    return rows.filter(case__board__in=user.boards_with("monitoring.view"))


def plan_for_page(user: User) -> PatientScopedQuerySet:
    """Return plans with protocols and checks, in a fixed number of queries."""
    return plans(user).prefetch_related(
        Prefetch(
            "pinned",
            PlanProtocol.objects.select_related("version__protocol")
            .prefetch_related("version__steps")
            .order_by(F("version__protocol__general").desc(), "version__protocol__code"),
        ),
        "doses",
        Prefetch(
            "checks",
            Check.objects.exclude(state=CheckState.CANCELLED, due_on__isnull=True)
            .select_related("step__version__protocol", "assignee", "recorded_by")
            .order_by("due_on", "offset_days", "id"),
        ),
    )


def checks(user: User) -> PatientScopedQuerySet:
    """Return the checks on boards where the user may monitor, with what their own page shows."""
    rows = Check.objects.visible_to(user).select_related(
        "step__version__protocol",
        "assignee",
        "recorded_by",
        "plan__case__board",
        "plan__case__facts",
        *joined("plan__case__patient", "identity", "tumour"),
    )
    return rows.filter(plan__case__board__in=user.boards_with("monitoring.view"))


def reminders(user: User) -> PatientScopedQuerySet:
    """Return the reminders on boards where the user may monitor."""
    boards = user.boards_with("monitoring.view")
    return Reminder.objects.visible_to(user).filter(safety_check__plan__case__board__in=boards)


def earlier_plan(plan: MonitoringPlan) -> MonitoringPlan | None:
    """Return the newest open plan of the case under which doses were given before `plan` was opened."""
    earlier = MonitoringPlan.objects.filter(case=plan.case_id, pk__lt=plan.pk, succeeded=True)
    return earlier.filter(state__in=OPEN_PLANS).order_by("-pk").first()


def irae_since_first_dose(plan: MonitoringPlan) -> bool:
    """Whether an irAE of the patient began, was entered, or got worse since the first dose of `plan`.

    By the board's midnight. What was said again of one that the board knew is no news: a day, a typing error,
    that it is over.
    """
    first = plan.first_dose_on
    if first is None:
        return False
    rows = IrAE.objects.filter(patient=plan.case.patient)
    onsets = dict(rows.order_by("pk").values_list("pk", "onset_earliest"))
    if any(onset is not None and onset >= first for onset in onsets.values()):
        return True
    # What the board knew when it signed is no news.
    since = max(start_of(plan.case.board, first), plan.opened_at)
    events: Any = IrAE.pgh_event_model  # type: ignore[attr-defined]
    known = {int(pk) for pk in plan.known_at_opening}
    before: dict[int, Event] = {}
    for row in events.objects.filter(pgh_obj_id__in=list(onsets)).order_by("pgh_id"):
        now = event_of_history(row)
        last = before.get(now.pk)
        before[now.pk] = now
        if row.pgh_created_at < since:
            continue
        if last is None and now.pk not in known:
            return True
        if last is not None and got_worse(now, last):
            return True
    return False


def event_of_history(row: Any) -> Event:
    """Return what the triggers read of an irAE as an event of its history has it."""
    return Event(
        pk=row.pgh_obj_id,
        entity=row.entity,
        organ=row.organ,
        worst_grade=row.worst_grade,
        grade_now=row.grade_now,
        resolution=row.resolution,
        ctcae_version=row.ctcae_version,
    )

"""The lives of a plan, a check and a reminder: which state follows which."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _


class PlanState(models.TextChoices):
    """Where a monitoring plan stands."""

    WAITING = "waiting_first_dose", _("Waiting for the first dose")
    ACTIVE = "active", _("Active")
    HELD = "held", _("On hold")
    CLOSED = "closed", _("Closed")


class CheckState(models.TextChoices):
    """Where one safety check stands."""

    WAITING = "waiting", _("Waiting")
    DUE = "due", _("Due")
    DONE = "done", _("Done")
    MISSED = "missed", _("Missed")
    CANCELLED = "cancelled", _("Cancelled")


class ReminderState(models.TextChoices):
    """Where one reminder stands."""

    PENDING = "pending", _("Waiting to be sent")
    SENT = "sent", _("Sent")
    FAILED = "failed", _("Failed")
    CANCELLED = "cancelled", _("No longer needed")


P, C, R = PlanState, CheckState, ReminderState
PLAN_TRANSITIONS: dict[PlanState, frozenset[PlanState]] = {
    P.WAITING: frozenset({P.ACTIVE, P.CLOSED}),
    # Back to waiting when the first dose is taken back.
    P.ACTIVE: frozenset({P.HELD, P.CLOSED, P.WAITING}),
    P.HELD: frozenset({P.ACTIVE, P.CLOSED, P.WAITING}),
    # Final, but for a plan that a death closed: taken back, the plan goes on as it stood (`services.deaths`).
    P.CLOSED: frozenset(),
}
CHECK_TRANSITIONS: dict[CheckState, frozenset[CheckState]] = {
    C.WAITING: frozenset({C.DUE, C.DONE, C.MISSED, C.CANCELLED}),
    # Back to waiting when the first dose is corrected to a later day.
    C.DUE: frozenset({C.WAITING, C.DONE, C.MISSED, C.CANCELLED}),
    # A missed check may still be made up for; missed at a first dose that is taken back, it waits for that to come.
    C.MISSED: frozenset({C.WAITING, C.DUE, C.DONE, C.CANCELLED}),
    # A result entered by mistake may be taken back: before its day the check waits for it, and what is asked at
    # doses alone is asked no more after the last.
    C.DONE: frozenset({C.WAITING, C.DUE, C.CANCELLED}),
    # Where what ended it is taken back, a death or a last dose, it stands as before (`services.spared`).
    C.CANCELLED: frozenset({C.WAITING, C.DUE}),
}
REMINDER_TRANSITIONS: dict[ReminderState, frozenset[ReminderState]] = {
    R.PENDING: frozenset({R.SENT, R.FAILED, R.CANCELLED}),
    R.SENT: frozenset(),
    R.FAILED: frozenset({R.PENDING}),
    # The check was reopened.
    R.CANCELLED: frozenset({R.PENDING}),
}
OPEN_PLANS = (P.WAITING, P.ACTIVE, P.HELD)
UNDONE_CHECKS = (C.WAITING, C.DUE)


class StepNotPossible(PermissionDenied):
    """The state machine knows no such step."""


def require_plan_step(before: str, after: str) -> None:
    """Raise StepNotPossible unless a plan in state `before` may become `after`."""
    if PlanState(after) not in PLAN_TRANSITIONS[PlanState(before)]:
        raise StepNotPossible(
            gettext("A plan that is “%(before)s” cannot become “%(after)s”.")
            % {"before": PlanState(before).label, "after": PlanState(after).label}
        )


def require_check_step(before: str, after: str) -> None:
    """Raise StepNotPossible unless a check in state `before` may become `after`."""
    if CheckState(after) not in CHECK_TRANSITIONS[CheckState(before)]:
        raise StepNotPossible(
            gettext("A check that is “%(before)s” cannot become “%(after)s”.")
            % {"before": CheckState(before).label, "after": CheckState(after).label}
        )

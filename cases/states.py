"""The life of a case: which state follows which, and under which permission."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class CaseState(models.TextChoices):
    """Where a case stands in the board's loop."""

    REFERRED = "referred", _("Referred")
    READY = "ready", _("Ready")
    LISTED = "listed", _("Listed")
    DISCUSSED = "discussed", _("Discussed")
    DECIDED = "decided", _("Decided")
    WATCHING = "watching", _("Being monitored")
    RETURNED = "returned", _("Returned")
    CLOSED = "closed", _("Closed")


S = CaseState
TRANSITIONS: dict[CaseState, dict[CaseState, str]] = {
    S.REFERRED: {S.READY: "triage.manage", S.LISTED: "triage.manage", S.CLOSED: "triage.manage"},
    S.READY: {S.REFERRED: "triage.manage", S.LISTED: "triage.manage", S.CLOSED: "triage.manage"},
    S.LISTED: {
        S.READY: "triage.manage",
        S.DISCUSSED: "decision.record",
        S.DECIDED: "decision.sign",
        S.WATCHING: "decision.sign",
    },
    # A deferred case goes back to be prepared for another meeting.
    S.DISCUSSED: {
        S.READY: "triage.manage",
        S.DECIDED: "decision.sign",
        S.WATCHING: "decision.sign",
    },
    S.DECIDED: {S.RETURNED: "monitoring.record", S.CLOSED: "triage.manage"},
    S.WATCHING: {S.RETURNED: "monitoring.record", S.CLOSED: "triage.manage"},
    S.RETURNED: {
        S.READY: "triage.manage",
        S.LISTED: "triage.manage",
        S.WATCHING: "triage.manage",
        S.CLOSED: "triage.manage",
    },
    # What monitoring finds reopens a case; who manages triage may as well (cases.policies.check_move).
    S.CLOSED: {S.RETURNED: "monitoring.record"},
}
TRIAGE_STATES = (S.RETURNED, S.REFERRED, S.READY)


def may_follow(before: str, after: str) -> bool:
    """Whether `after` may follow `before`."""
    return CaseState(after) in TRANSITIONS[CaseState(before)]


def permission_for(before: str, after: str) -> str:
    """Return the permission that the step needs. Raises KeyError where there is no such step."""
    return TRANSITIONS[CaseState(before)][CaseState(after)]

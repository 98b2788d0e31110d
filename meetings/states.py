"""The life of a meeting and of a decision: which state follows which, and under which permission."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class MeetingState(models.TextChoices):
    """Planned: the agenda is open. Running: everybody follows one case. Closed: nothing moves."""

    PLANNED = "planned", _("Planned")
    RUNNING = "running", _("Running")
    CLOSED = "closed", _("Closed")


class DecisionState(models.TextChoices):
    """A draft is edited by those who record; a signed decision is never changed."""

    DRAFT = "draft", _("Draft")
    SIGNED = "signed", _("Signed")


MEETING_TRANSITIONS: dict[MeetingState, dict[MeetingState, str]] = {
    MeetingState.PLANNED: {
        MeetingState.RUNNING: "meeting.manage",
        MeetingState.CLOSED: "meeting.manage",
    },
    MeetingState.RUNNING: {MeetingState.CLOSED: "meeting.manage"},
    MeetingState.CLOSED: {},
}
DECISION_TRANSITIONS: dict[DecisionState, dict[DecisionState, str]] = {
    DecisionState.DRAFT: {DecisionState.SIGNED: "decision.sign"},
    DecisionState.SIGNED: {},
}
TRANSITIONS = {"meeting": MEETING_TRANSITIONS, "decision": DECISION_TRANSITIONS}

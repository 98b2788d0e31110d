"""What is sent: reminders by mail, notices in the application, and the sweeps that see to it."""

from __future__ import annotations

import hashlib
import uuid
from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from cases.access import PatientOwned
from followup.models.plans import Check
from followup.states import ReminderState
from followup.vocabulary import Channel, NoticeKind, ReminderKind


def message_id(
    check_id: int, recipient_id: int, kind: str, due_on: date, channel: str, *, domain: str
) -> str:
    """Return the Message-ID of the reminder with this key: a digest, which tells nothing."""
    key = "|".join(str(part) for part in (check_id, recipient_id, kind, due_on, channel))
    return f"<{hashlib.sha256(key.encode()).hexdigest()[:40]}@{domain}>"


class Reminder(PatientOwned):
    """One mail to one person about one check. The row is the queue: claimed, sent, marked, committed.

    The unique key makes writing it again harmless. `next_attempt_at` starts as `due_at` and moves with
    each failure; every comparison uses the database's clock.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    safety_check = models.ForeignKey(Check, on_delete=models.PROTECT, related_name="reminders")
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    kind = models.CharField(max_length=12, choices=ReminderKind.choices)
    due_on = models.DateField()
    channel = models.CharField(max_length=8, choices=Channel.choices, default=Channel.EMAIL)
    due_at = models.DateTimeField()
    next_attempt_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    state = models.CharField(
        max_length=10, choices=ReminderState.choices, default=ReminderState.PENDING
    )
    sent_at = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=40, blank=True)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("reminder")
        verbose_name_plural = _("reminders")
        constraints = [
            models.UniqueConstraint(
                fields=["safety_check", "recipient", "kind", "due_on", "channel"],
                name="reminder_key",
            ),
            models.CheckConstraint(
                condition=Q(state__in=ReminderState.values), name="reminder_state_known"
            ),
            models.CheckConstraint(
                condition=Q(state=ReminderState.SENT) ^ Q(sent_at__isnull=True),
                name="reminder_sent_iff_dated",
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_attempt_at", "id"],
                condition=Q(state=ReminderState.PENDING),
                name="reminder_due",
            ),
            models.Index(
                fields=["-due_at", "-id"],
                condition=Q(state=ReminderState.FAILED),
                name="reminder_failed",
            ),
        ]

    def __str__(self) -> str:
        return f"reminder {self.public_id}"

    def message_id(self, domain: str) -> str:
        """Return the mail's Message-ID: the same for every copy of this reminder, telling nothing."""
        return message_id(
            self.safety_check_id,
            self.recipient_id,
            self.kind,
            self.due_on,
            self.channel,
            domain=domain,
        )


class Notice(models.Model):
    """A line in a user's list of notices: codes and ids, no patient's name.

    Under row-level security each user sees their own. One a reminder at most, by its unique key.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="notices"
    )
    kind = models.CharField(max_length=12, choices=NoticeKind.choices)
    reference = models.CharField(max_length=20)
    reason = models.CharField(max_length=20, blank=True)
    due_on = models.DateField(null=True)
    plan_public_id = models.UUIDField()
    check_public_id = models.UUIDField(null=True)
    reminder = models.OneToOneField(
        Reminder, on_delete=models.PROTECT, null=True, related_name="notice"
    )
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    read_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        indexes = [
            models.Index(fields=["user", "-created_at", "-id"], name="notice_of_user"),
            models.Index(fields=["user"], condition=Q(read_at__isnull=True), name="notice_unread"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.reference}"


class Sweep(models.Model):
    """When a sweep last ran and what it did; one row a sweep, nothing about patients."""

    DELIVERY, OPENING = "drain", "open_due_checks"

    name = models.CharField(max_length=20, unique=True)
    ran_at = models.DateTimeField()
    handled = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("sweep")
        verbose_name_plural = _("sweeps")

    def __str__(self) -> str:
        return self.name

    @classmethod
    def note(cls, name: str, handled: int) -> None:
        """Say in the database that a sweep is alive, for the worklist and for health."""
        cls.objects.update_or_create(name=name, defaults={"ran_at": Now(), "handled": handled})

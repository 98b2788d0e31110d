"""Reminders that guidance is to be read again: one mail to one curator, and the versions that it names.

The rows are the queue: a mail is claimed, sent, marked and committed. Nothing here is about a patient. A version is
named to a curator once for each day by which it is read again, by the unique key of `ReviewMailItem`.
"""

from __future__ import annotations

import hashlib
import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class MailState(models.TextChoices):
    """Where one mail stands."""

    PENDING = "pending", _("Waiting to be sent")
    SENT = "sent", _("Sent")
    FAILED = "failed", _("Failed")
    CANCELLED = "cancelled", _("No longer needed")


class ReviewMail(models.Model):
    """One mail to one curator. `next_attempt_at` moves with each failure, by the database's clock."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("recipient"),
    )
    state = models.CharField(
        _("state"), max_length=10, choices=MailState.choices, default=MailState.PENDING
    )
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    next_attempt_at = models.DateTimeField(db_default=Now())
    last_error = models.CharField(_("last error"), max_length=40, blank=True)
    created_at = models.DateTimeField(_("written"), db_default=Now(), editable=False)
    sent_at = models.DateTimeField(_("sent"), null=True)

    class Meta:
        verbose_name = _("reminder of review")
        verbose_name_plural = _("reminders of review")
        ordering = ["-created_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=MailState.values), name="review_mail_state_known"
            ),
            models.CheckConstraint(
                condition=Q(state=MailState.SENT) ^ Q(sent_at__isnull=True),
                name="review_mail_sent_iff_dated",
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_attempt_at", "id"],
                condition=Q(state=MailState.PENDING),
                name="review_mail_due",
            )
        ]

    def __str__(self) -> str:
        return f"{self.recipient}, {self.get_state_display()}"

    def message_id(self, domain: str) -> str:
        """The Message-ID of every copy of this mail: a digest, which tells nothing."""
        digest = hashlib.sha256(f"review|{self.public_id}".encode()).hexdigest()
        return f"<{digest[:40]}@{domain}>"


class ReviewMailItem(models.Model):
    """A version that a mail names, with the day by which it is read again."""

    mail = models.ForeignKey(ReviewMail, on_delete=models.PROTECT, related_name="items")
    version = models.ForeignKey(
        "evidence.StatementVersion", on_delete=models.PROTECT, related_name="+"
    )
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    review_by = models.DateField()

    class Meta:
        verbose_name = _("version in a reminder of review")
        verbose_name_plural = _("versions in a reminder of review")
        constraints = [
            models.UniqueConstraint(
                fields=["version", "recipient", "review_by"], name="review_reminded_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.version_id}, {self.review_by}"

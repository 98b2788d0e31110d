"""The trail: one append-only table of reads, events, exports and sign-ins, sealed in batches.

Rows hold codes and ids, never names or free text. `app` and `worker` may insert and read; updating, deleting
and emptying are refused by trigger and by missing rights.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class TrailEntry(models.Model):
    """Something that happened: who, what, on which row, when."""

    at = models.DateTimeField(db_default=Now(), editable=False)
    kind = models.CharField(_("what"), max_length=60)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    # Plain numbers: this table outlives what it speaks of, and takes no lock on it.
    board_id = models.BigIntegerField(null=True)
    patient_id = models.BigIntegerField(null=True)
    subject_type = models.CharField(max_length=60, blank=True)
    subject_id = models.BigIntegerField(null=True)
    request_id = models.CharField(max_length=64, blank=True)
    detail = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("trail entry")
        verbose_name_plural = _("trail entries")
        indexes = [
            models.Index(fields=["patient_id", "-id"], name="trail_by_patient"),
            models.Index(fields=["subject_type", "subject_id", "-id"], name="trail_by_subject"),
            models.Index(fields=["board_id", "-at", "-id"], name="trail_by_board"),
            models.Index(
                fields=["board_id", "-at"],
                condition=models.Q(kind="membership.given"),
                name="trail_roles_given",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.kind}"


class Seal(models.Model):
    """An HMAC over a run of trail entries, chained to the seal before it."""

    sealed_at = models.DateTimeField(db_default=Now(), editable=False)
    first_entry = models.BigIntegerField()
    last_entry = models.BigIntegerField(unique=True)
    entries = models.PositiveIntegerField()
    previous = models.CharField(max_length=64, blank=True, unique=True)
    digest = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("seal")
        verbose_name_plural = _("seals")

    def __str__(self) -> str:
        return f"{self.first_entry}-{self.last_entry}"

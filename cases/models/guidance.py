"""Guidance that a member laid beside a case, pinned to the version they read."""

from __future__ import annotations

import uuid

import pghistory
from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from cases.access import PatientOwned
from cases.models.cases import Case


class AttachedGuidance(PatientOwned):
    """One version of a statement attached to a case; taken off by a later row, never re-pointed."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="attached")
    version = models.ForeignKey(
        "evidence.StatementVersion", on_delete=models.PROTECT, related_name="attachments"
    )
    # What the match said when it was attached, for the reader who comes later.
    answer = models.CharField(max_length=12)
    attached_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    attached_at = models.DateTimeField(auto_now_add=True)
    detached_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("attached guidance")
        verbose_name_plural = _("attached guidance")
        ordering = ["attached_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "version"],
                condition=models.Q(detached_at__isnull=True),
                name="attached_once",
            )
        ]

    def __str__(self) -> str:
        return f"version {self.version_id} on case {self.case_id}"


pghistory.track()(AttachedGuidance)

"""Guidance that a member laid beside a case, pinned to the version they read."""

from __future__ import annotations

import uuid

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cases.access import PatientOwned
from cases.models.cases import Case

LONGEST_COMMENT = 1000


class AttachedGuidance(PatientOwned):
    """One version of a statement, or one finding, attached to a case; taken off by a later row, never re-pointed.

    `fixed_at`: when a decision was signed over it; from then on its comment stays as it is (migration 0071).
    `kept_mark` names what had changed since (`evidence.changes`) when somebody chose to keep what is attached.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="attached")
    version = models.ForeignKey(
        "evidence.StatementVersion",
        on_delete=models.PROTECT,
        null=True,
        related_name="attachments",
    )
    finding = models.ForeignKey(
        "evidence.Finding", on_delete=models.PROTECT, null=True, related_name="attachments"
    )
    # What the match said when it was attached, for the reader who comes later; empty for a finding.
    answer = models.CharField(max_length=12)
    comment = models.TextField(
        _("comment"), max_length=LONGEST_COMMENT, blank=True, default="", db_default=""
    )
    attached_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    attached_at = models.DateTimeField(auto_now_add=True)
    fixed_at = models.DateTimeField(null=True)
    detached_at = models.DateTimeField(null=True, blank=True)
    kept_mark = models.CharField(max_length=64, blank=True, default="", db_default="")
    kept_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    kept_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("attached guidance")
        verbose_name_plural = _("attached guidance")
        ordering = ["attached_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "version"],
                condition=Q(detached_at__isnull=True),
                name="attached_once",
            ),
            models.UniqueConstraint(
                fields=["case", "finding"],
                condition=Q(detached_at__isnull=True),
                name="finding_attached_once",
            ),
            models.CheckConstraint(
                condition=Q(version__isnull=False, finding__isnull=True)
                | Q(version__isnull=True, finding__isnull=False),
                name="attached_is_statement_or_finding",
            ),
        ]

    def __str__(self) -> str:
        what = f"version {self.version_id}" if self.version_id else f"finding {self.finding_id}"
        return f"{what} on case {self.case_id}"

    @property
    def title(self) -> str:
        """What it is called, of a row fetched with what it points at."""
        return self.version.title if self.version else self.finding.label if self.finding else ""


pghistory.track()(AttachedGuidance)

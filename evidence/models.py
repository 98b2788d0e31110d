"""Sources, findings and statements: what is known, where it stands, when it applies.

Each is an identity code with numbered rows. What a published version refers to is frozen
with it by triggers (migration 0002): a correction is a new revision and a new version.
"""

from __future__ import annotations

import uuid

import pghistory
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from evidence.basis import Finding, Source
from evidence.reach_counts import CountState, ReachCount
from evidence.review_mails import ReviewMail, ReviewMailItem
from evidence.versions import StatementVersion, VersionFinding, VersionSource

__all__ = [
    "CountState",
    "Finding",
    "ReachCount",
    "ReviewMail",
    "ReviewMailItem",
    "Source",
    "Statement",
    "StatementVersion",
    "VersionFinding",
    "VersionSource",
]


class Statement(models.Model):
    """The identity of a piece of guidance; what it says stands in its versions."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    code = models.CharField(_("code"), max_length=12, unique=True)
    position = models.PositiveIntegerField(_("place in the list"), default=0)

    class Meta:
        verbose_name = _("statement")
        verbose_name_plural = _("statements")
        ordering = ["position", "code"]

    def __str__(self) -> str:
        return self.code

    def get_absolute_url(self) -> str:
        """The page of the statement."""
        return reverse("evidence:statement", args=[self.public_id])


for _model in (Source, Finding, Statement):
    pghistory.track()(_model)

"""Counts of whom a condition or a new version reaches, where so many cases are open that a worker counts them.

A row holds what one curator asked, how far the worker is, and the numbers that their page shows: kept for an hour, seen
by that curator alone (row-level security). Of cases it holds the keys of those that the page names, nothing else.
"""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class CountState(models.TextChoices):
    """How far a count is."""

    WAITING = "waiting", _("Waiting")
    RUNNING = "running", _("Running")
    DONE = "done", _("Done")
    FAILED = "failed", _("Failed")
    CANCELLED = "cancelled", _("Cancelled")


class ReachCount(models.Model):
    """One question of one curator over all open cases. `key` tells questions apart (`Question.key`).

    Of two versions (`before`, `after`), or of a `condition` that nobody saved yet.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=64)
    before = models.ForeignKey(
        "evidence.StatementVersion", on_delete=models.CASCADE, null=True, related_name="+"
    )
    after = models.ForeignKey(
        "evidence.StatementVersion", on_delete=models.CASCADE, null=True, related_name="+"
    )
    condition = models.JSONField(null=True)
    # On all boards when it began, so that following it counts nothing; of two versions alone.
    open_cases = models.PositiveIntegerField(null=True)
    state = models.CharField(max_length=10, choices=CountState.choices, default=CountState.WAITING)
    done_parts = models.PositiveSmallIntegerField(default=0)
    result = models.JSONField(default=dict)
    # How often a worker took it: one that is taken again and again is what they die of.
    takings = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    alive_at = models.DateTimeField(db_default=Now(), editable=False)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("count of open cases")
        verbose_name_plural = _("counts of open cases")
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=CountState.values), name="reach_count_state_is_known"
            )
        ]
        indexes = [
            models.Index(fields=["user", "key", "-id"], name="reach_count_of_user"),
            models.Index(fields=["created_at"], name="reach_count_by_age"),
        ]

    def __str__(self) -> str:
        return f"{self.state} {self.public_id}"

    @property
    def is_open(self) -> bool:
        """Whether numbers are still to come by themselves."""
        return self.state in {CountState.WAITING, CountState.RUNNING}

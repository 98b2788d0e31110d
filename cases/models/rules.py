"""Which facts a question needs and how old each may be: data that curators keep, version by version."""

from __future__ import annotations

import uuid

import pghistory
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class ReadinessVersion(models.Model):
    """One version of the rules of readiness; the newest published one holds, and is frozen.

    `rules`: a list of {"fact": key, "when": condition or null, "age_limit_days": number or null}.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    number = models.PositiveIntegerField(_("version"), unique=True)
    rules = models.JSONField(_("rules"), default=list)
    vocabulary_version = models.PositiveSmallIntegerField(default=1)
    note = models.CharField(_("what changed"), max_length=200, blank=True)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    # Who changed it last, and when its author called it ready for a second person.
    edited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    submitted_at = models.DateTimeField(null=True, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = _("rules of readiness")
        verbose_name_plural = _("rules of readiness")
        ordering = ["-number"]
        constraints = [
            models.CheckConstraint(condition=Q(number__gte=1), name="readiness_number_from_1")
        ]

    def __str__(self) -> str:
        return f"rules of readiness v{self.number}"


pghistory.track()(ReadinessVersion)


class SweepState(models.TextChoices):
    """How far the days kept with the cases follow new age limits."""

    WAITING = "waiting", _("Waiting")
    RUNNING = "running", _("Running")
    DONE = "done", _("Done")
    CANCELLED = "cancelled", _("Stopped")


class LimitSweep(models.Model):
    """The workers' way through all rows of facts after age limits were published that differ from earlier ones.

    One row a version of the rules. Each step of it is one transaction with the rows that it moved, so that a worker
    that is killed loses one step at most.
    """

    version = models.OneToOneField(
        ReadinessVersion, on_delete=models.PROTECT, related_name="limit_sweep"
    )
    state = models.CharField(max_length=10, choices=SweepState.choices, default=SweepState.WAITING)
    # By the id of earlier rules: by how many days what they let hold ends sooner or later (`cases.limits.changes`).
    changes = models.JSONField(default=dict)
    last_pk = models.BigIntegerField(default=0)
    done_rows = models.PositiveIntegerField(default=0)
    total_rows = models.PositiveIntegerField(null=True)
    begun_at = models.DateTimeField(db_default=Now(), editable=False)
    ended_at = models.DateTimeField(null=True, blank=True)
    # What an older limit let go is told again by the record alone: once the days follow, open cases are written anew
    # board by board, up to this case. Empty where no limit became longer.
    rewrite_state = models.CharField(
        max_length=10, choices=SweepState.choices, blank=True, default="", db_default=""
    )
    rewrite_board = models.BigIntegerField(default=0, db_default=0)
    rewrite_case = models.BigIntegerField(default=0, db_default=0)
    rewritten = models.PositiveIntegerField(default=0, db_default=0)
    # Keys of the cases that raised, and of the boards where nobody may edit a case: what is still to be written.
    failed_cases = ArrayField(models.BigIntegerField(), default=list, db_default=[])
    boards_left = ArrayField(models.BigIntegerField(), default=list, db_default=[])

    class Meta:
        verbose_name = _("age limits followed by the cases")
        verbose_name_plural = _("age limits followed by the cases")
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=SweepState.values), name="limit_sweep_state_is_known"
            ),
            models.CheckConstraint(
                condition=Q(rewrite_state__in=["", *SweepState.values]),
                name="limit_sweep_rewrite_state_is_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.version}: {self.state}"

    @property
    def is_open(self) -> bool:
        """Whether rows are still to follow by themselves."""
        return self.state in {SweepState.WAITING, SweepState.RUNNING}

    @property
    def is_rewriting(self) -> bool:
        """Whether open cases are still to be written anew by themselves."""
        return self.rewrite_state in {SweepState.WAITING, SweepState.RUNNING}

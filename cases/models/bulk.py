"""Imports and exports in bulk: what somebody asked for, how far it is, and what was wrong with a file."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class BulkStep(models.TextChoices):
    """What is to be done."""

    CHECK = "check", _("Check of a file")
    APPLY = "apply", _("Import")
    EXPORT = "export", _("Export")


class BulkState(models.TextChoices):
    """How far it is."""

    WAITING = "waiting", _("Waiting")
    RUNNING = "running", _("Running")
    DONE = "done", _("Done")
    FAULTY = "faulty", _("Errors found")
    FAILED = "failed", _("Failed")
    CANCELLED = "cancelled", _("Cancelled")
    EXPIRED = "expired", _("No longer kept")


class BulkJob(models.Model):
    """A file on its way in or out. Its owner alone sees it (row-level security).

    The file is here only as long as something is to be done with it: it goes when it was imported, cancelled, or
    found faulty, when one of the patients is erased, and after a day in any case.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    board = models.ForeignKey("accounts.Board", on_delete=models.CASCADE, related_name="+")
    step = models.CharField(max_length=8, choices=BulkStep.choices)
    state = models.CharField(max_length=10, choices=BulkState.choices, default=BulkState.WAITING)
    form = models.CharField(_("format"), max_length=4, default="xlsx")
    # In which the worker says what is wrong.
    language = models.CharField(max_length=10, default="en-gb")
    # Whether its sender said that dates such as 03/04/2024 are day/month/year.
    day_first = models.BooleanField(default=False, db_default=False)
    content = models.BinaryField(default=b"")
    size = models.PositiveIntegerField(default=0)
    done_rows = models.PositiveIntegerField(default=0)
    total_rows = models.PositiveIntegerField(default=0)
    counts = models.JSONField(default=dict)
    # Why a file could not be read, and what of it was left aside.
    told = models.JSONField(default=list)
    # What stands for all that is questioned in a file that was checked; whoever imports it repeats it.
    doubts = models.CharField(max_length=16, blank=True, default="", db_default="")
    # Who is asked for what the file says is "not yet", and by when; nobody where none was chosen.
    owed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    owed_on = models.DateField(null=True)
    # How often a worker took it: one that is taken again and again is what they die of.
    takings = models.PositiveSmallIntegerField(default=0)
    cancel = models.BooleanField(default=False)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    alive_at = models.DateTimeField(db_default=Now(), editable=False)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("import or export")
        verbose_name_plural = _("imports and exports")
        constraints = [
            models.CheckConstraint(
                condition=Q(step__in=BulkStep.values), name="bulk_step_is_known"
            ),
            models.CheckConstraint(
                condition=Q(state__in=BulkState.values), name="bulk_state_is_known"
            ),
        ]
        indexes = [
            models.Index(fields=["user", "-id"], name="bulk_of_user"),
            models.Index(
                fields=["alive_at"], condition=Q(state__in=["waiting", "running"]), name="bulk_open"
            ),
            models.Index(fields=["created_at"], name="bulk_by_age"),
        ]

    def __str__(self) -> str:
        return f"{self.step} {self.public_id}"

    @property
    def is_open(self) -> bool:
        """Whether something is still to come of it by itself."""
        return self.state in {BulkState.WAITING, BulkState.RUNNING}


class BulkProblem(models.Model):
    """One error of a file, or in one without errors one question, by sheet, row and column; it goes with its job."""

    # Removed before its job by who removes that: a worker may, and cannot read either.
    job = models.ForeignKey(BulkJob, on_delete=models.DO_NOTHING, related_name="problems")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    sheet = models.CharField(max_length=20)
    row = models.PositiveIntegerField()
    heading = models.CharField(max_length=60, blank=True)
    typed = models.CharField(max_length=120, blank=True)
    words = models.TextField()

    class Meta:
        verbose_name = _("error of a file")
        verbose_name_plural = _("errors of files")
        indexes = [models.Index(fields=["job", "id"], name="bulk_problems")]

    def __str__(self) -> str:
        return f"{self.sheet} {self.row}"

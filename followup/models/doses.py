"""The doses of a plan after its first."""

from __future__ import annotations

import pghistory
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cases.access import PatientOwned
from followup.models.plans import MonitoringPlan
from followup.vocabulary import DoseState, HoldReason


@pghistory.track()
class Dose(PatientOwned):
    """A dose after the first, in order: given on a day, or skipped for a reason."""

    plan = models.ForeignKey(MonitoringPlan, on_delete=models.PROTECT, related_name="doses")
    number = models.PositiveSmallIntegerField(_("dose"))
    state = models.CharField(max_length=10, choices=DoseState.choices)
    on = models.DateField(_("day"))
    # On which day it was expected: a dose taken back puts the checks back there.
    expected_on = models.DateField()
    # Whether a day far from the expected one was asked about, and is right.
    confirmed = models.BooleanField(default=False, db_default=False)
    # Checks that were left out with it, so that taking it back asks for them again.
    left_out = ArrayField(models.BigIntegerField(), default=list)
    reason = models.CharField(max_length=20, choices=HoldReason.choices, blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    recorded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("dose")
        verbose_name_plural = _("doses")
        ordering = ["plan", "number"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "number"], name="one_row_per_dose"),
            models.CheckConstraint(
                condition=Q(number__gte=2), name="first_dose_stands_in_the_plan"
            ),
            models.CheckConstraint(
                condition=Q(state=DoseState.GIVEN, reason="")
                | (Q(state=DoseState.SKIPPED) & ~Q(reason="")),
                name="skipped_for_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"dose {self.number} of plan {self.plan_id}"

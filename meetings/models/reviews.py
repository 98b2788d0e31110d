"""What a board made of guidance that changed after it had signed a decision that relied on it."""

from __future__ import annotations

import pghistory
from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from cases.access import PatientOwned
from meetings.choices import ReviewOutcome
from meetings.models.decisions import Decision

LONGEST_REASON = 1000


class GuidanceReview(PatientOwned):
    """One change of one version that a signed decision relied on, looked at and answered.

    What changed is derived (`evidence.changes`); `mark` names the change that was answered, so that the next one
    asks again.
    """

    decision = models.ForeignKey(
        Decision, on_delete=models.PROTECT, related_name="guidance_reviews"
    )
    statement_version = models.ForeignKey(
        "evidence.StatementVersion", on_delete=models.PROTECT, related_name="+"
    )
    mark = models.CharField(max_length=64)
    outcome = models.CharField(_("what follows"), max_length=8, choices=ReviewOutcome.choices)
    reason = models.TextField(_("reason"), max_length=LONGEST_REASON)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("review of changed guidance")
        verbose_name_plural = _("reviews of changed guidance")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["decision", "statement_version", "mark"], name="change_is_answered_once"
            ),
            models.CheckConstraint(
                condition=models.Q(outcome__in=ReviewOutcome.values), name="review_outcome_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"review of version {self.statement_version_id} in decision {self.decision_id}"


pghistory.track()(GuidanceReview)

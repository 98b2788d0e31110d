"""Which facts a question needs and how old each may be: data that curators keep, version by version."""

from __future__ import annotations

import uuid

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Q
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

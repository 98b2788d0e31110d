"""Protocols: what is to be checked and when, in versions that never change once published."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.permissions import Role
from cases.vocabulary import Organ
from followup.vocabulary import AgentClass, Timing


class Protocol(models.Model):
    """A protocol by its code: the general one, one for organs once affected, or one for agents decided on."""

    code = models.SlugField(_("code"), max_length=30, unique=True)
    name = models.CharField(_("name"), max_length=80)
    organs = ArrayField(
        models.CharField(max_length=20, choices=Organ.choices), default=list, blank=True
    )
    # Of the decision that opens a plan, not of the patient's history.
    agents = ArrayField(
        models.CharField(max_length=20, choices=AgentClass.choices),
        default=list,
        blank=True,
        db_default=[],
    )
    general = models.BooleanField(_("for every rechallenge"), default=False)

    class Meta:
        verbose_name = _("protocol")
        verbose_name_plural = _("protocols")
        ordering = ["-general", "code"]
        constraints = [
            models.UniqueConstraint(
                fields=["general"], condition=Q(general=True), name="one_general_protocol"
            ),
            models.CheckConstraint(
                condition=Q(general=True, organs=[], agents=[])
                | Q(general=False) & (~Q(organs=[]) | ~Q(agents=[])),
                name="protocol_is_general_or_for_some",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class VersionState(models.TextChoices):
    """Where a protocol version stands."""

    DRAFT = "draft", _("Draft")
    PUBLISHED = "published", _("Published")


class ProtocolVersion(models.Model):
    """A version of a protocol; published it is frozen by the database, steps included."""

    protocol = models.ForeignKey(Protocol, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField(_("version"))
    state = models.CharField(
        max_length=10, choices=VersionState.choices, default=VersionState.DRAFT
    )
    origin = models.CharField(_("origin"), max_length=20, default="repository")
    source = models.CharField(_("source"), max_length=300)
    mark = models.CharField(_("how far it can be relied on"), max_length=200)
    content_sha256 = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    published_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("protocol version")
        verbose_name_plural = _("protocol versions")
        ordering = ["protocol", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["protocol", "number"], name="one_row_per_version"),
            models.CheckConstraint(
                condition=Q(state=VersionState.PUBLISHED, published_at__isnull=False)
                | Q(state=VersionState.DRAFT, published_at__isnull=True),
                name="protocol_version_published_iff_dated",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.protocol.code} v{self.number}"


class ProtocolStep(models.Model):
    """One thing to check and when. Day 0 is the first dose."""

    version = models.ForeignKey(ProtocolVersion, on_delete=models.PROTECT, related_name="steps")
    position = models.PositiveSmallIntegerField(default=0)
    code = models.SlugField(_("code"), max_length=30)
    label = models.CharField(_("what is checked"), max_length=120)
    # Each {"code", "label", "unit"}: one box for each on the result form.
    measures = models.JSONField(_("values"), default=list, blank=True)
    kind = models.CharField(_("when"), max_length=24, choices=Timing.choices)
    offsets = ArrayField(models.IntegerField(), default=list, blank=True)
    # Of steps by the calendar alone: the days between doses are those of the decision.
    every_days = models.PositiveSmallIntegerField(null=True, blank=True)
    from_day = models.PositiveSmallIntegerField(default=0)
    until_day = models.PositiveSmallIntegerField(null=True, blank=True)
    # As long as doses are given, and at least to `until_day` where there is one.
    while_dosed = models.BooleanField(default=False, db_default=False)
    within_days = models.PositiveSmallIntegerField(
        _("before the first dose: within days"), default=7
    )
    grace_days = models.PositiveSmallIntegerField(_("missed after days"), default=7)
    critical = models.BooleanField(_("a miss brings the case back"), default=False)
    responsible = models.CharField(
        _("responsible"), max_length=20, choices=Role.choices, default=Role.NURSE
    )

    class Meta:
        verbose_name = _("protocol step")
        verbose_name_plural = _("protocol steps")
        ordering = ["version", "position", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["version", "code", "kind"], name="one_step_per_code_and_timing"
            ),
            models.CheckConstraint(condition=Q(kind__in=Timing.values), name="timing_is_known"),
            models.CheckConstraint(
                condition=~Q(kind__in=[Timing.DAYS_AFTER_FIRST_DOSE, Timing.DAYS_AFTER_LAST_DOSE])
                | ~Q(offsets=[]),
                name="days_after_need_days",
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=[Timing.EVERY_N_DAYS, Timing.AT_EACH_DOSE])
                | Q(until_day__isnull=False)
                | Q(while_dosed=True),
                name="repeated_steps_have_an_end",
            ),
            models.CheckConstraint(
                condition=~Q(kind=Timing.EVERY_N_DAYS) | Q(every_days__gte=1),
                name="calendar_steps_need_an_interval",
            ),
        ]

    def __str__(self) -> str:
        return self.label

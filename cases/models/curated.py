"""The curated lists of ICIs and of irAEs: no patient's data."""

from __future__ import annotations

from typing import Any

import pghistory
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cases.organs import Organ


class ListState(models.TextChoices):
    """Whether forms offer a row."""

    WAITING = "waiting", _("Waiting for a second curator")
    OFFERED = "offered", _("Offered")
    RETIRED = "retired", _("No longer offered")


class Target(models.TextChoices):
    """What an agent of the list is directed against."""

    PD1 = "PD-1", "PD-1"
    PDL1 = "PD-L1", "PD-L1"
    CTLA4 = "CTLA-4", "CTLA-4"
    LAG3 = "LAG-3", "LAG-3"
    TIGIT = "TIGIT", "TIGIT"
    TIM3 = "TIM-3", "TIM-3"
    VEGF = "VEGF", "VEGF"


class Listed(models.Model):
    """One row of a list. `delivered`: it came with the product; any other one is confirmed by a second curator.

    Rows are never deleted: the record names them. Once a row is delivered or confirmed the database keeps what facts
    and rules rest on, and the service keeps name, ATC code and dose; what else it is called can be changed.
    """

    code = models.CharField(_("code"), max_length=30, unique=True, editable=False)
    state = models.CharField(
        _("state"), max_length=10, choices=ListState.choices, default=ListState.WAITING
    )
    delivered = models.BooleanField(_("delivered"), default=False)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+",
        verbose_name=_("added by"),
    )  # fmt: skip
    # Whoever changed it last; none, where it stands as it was delivered.
    edited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+",
        verbose_name=_("confirmed by"),
    )  # fmt: skip
    confirmed_at = models.DateTimeField(null=True)

    class Meta:
        abstract = True

    @property
    def is_settled(self) -> bool:
        """Whether what it means is fixed."""
        return self.delivered or self.confirmed_by_id is not None

    @property
    def is_offered(self) -> bool:
        """Whether forms offer it."""
        return self.state == ListState.OFFERED


class ListedRows(models.Manager[Any]):
    """Rows of a list."""

    def settled(self) -> models.QuerySet[Any]:
        """Return the rows that the record may name."""
        return self.filter(Q(delivered=True) | Q(confirmed_by__isnull=False)).order_by("label")


def two_curators(name: str) -> list[models.BaseConstraint]:
    """Return what holds that a row is offered only once a second curator has confirmed it, or it was delivered."""
    return [
        models.CheckConstraint(
            condition=Q(state__in=ListState.values), name=f"{name}_state_is_known"
        ),
        models.CheckConstraint(
            condition=Q(confirmed_by__isnull=True)
            | (Q(added_by__isnull=False) & ~Q(confirmed_by=F("added_by"))),
            name=f"{name}_second_curator_confirms",
        ),
        models.CheckConstraint(
            condition=~Q(state=ListState.OFFERED)
            | Q(delivered=True)
            | Q(confirmed_by__isnull=False),
            name=f"{name}_is_offered_once_confirmed",
        ),
        models.CheckConstraint(
            condition=Q(confirmed_by__isnull=True, confirmed_at__isnull=True)
            | Q(confirmed_by__isnull=False, confirmed_at__isnull=False),
            name=f"{name}_confirmed_on_a_day",
        ),
    ]


class ListedDrug(Listed):
    """An ICI; `target` has one or two targets with + between them."""

    label = models.CharField(
        _("name"), max_length=60, help_text=_("the international nonproprietary name")
    )
    target = models.CharField(_("target"), max_length=20)
    atc = models.CharField(
        _("ATC code"), max_length=7, blank=True, help_text=_("empty where none is assigned")
    )
    dose = models.CharField(
        _("usual dose in NSCLC"), max_length=240, blank=True, help_text=_("empty where not known")
    )
    dose_mark = models.CharField(
        _("how the dose is known"), max_length=80, blank=True,
        help_text=_("such as “EU SmPC, 2026”; shown beside the dose"),
    )  # fmt: skip
    brands = ArrayField(
        models.CharField(max_length=60), verbose_name=_("brands"), default=list, blank=True,
        help_text=_("with commas between them; a search finds the drug by them"),
    )  # fmt: skip

    objects = ListedRows()

    class Meta:
        verbose_name = _("immune checkpoint inhibitor")
        verbose_name_plural = _("immune checkpoint inhibitors")
        ordering = ["label"]
        constraints = [
            *two_curators("drug"),
            models.CheckConstraint(
                condition=~Q(target=""), name="drug_is_directed_against_something"
            ),
        ]

    def __str__(self) -> str:
        return self.label


class ListedEvent(Listed):
    """An irAE with the CTCAE terms by which it is graded.

    `terms`: {"5.0": [term, MedDRA LLT code]}; `grades`: {"5.0": [lowest, highest]} of the same versions. `family`: the
    code of the disease, its own where it is one by itself.
    """

    label = models.CharField(_("event"), max_length=80)
    organ = models.CharField(_("organ"), max_length=20, choices=Organ.choices)
    family = models.CharField(_("disease"), max_length=30)
    terms = models.JSONField(_("CTCAE terms"), default=dict)
    grades = models.JSONField(_("grades"), default=dict)
    synonyms = ArrayField(
        models.CharField(max_length=80), verbose_name=_("also called"), default=list, blank=True,
        help_text=_("with commas between them; whoever types one is sent to the list"),
    )  # fmt: skip

    objects = ListedRows()

    class Meta:
        verbose_name = _("immune-related adverse event")
        verbose_name_plural = _("immune-related adverse events")
        ordering = ["organ", "label"]
        constraints = [
            *two_curators("event"),
            models.CheckConstraint(
                condition=Q(organ__in=Organ.values), name="event_organ_is_known"
            ),
            # Facts and rules go by the names of those that came with the product.
            models.CheckConstraint(
                condition=Q(delivered=False) | Q(state=ListState.OFFERED),
                name="event_of_rules_stays_offered",
            ),
        ]

    def __str__(self) -> str:
        return self.label


class CorrectionState(models.TextChoices):
    """How far a correction of a list is."""

    WAITING = "waiting", _("Waiting for a second curator")
    MADE = "made", _("Made")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class DrugCorrection(models.Model):
    """Words of an ICI that two people answer for, corrected by one curator and confirmed by another; kept for good.

    `before` and `after`: what changes by the names of its columns, as it was and as it becomes.
    """

    drug = models.ForeignKey(ListedDrug, on_delete=models.PROTECT, related_name="corrections")
    state = models.CharField(
        max_length=10, choices=CorrectionState.choices, default=CorrectionState.WAITING
    )
    before = models.JSONField()
    after = models.JSONField()
    source = models.CharField(max_length=200)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    proposed_at = models.DateTimeField(default=timezone.now)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["drug"], condition=Q(state="waiting"), name="one_correction_waits"
            ),
            models.CheckConstraint(
                condition=Q(state__in=CorrectionState.values), name="correction_state_is_known"
            ),
            models.CheckConstraint(
                condition=Q(state="waiting", decided_by__isnull=True, decided_at__isnull=True)
                | (~Q(state="waiting") & Q(decided_by__isnull=False, decided_at__isnull=False)),
                name="correction_is_decided_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(state="made") | ~Q(decided_by=F("proposed_by")),
                name="correction_has_a_second_curator",
            ),
            models.CheckConstraint(condition=~Q(source=""), name="correction_has_a_source"),
        ]

    def __str__(self) -> str:
        return self.drug.label


pghistory.track()(ListedDrug)
pghistory.track()(ListedEvent)

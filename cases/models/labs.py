"""Laboratory results: the analytes that are known, and one row a result."""

from __future__ import annotations

import uuid

import pghistory
from django.conf import settings
from django.contrib.postgres.functions import TransactionNow
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cases.access import PatientOwned
from cases.derivations.measured import Scale


class Analyte(models.Model):
    """What a laboratory measures; kept by curators.

    `units`: how a unit that reports use turns into the canonical one, as {"unit": "factor"} or, where the zeros
    differ, {"unit": "factor - offset"}; the canonical unit itself is in it with factor 1. Results outside
    `plausible_low` to `plausible_high`, in the canonical unit, are questioned: a count a thousand times too high is
    a unit mistaken.
    """

    code = models.SlugField(_("code"), max_length=30, unique=True)
    label = models.CharField(_("analyte"), max_length=80)
    loinc = models.CharField("LOINC", max_length=10, blank=True)
    unit = models.CharField(_("canonical unit"), max_length=20)
    units = models.JSONField(_("units accepted"), default=dict)
    plausible_low = models.DecimalField(_("plausible from"), max_digits=12, decimal_places=4)
    plausible_high = models.DecimalField(_("plausible to"), max_digits=12, decimal_places=4)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    usual = models.BooleanField(_("in the form of a sample"), default=False)
    # Others are drawn from their second value on, as far as there is room.
    charted = models.BooleanField(
        _("drawn on the timeline from its first value on"), default=False, db_default=False
    )
    active = models.BooleanField(_("offered"), default=True)

    class Meta:
        verbose_name = _("analyte")
        verbose_name_plural = _("analytes")
        ordering = ["position", "code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(plausible_low__lt=models.F("plausible_high")),
                name="plausible_range_in_order",
            )
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def scales(self) -> dict[str, Scale]:
        """How a value in each accepted unit reaches the canonical unit."""
        return {unit: Scale.read(str(scale)) for unit, scale in self.units.items()}


class Comparator(models.TextChoices):
    """What stands before a value that is a bound."""

    EQUAL = "=", "="
    LESS = "<", "<"
    GREATER = ">", ">"


class LabResult(PatientOwned):
    """One result of one sample: as entered, and in the analyte's canonical unit."""

    patient = models.ForeignKey(
        "cases.Patient", on_delete=models.PROTECT, related_name="lab_results"
    )
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    analyte = models.ForeignKey(Analyte, on_delete=models.PROTECT, related_name="+")
    taken_on = models.DateField(_("sample date"))
    comparator = models.CharField(
        max_length=1, choices=Comparator.choices, default=Comparator.EQUAL
    )
    value_entered = models.CharField(_("value as entered"), max_length=30)
    unit_entered = models.CharField(_("unit as entered"), max_length=20)
    value = models.DecimalField(_("value"), max_digits=14, decimal_places=4)
    reference_low = models.DecimalField(
        _("reference from"), max_digits=14, decimal_places=4, null=True, blank=True
    )
    reference_high = models.DecimalField(
        _("reference to"), max_digits=14, decimal_places=4, null=True, blank=True
    )
    source = models.CharField(_("source"), max_length=80, blank=True)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    # The transaction's own time, as in the history's tables: both tell of one save.
    entered_at = models.DateTimeField(db_default=TransactionNow(), editable=False)

    class Meta:
        verbose_name = _("laboratory result")
        verbose_name_plural = _("laboratory results")
        constraints = [
            models.UniqueConstraint(
                fields=["patient", "analyte", "taken_on", "source"], name="one_result_per_sample"
            ),
            models.CheckConstraint(
                condition=Q(comparator__in=Comparator.values), name="comparator_is_known"
            ),
            models.CheckConstraint(condition=Q(value__gte=0), name="lab_value_is_not_negative"),
            models.CheckConstraint(
                condition=Q(reference_low__isnull=True)
                | Q(reference_high__isnull=True)
                | Q(reference_low__lte=models.F("reference_high")),
                name="reference_range_in_order",
            ),
        ]
        indexes = [models.Index(fields=["patient", "-taken_on"], name="labs_of_patient")]

    def __str__(self) -> str:
        return f"result of patient {self.patient_id}"


pghistory.track()(Analyte)
# A laboratory sends many results once: what is changed or taken back is kept as it was before, so that
# those rows and the table together are all that was ever entered.
pghistory.track(pghistory.UpdateEvent(row=pghistory.Old), pghistory.DeleteEvent())(LabResult)

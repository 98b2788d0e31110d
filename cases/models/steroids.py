"""Systemic steroids, dose by dose, and second-line immunosuppression."""

from __future__ import annotations

import uuid

import pghistory
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cases.access import PatientOwned
from cases.fields import PartialDateField, Stated
from cases.models.iraes import IrAE
from cases.models.stating import dated, stated


class SteroidDrug(models.TextChoices):
    """A systemic steroid, with the dose that equals prednisone 10 mg in `cases.derivations`."""

    PREDNISONE = "prednisone", _("prednisone")
    PREDNISOLONE = "prednisolone", _("prednisolone")
    METHYLPREDNISOLONE = "methylprednisolone", _("methylprednisolone")
    DEXAMETHASONE = "dexamethasone", _("dexamethasone")
    HYDROCORTISONE = "hydrocortisone", _("hydrocortisone")
    # Of no known equivalent: what a dose of it equals cannot be told.
    OTHER = "other", _("another steroid")


class Indication(models.TextChoices):
    """What a steroid or an immunosuppressant was given for."""

    IRAE = "irae", _("irAE")
    BRAIN_METASTASES = "brain_metastases", _("Brain metastases")
    PREMEDICATION = "premedication", _("Premedication")
    ADRENAL_REPLACEMENT = "adrenal_replacement", _("Adrenal replacement")
    OTHER_DISEASE = "other_disease", _("Another disease")


class SteroidCourse(PatientOwned):
    """A course of a systemic steroid; doses in mg a day of the drug given."""

    patient = models.ForeignKey("cases.Patient", on_delete=models.PROTECT, related_name="steroids")
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    irae = models.ForeignKey(
        IrAE, on_delete=models.PROTECT, null=True, blank=True, related_name="steroids"
    )
    drug = Stated(models.CharField(max_length=20, choices=SteroidDrug.choices))
    # What another steroid is.
    name = models.CharField(_("which steroid"), max_length=60, blank=True, db_default="")
    # Adrenal replacement never counts as a dose.
    indication = Stated(models.CharField(_("given for"), max_length=20, choices=Indication.choices))
    # Where there are doses over time, peak and now are worked out from them whenever they are saved.
    peak_mg_per_day = Stated(models.DecimalField(max_digits=7, decimal_places=2))
    now_mg_per_day = Stated(models.DecimalField(max_digits=7, decimal_places=2))
    # The day for which the dose of now was said.
    now_on = models.DateField(_("dose said on"), null=True, blank=True)
    # Whether somebody said that day; of doses over time it is else that of the last of them, no later one.
    now_day_said = models.BooleanField(
        _("somebody said that day"), default=False, db_default=False, editable=False
    )
    # A steroid that could not be brought to 10 mg a day or less within 12 weeks (US labels).
    not_tapered = Stated(models.BooleanField(_("could not be tapered")))
    start = PartialDateField(_("start"))
    stop = PartialDateField(_("stop"))

    class Meta:
        verbose_name = _("steroid course")
        verbose_name_plural = _("steroid courses")
        ordering = ["start_earliest", "id"]
        constraints = [
            *stated("drug", "indication", "peak_mg_per_day", "now_mg_per_day", "not_tapered"),
            *dated("start", "stop"),
            models.CheckConstraint(
                condition=Q(stop_latest__isnull=True)
                | Q(start_earliest__isnull=True)
                | Q(stop_latest__gte=models.F("start_earliest")),
                name="steroid_stops_after_it_starts",
            ),
        ]

    def __str__(self) -> str:
        return f"steroid of patient {self.patient_id}"

    @property
    def called(self) -> str:
        """Which steroid it is, of another by its name; empty where that is not known."""
        return self.name or str(self.get_drug_display() or "")


class SteroidDose(PatientOwned):
    """One step of a course: from this day on, so many mg a day of the drug given."""

    patient = models.ForeignKey(
        "cases.Patient", on_delete=models.PROTECT, related_name="steroid_doses"
    )
    course = models.ForeignKey(SteroidCourse, on_delete=models.CASCADE, related_name="doses")
    since = PartialDateField(_("from"))
    mg_per_day = models.DecimalField(_("mg a day"), max_digits=7, decimal_places=2)

    class Meta:
        verbose_name = _("steroid dose")
        verbose_name_plural = _("steroid doses")
        ordering = ["since_earliest", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(mg_per_day__range=(0, 2000)), name="steroid_dose_is_0_to_2000_mg"
            ),
            *dated("since"),
        ]

    def __str__(self) -> str:
        return f"dose of steroid course {self.course_id}"


class ImmunosuppressantDrug(models.TextChoices):
    """A second-line agent for an irAE."""

    INFLIXIMAB = "infliximab", _("infliximab")
    MYCOPHENOLATE = "mycophenolate", _("mycophenolate")
    VEDOLIZUMAB = "vedolizumab", _("vedolizumab")
    TOCILIZUMAB = "tocilizumab", _("tocilizumab")
    IVIG = "ivig", _("immunoglobulin (IVIG)")
    RITUXIMAB = "rituximab", _("rituximab")
    TACROLIMUS = "tacrolimus", _("tacrolimus")
    CICLOSPORIN = "ciclosporin", _("ciclosporin")
    METHOTREXATE = "methotrexate", _("methotrexate")
    AZATHIOPRINE = "azathioprine", _("azathioprine")
    ABATACEPT = "abatacept", _("abatacept")
    RUXOLITINIB = "ruxolitinib", _("ruxolitinib")
    ATG = "atg", _("anti-thymocyte globulin")
    PLASMA_EXCHANGE = "plasma_exchange", _("plasma exchange")
    OTHER = "other", _("another agent")


class Immunosuppressant(PatientOwned):
    """A course of a second-line agent."""

    patient = models.ForeignKey(
        "cases.Patient", on_delete=models.PROTECT, related_name="immunosuppressants"
    )
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    irae = models.ForeignKey(
        IrAE, on_delete=models.PROTECT, null=True, blank=True, related_name="immunosuppressants"
    )
    drug = models.CharField(_("drug"), max_length=20, choices=ImmunosuppressantDrug.choices)
    name = models.CharField(_("which agent"), max_length=60, blank=True)
    indication = Stated(models.CharField(max_length=20, choices=Indication.choices))
    dose = models.CharField(_("dose"), max_length=80, blank=True)
    start = PartialDateField(_("start"))
    stop = PartialDateField(_("stop"))
    still_given = Stated(models.BooleanField(_("still given")))

    class Meta:
        verbose_name = _("immunosuppressant")
        verbose_name_plural = _("immunosuppressants")
        ordering = ["start_earliest", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(drug__in=ImmunosuppressantDrug.values),
                name="immunosuppressant_is_known",
            ),
            models.CheckConstraint(
                condition=Q(stop_latest__isnull=True)
                | Q(start_earliest__isnull=True)
                | Q(stop_latest__gte=models.F("start_earliest")),
                name="immunosuppressant_stops_after_it_starts",
            ),
            *stated("indication", "still_given"),
            *dated("start", "stop"),
        ]

    def __str__(self) -> str:
        return f"{self.drug} of patient {self.patient_id}"


for model in (SteroidCourse, SteroidDose, Immunosuppressant):
    pghistory.track()(model)

"""Fitness and background: ECOG, weight, what else stands about the patient and what the patient wants."""

from __future__ import annotations

import pghistory
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cases.access import PatientOwned
from cases.fields import PartialDateField, Stated, late_state, late_state_field
from cases.models.stating import dated, stated


class PerformanceStatus(PatientOwned):
    """ECOG performance status; one row a patient, its history kept by trigger."""

    patient = models.OneToOneField(
        "cases.Patient", on_delete=models.PROTECT, related_name="performance_status"
    )
    ecog = Stated(models.PositiveSmallIntegerField())
    assessed = PartialDateField(_("assessed"))

    class Meta:
        verbose_name = _("performance status")
        verbose_name_plural = _("performance statuses")
        constraints = [
            *stated("ecog"),
            *dated("assessed"),
            models.CheckConstraint(
                condition=Q(ecog__isnull=True) | Q(ecog__lte=5), name="ecog_is_0_to_5"
            ),
        ]

    def __str__(self) -> str:
        return f"ECOG of patient {self.patient_id}"


class Smoking(models.TextChoices):
    """Smoking, as the hospital records it."""

    NEVER = "never", _("Never")
    FORMER = "former", _("Former")
    CURRENT = "current", _("Current")


class Transplant(models.TextChoices):
    """A transplant that an ICI may endanger."""

    NONE = "none", _("None")
    SOLID_ORGAN = "solid_organ", _("Solid organ")
    STEM_CELL = "stem_cell", _("Allogeneic stem cells")


class ViralHepatitis(models.TextChoices):
    """The state of a hepatitis B or C infection."""

    NEVER = "never", _("Never infected")
    PAST = "past", _("Past infection")
    CHRONIC = "chronic", _("Chronic, on or off treatment")


class Bleeding(models.TextChoices):
    """Bleeding that an anti-angiogenic agent may bring back."""

    NONE = "none", _("None")
    HAEMOPTYSIS = "haemoptysis", _("Haemoptysis")
    OTHER_MAJOR = "other_major", _("Another major bleeding")


class Hypertension(models.TextChoices):
    """High blood pressure, and whether treatment holds it."""

    NONE = "none", _("None")
    CONTROLLED = "controlled", _("Controlled")
    UNCONTROLLED = "uncontrolled", _("Not controlled")


class Background(PatientOwned):
    """What stands about the patient besides the tumour; one row a patient.

    Weight in kilograms and height in centimetres, each with the day on which it was measured.
    """

    patient = models.OneToOneField(
        "cases.Patient", on_delete=models.PROTECT, related_name="background"
    )
    weight_kg = Stated(models.DecimalField(_("weight, kg"), max_digits=4, decimal_places=1))
    weighed = PartialDateField(_("weighed"))
    height_cm = Stated(models.DecimalField(_("height, cm"), max_digits=4, decimal_places=1))
    smoking = Stated(models.CharField(max_length=8, choices=Smoking.choices))
    pack_years = Stated(models.PositiveSmallIntegerField(_("pack years")))
    autoimmune_disease = Stated(models.BooleanField())
    autoimmune_text = models.CharField(_("which one"), max_length=200, blank=True)
    interstitial_lung_disease = Stated(models.BooleanField())
    transplant = Stated(models.CharField(max_length=12, choices=Transplant.choices))
    hepatitis_b = Stated(models.CharField(max_length=8, choices=ViralHepatitis.choices))
    hepatitis_c = Stated(models.CharField(max_length=8, choices=ViralHepatitis.choices))
    heart_disease = Stated(models.BooleanField())
    heart_text = models.CharField(_("which one"), max_length=200, blank=True)
    pregnancy = Stated(models.BooleanField())
    bleeding = Stated(models.CharField(max_length=12, choices=Bleeding.choices))
    bled = PartialDateField(_("last bleeding"))
    hypertension = Stated(models.CharField(max_length=12, choices=Hypertension.choices))
    major_surgery = Stated(models.BooleanField())
    operated = PartialDateField(_("last major surgery"))
    # The day for which "no recent surgery" was said.
    surgery_said_on = models.DateField(null=True, blank=True)
    comorbidities = models.TextField(_("other illnesses"), blank=True)
    comorbidities_state = late_state_field()
    preference = models.TextField(_("what the patient wants, in the patient's words"), blank=True)
    preference_state = late_state_field()
    # All steroids together, in mg prednisone-equivalent a day, as a safety check found it on a day; 0 also where a
    # referral said that none is given.
    steroid_total_mg = models.DecimalField(max_digits=7, decimal_places=2, null=True)
    steroid_total_on = models.DateField(null=True)

    class Meta:
        verbose_name = _("background")
        verbose_name_plural = _("backgrounds")
        constraints = [
            *stated(
                "weight_kg",
                "height_cm",
                "smoking",
                "pack_years",
                "autoimmune_disease",
                "interstitial_lung_disease",
                "transplant",
                "hepatitis_b",
                "hepatitis_c",
                "heart_disease",
                "pregnancy",
                "bleeding",
                "hypertension",
                "major_surgery",
            ),
            *dated("weighed", "bled", "operated"),
            # Known and empty: what was written went with an erasure.
            late_state("comorbidities", Q(comorbidities=""), known_may_be_empty=True),
            late_state("preference", Q(preference=""), known_may_be_empty=True),
            models.CheckConstraint(
                condition=Q(steroid_total_mg__isnull=True, steroid_total_on__isnull=True)
                | Q(steroid_total_mg__gte=0, steroid_total_on__isnull=False),
                name="steroid_total_iff_dated",
            ),
            models.CheckConstraint(
                condition=Q(weight_kg__isnull=True) | Q(weight_kg__range=(20, 350)),
                name="weight_is_20_to_350_kg",
            ),
            models.CheckConstraint(
                condition=Q(height_cm__isnull=True) | Q(height_cm__range=(90, 250)),
                name="height_is_90_to_250_cm",
            ),
        ]

    def __str__(self) -> str:
        return f"background of patient {self.patient_id}"


for model in (PerformanceStatus, Background):
    pghistory.track()(model)

"""The clinical history: tumour, biomarkers, fitness, ICI courses, irAEs, steroids."""

from __future__ import annotations

import uuid

import pghistory
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cases.access import PatientOwned
from cases.fields import PartialDateField, Stated, date_known_iff, known_iff, state_is_valid
from cases.vocabulary import (
    CTCAE_VERSIONS,
    ENDOCRINE,
    BestResponse,
    Histology,
    Organ,
    Resolution,
    StopReason,
)


def stated(*names: str) -> list[models.BaseConstraint]:
    """Return the CHECKs of facts whose value has the name of the fact."""
    return [rule(name) for name in names for rule in (known_iff, state_is_valid)]


def dated(*names: str) -> list[models.BaseConstraint]:
    """Return the CHECKs of partial dates."""
    return [rule(name) for name in names for rule in (date_known_iff, state_is_valid)]


class Tumour(PatientOwned):
    """The NSCLC and what else stands about it and its carrier; one row a patient."""

    patient = models.OneToOneField("cases.Patient", on_delete=models.PROTECT, related_name="tumour")
    histology = Stated(models.CharField(max_length=20, choices=Histology.choices))
    stage_group = Stated(
        models.CharField(max_length=4, choices=[(s, s) for s in ("I", "II", "III", "IV")])
    )
    stage_text = models.CharField(_("stage in full"), max_length=40, blank=True)
    tnm_edition = models.CharField(
        _("TNM edition"),
        max_length=1,
        blank=True,
        choices=[("7", "7th"), ("8", "8th"), ("9", "9th")],
    )
    driver_mutation = Stated(models.BooleanField())
    driver_text = models.CharField(_("drivers"), max_length=120, blank=True)
    liver_metastases = Stated(models.BooleanField())
    autoimmune_disease = Stated(models.BooleanField())
    interstitial_lung_disease = Stated(models.BooleanField())

    class Meta:
        verbose_name = _("tumour")
        verbose_name_plural = _("tumours")
        constraints = stated(
            "histology",
            "stage_group",
            "driver_mutation",
            "liver_metastases",
            "autoimmune_disease",
            "interstitial_lung_disease",
        )

    def __str__(self) -> str:
        return f"tumour of patient {self.patient_id}"


class BiomarkerKind(models.TextChoices):
    """What was measured, with its unit."""

    PDL1_TPS = "pdl1_tps", _("PD-L1 TPS, %")
    TMB = "tmb", _("TMB, mut/Mb")


class SampleTiming(models.TextChoices):
    """When the sample was taken, as seen from the first ICI."""

    BEFORE = "before", _("Before the first ICI")
    AFTER = "after", _("After the first ICI")


class BiomarkerResult(PatientOwned):
    """One biomarker of one sample: value or bounds, clone, sample date."""

    patient = models.ForeignKey(
        "cases.Patient", on_delete=models.PROTECT, related_name="biomarkers"
    )
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=10, choices=BiomarkerKind.choices)
    timing = models.CharField(max_length=6, choices=SampleTiming.choices)
    low = models.DecimalField(max_digits=6, decimal_places=1, null=True, blank=True)
    high = models.DecimalField(max_digits=6, decimal_places=1, null=True, blank=True)
    state = models.CharField(max_length=16)
    entered = models.CharField(_("as entered"), max_length=40, blank=True)
    assay = models.CharField(_("clone or assay"), max_length=40, blank=True)
    sampled = PartialDateField(_("sample date"))

    class Meta:
        verbose_name = _("biomarker result")
        verbose_name_plural = _("biomarker results")
        constraints = [
            models.UniqueConstraint(
                fields=["patient", "kind", "timing"], name="one_result_per_kind_and_timing"
            ),
            models.CheckConstraint(
                condition=(Q(state="known") & (Q(low__isnull=False) | Q(high__isnull=False)))
                | (~Q(state="known") & Q(low__isnull=True, high__isnull=True)),
                name="biomarker_known_iff",
            ),
            models.CheckConstraint(
                condition=Q(low__isnull=True) | Q(high__isnull=True) | Q(low__lte=models.F("high")),
                name="biomarker_bounds_in_order",
            ),
            *dated("sampled"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of patient {self.patient_id}"


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


class ICICourse(PatientOwned):
    """One course of one or more checkpoint inhibitors."""

    patient = models.ForeignKey("cases.Patient", on_delete=models.PROTECT, related_name="courses")
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    number = models.PositiveSmallIntegerField(_("course"))
    drugs = ArrayField(models.CharField(max_length=30), default=list)
    drugs_state = models.CharField(max_length=16, default="missing")
    regimen = models.CharField(_("regimen"), max_length=200, blank=True)
    line = models.PositiveSmallIntegerField(_("line"), null=True, blank=True)
    start = PartialDateField(_("first dose"))
    stop = PartialDateField(_("last dose"))
    cycles_low = models.PositiveSmallIntegerField(null=True, blank=True)
    cycles_high = models.PositiveSmallIntegerField(null=True, blank=True)
    best_response = Stated(models.CharField(max_length=2, choices=BestResponse.choices))
    stop_reason = Stated(models.CharField(max_length=20, choices=StopReason.choices))

    class Meta:
        verbose_name = _("ICI course")
        verbose_name_plural = _("ICI courses")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["patient", "number"], name="course_numbers_are_unique"),
            models.CheckConstraint(
                condition=(Q(drugs_state="known") & ~Q(drugs=[]))
                | (~Q(drugs_state="known") & Q(drugs=[])),
                name="course_drugs_known_iff",
            ),
            models.CheckConstraint(
                condition=Q(stop_latest__isnull=True)
                | Q(start_earliest__isnull=True)
                | Q(stop_latest__gte=models.F("start_earliest")),
                name="course_stops_after_it_starts",
            ),
            *stated("best_response", "stop_reason"),
            *dated("start", "stop"),
        ]

    def __str__(self) -> str:
        return f"course {self.number} of patient {self.patient_id}"


class IrAE(PatientOwned):
    """One immune-related adverse event, with the CTCAE version by which it is graded."""

    patient = models.ForeignKey("cases.Patient", on_delete=models.PROTECT, related_name="iraes")
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    course = models.ForeignKey(
        ICICourse, on_delete=models.PROTECT, null=True, blank=True, related_name="iraes"
    )
    organ = models.CharField(_("organ"), max_length=20, choices=Organ.choices)
    entity = models.CharField(_("event"), max_length=40)
    ctcae_version = models.CharField(_("graded by"), max_length=4, choices=CTCAE_VERSIONS)
    worst_grade = Stated(models.PositiveSmallIntegerField())
    grade_now = Stated(models.PositiveSmallIntegerField())
    onset = PartialDateField(_("onset"))
    resolved = PartialDateField(_("resolved"))
    resolution = Stated(models.CharField(max_length=16, choices=Resolution.choices))
    recurrence_of = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="recurrences"
    )

    class Meta:
        verbose_name = _("immune-related adverse event")
        verbose_name_plural = _("immune-related adverse events")
        ordering = ["onset_earliest", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ctcae_version__in=[v for v, _label in CTCAE_VERSIONS]),
                name="ctcae_version_is_known",
            ),
            models.CheckConstraint(
                condition=Q(worst_grade__isnull=True) | Q(worst_grade__range=(1, 5)),
                name="worst_grade_is_1_to_5",
            ),
            models.CheckConstraint(
                condition=Q(grade_now__isnull=True) | Q(grade_now__range=(0, 5)),
                name="grade_now_is_0_to_5",
            ),
            models.CheckConstraint(
                condition=Q(grade_now__isnull=True)
                | Q(worst_grade__isnull=True)
                | Q(grade_now__lte=models.F("worst_grade")),
                name="grade_now_is_at_most_the_worst",
            ),
            models.CheckConstraint(
                condition=Q(resolved_latest__isnull=True)
                | Q(onset_earliest__isnull=True)
                | Q(resolved_latest__gte=models.F("onset_earliest")),
                name="irae_resolves_after_onset",
            ),
            models.CheckConstraint(
                condition=~Q(resolution=Resolution.ON_REPLACEMENT)
                | Q(organ__in=sorted(ENDOCRINE))
                | Q(resolution__isnull=True),
                name="only_endocrine_iraes_are_replaced",
            ),
            *stated("worst_grade", "grade_now", "resolution"),
            *dated("onset", "resolved"),
        ]

    def __str__(self) -> str:
        return f"{self.entity} of patient {self.patient_id}"


class SteroidDrug(models.TextChoices):
    """A systemic steroid, with the dose that equals prednisone 10 mg in `cases.derivations`."""

    PREDNISONE = "prednisone", _("prednisone")
    PREDNISOLONE = "prednisolone", _("prednisolone")
    METHYLPREDNISOLONE = "methylprednisolone", _("methylprednisolone")
    DEXAMETHASONE = "dexamethasone", _("dexamethasone")
    HYDROCORTISONE = "hydrocortisone", _("hydrocortisone")


class SteroidCourse(PatientOwned):
    """A course of a systemic steroid; doses in mg a day of the drug given."""

    patient = models.ForeignKey("cases.Patient", on_delete=models.PROTECT, related_name="steroids")
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    irae = models.ForeignKey(
        IrAE, on_delete=models.PROTECT, null=True, blank=True, related_name="steroids"
    )
    drug = Stated(models.CharField(max_length=20, choices=SteroidDrug.choices))
    replacement = models.BooleanField(_("physiological replacement"), default=False)
    peak_mg_per_day = Stated(models.DecimalField(max_digits=6, decimal_places=1))
    now_mg_per_day = Stated(models.DecimalField(max_digits=6, decimal_places=1))
    start = PartialDateField(_("start"))
    stop = PartialDateField(_("stop"))

    class Meta:
        verbose_name = _("steroid course")
        verbose_name_plural = _("steroid courses")
        ordering = ["start_earliest", "id"]
        constraints = [
            *stated("drug", "peak_mg_per_day", "now_mg_per_day"),
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


for model in (Tumour, BiomarkerResult, PerformanceStatus, ICICourse, IrAE, SteroidCourse):
    pghistory.track()(model)

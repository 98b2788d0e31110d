"""Treatment and its effect: ICI courses, other treatment, response assessments."""

from __future__ import annotations

import uuid

import pghistory
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cases.access import PatientOwned
from cases.fields import (
    PartialDateField,
    Stated,
    late_state,
    late_state_field,
    state_field,
    state_is_valid,
)
from cases.models.stating import dated, stated
from cases.vocabulary import BestResponse, ProgressionTiming, StopReason


class Setting(models.TextChoices):
    """Where in the disease, and with what intent, an ICI was given."""

    PERIOPERATIVE = "perioperative", _("Perioperative")
    CONSOLIDATION = "consolidation", _("Consolidation after chemoradiation")
    PALLIATIVE = "palliative", _("Palliative")


class RegimenKind(models.TextChoices):
    """What an ICI was given with."""

    MONOTHERAPY = "monotherapy", _("ICI alone")
    CHEMOTHERAPY = "chemotherapy", _("With chemotherapy")
    DUAL = "dual", _("Two ICIs")
    DUAL_CHEMOTHERAPY = "dual_chemotherapy", _("Two ICIs with chemotherapy")
    ANTIANGIOGENIC = "antiangiogenic", _("With an anti-angiogenic agent")
    OTHER = "other", _("Another combination")


class Criteria(models.TextChoices):
    """The criteria by which a response was assessed."""

    RECIST = "recist", _("RECIST 1.1")
    IRECIST = "irecist", _("iRECIST")


class Extent(models.TextChoices):
    """What the report calls a progression."""

    OLIGO = "oligo", _("Oligoprogression")
    SYSTEMIC = "systemic", _("Systemic progression")


class PrimaryState(models.TextChoices):
    """The primary tumour at progression."""

    REMITTING = "remitting", _("In remission")
    STABLE = "stable", _("Stable")
    GROWING = "growing", _("Growing")
    REMOVED = "removed", _("Removed or treated for good")


class ICICourse(PatientOwned):
    """One course of one or more checkpoint inhibitors."""

    patient = models.ForeignKey("cases.Patient", on_delete=models.PROTECT, related_name="courses")
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    number = models.PositiveSmallIntegerField(_("course"))
    drugs = ArrayField(models.CharField(max_length=30), default=list)
    drugs_state = models.CharField(max_length=16, default="missing")
    regimen = models.CharField(_("regimen"), max_length=200, blank=True)
    line = models.PositiveSmallIntegerField(_("line"), null=True, blank=True)
    line_state = late_state_field()
    start = PartialDateField(_("first dose"))
    stop = PartialDateField(_("last dose"))
    cycles_low = models.PositiveSmallIntegerField(null=True, blank=True)
    cycles_high = models.PositiveSmallIntegerField(null=True, blank=True)
    cycles_state = late_state_field()
    best_response = Stated(models.CharField(max_length=2, choices=BestResponse.choices))
    stop_reason = Stated(models.CharField(max_length=20, choices=StopReason.choices))
    # Beside the main reason: to stop for progression after an earlier severe irAE is common.
    contributing_reasons = ArrayField(
        models.CharField(max_length=20, choices=StopReason.choices), default=list, blank=True
    )
    # Known and empty: somebody said that there was no other reason.
    contributing_reasons_state = state_field()
    # Which of the recorded events it was stopped for; nobody must say.
    stopped_for = models.ForeignKey(
        "cases.IrAE",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        db_index=False,
        related_name="stopped_courses",
        verbose_name=_("stopped for"),
    )
    # The day on which somebody first said that it is over; None while nobody does.
    over_said_on = models.DateField(null=True, blank=True)
    setting = Stated(models.CharField(max_length=16, choices=Setting.choices))
    regimen_kind = Stated(models.CharField(max_length=20, choices=RegimenKind.choices))
    planned_days = Stated(models.PositiveSmallIntegerField(_("planned duration, days")))
    response_criteria = models.CharField(
        _("by"), max_length=8, choices=Criteria.choices, blank=True
    )
    progression_timing = Stated(models.CharField(max_length=20, choices=ProgressionTiming.choices))
    progressed = PartialDateField(_("progression"))
    progression_confirmed = Stated(models.BooleanField(_("confirmed by a later scan")))
    # The report's own word; the product's oligoprogression is derived from the counts below.
    progression_called = Stated(models.CharField(max_length=10, choices=Extent.choices))
    new_lesions = Stated(models.PositiveSmallIntegerField(_("new lesions")))
    growing_lesions = Stated(models.PositiveSmallIntegerField(_("growing lesions")))
    progressing_organs = Stated(models.PositiveSmallIntegerField(_("organs with progression")))
    all_treatable_locally = Stated(models.BooleanField(_("all can be treated locally")))
    primary_state = Stated(models.CharField(max_length=10, choices=PrimaryState.choices))

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
            models.CheckConstraint(
                condition=Q(contributing_reasons__contained_by=StopReason.values),
                name="contributing_reasons_are_known",
            ),
            models.CheckConstraint(
                condition=Q(contributing_reasons_state="known") | Q(contributing_reasons=[]),
                name="contributing_reasons_have_a_state",
            ),
            state_is_valid("contributing_reasons"),
            late_state("line", Q(line__isnull=True)),
            late_state("cycles", Q(cycles_low__isnull=True, cycles_high__isnull=True)),
            *stated(
                "best_response",
                "stop_reason",
                "setting",
                "regimen_kind",
                "planned_days",
                "progression_timing",
                "progression_confirmed",
                "progression_called",
                "new_lesions",
                "growing_lesions",
                "progressing_organs",
                "all_treatable_locally",
                "primary_state",
            ),
            *dated("start", "stop", "progressed"),
        ]
        # Who was given a drug that few were, among all courses.
        indexes = [
            GinIndex(fields=["drugs"], name="course_drugs"),
            models.Index(fields=["stopped_for"], name="course_stopped_for"),
        ]

    def __str__(self) -> str:
        return f"course {self.number} of patient {self.patient_id}"


class TreatmentKind(models.TextChoices):
    """A treatment that is no ICI."""

    CHEMOTHERAPY = "chemotherapy", _("Chemotherapy")
    RADIOTHERAPY = "radiotherapy", _("Radiotherapy")
    SURGERY = "surgery", _("Surgery")
    TARGETED = "targeted", _("Targeted therapy")
    ANTIANGIOGENIC = "antiangiogenic", _("Anti-angiogenic agent")
    OTHER = "other", _("Other")


class OtherTreatment(PatientOwned):
    """A treatment before, between or after the ICI courses; radiotherapy in Gy and fractions."""

    patient = models.ForeignKey(
        "cases.Patient", on_delete=models.PROTECT, related_name="treatments"
    )
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(_("kind"), max_length=16, choices=TreatmentKind.choices)
    name = models.CharField(_("treatment"), max_length=200, blank=True)
    line = models.PositiveSmallIntegerField(_("line"), null=True, blank=True)
    line_state = late_state_field()
    start = PartialDateField(_("start"))
    stop = PartialDateField(_("end"))
    best_response = Stated(models.CharField(max_length=2, choices=BestResponse.choices))
    site = models.CharField(_("site"), max_length=120, blank=True)
    dose_gy = Stated(models.DecimalField(_("dose, Gy"), max_digits=6, decimal_places=2))
    fractions = Stated(models.PositiveSmallIntegerField(_("fractions")))

    class Meta:
        verbose_name = _("other treatment")
        verbose_name_plural = _("other treatment")
        ordering = ["start_earliest", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=TreatmentKind.values), name="treatment_kind_is_known"
            ),
            models.CheckConstraint(
                condition=Q(stop_latest__isnull=True)
                | Q(start_earliest__isnull=True)
                | Q(stop_latest__gte=models.F("start_earliest")),
                name="treatment_stops_after_it_starts",
            ),
            models.CheckConstraint(
                condition=Q(kind=TreatmentKind.RADIOTHERAPY)
                | Q(dose_gy__isnull=True, fractions__isnull=True),
                name="only_radiotherapy_has_a_dose_in_gy",
            ),
            late_state("line", Q(line__isnull=True)),
            *stated("best_response", "dose_gy", "fractions"),
            *dated("start", "stop"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of patient {self.patient_id}"


class Response(models.TextChoices):
    """A response at one assessment, RECIST 1.1 or iRECIST."""

    CR = "CR", _("CR")
    PR = "PR", _("PR")
    SD = "SD", _("SD")
    PD = "PD", _("PD")
    NE = "NE", _("NE")
    IUPD = "iUPD", _("iUPD")
    ICPD = "iCPD", _("iCPD")


class ResponseAssessment(PatientOwned):
    """One assessment of the tumour; the sum of the targets' diameters in mm."""

    patient = models.ForeignKey("cases.Patient", on_delete=models.PROTECT, related_name="responses")
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    course = models.ForeignKey(
        ICICourse, on_delete=models.PROTECT, null=True, blank=True, related_name="responses"
    )
    # Says that nobody knows which; a course that stands there is known.
    course_state = late_state_field()
    assessed = PartialDateField(_("assessed"))
    # Empty where the report does not say by which.
    criteria = models.CharField(_("by"), max_length=8, choices=Criteria.choices, blank=True)
    response = Stated(models.CharField(max_length=4, choices=Response.choices))
    sum_mm = Stated(models.DecimalField(_("sum of diameters, mm"), max_digits=5, decimal_places=1))
    new_lesions = Stated(models.BooleanField(_("new lesions")))
    note = models.CharField(_("note"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("response assessment")
        verbose_name_plural = _("response assessments")
        ordering = ["assessed_earliest", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(criteria__in=[*Criteria.values, ""]), name="response_criteria_are_known"
            ),
            models.CheckConstraint(
                condition=Q(response__isnull=True)
                | ~Q(response__in=["iUPD", "iCPD"])
                | Q(criteria=Criteria.IRECIST),
                name="iupd_and_icpd_are_irecist",
            ),
            late_state("course", Q(course__isnull=True)),
            *stated("response", "sum_mm", "new_lesions"),
            *dated("assessed"),
        ]

    def __str__(self) -> str:
        return f"{self.response} of patient {self.patient_id}"


for model in (ICICourse, OtherTreatment, ResponseAssessment):
    pghistory.track()(model)

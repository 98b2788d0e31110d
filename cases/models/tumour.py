"""The tumour: histology, stage, metastases, driver alterations, biomarkers."""

from __future__ import annotations

import uuid

import pghistory
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cases.access import PatientOwned
from cases.fields import PartialDateField, Stated
from cases.models.stating import dated, stated
from cases.vocabulary import TNM_EDITIONS, Histology


class TNMBasis(models.TextChoices):
    """What T, N and M were told from."""

    CLINICAL = "c", _("Clinical (c)")
    PATHOLOGICAL = "p", _("Pathological (p)")
    AFTER_TREATMENT = "yp", _("Pathological after treatment (yp)")


T_CATEGORIES = (
    "TX",
    "T0",
    "Tis",
    "T1mi",
    "T1",
    "T1a",
    "T1b",
    "T1c",
    "T2",
    "T2a",
    "T2b",
    "T3",
    "T4",
)
N_CATEGORIES = ("NX", "N0", "N1", "N2", "N2a", "N2b", "N3")
M_CATEGORIES = ("M0", "M1", "M1a", "M1b", "M1c", "M1c1", "M1c2")
# Categories that the 9th edition brought.
FROM_9TH_EDITION = frozenset({"N2a", "N2b", "M1c1", "M1c2"})


def _category(codes: tuple[str, ...], name: str) -> models.CharField[str, str]:
    return models.CharField(name, max_length=4, choices=[(code, code) for code in codes])


def _of_the_list(column: str, codes: tuple[str, ...]) -> models.CheckConstraint:
    """Return the CHECK that a category is one of its list, so that it holds no words of anybody."""
    none = Q(**{f"{column}__isnull": True})
    return models.CheckConstraint(
        condition=none | Q(**{f"{column}__in": codes}), name=f"tumour_{column}_is_known"
    )


class Tumour(PatientOwned):
    """The NSCLC: histology and stage; one row a patient."""

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
        choices=TNM_EDITIONS,
    )
    tnm_basis = models.CharField(_("TNM from"), max_length=2, blank=True, choices=TNMBasis.choices)
    t_category = Stated(_category(T_CATEGORIES, "T"))
    n_category = Stated(_category(N_CATEGORIES, "N"))
    m_category = Stated(_category(M_CATEGORIES, "M"))

    class Meta:
        verbose_name = _("tumour")
        verbose_name_plural = _("tumours")
        constraints = [
            *stated("histology", "stage_group", "t_category", "n_category", "m_category"),
            _of_the_list("t_category", T_CATEGORIES),
            _of_the_list("n_category", N_CATEGORIES),
            _of_the_list("m_category", M_CATEGORIES),
            models.CheckConstraint(
                condition=Q(tnm_basis__in=["", *TNMBasis.values]), name="tumour_tnm_basis_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"tumour of patient {self.patient_id}"


class MetastaticSite(models.TextChoices):
    """Where the tumour has spread to, beyond the primary and its nodes."""

    BRAIN = "brain", _("Brain")
    LIVER = "liver", _("Liver")
    BONE = "bone", _("Bone")
    ADRENAL = "adrenal", _("Adrenal")
    LUNG = "lung", _("Lung, other lobe or side")
    PLEURA = "pleura", _("Pleura or pericardium")
    NODES = "nodes", _("Distant lymph nodes")
    OTHER = "other", _("Another site")


class Metastasis(PatientOwned):
    """Whether one site holds metastases.

    A site without a row was never asked about, unless the patient's list is called complete.
    """

    patient = models.ForeignKey(
        "cases.Patient", on_delete=models.PROTECT, related_name="metastases"
    )
    site = models.CharField(_("site"), max_length=10, choices=MetastaticSite.choices)
    present = Stated(models.BooleanField(_("metastases")))
    detail = models.CharField(_("detail"), max_length=120, blank=True)
    # The day for which it was said, or said anew with the whole list.
    said_on = models.DateField(_("said on"), null=True, blank=True)
    # The last day on which that may have been, where it is known to the month or the year alone.
    said_latest = models.DateField(null=True, blank=True)

    class Meta:
        verbose_name = _("metastatic site")
        verbose_name_plural = _("metastatic sites")
        constraints = [
            models.UniqueConstraint(fields=["patient", "site"], name="one_row_per_metastatic_site"),
            models.CheckConstraint(
                condition=Q(site__in=MetastaticSite.values), name="metastatic_site_is_known"
            ),
            *stated("present"),
        ]

    def __str__(self) -> str:
        return f"{self.site} metastases of patient {self.patient_id}"


class Driver(models.TextChoices):
    """A gene whose alteration has a treatment of its own; the last two are what a list of genes cannot say."""

    EGFR = "EGFR", "EGFR"
    ALK = "ALK", "ALK"
    ROS1 = "ROS1", "ROS1"
    BRAF = "BRAF", "BRAF"
    KRAS_G12C = "KRAS_G12C", "KRAS G12C"
    MET = "MET", "MET"
    RET = "RET", "RET"
    HER2 = "HER2", "HER2"
    NTRK = "NTRK", "NTRK"
    UNNAMED = "unnamed", _("EGFR, ALK or ROS1, not said which")
    OTHER = "other", _("Other alterations")


# What a report is asked for, gene by gene.
DRIVER_GENES = tuple(gene for gene in Driver if gene not in {Driver.UNNAMED, Driver.OTHER})
# The genes whose alteration bars an ICI alone from being the treatment to think of first.
ACTIONABLE = (Driver.EGFR, Driver.ALK, Driver.ROS1)


class DriverResult(models.TextChoices):
    """What a test said, or that there was none: a gene that was not tested is not negative."""

    POSITIVE = "positive", _("Positive")
    NEGATIVE = "negative", _("Negative")
    NOT_TESTED = "not_tested", _("Not tested")


class DriverTest(PatientOwned):
    """The result for one gene, with the alteration as the report words it."""

    patient = models.ForeignKey("cases.Patient", on_delete=models.PROTECT, related_name="drivers")
    gene = models.CharField(_("gene"), max_length=10, choices=Driver.choices)
    result = Stated(models.CharField(_("result"), max_length=10, choices=DriverResult.choices))
    variant = models.CharField(_("alteration"), max_length=120, blank=True)
    sampled = PartialDateField(_("sample date"))

    class Meta:
        verbose_name = _("driver test")
        verbose_name_plural = _("driver tests")
        constraints = [
            models.UniqueConstraint(fields=["patient", "gene"], name="one_result_per_driver"),
            models.CheckConstraint(condition=Q(gene__in=Driver.values), name="driver_is_known"),
            models.CheckConstraint(
                condition=Q(result__isnull=True) | Q(result__in=DriverResult.values),
                name="driver_result_is_known",
            ),
            *stated("result"),
            *dated("sampled"),
        ]

    def __str__(self) -> str:
        return f"{self.gene} of patient {self.patient_id}"


class BiomarkerKind(models.TextChoices):
    """What was measured, with its unit."""

    PDL1_TPS = "pdl1_tps", _("PD-L1 TPS, %")
    TMB = "tmb", _("TMB, mut/Mb")


class SampleTiming(models.TextChoices):
    """When the sample was taken, as seen from the first ICI."""

    BEFORE = "before", _("Before the first ICI")
    AFTER = "after", _("After the first ICI")


class TMBUnit(models.TextChoices):
    """The unit in which a tumour mutational burden is reported; none converts into the other."""

    PER_MEGABASE = "mut_per_mb", _("mut/Mb")
    PER_EXOME = "mut_per_exome", _("mutations an exome")


class BiomarkerResult(PatientOwned):
    """One biomarker of one sample: value or bounds, clone or assay, sample date; any number a patient."""

    patient = models.ForeignKey(
        "cases.Patient", on_delete=models.PROTECT, related_name="biomarkers"
    )
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=10, choices=BiomarkerKind.choices)
    # Empty where nobody said when the sample was taken.
    timing = models.CharField(max_length=6, choices=SampleTiming.choices, blank=True)
    low = models.DecimalField(max_digits=6, decimal_places=1, null=True, blank=True)
    high = models.DecimalField(max_digits=6, decimal_places=1, null=True, blank=True)
    state = models.CharField(max_length=16)
    entered = models.CharField(_("as entered"), max_length=40, blank=True)
    assay = models.CharField(_("clone or assay"), max_length=40, blank=True)
    unit = models.CharField(
        _("unit of TMB"), max_length=14, choices=TMBUnit.choices, default=TMBUnit.PER_MEGABASE
    )
    sampled = PartialDateField(_("sample date"))

    class Meta:
        verbose_name = _("biomarker result")
        verbose_name_plural = _("biomarker results")
        constraints = [
            models.CheckConstraint(
                condition=(Q(state="known") & (Q(low__isnull=False) | Q(high__isnull=False)))
                | (~Q(state="known") & Q(low__isnull=True, high__isnull=True)),
                name="biomarker_known_iff",
            ),
            models.CheckConstraint(
                condition=Q(low__isnull=True) | Q(high__isnull=True) | Q(low__lte=models.F("high")),
                name="biomarker_bounds_in_order",
            ),
            models.CheckConstraint(
                condition=Q(unit__in=TMBUnit.values), name="biomarker_unit_is_known"
            ),
            *dated("sampled"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of patient {self.patient_id}"


for model in (Tumour, Metastasis, DriverTest, BiomarkerResult):
    pghistory.track()(model)

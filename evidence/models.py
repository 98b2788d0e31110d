"""Sources, findings and statements: what is known, where it stands, when it applies.

Each is an identity code with numbered rows. What a published version refers to is frozen
with it by triggers (migration 0002): a correction is a new revision and a new version.
"""

from __future__ import annotations

import uuid

import pghistory
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from evidence import choices
from evidence.versions import StatementVersion, VersionFinding, VersionSource

__all__ = [
    "Finding",
    "Source",
    "Statement",
    "StatementVersion",
    "VersionFinding",
    "VersionSource",
]


class Source(models.Model):
    """A text that findings and rules are taken from."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    code = models.SlugField(_("code"), max_length=60)
    revision = models.PositiveSmallIntegerField(_("revision"), default=1)
    short = models.CharField(_("short name"), max_length=80, help_text=_("As in 'Guo 2022'."))
    citation = models.TextField(_("citation"))
    kind = models.CharField(_("kind"), max_length=20, choices=choices.SourceKind.choices)
    doi = models.CharField(_("DOI"), max_length=120, blank=True)
    pmid = models.CharField(_("PubMed number"), max_length=12, blank=True)
    url = models.URLField(_("web address"), blank=True)
    review_reference = models.CharField(
        _("reference number in the review"), max_length=12, blank=True
    )
    mark = models.CharField(_("how well attested"), max_length=20, choices=choices.Mark.choices)
    note = models.TextField(_("what was read"), blank=True)
    # Of the text as last delivered; empty for a revision made here.
    delivered_sha256 = models.CharField(
        max_length=64, blank=True, default="", db_default="", editable=False
    )

    class Meta:
        verbose_name = _("source")
        verbose_name_plural = _("sources")
        ordering = ["code", "revision"]
        constraints = [
            models.UniqueConstraint(fields=["code", "revision"], name="one_source_per_revision"),
            models.CheckConstraint(
                condition=Q(kind__in=choices.SourceKind.values), name="source_kind_is_known"
            ),
            models.CheckConstraint(
                condition=Q(mark__in=choices.Mark.values), name="source_mark_is_known"
            ),
        ]

    def __str__(self) -> str:
        return self.short

    @property
    def link(self) -> str:
        """Where the source can be read: DOI first, then PubMed, then its own page."""
        if self.doi:
            return f"https://doi.org/{self.doi}"
        if self.pmid:
            return f"https://pubmed.ncbi.nlm.nih.gov/{self.pmid}/"
        return self.url


class Finding(models.Model):
    """One figure of one source, with all that is needed to read it. Never pooled."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    code = models.SlugField(_("code"), max_length=60)
    revision = models.PositiveSmallIntegerField(_("revision"), default=1)
    source = models.ForeignKey(
        Source, on_delete=models.PROTECT, related_name="findings", verbose_name=_("source")
    )
    label = models.CharField(_("what was counted"), max_length=160)
    definition = models.TextField(_("definition"), help_text=_("Exactly what counts as an event."))
    population = models.TextField(_("in whom"))
    tumour = models.CharField(_("tumour"), max_length=20, choices=choices.Tumour.choices)
    direct = models.BooleanField(_("direct for NSCLC"))
    design = models.CharField(_("design"), max_length=120)
    measure = models.CharField(_("measure"), max_length=12, choices=choices.Measure.choices)
    numerator = models.PositiveIntegerField(_("n"), null=True, blank=True)
    denominator = models.PositiveIntegerField(_("N"), null=True, blank=True)
    value = models.CharField(
        _("value as printed"),
        max_length=120,
        blank=True,
        help_text=_("For what is not given as n of N, with its unit."),
    )
    interval = models.CharField(_("interval as printed"), max_length=80, blank=True)
    note = models.TextField(_("note"), blank=True)
    mark = models.CharField(_("how well attested"), max_length=20, choices=choices.Mark.choices)
    # Of the text as last delivered; empty for a revision made here.
    delivered_sha256 = models.CharField(
        max_length=64, blank=True, default="", db_default="", editable=False
    )

    class Meta:
        verbose_name = _("finding")
        verbose_name_plural = _("findings")
        ordering = ["code", "revision"]
        constraints = [
            models.UniqueConstraint(fields=["code", "revision"], name="one_finding_per_revision"),
            models.CheckConstraint(
                condition=Q(numerator__isnull=True)
                | Q(denominator__gt=0, numerator__lte=F("denominator")),
                name="finding_n_is_within_total",
                violation_error_message=_("n needs an N, and cannot be above it."),
            ),
            models.CheckConstraint(
                condition=Q(numerator__isnull=False) | ~Q(value=""),
                name="finding_gives_a_figure",
                violation_error_message=_("Give n and N, or the value as printed."),
            ),
            models.CheckConstraint(
                condition=Q(direct=False) | Q(tumour__in=choices.DIRECT_TUMOURS),
                name="finding_is_direct_in_nsclc_only",
                violation_error_message=_("Only a finding made in NSCLC is direct."),
            ),
            models.CheckConstraint(
                condition=Q(tumour__in=choices.Tumour.values), name="finding_tumour_is_known"
            ),
            models.CheckConstraint(
                condition=Q(measure__in=choices.Measure.values), name="finding_measure_is_known"
            ),
            models.CheckConstraint(
                condition=Q(mark__in=choices.Mark.values), name="finding_mark_is_known"
            ),
        ]

    def __str__(self) -> str:
        counted = self.numerator is not None
        figure = f"{self.numerator}/{self.denominator}" if counted else self.value
        return f"{self.code}: {self.label}, {figure}"


class Statement(models.Model):
    """The identity of a piece of guidance; what it says stands in its versions."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    code = models.CharField(_("code"), max_length=12, unique=True)
    position = models.PositiveIntegerField(_("place in the list"), default=0)

    class Meta:
        verbose_name = _("statement")
        verbose_name_plural = _("statements")
        ordering = ["position", "code"]

    def __str__(self) -> str:
        return self.code

    def get_absolute_url(self) -> str:
        """The page of the statement."""
        return reverse("evidence:statement", args=[self.public_id])


for _model in (Source, Finding, Statement):
    pghistory.track()(_model)

"""Sources and findings: what was read, and each figure taken from it.

A finding keeps what the review prints beside what is right. One that cannot be interpreted
carries no figure, and no statement rests on it (migration 0011).
"""

from __future__ import annotations

import uuid

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from evidence import choices


class Source(models.Model):
    """A text that findings and rules are taken from."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    code = models.SlugField(_("code"), max_length=60)
    revision = models.PositiveSmallIntegerField(_("revision"), default=1)
    short = models.CharField(_("short name"), max_length=80, help_text=_("As in 'Guo 2022'."))
    citation = models.TextField(_("citation"))
    kind = models.CharField(_("kind"), max_length=20, choices=choices.SourceKind.choices)
    author = models.CharField(
        _("first author"), max_length=80, blank=True, default="", db_default=""
    )
    year = models.PositiveSmallIntegerField(_("year"), null=True, blank=True)
    journal = models.CharField(_("journal"), max_length=80, blank=True, default="", db_default="")
    design = models.CharField(_("design"), max_length=120, blank=True, default="", db_default="")
    tumour = models.CharField(
        _("tumour"), max_length=20, choices=choices.Tumour.choices, blank=True, default="",
        db_default="",
    )  # fmt: skip
    population = models.CharField(
        _("in whom"), max_length=200, blank=True, default="", db_default=""
    )
    patients = models.PositiveIntegerField(_("patients (N)"), null=True, blank=True)
    doi = models.CharField(_("DOI"), max_length=120, blank=True)
    pmid = models.CharField(_("PubMed number"), max_length=12, blank=True)
    url = models.URLField(_("web address"), blank=True)
    read_at = models.CharField(
        _("where it was read"), max_length=160, blank=True, default="", db_default="",
        help_text=_("The site, where the web address of the page itself was not kept."),
    )  # fmt: skip
    read_on = models.DateField(_("day on which it was read"), null=True, blank=True)
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
            models.CheckConstraint(
                condition=Q(tumour__in=["", *choices.Tumour.values]), name="source_tumour_is_known"
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
    endpoint = models.CharField(
        _("endpoint"), max_length=20, choices=choices.Endpoint.choices,
        default=choices.Endpoint.OTHER, db_default=choices.Endpoint.OTHER,
    )  # fmt: skip
    figure = models.FloatField(
        _("figure"),
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
        help_text=_("The number alone, where one number is given."),
    )
    unit = models.CharField(
        _("unit"), max_length=12, choices=choices.Unit.choices, blank=True, default="",
        db_default="",
    )  # fmt: skip
    setting = models.CharField(
        _("setting"), max_length=20, choices=choices.Setting.choices,
        default=choices.Setting.OTHER, db_default=choices.Setting.OTHER,
    )  # fmt: skip
    initial_regimen = models.CharField(
        _("first regimen"), max_length=120, blank=True, default="", db_default=""
    )
    rechallenge_regimen = models.CharField(
        _("regimen given again"), max_length=120, blank=True, default="", db_default=""
    )
    initial_class = models.CharField(
        _("class of the first regimen"), max_length=16, choices=choices.AgentClass.choices,
        blank=True, default="", db_default="", help_text=_("Empty where it is about any ICI."),
    )  # fmt: skip
    rechallenge_class = models.CharField(
        _("class of the regimen given again"), max_length=16, choices=choices.AgentClass.choices,
        blank=True, default="", db_default="", help_text=_("Empty where it is about any ICI."),
    )  # fmt: skip
    irae = models.CharField(
        _("irAE"), max_length=16, choices=choices.IrAE.choices, blank=True, default="",
        db_default="", help_text=_("Where the figure is about one."),
    )  # fmt: skip
    section = models.CharField(
        _("section of the review"), max_length=12, blank=True, default="", db_default=""
    )
    reference = models.CharField(
        _("reference number in the review"), max_length=12, blank=True, default="", db_default=""
    )
    printed = models.CharField(
        _("printed in the review"),
        max_length=120,
        blank=True,
        default="",
        db_default="",
        help_text=_("The figure as the review prints it; empty where it prints none."),
    )
    state = models.CharField(
        _("state of the print"), max_length=20, choices=choices.Print.choices,
        default=choices.Print.NOT_IN_REVIEW, db_default=choices.Print.NOT_IN_REVIEW,
    )  # fmt: skip
    errata = models.JSONField(
        _("errata"), default=list, blank=True, db_default=models.Value([], models.JSONField()),
        help_text=_("The numbers of the errata that concern it, as a list."),
    )  # fmt: skip
    correction = models.TextField(
        _("what is right, and why"), blank=True, default="", db_default=""
    )
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
                condition=Q(numerator__isnull=False)
                | ~Q(value="")
                | Q(state=choices.Print.NOT_INTERPRETABLE),
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
            models.CheckConstraint(
                condition=Q(endpoint__in=choices.Endpoint.values)
                & Q(unit__in=["", *choices.Unit.values])
                & Q(setting__in=choices.Setting.values)
                & Q(state__in=choices.Print.values),
                name="finding_codes_are_known",
            ),
            models.CheckConstraint(
                condition=Q(initial_class__in=["", *choices.AgentClass.values])
                & Q(rechallenge_class__in=["", *choices.AgentClass.values])
                & Q(irae__in=["", *choices.IrAE.values]),
                name="finding_likeness_is_known",
            ),
            models.CheckConstraint(
                condition=~Q(state=choices.Print.NOT_INTERPRETABLE)
                | Q(
                    numerator__isnull=True,
                    denominator__isnull=True,
                    figure__isnull=True,
                    value="",
                    interval="",
                ),
                name="finding_not_interpretable_has_no_figure",
                violation_error_message=_(
                    "What cannot be interpreted carries no figure: only what is printed."
                ),
            ),
            models.CheckConstraint(
                condition=Q(state=choices.Print.NOT_IN_REVIEW, printed="")
                | (~Q(state=choices.Print.NOT_IN_REVIEW) & ~Q(printed="")),
                name="finding_state_has_its_print",
                violation_error_message=_(
                    "Give what the review prints, unless the figure is not in the review."
                ),
            ),
            models.CheckConstraint(
                condition=~Q(state__in=choices.REASONED_PRINTS) | ~Q(correction=""),
                name="finding_correction_says_why",
                violation_error_message=_("Say what is right, and why."),
            ),
        ]

    def __str__(self) -> str:
        counted = self.numerator is not None
        figure = f"{self.numerator}/{self.denominator}" if counted else self.value or self.printed
        return f"{self.code}: {self.label}, {figure}"

    def get_absolute_url(self) -> str:
        """The page of this revision of the finding."""
        return reverse("evidence:finding", args=[self.public_id])

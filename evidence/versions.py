"""What statements say, version by version, and what each version rests on.

A version is closed while it is in review, and frozen from its publication on, by triggers (migrations 0002
and 0014).
"""

from __future__ import annotations

import uuid
from functools import cached_property

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from evidence import choices
from evidence.conditions import VOCABULARY_VERSION, Node, read
from evidence.rulings import Row, rows_of
from evidence.states import VersionState


class StatementVersion(models.Model):
    """What a statement says, when it applies and what it rests on. Frozen once published.

    `condition` is the JSON syntax of `evidence.conditions`. `rules` holds what each source
    rules, row by row (`evidence.rulings`), `contradictions` the findings that disagree, `corrections`
    where the review's print is corrected; their shapes are checked by `evidence.content`.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    statement = models.ForeignKey(
        "evidence.Statement", on_delete=models.PROTECT, related_name="versions"
    )
    number = models.PositiveSmallIntegerField(_("version"))
    state = models.CharField(
        _("state"), max_length=10, choices=VersionState.choices, default=VersionState.DRAFT
    )
    valid_from = models.DateField(
        _("valid from"), null=True, blank=True, help_text=_("Empty: the day of its publication.")
    )
    review_by = models.DateField(
        _("review by"), null=True, help_text=_("The day by which somebody reads it again.")
    )
    title = models.CharField(_("title"), max_length=160)
    says = models.TextField(_("what it says"))
    does_not_say = models.TextField(_("what it does not say"))
    section = models.CharField(
        _("section of the review"),
        max_length=20,
        blank=True,
        help_text=_("Where in the review it comes from, or which section it stands beside."),
    )
    category = models.CharField(_("category"), max_length=20, choices=choices.Category.choices)
    signal = models.CharField(
        _("signal"), max_length=10, choices=choices.Signal.choices, blank=True, default=""
    )
    condition = models.JSONField(_("condition"))
    vocabulary_version = models.PositiveSmallIntegerField(default=VOCABULARY_VERSION)
    indirect = models.CharField(
        _("indirect"),
        max_length=60,
        blank=True,
        help_text=_("The other tumour, where nothing it rests on was found in NSCLC."),
    )
    certainty = models.CharField(_("certainty"), max_length=10, choices=choices.Certainty.choices)
    certainty_reasons = models.JSONField(_("reasons of the certainty"), default=list, blank=True)
    rules = models.JSONField(_("rules by source"), default=list, blank=True)
    contradictions = models.JSONField(_("sources that contradict"), default=list, blank=True)
    corrections = models.JSONField(_("corrected print"), default=list, blank=True)
    findings = models.ManyToManyField(
        "evidence.Finding",
        through="VersionFinding",
        related_name="versions",
        verbose_name=_("findings"),
    )
    sources = models.ManyToManyField(
        "evidence.Source",
        through="VersionSource",
        related_name="versions",
        verbose_name=_("sources"),
    )
    mark = models.CharField(_("how well attested"), max_length=20, choices=choices.Mark.choices)
    mark_note = models.TextField(_("what is still to be checked"), blank=True)
    change_note = models.CharField(_("what changed"), max_length=300, blank=True)
    origin = models.CharField(
        _("origin"), max_length=10, choices=choices.Origin.choices, default=choices.Origin.CURATOR
    )
    release = models.PositiveIntegerField(_("release of the delivered guidance"), null=True)
    content_sha256 = models.CharField(max_length=64, blank=True, editable=False)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+",
        verbose_name=_("author"),
    )  # fmt: skip
    edited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+",
        verbose_name=_("last edited by"),
    )  # fmt: skip
    submitted_at = models.DateTimeField(_("submitted"), null=True, editable=False)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+",
        verbose_name=_("published by"),
    )  # fmt: skip
    published_at = models.DateTimeField(_("published"), null=True, editable=False)
    retired_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+",
        verbose_name=_("retired by"),
    )  # fmt: skip
    # A version that a later one took the place of is out of use since then as well.
    retired_at = models.DateTimeField(_("out of use since"), null=True, editable=False)
    sent_back_because = models.CharField(
        _("sent back because"), max_length=300, blank=True, default="", db_default=""
    )
    retired_because = models.CharField(
        _("retired because"), max_length=300, blank=True, default="", db_default=""
    )
    created_at = models.DateTimeField(_("begun"), auto_now_add=True)

    class Meta:
        verbose_name = _("statement version")
        verbose_name_plural = _("statement versions")
        ordering = ["statement__position", "statement__code", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["statement", "number"], name="one_version_per_number"),
            models.UniqueConstraint(
                fields=["statement"], condition=Q(state="published"), name="one_published_version"
            ),
            models.CheckConstraint(
                condition=(
                    Q(state="draft", published_at__isnull=True, retired_at__isnull=True)
                    | Q(state="in_review", published_at__isnull=True, retired_at__isnull=True)
                    | Q(state="published", published_at__isnull=False, retired_at__isnull=True)
                    | Q(state="superseded", published_at__isnull=False, retired_at__isnull=False)
                    | Q(state="retired", retired_at__isnull=False)
                ),
                name="version_state_has_its_dates",
            ),
            models.CheckConstraint(
                condition=(
                    Q(origin="repository", author__isnull=True, release__isnull=False)
                    & Q(published_by__isnull=True)
                )
                | (
                    Q(origin="curator", author__isnull=False, edited_by__isnull=False)
                    & Q(release__isnull=True)
                    & (Q(published_at__isnull=True) | Q(published_by__isnull=False))
                ),
                name="version_has_the_people_of_its_origin",
            ),
            models.CheckConstraint(
                condition=Q(published_by__isnull=True)
                | (~Q(published_by=F("author")) & ~Q(published_by=F("edited_by"))),
                name="version_is_published_by_a_second_person",
            ),
            models.CheckConstraint(
                condition=Q(published_at__isnull=True) | Q(mark__in=choices.PUBLISHABLE_MARKS),
                name="version_published_is_attested",
            ),
            models.CheckConstraint(
                condition=~Q(state="draft", submitted_at__isnull=False)
                & ~Q(state="in_review", submitted_at__isnull=True),
                name="version_in_review_was_submitted",
            ),
            models.CheckConstraint(
                condition=~Q(state="published") | Q(review_by__isnull=False),
                name="version_published_is_reviewed_again",
            ),
            models.CheckConstraint(
                condition=Q(state__in=VersionState.values)
                & Q(category__in=choices.Category.values)
                & Q(signal__in=choices.Signal.values)
                & Q(certainty__in=choices.Certainty.values)
                & Q(mark__in=choices.Mark.values),
                name="version_codes_are_known",
            ),
        ]

    def __str__(self) -> str:
        return gettext("%(code)s version %(n)s: %(title)s") % {
            "code": self.statement.code,
            "n": self.number,
            "title": self.title,
        }

    @cached_property
    def node(self) -> Node:
        """The condition as a tree. Raises ConditionError where a draft's cannot be read."""
        return read(self.condition)

    @cached_property
    def rule_rows(self) -> tuple[Row, ...]:
        """The rows of its rules that have an answer of their own. Raises ConditionError as `node` does."""
        return rows_of(self.rules)


class VersionFinding(models.Model):
    """A finding that a version rests on, in its place."""

    version = models.ForeignKey(
        StatementVersion, on_delete=models.CASCADE, related_name="version_findings"
    )
    finding = models.ForeignKey(
        "evidence.Finding", on_delete=models.PROTECT, related_name="version_findings",
        verbose_name=_("finding"),
    )  # fmt: skip
    position = models.PositiveSmallIntegerField(_("place"), default=0)

    class Meta:
        verbose_name = _("finding of a version")
        verbose_name_plural = _("findings of a version")
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["version", "finding"], name="one_finding_per_version")
        ]

    def __str__(self) -> str:
        return str(self.finding)


class VersionSource(models.Model):
    """A source that a version cites beside those of its findings, in its place."""

    version = models.ForeignKey(
        StatementVersion, on_delete=models.CASCADE, related_name="version_sources"
    )
    source = models.ForeignKey(
        "evidence.Source",
        on_delete=models.PROTECT,
        related_name="version_sources",
        verbose_name=_("source"),
    )
    position = models.PositiveSmallIntegerField(_("place"), default=0)

    class Meta:
        verbose_name = _("source of a version")
        verbose_name_plural = _("sources of a version")
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["version", "source"], name="one_source_per_version")
        ]

    def __str__(self) -> str:
        return str(self.source)


for _model in (StatementVersion, VersionFinding, VersionSource):
    pghistory.track()(_model)

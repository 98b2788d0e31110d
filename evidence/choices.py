"""The codes by which evidence is described."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Mark(models.TextChoices):
    """How well a text or figure is attested. Only SEEN and CONFIRMED may be published."""

    SEEN = "seen", _("Read in the source")
    CONFIRMED = "confirmed", _("Confirmed by a clinician")
    REVIEW_ONLY = "review_only", _("Printed in the review; its source was not read")
    GENERAL = "general_knowledge", _("General knowledge, not yet checked against the source")


PUBLISHABLE_MARKS = (Mark.SEEN, Mark.CONFIRMED)


class Origin(models.TextChoices):
    """Who wrote a version."""

    REPOSITORY = "repository", _("Delivered with the product")
    CURATOR = "curator", _("Written here")


class Category(models.TextChoices):
    """What a statement is about, in the order of the list."""

    RULE = "rule", _("Stopping and resuming rules by source")
    STOP_REASON = "stop_reason", _("Why the ICI was stopped")
    REGIMEN = "regimen", _("What is proposed")
    IRAE = "irae", _("Immune-related adverse events")
    RECURRENCE = "recurrence", _("Recurrence by organ")
    BIOMARKER = "biomarker", _("Biomarkers")


class Signal(models.TextChoices):
    """The mark a rule or warning carries on a card; NONE for plain evidence."""

    NONE = "", _("None")
    STOP = "stop", _("At least one source stops for good")
    NOT_YET = "not_yet", _("Not yet")
    WARNING = "warning", _("Warning")
    NEGATIVE = "negative", _("The trial found no benefit")


class Certainty(models.TextChoices):
    """How far the findings can be relied on for NSCLC."""

    VERY_LOW = "very_low", _("Very low")
    LOW = "low", _("Low")
    MODERATE = "moderate", _("Moderate")
    HIGH = "high", _("High")
    RULE = "rule", _("A rule, not graded")
    OPINION = "opinion", _("The authors' opinion, not graded")


class SourceKind(models.TextChoices):
    """What sort of text a source is."""

    REVIEW = "review", _("Review")
    STUDY = "study", _("Study")
    META_ANALYSIS = "meta_analysis", _("Meta-analysis")
    GUIDELINE = "guideline", _("Guideline")
    LABEL = "label", _("Product label")


class Tumour(models.TextChoices):
    """In whom a finding was made."""

    NSCLC = "nsclc", _("NSCLC")
    NSCLC_SQUAMOUS = "nsclc_squamous", _("squamous NSCLC")
    MELANOMA = "melanoma", _("melanoma")
    RCC = "rcc", _("renal cell carcinoma")
    HCC = "hcc", _("hepatocellular carcinoma")
    MIXED = "mixed", _("all tumours")


DIRECT_TUMOURS = (Tumour.NSCLC, Tumour.NSCLC_SQUAMOUS)


class Measure(models.TextChoices):
    """What a finding gives."""

    PROPORTION = "proportion", _("Share of patients")
    RATIO = "ratio", _("Ratio")
    MEDIAN = "median", _("Median")
    TEXT = "text", _("In words")

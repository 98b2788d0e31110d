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


class RowMark(models.TextChoices):
    """How well one row of a rule is attested: as a text is, or by nobody, where this product sets it itself."""

    SEEN = Mark.SEEN.value, Mark.SEEN.label
    SUMMARY = "summary", _("A summary of the source was read")
    CONFIRMED = Mark.CONFIRMED.value, Mark.CONFIRMED.label
    REVIEW_ONLY = Mark.REVIEW_ONLY.value, Mark.REVIEW_ONLY.label
    GENERAL = Mark.GENERAL.value, Mark.GENERAL.label
    READ_ONCE = "read_once", _("Read by one reader; waits for a second")
    OWN = "own", _("This product's own default, of no source")


PUBLISHABLE_ROW_MARKS = (RowMark.SEEN, RowMark.SUMMARY, RowMark.CONFIRMED)


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
    RESISTANCE = "resistance", _("Resistance")
    PRACTICE = "practice", _("Deciding and limits")


class Signal(models.TextChoices):
    """The mark a rule or warning carries on a card; NONE for plain evidence."""

    NONE = "", _("None")
    STOP = "stop", _("At least one source stops for good")
    NOT_YET = "not_yet", _("Not yet")
    WITHHOLD = "withhold", _("At least one source withholds until it has settled")
    WARNING = "warning", _("Warning")
    NEGATIVE = "negative", _("The trial found no benefit")


EFFICACY = (Category.STOP_REASON, Category.REGIMEN)
"""What says how well a rechallenge works: of other tumours it is shown to whoever asks for it."""
ALWAYS = (Signal.STOP, Signal.NOT_YET, Signal.WARNING)
"""What stops or warns is shown from whatever tumour it comes."""


def is_efficacy_elsewhere(indirect: str, category: str, signal: str) -> bool:
    """Whether a statement tells only how well an ICI worked in other tumours; what stops or warns never does."""
    return bool(indirect) and category in EFFICACY and signal not in ALWAYS


class Action(models.TextChoices):
    """What one row of a rule says, the strictest first."""

    STOP = "stop", _("Stop for good")
    WITHHOLD = "withhold", _("Withhold")
    RESUME = "resume", _("May resume")
    CONTINUE = "continue", _("Continue")


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
    PRODUCT = "product", _("This product's own")


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


class Endpoint(models.TextChoices):
    """What a finding measures."""

    ORR = "ORR", _("Objective response (ORR)")
    DCR = "DCR", _("Disease control (DCR)")
    CR = "CR", _("Complete response (CR)")
    PR = "PR", _("Partial response (PR)")
    SD = "SD", _("Stable disease (SD)")
    PD = "PD", _("Progressive disease (PD)")
    PFS = "PFS", _("Progression-free survival (PFS)")
    OS = "OS", _("Overall survival (OS)")
    RECURRENCE_ANY = "recurrence_any", _("Any irAE again, the same or another")
    RECURRENCE_SAME = "recurrence_same", _("The same irAE again")
    NEW_IRAE = "new_irae", _("A new irAE")
    GRADE_3 = "grade_3_or_more", _("irAE of grade 3 or more")
    GRADE_3_4 = "grade_3_or_4", _("irAE of grade 3 or 4")
    GRADE_4 = "grade_4", _("irAE of grade 4")
    TREATMENT_AE = "treatment_ae", _("Treatment-related adverse event")
    DEATH = "death", _("Death from treatment")
    DISCONTINUATION = "discontinuation", _("Stopped or interrupted")
    ROR = "ROR", _("Reporting odds ratio (ROR)")
    RESISTANCE = "resistance", _("Primary resistance")
    DURATION = "duration", _("Duration")
    SHRINKAGE = "shrinkage", _("Shrinkage of the tumour")
    PREDICTOR = "predictor", _("Predictor")
    PATIENTS = "patients", _("Number of patients")
    DEFINITION = "definition", _("Definition")
    OTHER = "other", _("Other")


class Unit(models.TextChoices):
    """The unit of a finding's figure."""

    PERCENT = "%", _("per cent")
    MONTHS = "months", _("months")
    DAYS = "days", _("days")
    YEARS = "years", _("years")
    PATIENTS = "patients", _("patients")
    HR = "HR", _("hazard ratio")
    OR = "OR", _("odds ratio")
    ROR = "ROR", _("reporting odds ratio")
    P = "p", _("p value")
    RATIO = "ratio", _("ratio")
    SITES = "sites", _("sites")


class Setting(models.TextChoices):
    """When, or as what, a finding's ICI was given again."""

    COMPLETED = "completed_course", _("After a completed course")
    PROGRESSION_ON = "progression_on", _("After progression on the ICI")
    PROGRESSION_OFF = "progression_off", _("After progression off treatment")
    IRAE = "irae", _("After an irAE")
    BIOMARKER = "biomarker", _("Biomarker")
    SAFETY = "safety_predictor", _("Predictor of safety")
    RESISTANCE = "resistance", _("Resistance")
    OTHER = "other", _("Mixed reasons or another setting")


class Print(models.TextChoices):
    """How a finding stands to what the review prints."""

    AS_PRINTED = "as_printed", _("As printed")
    CORRECTED = "corrected", _("Corrected")
    NOT_INTERPRETABLE = "not_interpretable", _("Not interpretable")
    NOT_IN_REVIEW = "not_in_review", _("From the source, not in the review")


REASONED_PRINTS = (Print.CORRECTED, Print.NOT_INTERPRETABLE)
"""States that say why."""


class AgentClass(models.TextChoices):
    """The class of what was given before or again, where a finding is about one; empty for any ICI."""

    PD1 = "pd1", _("PD-1 or PD-L1 alone")
    CTLA4 = "ctla4", _("CTLA-4 alone")
    BOTH = "both", _("PD-(L)1 with CTLA-4")
    CHEMOTHERAPY = "chemotherapy", _("PD-(L)1 with chemotherapy")
    ANTIANGIOGENIC = "antiangiogenic", _("PD-(L)1 with an anti-angiogenic agent")
    BISPECIFIC = "bispecific", _("a bispecific antibody")
    OTHER = "other", _("PD-(L)1 with another agent")


class IrAE(models.TextChoices):
    """The irAE that a finding is about, where it is about one."""

    PNEUMONITIS = "pneumonitis", _("Pneumonitis")
    COLITIS = "colitis", _("Colitis")
    HEPATITIS = "hepatitis", _("Hepatitis")
    NEPHRITIS = "nephritis", _("Nephritis")
    ENDOCRINE = "endocrine", _("Endocrine")
    SKIN = "skin", _("Skin")
    NEUROLOGICAL = "neurological", _("Neurological")
    ARTHRITIS = "arthritis", _("Arthritis")
    MYOCARDITIS = "myocarditis", _("Myocarditis")
    MYOSITIS = "myositis", _("Myositis")
    HAEMATOLOGICAL = "haematological", _("Haematological")
    UVEITIS = "uveitis", _("Uveitis")
    PANCREATITIS = "pancreatitis", _("Pancreatitis")
    MUCOSITIS = "mucositis", _("Mucositis")
    VASCULITIS = "vasculitis", _("Vasculitis")

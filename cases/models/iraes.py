"""irAEs: the events, the question asked organ by organ, the dossier of each, and reports."""

from __future__ import annotations

import uuid
from urllib.parse import urlsplit

import pghistory
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cases.access import PatientOwned
from cases.fields import PartialDateField, Stated, late_state, late_state_field
from cases.models.stating import dated, stated
from cases.models.treatment import ICICourse
from cases.vocabulary import ENDOCRINE, ORGANS_OF_EVENTS, VERSIONS_OF_GRADES, Organ, Resolution


class Likelihood(models.TextChoices):
    """How likely the ICI caused the event (categories of the WHO-UMC system)."""

    CERTAIN = "certain", _("Certain")
    PROBABLE = "probable", _("Probable")
    POSSIBLE = "possible", _("Possible")
    UNLIKELY = "unlikely", _("Unlikely")


class OtherCause(models.TextChoices):
    """Another cause that was looked for and excluded."""

    INFECTION = "infection", _("Infection")
    RADIATION = "radiation", _("Radiation")
    PROGRESSION = "progression", _("Progression")
    PARTNER_DRUG = "partner_drug", _("Partner drug")
    OTHER = "other", _("Another cause")


class Care(models.TextChoices):
    """The most intensive care that the event needed."""

    OUTPATIENT = "outpatient", _("Outpatient")
    HOSPITAL = "hospital", _("Hospital")
    INTENSIVE = "intensive", _("Intensive care")


class IrAE(PatientOwned):
    """One immune-related adverse event, with the CTCAE version by which it is graded."""

    patient = models.ForeignKey("cases.Patient", on_delete=models.PROTECT, related_name="iraes")
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    course = models.ForeignKey(
        ICICourse, on_delete=models.PROTECT, null=True, blank=True, related_name="iraes"
    )
    # Says that nobody knows which; a course that stands there is known.
    course_state = late_state_field()
    organ = models.CharField(_("organ"), max_length=20, choices=ORGANS_OF_EVENTS)
    entity = models.CharField(_("event"), max_length=40)
    # What an event is of which the list has no more than "other".
    entity_text = models.CharField(_("which event"), max_length=80, blank=True, db_default="")
    # Empty where no grade is known; of a grade without its version it says that none was stated.
    ctcae_version = models.CharField(
        _("graded by"), max_length=4, choices=VERSIONS_OF_GRADES, blank=True
    )
    worst_grade = Stated(models.PositiveSmallIntegerField())
    onset_grade = Stated(models.PositiveSmallIntegerField(_("grade at onset")))
    grade_now = Stated(models.PositiveSmallIntegerField())
    # The day for which the grade of now, and how it went on, were said.
    now_on = models.DateField(_("grade now said on"), null=True, blank=True)
    onset = PartialDateField(_("onset"))
    resolved = PartialDateField(_("resolved"))
    resolution = Stated(models.CharField(max_length=16, choices=Resolution.choices))
    # "Severe" in a letter is not a grade: the word stays a word.
    severity_word = models.CharField(_("in the report's words"), max_length=60, blank=True)
    drugs = ArrayField(models.CharField(max_length=30), default=list, blank=True)
    likelihood = Stated(models.CharField(max_length=12, choices=Likelihood.choices))
    excluded = ArrayField(
        models.CharField(max_length=16, choices=OtherCause.choices), default=list, blank=True
    )
    # Known and empty: nothing was excluded.
    excluded_state = late_state_field()
    care = Stated(models.CharField(_("care"), max_length=10, choices=Care.choices))
    sequelae = Stated(models.BooleanField(_("sequelae")))
    sequelae_text = models.CharField(_("which"), max_length=200, blank=True)
    recurrence_of = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="recurrences"
    )

    class Meta:
        verbose_name = _("immune-related adverse event")
        verbose_name_plural = _("immune-related adverse events")
        ordering = ["onset_earliest", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ctcae_version__in=[v for v, _label in VERSIONS_OF_GRADES])
                | (
                    Q(ctcae_version="", worst_grade__isnull=True, onset_grade__isnull=True)
                    # Grade 0 is that of an event that is over, in every version.
                    & (Q(grade_now__isnull=True) | Q(grade_now=0))
                ),
                name="grades_have_their_ctcae_version",
            ),
            late_state("excluded", Q(excluded=[]), known_may_be_empty=True),
            late_state("course", Q(course__isnull=True)),
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
            models.CheckConstraint(
                condition=Q(onset_grade__isnull=True) | Q(onset_grade__range=(1, 5)),
                name="onset_grade_is_1_to_5",
            ),
            models.CheckConstraint(
                condition=Q(onset_grade__isnull=True)
                | Q(worst_grade__isnull=True)
                | Q(onset_grade__lte=models.F("worst_grade")),
                name="onset_grade_is_at_most_the_worst",
            ),
            models.CheckConstraint(
                condition=Q(excluded__contained_by=OtherCause.values),
                name="excluded_alternatives_are_known",
            ),
            *stated(
                "worst_grade",
                "onset_grade",
                "grade_now",
                "resolution",
                "likelihood",
                "care",
                "sequelae",
            ),
            *dated("onset", "resolved"),
        ]
        indexes = [
            models.Index(fields=["entity", "patient"], name="irae_entity"),
            # By the organ those are looked for that have no code of their own.
            models.Index(
                fields=["organ", "patient"],
                condition=Q(entity="autoimmune_other"),
                name="irae_unlisted_organ",
            ),
            # And by the words that were typed of them.
            GinIndex(
                models.Func("entity_text", function="rechallenge_begun"),
                condition=Q(entity="autoimmune_other"),
                name="irae_unlisted_words",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.entity} of patient {self.patient_id}"


class OrganReview(PatientOwned):
    """Somebody asked about one organ on one day: the list of its irAEs was complete then.

    An organ without a row was not asked about, and nothing is concluded for it. Whether the organ *had* an
    irAE is read from the list of irAEs, not typed twice.
    """

    patient = models.ForeignKey(
        "cases.Patient", on_delete=models.PROTECT, related_name="organ_reviews"
    )
    organ = models.CharField(_("organ"), max_length=20, choices=Organ.choices)
    asked_on = models.DateField(_("asked on"))
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = _("organ asked about")
        verbose_name_plural = _("organs asked about")
        constraints = [
            models.UniqueConstraint(fields=["patient", "organ"], name="one_review_per_organ"),
            models.CheckConstraint(condition=Q(organ__in=Organ.values), name="organ_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.organ} of patient {self.patient_id}"


class DossierKind(models.TextChoices):
    """What an item of a dossier is answered with."""

    NUMBER = "number", _("Number with a unit")
    CHOICE = "choice", _("One of several")
    FLAG = "flag", _("Yes or no")
    TEXT = "text", _("Words")


class DossierItem(models.Model):
    """One thing to be known about an irAE of one organ; kept by curators."""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    organ = models.CharField(_("organ"), max_length=20, choices=Organ.choices)
    label = models.CharField(_("label"), max_length=80)
    help_text = models.CharField(_("hint"), max_length=160, blank=True)
    kind = models.CharField(_("kind"), max_length=6, choices=DossierKind.choices)
    unit = models.CharField(_("unit"), max_length=20, blank=True)
    choices = ArrayField(
        models.CharField(max_length=60), default=list, blank=True, verbose_name=_("answers")
    )
    lowest = models.DecimalField(_("lowest"), max_digits=9, decimal_places=2, null=True, blank=True)
    highest = models.DecimalField(
        _("highest"), max_digits=9, decimal_places=2, null=True, blank=True
    )
    # Which fact of the condition vocabulary this item answers, if any.
    fact = models.CharField(_("fact"), max_length=40, blank=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    active = models.BooleanField(_("asked for"), default=True)

    class Meta:
        verbose_name = _("item of a dossier")
        verbose_name_plural = _("items of dossiers")
        ordering = ["organ", "position", "code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=DossierKind.values), name="dossier_kind_is_known"
            ),
            models.CheckConstraint(
                condition=Q(organ__in=Organ.values), name="dossier_organ_is_known"
            ),
            models.CheckConstraint(
                condition=(Q(kind="choice") & ~Q(choices=[])) | (~Q(kind="choice") & Q(choices=[])),
                name="choices_have_answers",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_organ_display()}: {self.label}"


class DossierEntry(PatientOwned):
    """The answer to one item for one irAE."""

    patient = models.ForeignKey("cases.Patient", on_delete=models.PROTECT, related_name="dossier")
    irae = models.ForeignKey(IrAE, on_delete=models.CASCADE, related_name="dossier")
    item = models.ForeignKey(DossierItem, on_delete=models.PROTECT, related_name="+")
    # Numbers as entered, with the bounds they stand for; choices, yes or no and words as text.
    answer = Stated(models.CharField(max_length=400))
    low = models.DecimalField(max_digits=9, decimal_places=2, null=True, blank=True)
    high = models.DecimalField(max_digits=9, decimal_places=2, null=True, blank=True)
    found_on = PartialDateField(_("found on"))

    class Meta:
        verbose_name = _("entry of a dossier")
        verbose_name_plural = _("entries of dossiers")
        constraints = [
            models.UniqueConstraint(fields=["irae", "item"], name="one_answer_per_dossier_item"),
            models.CheckConstraint(
                condition=Q(low__isnull=True) | Q(high__isnull=True) | Q(low__lte=models.F("high")),
                name="dossier_bounds_in_order",
            ),
            *stated("answer"),
            *dated("found_on"),
        ]

    def __str__(self) -> str:
        return f"dossier of irAE {self.irae_id}"


def report_path(report: Report, _name: str) -> str:
    """Return where an uploaded report is kept; the name it came with says too much."""
    return f"reports/{report.public_id}.pdf"


class Report(PatientOwned):
    """A report as text, as a link to the hospital's archive, or as an uploaded PDF."""

    patient = models.ForeignKey("cases.Patient", on_delete=models.PROTECT, related_name="reports")
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    irae = models.ForeignKey(
        IrAE, on_delete=models.PROTECT, null=True, blank=True, related_name="reports"
    )
    title = models.CharField(_("report"), max_length=120)
    reported = PartialDateField(_("date of the report"))
    text = models.TextField(_("text"), blank=True)
    link = models.URLField(_("link to the archive"), max_length=500, blank=True)
    file = models.FileField(_("PDF"), upload_to=report_path, blank=True)
    file_sha256 = models.CharField(max_length=64, blank=True)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    added_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("report")
        verbose_name_plural = _("reports")
        ordering = ["-added_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(text="") | ~Q(link="") | ~Q(file=""), name="report_has_content"
            ),
            *dated("reported"),
        ]

    def __str__(self) -> str:
        return f"report {self.public_id}"

    @property
    def host(self) -> str:
        """The host that the link leads to: what is shown of it."""
        return urlsplit(self.link).hostname or ""


for model in (IrAE, OrganReview, DossierItem, DossierEntry, Report):
    pghistory.track()(model)

"""The case: one question about one patient, its sections, and who owes which fact."""

from __future__ import annotations

import uuid

import pghistory
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _

from cases.access import PatientKey, PatientOwned
from cases.fields import Stated, known_iff, late_state, late_state_field, state_is_valid
from cases.states import CaseState
from cases.vocabulary import Regimen


class DiseaseStatus(models.TextChoices):
    """The disease off ICI today: what a rechallenge is weighed against."""

    NO_EVIDENCE = "no_evidence", _("No evidence of disease")
    CONTROLLED = "controlled", _("Controlled, not treated")
    SLOW = "slow", _("Progressing slowly, nothing must be treated now")
    TREAT_NOW = "treat_now", _("Progressing, something must be treated now")


class Alternative(models.TextChoices):
    """What else could be done."""

    SURVEILLANCE = "surveillance", _("Surveillance")
    CHEMOTHERAPY = "chemotherapy", _("Chemotherapy")
    TARGETED = "targeted", _("Targeted therapy")
    RADIOTHERAPY = "radiotherapy", _("Radiotherapy")
    SURGERY = "surgery", _("Surgery")
    TRIAL = "trial", _("Clinical trial")
    SUPPORTIVE = "supportive", _("Supportive care alone")
    NONE = "none", _("None is open")


class Prophylaxis(models.TextChoices):
    """What is proposed beside the ICI to keep the irAE from coming back."""

    NONE = "none", _("None")
    STEROID = "steroid", _("Low-dose steroid")
    VEDOLIZUMAB = "vedolizumab", _("Vedolizumab")
    INFLIXIMAB = "infliximab", _("Infliximab")
    TOCILIZUMAB = "tocilizumab", _("Tocilizumab")
    OTHER = "other", _("Another agent")


class Case(PatientOwned):
    """A question put to a board: what is proposed, against what, and what is asked.

    Why the ICI stopped and how it progressed belong to the course that it asks about: see
    `cases.derivations.courses`.
    """

    names_reading = True

    patient = PatientKey("cases.Patient", on_delete=models.PROTECT, related_name="+")
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    reference = models.CharField(_("reference"), max_length=20, unique=True)
    board = models.ForeignKey("accounts.Board", on_delete=models.PROTECT, related_name="cases")
    state = models.CharField(max_length=12, choices=CaseState.choices, default=CaseState.REFERRED)
    returned_reason = models.CharField(max_length=40, blank=True)
    urgent = models.BooleanField(_("urgent"), default=False)
    question = models.TextField(_("question to the board"))
    # The course that the question is about; without one, the last that was stopped (`derivations.courses`).
    course = models.ForeignKey(
        "cases.ICICourse",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        db_index=False,
        related_name="asked_in",
        verbose_name=_("course asked about"),
    )
    proposed_regimen = Stated(models.CharField(max_length=30, choices=Regimen.choices))
    proposed_drugs = ArrayField(models.CharField(max_length=30), default=list, blank=True)
    # An agent of a trial that the list of drugs does not have, by its name.
    proposed_text = models.CharField(_("agent by name"), max_length=80, blank=True, db_default="")
    prophylaxis = Stated(models.CharField(max_length=12, choices=Prophylaxis.choices))
    prophylaxis_text = models.CharField(_("dose or agent"), max_length=80, blank=True)
    disease_status = Stated(models.CharField(max_length=12, choices=DiseaseStatus.choices))
    # The day for which the status was said; it says nothing of a later one.
    disease_status_on = models.DateField(_("said on"), null=True, blank=True)
    alternatives = ArrayField(
        models.CharField(max_length=14, choices=Alternative.choices), default=list, blank=True
    )
    # Known and empty: none was named.
    alternatives_state = late_state_field()
    alternatives_text = models.CharField(_("in words"), max_length=400, blank=True)
    needed_by = models.DateField(_("answer needed by"), null=True, blank=True)
    referred_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    referred_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("case")
        verbose_name_plural = _("cases")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=CaseState.values), name="case_state_known"
            ),
            models.CheckConstraint(
                condition=models.Q(alternatives__contained_by=Alternative.values),
                name="alternatives_are_known",
            ),
            late_state("alternatives", models.Q(alternatives=[]), known_may_be_empty=True),
            *(
                rule(name)
                for name in ("proposed_regimen", "prophylaxis", "disease_status")
                for rule in (known_iff, state_is_valid)
            ),
        ]
        indexes = [
            models.Index(fields=["board", "state", "-referred_at"]),
            # A small part of all: what curators count, and what is counted for them of other boards.
            models.Index(fields=["board"], condition=~models.Q(state="closed"), name="case_open"),
            models.Index(fields=["-changed_at", "-id"], name="case_by_change"),
            # With the patient beside: a search joins those of a board by them and reads no row.
            models.Index(
                fields=["board", "-changed_at", "-id"],
                include=["patient"],
                name="case_of_board_by_change",
            ),
            models.Index(fields=["patient"], name="case_of_patient"),
            models.Index(fields=["course"], name="case_of_course"),
            # An agent that no list has is found by the words that were typed.
            GinIndex(
                models.Func("proposed_text", function="rechallenge_begun"),
                condition=~models.Q(proposed_text=""),
                name="case_proposed_words",
            ),
        ]

    def __str__(self) -> str:
        return self.reference


class Section(models.TextChoices):
    """A part of the case page that is edited and locked by itself."""

    QUESTION = "question", _("Question")
    PATIENT = "patient", _("Patient")
    TUMOUR = "tumour", _("Tumour")
    COURSES = "courses", _("ICI courses")
    TREATMENT = "treatment", _("Other treatment")
    RESPONSES = "responses", _("Response assessments")
    IRAES = "iraes", _("Immune-related adverse events")
    STEROIDS = "steroids", _("Steroids")
    FITNESS = "fitness", _("Fitness and background")
    LABS = "labs", _("Laboratory results")


class CaseSection(PatientOwned):
    """The version of one section of a case, for the optimistic lock."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="sections")
    key = models.CharField(max_length=12, choices=Section.choices)
    version = models.PositiveIntegerField(default=1)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("section of a case")
        verbose_name_plural = _("sections of cases")
        constraints = [
            models.UniqueConstraint(fields=["case", "key"], name="one_row_per_section"),
            models.CheckConstraint(
                condition=models.Q(key__in=Section.values), name="section_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.key} v{self.version}"


class FactTask(PatientOwned):
    """A fact, or another item of the record, that somebody owes: not yet known, with an owner and a date."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="tasks")
    # The key of a fact of the vocabulary, or of what `cases.askable` lists beside them.
    fact = models.CharField(max_length=100)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="fact_tasks"
    )
    due_on = models.DateField(null=True)
    done_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("owed fact")
        verbose_name_plural = _("owed facts")
        constraints = [
            models.UniqueConstraint(
                fields=["case", "fact"],
                condition=models.Q(done_at__isnull=True),
                name="one_open_task_per_fact",
            )
        ]
        indexes = [
            models.Index(
                fields=["owner", "due_on"],
                condition=models.Q(done_at__isnull=True),
                name="open_tasks_by_owner",
            ),
            # Who was given facts of a kind last.
            models.Index(fields=["owner", "fact", "-created_at"], name="tasks_by_owner_and_fact"),
        ]

    def __str__(self) -> str:
        return f"{self.fact} of case {self.case_id}"


pghistory.track(exclude=["changed_at"])(Case)
pghistory.track(exclude=["changed_at"])(CaseSection)
pghistory.track()(FactTask)

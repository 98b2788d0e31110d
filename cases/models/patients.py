"""The patient, the one table with identifiers, and who may see whom."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Q, Value
from django.db.models.functions import Lower, Now, Replace, Upper
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from audit.reading import NotedWhenLoaded
from cases.access import PatientOwned, PatientQuerySet, PatientScopedQuerySet
from cases.fields import PartialDateField, date_known_iff, state_is_valid

if TYPE_CHECKING:
    from datetime import date

    from cases.models.iraes import DossierItem
    from cases.models.labs import Analyte


class Provenance(models.TextChoices):
    """Whether a patient is a person."""

    REAL = "real", _("Patient")
    INVENTED = "invented", _("Invented patient")
    PUBLISHED = "published", _("Published case, invented name")


class Sex(models.TextChoices):
    """Sex as recorded by the hospital."""

    FEMALE = "female", _("Female")
    MALE = "male", _("Male")
    OTHER = "other", _("Other")
    UNKNOWN = "unknown", _("Unknown")


class Patient(NotedWhenLoaded):
    """Owns the clinical history. Rows are made by `register_patient` alone."""

    patient_column = "id"
    kept_column = "merged_into_id"

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    board = models.ForeignKey("accounts.Board", on_delete=models.PROTECT, related_name="+")
    provenance = models.CharField(max_length=12, choices=Provenance.choices)
    citation = models.TextField(blank=True)
    sex = models.CharField(_("sex"), max_length=10, choices=Sex.choices, default=Sex.UNKNOWN)
    merged_into = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="merged"
    )
    # A list says "none" only from the day on which somebody said that it is complete; for irAEs that is
    # said organ by organ (`OrganReview`).
    courses_complete_as_of = models.DateField(null=True, blank=True)
    treatments_complete_as_of = models.DateField(null=True, blank=True)
    responses_complete_as_of = models.DateField(null=True, blank=True)
    steroids_complete_as_of = models.DateField(null=True, blank=True)
    second_line_complete_as_of = models.DateField(null=True, blank=True)
    metastases_complete_as_of = models.DateField(null=True, blank=True)
    # The last day on which that may have been, where it is known to the month or the year alone.
    courses_complete_latest = models.DateField(null=True, blank=True)
    treatments_complete_latest = models.DateField(null=True, blank=True)
    responses_complete_latest = models.DateField(null=True, blank=True)
    steroids_complete_latest = models.DateField(null=True, blank=True)
    second_line_complete_latest = models.DateField(null=True, blank=True)
    metastases_complete_latest = models.DateField(null=True, blank=True)
    # The newest ICI course that was entered when their list was called complete, by its key; 0: there was none.
    courses_complete_through = models.BigIntegerField(null=True, blank=True)
    # The last day on which somebody told of a steroid course that may be given, and not at which dose: no total
    # that was found until then counts for it.
    steroid_untold_on = models.DateField(null=True, blank=True)
    # Entries that may be one since two records were merged, and entries that somebody said to be two, as keys of
    # their rows, with who said so and when (`cases.oneortwo`).
    entry_pairs = models.JSONField(default=list, db_default=[], blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = PatientQuerySet.as_manager()

    # Set by `cases.whole_record`: every list of the history is in memory.
    record_is_fetched = False
    # And with it the curated items that its dossiers are read by.
    dossier_items: list[DossierItem]
    analytes: list[Analyte]

    class Meta:
        verbose_name = _("patient")
        verbose_name_plural = _("patients")
        constraints = [
            models.CheckConstraint(
                condition=Q(provenance="published") ^ Q(citation=""),
                name="published_patients_are_cited",
            )
        ]

    def __str__(self) -> str:
        return f"patient {self.public_id}"

    @property
    def kept(self) -> Patient:
        """The row that stands for the patient: this one, or the one that it was merged into."""
        return self.merged_into or self


class PatientIdentity(NotedWhenLoaded):
    """Name, numbers and birth date: the only place with identifiers, one row a patient."""

    patient = models.OneToOneField(Patient, on_delete=models.PROTECT, related_name="identity")
    family_name = models.CharField(_("family name"), max_length=100)
    given_name = models.CharField(_("given name"), max_length=100)
    hospital_number = models.CharField(_("hospital number"), max_length=40)
    birth_date = models.DateField(_("date of birth"), null=True, blank=True)
    # The hospital whose number it is: one number may stand at two hospitals for two people.
    hospital = models.CharField(_("hospital"), max_length=150, blank=True)
    national_scheme = models.CharField(_("kind of national number"), max_length=20, blank=True)
    national_number = models.CharField(_("national number"), max_length=20, blank=True)
    # False for a row that was merged into another, or that shared its number before numbers were unique.
    holds_number = models.BooleanField(default=True, db_default=True, editable=False)
    # Known where the patient is known to have died, as far as the day is known.
    died = PartialDateField(_("date of death"))
    if TYPE_CHECKING:
        died_earliest: date | None
        died_latest: date | None
        died_precision: str | None

    objects = PatientScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("patient's identity")
        verbose_name_plural = _("patients' identities")
        constraints = [
            models.CheckConstraint(
                condition=Q(died_latest__isnull=True)
                | Q(birth_date__isnull=True)
                | Q(died_latest__gte=models.F("birth_date")),
                name="nobody_dies_before_birth",
            ),
            state_is_valid("died"),
            date_known_iff("died"),
            models.UniqueConstraint(
                Lower("hospital"),
                Upper(Replace("hospital_number", Value(" "))),
                condition=Q(holds_number=True) & ~Q(hospital_number="") & ~Q(hospital=""),
                name="hospital_number_is_unique",
            ),
            models.CheckConstraint(
                condition=Q(national_number="") | ~Q(national_scheme=""),
                name="national_numbers_have_a_scheme",
            ),
        ]
        indexes = [
            models.Index(fields=["birth_date"], name="identity_born"),
            models.Index(
                fields=["national_number"],
                condition=~Q(national_number=""),
                name="identity_national",
            ),
        ]

    def __str__(self) -> str:
        return f"identity of patient {self.patient_id}"

    @property
    def is_erased(self) -> bool:
        """Whether the patient was erased: the row stays, and the database lets nothing back into it."""
        return not (
            self.family_name or self.given_name or self.hospital_number or self.national_number
        )

    @property
    def died_between(self) -> tuple[date | None, date | None] | None:
        """The first and the last day on which the patient may have died; None where no death is known."""
        return (self.died_earliest, self.died_latest) if self.has_died else None

    @property
    def has_died(self) -> bool:
        """Whether the patient is known to have died."""
        return self.died_precision is not None

    @property
    def display_name(self) -> str:
        """The name as shown at the top of a page: family name in capitals first."""
        if self.is_erased:
            return gettext("Erased patient")
        return f"{self.family_name.upper()}, {self.given_name}"


class PatientAccess(NotedWhenLoaded):
    """Lets a board, or one user, see a patient: owning board, shared board, break-glass.

    Both walls read this table: `visible_to` and row-level security.
    """

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="access")
    board = models.ForeignKey(
        "accounts.Board", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    until = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=20, default="owning")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("access to a patient")
        verbose_name_plural = _("access to patients")
        constraints = [
            models.CheckConstraint(
                condition=Q(board__isnull=False) ^ Q(user__isnull=False),
                name="access_is_for_a_board_or_a_user",
            ),
            models.CheckConstraint(
                condition=Q(reason__in=["owning", "shared", "break_glass"]),
                name="access_reason_is_known",
            ),
            models.UniqueConstraint(
                fields=["patient", "board"],
                condition=Q(board__isnull=False),
                name="one_access_per_board",
            ),
        ]
        indexes = [models.Index(fields=["board", "patient"]), models.Index(fields=["user"])]

    def __str__(self) -> str:
        return f"{self.reason} access to patient {self.patient_id}"


class ErasureReason(models.TextChoices):
    """Why a patient is erased."""

    REQUEST = "request", _("The patient asked for it")
    RETENTION = "retention", _("The time for keeping the record is over")
    MISTAKE = "mistake", _("The record was made by mistake")
    ORDER = "order", _("A court or an authority ordered it")


class PatientErasure(PatientOwned):
    """Says that everything which identifies a patient was erased. Made by one database function, never removed.

    The steps of the erasure are triggers on this table's insert (`accounts.erasing`).
    """

    patient = models.OneToOneField(Patient, on_delete=models.PROTECT, related_name="erasure")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(db_default=Now(), editable=False)
    reason = models.CharField(max_length=12, choices=ErasureReason.choices)

    class Meta:
        verbose_name = _("erasure of a patient")
        verbose_name_plural = _("erasures of patients")
        constraints = [
            models.CheckConstraint(
                condition=Q(reason__in=ErasureReason.values), name="erasure_reason_is_known"
            )
        ]

    def __str__(self) -> str:
        return f"erasure of patient {self.patient_id}"


pghistory.track()(Patient)
pghistory.track()(PatientIdentity)
pghistory.track()(PatientAccess)

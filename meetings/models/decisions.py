"""What a board decided, and everything a signature pins.

Once signed, a row and what hangs on it are frozen by hand-written triggers (migration 0002). Free text enters
the hash as a salted commitment, so that an erasure (texts and salt to NULL, with an `Erasure` row) keeps the
chain whole.
"""

from __future__ import annotations

import uuid

import pghistory
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cases.access import PatientOwned
from followup.intervals import LONGEST, SHORTEST
from meetings.choices import RECHALLENGE, Deviation, Outcome
from meetings.snapshot import SCHEMA
from meetings.states import DecisionState


class Decision(PatientOwned):
    """One decision on one case in one meeting. An amendment is a new row that names the old one."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    board = models.ForeignKey("accounts.Board", on_delete=models.PROTECT, related_name="+")
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="decisions")
    meeting = models.ForeignKey(
        "meetings.Meeting", on_delete=models.PROTECT, related_name="decisions"
    )
    amends = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="amended_by"
    )
    state = models.CharField(
        max_length=6, choices=DecisionState.choices, default=DecisionState.DRAFT
    )
    version = models.PositiveIntegerField(default=1)
    # The version at which the form was saved last; conditions and dissent move the version on as well.
    form_version = models.PositiveIntegerField(default=0, db_default=0)
    outcome = models.CharField(
        _("outcome"), max_length=16, choices=Outcome.choices, blank=True, default=""
    )
    drugs = ArrayField(models.CharField(max_length=30), default=list, blank=True)
    dose_interval_days = models.PositiveSmallIntegerField(
        _("days between doses"), null=True, blank=True
    )
    # NULL, and not "", is what an erasure leaves behind.
    rationale = models.TextField(_("rationale"), null=True, blank=True, default="")  # noqa: DJ001
    patient_preference = models.TextField(  # noqa: DJ001
        _("what the patient wants"), null=True, blank=True, default=""
    )
    defer_fact = models.CharField(_("waits for"), max_length=40, blank=True, default="")
    defer_owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    defer_on = models.DateField(_("by"), null=True, blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    recorded_at = models.DateTimeField(auto_now_add=True)
    # Set by the service and not on every save: an erasure must leave it as it was.
    changed_at = models.DateTimeField()
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    signed_at = models.DateTimeField(null=True)
    number = models.PositiveIntegerField(_("number in the board's chain"), null=True)
    # By which schema the snapshot is written; decisions signed by the first one name no dose interval.
    snapshot_schema = models.PositiveSmallIntegerField(db_default=SCHEMA)
    snapshot = models.TextField(blank=True, default="")
    snapshot_sha256 = models.CharField(max_length=64, blank=True, default="")
    previous_sha256 = models.CharField(max_length=64, blank=True, default="")
    salt = models.CharField(max_length=64, null=True, blank=True, default="")  # noqa: DJ001

    class Meta:
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=Q(state=DecisionState.DRAFT), name="one_draft_per_case"
            ),
            models.UniqueConstraint(
                fields=["case", "meeting"],
                condition=Q(state=DecisionState.SIGNED, amends__isnull=True),
                name="one_signed_decision_per_discussion",
            ),
            models.UniqueConstraint(fields=["board", "number"], name="chain_numbers_are_unique"),
            models.CheckConstraint(
                condition=Q(outcome__in=[*Outcome.values, ""]), name="outcome_is_known"
            ),
            models.CheckConstraint(
                condition=Q(
                    state=DecisionState.DRAFT,
                    signed_by__isnull=True,
                    signed_at__isnull=True,
                    number__isnull=True,
                    snapshot="",
                    snapshot_sha256="",
                )
                | (
                    Q(
                        state=DecisionState.SIGNED,
                        signed_by__isnull=False,
                        signed_at__isnull=False,
                        number__isnull=False,
                    )
                    & ~Q(outcome="")
                    & ~Q(snapshot="")
                    & Q(snapshot_sha256__regex="^[0-9a-f]{64}$")
                ),
                name="signed_decision_is_whole",
            ),
            models.CheckConstraint(
                condition=~Q(state=DecisionState.SIGNED, outcome=Outcome.DEFER)
                | (Q(defer_owner__isnull=False, defer_on__isnull=False) & ~Q(defer_fact="")),
                name="deferral_names_what_who_and_when",
            ),
            models.CheckConstraint(
                condition=Q(dose_interval_days__isnull=True)
                | Q(dose_interval_days__gte=SHORTEST, dose_interval_days__lte=LONGEST),
                name="dose_interval_is_plausible",
            ),
            models.CheckConstraint(
                condition=~Q(state=DecisionState.SIGNED, outcome__in=sorted(RECHALLENGE))
                | Q(dose_interval_days__isnull=False)
                | Q(snapshot_schema=1),
                name="rechallenge_names_its_dose_interval",
            ),
        ]
        indexes = [models.Index(fields=["meeting", "case"])]

    def __str__(self) -> str:
        return f"decision on case {self.case_id} in meeting {self.meeting_id}"

    @property
    def is_signed(self) -> bool:
        """Whether nothing of it can be changed any more."""
        return self.state == DecisionState.SIGNED


class DecisionCondition(PatientOwned):
    """What must hold before the first dose, in words and where possible as a condition; it expires."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="conditions")
    text = models.CharField(_("condition"), max_length=300, null=True)  # noqa: DJ001
    condition = models.JSONField(null=True, blank=True)
    vocabulary_version = models.PositiveSmallIntegerField(null=True, blank=True)
    expires_on = models.DateField(_("expires on"))

    class Meta:
        verbose_name = _("condition of a decision")
        verbose_name_plural = _("conditions of decisions")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(condition__isnull=True) ^ Q(vocabulary_version__isnull=False),
                name="condition_names_its_vocabulary",
            )
        ]

    def __str__(self) -> str:
        return f"condition of decision {self.decision_id}"


class Dissent(PatientOwned):
    """Who does not agree, by name, and why."""

    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="dissents")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField(_("reason"), null=True)  # noqa: DJ001
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = _("dissent")
        verbose_name_plural = _("dissents")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["decision", "user"], name="one_dissent_per_person")
        ]

    def __str__(self) -> str:
        return f"dissent of user {self.user_id} from decision {self.decision_id}"


class DecisionStatement(PatientOwned):
    """The exact version of a statement that a decision relied on, or deviates from for a reason."""

    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="statements")
    statement_version = models.ForeignKey(
        "evidence.StatementVersion", on_delete=models.PROTECT, related_name="decisions"
    )
    deviation_reason = models.CharField(
        _("deviates because"), max_length=20, choices=Deviation.choices, blank=True
    )

    class Meta:
        verbose_name = _("statement of a decision")
        verbose_name_plural = _("statements of decisions")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["decision", "statement_version"], name="version_is_pinned_once"
            ),
            models.CheckConstraint(
                condition=Q(deviation_reason__in=[*Deviation.values, ""]),
                name="deviation_reason_is_known",
            ),
        ]

    def __str__(self) -> str:
        return f"version {self.statement_version_id} in decision {self.decision_id}"


class Letter(PatientOwned):
    """The letter of a signed decision as it was made then: bytes, so that a backup holds it."""

    decision = models.OneToOneField(Decision, on_delete=models.PROTECT, related_name="letter")
    # NULL once the patient was erased: the hash says which letter it was.
    pdf = models.BinaryField(null=True)
    sha256 = models.CharField(max_length=64)
    template_version = models.PositiveSmallIntegerField()
    made_at = models.DateTimeField()

    class Meta:
        verbose_name = _("letter")
        verbose_name_plural = _("letters")

    def __str__(self) -> str:
        return f"letter of decision {self.decision_id}"


class Erasure(PatientOwned):
    """Says that the texts of a signed decision were erased on a patient's right; never removed."""

    decision = models.OneToOneField(Decision, on_delete=models.PROTECT, related_name="erasure")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("erasure")
        verbose_name_plural = _("erasures")

    def __str__(self) -> str:
        return f"erasure of the texts of decision {self.decision_id}"


class ChainHead(models.Model):
    """Where a board's chain of decisions ends. Locked while a decision is signed; names no patient.

    Outside row-level security, since a chair may no longer see the patient of the board's last decision.
    """

    board = models.OneToOneField("accounts.Board", on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True, default="")

    class Meta:
        verbose_name = _("end of a chain")
        verbose_name_plural = _("ends of chains")

    def __str__(self) -> str:
        return f"{self.board_id}: {self.number}"


for _model in (DecisionCondition, Dissent, DecisionStatement):
    pghistory.track()(_model)
pghistory.track(exclude=["snapshot", "snapshot_schema", "salt", "form_version"])(Decision)

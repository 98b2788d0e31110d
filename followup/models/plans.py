"""Monitoring plans and their checks."""

from __future__ import annotations

import uuid

import pghistory
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q, Value
from django.utils.translation import gettext_lazy as _

from cases.access import PatientOwned
from followup.models.protocols import ProtocolStep, ProtocolVersion
from followup.states import CheckState, PlanState
from followup.vocabulary import (
    AgentClass,
    CloseReason,
    EndReason,
    HoldReason,
    NotDoneReason,
    Result,
    Timing,
    UnmeasuredReason,
)


class MonitoringPlan(PatientOwned):
    """What is watched after a decision to give an ICI again; one plan a decision."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="plans")
    decision_ref = models.UUIDField(_("decision"), unique=True)
    regimen_label = models.CharField(_("regimen"), max_length=200)
    dose_interval_days = models.PositiveSmallIntegerField(_("days between doses"), null=True)
    # As the decision names them; what stands above may have been changed since.
    decided_interval_days = models.PositiveSmallIntegerField(null=True)
    state = models.CharField(max_length=20, choices=PlanState.choices, default=PlanState.WAITING)
    # Classes of the decision's agents, which some protocols are for.
    agents = ArrayField(
        models.CharField(max_length=20, choices=AgentClass.choices), default=list, db_default=[]
    )
    # What is asked before the first dose counts back from this day until that dose is entered.
    planned_first_on = models.DateField(_("first dose planned"), null=True)
    first_dose_on = models.DateField(_("first dose"), null=True)
    # When doses go on after a hold, until that dose is entered; else it is expected after the interval.
    next_dose_on = models.DateField(null=True)
    # Once no further dose is given; until then late contacts count from the last one that is known.
    last_dose_on = models.DateField(_("last dose"), null=True)
    end_reason = models.CharField(
        max_length=20, choices=EndReason.choices, blank=True, default="", db_default=""
    )
    # The rechallenge in the patient's record, which follows the doses entered here.
    course = models.ForeignKey(
        "cases.ICICourse", on_delete=models.PROTECT, null=True, related_name="plans"
    )
    held_on = models.DateField(null=True)
    hold_reason = models.CharField(max_length=20, choices=HoldReason.choices, blank=True)
    close_reason = models.CharField(max_length=20, choices=CloseReason.choices, blank=True)
    # Once a new decision opened another plan: this one expects no dose, and watches on after those given.
    succeeded = models.BooleanField(default=False, db_default=False)
    protocol_versions = models.ManyToManyField(
        ProtocolVersion, through="PlanProtocol", related_name="plans"
    )
    # What the irAE triggers compare with: entities had before, and grades as last judged, by irAE id.
    earlier_entities = ArrayField(models.CharField(max_length=40), default=list)
    known_iraes = models.JSONField(default=dict)
    # The same as it stood when the plan was opened: what the board knew.
    known_at_opening = models.JSONField(default=dict, db_default=Value({}, models.JSONField()))
    # What the decision demands before the first dose: [{"text", "condition": tree or null, "expires_on"}].
    conditions = models.JSONField(_("conditions"), default=list)
    # Up to which day the sweep has told that conditions ran out.
    expiry_told_on = models.DateField(null=True)
    # When the sweep told that nobody had planned the first dose; told once.
    unplanned_told_on = models.DateField(null=True)
    version = models.PositiveIntegerField(default=1)
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    opened_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("monitoring plan")
        verbose_name_plural = _("monitoring plans")
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=PlanState.values), name="plan_state_known"
            ),
            models.CheckConstraint(
                condition=Q(state=PlanState.WAITING, first_dose_on__isnull=True)
                | Q(state__in=[PlanState.ACTIVE, PlanState.HELD], first_dose_on__isnull=False)
                | Q(state=PlanState.CLOSED),
                name="plan_dated_once_dosed",
            ),
            models.CheckConstraint(
                condition=Q(state=PlanState.CLOSED) ^ Q(close_reason=""),
                name="plan_closed_for_a_reason",
            ),
            models.CheckConstraint(
                condition=~Q(state=PlanState.HELD) | ~Q(hold_reason=""),
                name="plan_held_for_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(last_dose_on__isnull=True, end_reason="")
                | (Q(last_dose_on__gte=F("first_dose_on")) & ~Q(end_reason="")),
                name="last_dose_for_a_reason",
            ),
            models.UniqueConstraint(
                fields=["case"],
                condition=~Q(state=PlanState.CLOSED) & Q(succeeded=False),
                name="one_plan_of_a_case_gives",
            ),
        ]
        indexes = [
            models.Index(
                fields=["patient"],
                condition=~Q(state=PlanState.CLOSED),
                name="plan_watched_patient",
            )
        ]

    def __str__(self) -> str:
        return f"plan {self.public_id}"


class PlanProtocol(PatientOwned):
    """A protocol version pinned by a plan, and the irAE because of which it was chosen."""

    plan = models.ForeignKey(MonitoringPlan, on_delete=models.PROTECT, related_name="pinned")
    version = models.ForeignKey(ProtocolVersion, on_delete=models.PROTECT, related_name="+")
    because_entity = models.CharField(max_length=40, blank=True)
    because_grade = models.PositiveSmallIntegerField(null=True)

    class Meta:
        verbose_name = _("protocol of a plan")
        verbose_name_plural = _("protocols of plans")
        constraints = [
            models.UniqueConstraint(fields=["plan", "version"], name="version_pinned_once")
        ]

    def __str__(self) -> str:
        return f"version {self.version_id} in plan {self.plan_id}"


class Check(PatientOwned):
    """One safety check: due on a day once the dose it counts from is known."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    plan = models.ForeignKey(MonitoringPlan, on_delete=models.PROTECT, related_name="checks")
    step = models.ForeignKey(ProtocolStep, on_delete=models.PROTECT, related_name="+")
    # What every protocol that asks for this check on its day asks: of `step`, which rules it, and others.
    label = models.CharField(_("what is checked"), max_length=400)
    measures = models.JSONField(_("values"), default=list)
    # Whether it is asked for at doses alone, and so moves with them.
    at_dose = models.BooleanField(default=False)
    # Whether it is asked for after the treatment, and so counts from the last dose.
    after_last_dose = models.BooleanField(default=False, db_default=False)
    # Days after the first dose, or the last; NULL: before the first.
    offset_days = models.IntegerField(null=True)
    due_on = models.DateField(_("due"), null=True)
    # On which day it was given its day; later than that day where a dose was entered late.
    dated_on = models.DateField(null=True)
    # The day from which lateness counts: a check dated into the past is not overdue at once.
    opened_on = models.DateField(null=True)
    state = models.CharField(max_length=10, choices=CheckState.choices, default=CheckState.WAITING)
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    result = models.CharField(max_length=10, choices=Result.choices, blank=True)
    values = models.JSONField(default=dict)
    # Code of a measure -> upper limit of the laboratory that measured it, where one was entered.
    upper_limits = models.JSONField(default=dict, db_default=Value({}, models.JSONField()))
    # Why a value of a critical check is lacking though the check was done.
    unmeasured = models.CharField(
        _("why not measured"),
        max_length=20,
        choices=UnmeasuredReason.choices,
        blank=True,
        default="",
        db_default="",
    )
    measured_on = models.DateField(_("measured on"), null=True)
    reason = models.CharField(_("reason"), max_length=20, choices=NotDoneReason.choices, blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    recorded_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("safety check")
        verbose_name_plural = _("safety checks")
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "step", "offset_days"],
                # What was done too early before the first dose stays beside the one asked for anew.
                condition=~Q(state=CheckState.CANCELLED)
                & ~Q(state=CheckState.DONE, offset_days__isnull=True),
                nulls_distinct=False,
                name="one_check_of_step_and_day",
            ),
            models.CheckConstraint(
                condition=Q(state__in=CheckState.values), name="check_state_known"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[CheckState.DUE, CheckState.MISSED])
                | Q(due_on__isnull=False),
                name="due_checks_have_a_date",
            ),
            models.CheckConstraint(
                condition=Q(
                    state=CheckState.DONE,
                    result__in=[Result.NORMAL, Result.ABNORMAL],
                    measured_on__isnull=False,
                    recorded_by__isnull=False,
                )
                | (~Q(state=CheckState.DONE) & Q(result__in=["", Result.NOT_DONE])),
                name="done_checks_have_a_result",
            ),
            models.CheckConstraint(
                condition=Q(result=Result.NOT_DONE, state=CheckState.MISSED) ^ Q(reason=""),
                name="not_done_for_a_reason",
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_on", "id"],
                condition=Q(state=CheckState.WAITING, due_on__isnull=False),
                name="check_to_open",
            ),
            models.Index(fields=["opened_on"], condition=Q(state=CheckState.DUE), name="check_due"),
            models.Index(
                fields=["due_on", "id"],
                condition=Q(
                    state__in=[CheckState.WAITING, CheckState.DUE, CheckState.MISSED], result=""
                ),
                name="check_worklist",
            ),
            models.Index(fields=["plan", "due_on"]),
        ]

    def __str__(self) -> str:
        return f"check {self.public_id}"

    @property
    def of_no_dose(self) -> bool:
        """Whether it was found at a first dose that was taken back: it stays, and takes no baseline's place."""
        return self.offset_days is None and self.step.kind != Timing.BEFORE_FIRST_DOSE

    @property
    def needs_form(self) -> bool:
        """Whether its day and values have to be entered: "normal" by one click is not enough."""
        return self.step.critical or self.state == CheckState.MISSED or bool(self.measures)


# What triggers remember is bookkeeping of a sweep, not a change of the plan.
pghistory.track(exclude=["known_iraes", "known_at_opening", "expiry_told_on", "unplanned_told_on"])(
    MonitoringPlan
)
pghistory.track()(PlanProtocol)
pghistory.track()(Check)

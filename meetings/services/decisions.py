"""Recording a decision while it is a draft."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.services import record
from cases.models import Case
from cases.states import CaseState
from evidence.conditions import VOCABULARY_VERSION, ConditionError, parse
from evidence.models import StatementVersion
from meetings.models import Decision, DecisionCondition, DecisionStatement, Dissent
from meetings.policies import MeetingStepRefused, check_dissent, check_draft, check_record
from meetings.services.meetings import hold, touch
from meetings.states import DecisionState

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping
    from uuid import UUID

    from accounts.models import User
    from meetings.models import AgendaItem


class StaleDecision(Exception):
    """Somebody else changed the decision since the form was shown; nothing was saved."""

    def __init__(self, decision: Decision) -> None:
        super().__init__(f"decision {decision.public_id} is at version {decision.version}")
        self.decision = decision


@dataclass(frozen=True)
class Draft:
    """The whole record form. `statements`: public ids of the versions relied on, each with the code of
    a deviation or "".
    """

    outcome: str = ""
    drugs: list[str] = field(default_factory=list)
    dose_interval_days: int | None = None
    rationale: str = ""
    patient_preference: str = ""
    defer_fact: str = ""
    defer_owner: User | None = None
    defer_on: dt.date | None = None
    statements: Mapping[UUID, str] = field(default_factory=dict)

    @property
    def columns(self) -> dict[str, Any]:
        """The values of the decision's own columns."""
        return {
            name: getattr(self, name) for name in self.__dataclass_fields__ if name != "statements"
        }


@transaction.atomic
def record_decision(*, by: User, item: AgendaItem, draft: Draft, version: int) -> Decision:
    """Save the draft of the decision on an agenda item; `version` is the one the form was filled from.

    Version 0 begins the draft. Raises StaleDecision when somebody saved the form in between.
    """
    meeting = item.meeting
    check_record(by, meeting.board)
    # One recorder at a time, also for the first save, when there is no row to lock yet.
    hold(meeting.pk)
    case = Case.objects.select_for_update(of=("self",)).get(pk=item.case_id)
    decision = _draft_of(case)
    if decision is None:
        for signed in Decision.objects.filter(case=case, meeting=meeting).select_related("board"):
            check_draft(by, signed)
        if case.state not in (CaseState.LISTED, CaseState.DISCUSSED):
            raise MeetingStepRefused(
                _("A decision is recorded while the case is on an agenda or discussed.")
            )
        decision = Decision(
            patient_id=case.patient_id, board=meeting.board, case=case, meeting=meeting, version=0
        )
    check_draft(by, decision)
    # Conditions and dissent have forms of their own: what was noted there since is not written over.
    if not decision.form_version <= version <= decision.version:
        raise StaleDecision(decision)
    for name, value in draft.columns.items():
        setattr(decision, name, value)
    # A draft left over from an earlier meeting goes on in this one.
    decision.meeting = meeting
    decision.recorded_by = by
    decision.form_version = decision.version + 1
    _save(decision)
    _pin(decision, draft.statements)
    record(
        "decision.recorded",
        by=by,
        board=meeting.board,
        patient_id=case.patient_id,
        subject=decision,
        detail={"version": decision.version, "outcome": decision.outcome},
    )
    return decision


@transaction.atomic
def add_condition(
    *,
    by: User,
    decision: Decision,
    text: str,
    expires_on: dt.date,
    condition: dict[str, Any] | None = None,
) -> DecisionCondition:
    """Add a condition; `condition` is in the JSON syntax where it can be checked against facts.

    Raises ValidationError when it cannot be read.
    """
    decision = _locked_draft(by, decision)
    if condition is not None:
        try:
            parse(condition)
        except ConditionError as error:
            raise ValidationError({"condition": error.words(_)}) from error
    row = DecisionCondition.objects.create(
        patient_id=decision.patient_id,
        decision=decision,
        text=text,
        expires_on=expires_on,
        condition=condition,
        vocabulary_version=VOCABULARY_VERSION if condition is not None else None,
    )
    _changed(decision, by)
    return row


@transaction.atomic
def remove_condition(*, by: User, condition: DecisionCondition) -> None:
    """Remove a condition from a draft."""
    decision = _locked_draft(by, condition.decision)
    condition.delete()
    _changed(decision, by)


@transaction.atomic
def note_dissent(*, by: User, decision: Decision, user: User, reason: str) -> Dissent:
    """Note that `user` does not agree, and why; a second note replaces the first."""
    decision = _locked(decision)
    check_dissent(by, decision, user)
    row, _created = Dissent.objects.update_or_create(
        decision=decision,
        user=user,
        defaults={"reason": reason, "recorded_by": by},
        create_defaults={
            "reason": reason,
            "recorded_by": by,
            "patient_id": decision.patient_id,
        },
    )
    _save(decision)
    record(
        "decision.dissent",
        by=by,
        board=decision.board,
        patient_id=decision.patient_id,
        subject=decision,
        detail={"user": user.pk},
    )
    return row


@transaction.atomic
def withdraw_dissent(*, by: User, dissent: Dissent) -> None:
    """Take a dissent back while the decision is a draft."""
    decision = _locked(dissent.decision)
    check_dissent(by, decision, dissent.user)
    dissent.delete()
    _save(decision)


def _with_people(decisions: Any) -> Any:
    return decisions.select_related("board", "meeting", "case", "recorded_by", "signed_by")


def _draft_of(case: Case) -> Decision | None:
    drafts = Decision.objects.filter(case=case, state=DecisionState.DRAFT)
    found: Decision | None = _with_people(drafts.select_for_update(of=("self",))).first()
    return found


def _locked(decision: Decision) -> Decision:
    hold(decision.meeting_id)
    rows = Decision.objects.select_for_update(of=("self",)).filter(pk=decision.pk)
    found: Decision = _with_people(rows).get()
    return found


def _locked_draft(by: User, decision: Decision) -> Decision:
    decision = _locked(decision)
    check_draft(by, decision)
    return decision


def _changed(decision: Decision, by: User) -> None:
    decision.recorded_by = by
    _save(decision)
    record(
        "decision.recorded",
        by=by,
        board=decision.board,
        patient_id=decision.patient_id,
        subject=decision,
        detail={"version": decision.version},
    )


def _save(decision: Decision) -> None:
    decision.version += 1
    decision.changed_at = timezone.now()
    decision.save()
    touch(decision.meeting_id)


def _pin(decision: Decision, wanted: Mapping[UUID, str]) -> None:
    """Make the pinned versions those of the form; ids that are no version are dropped."""
    versions = {v.public_id: v for v in StatementVersion.objects.filter(public_id__in=wanted)}
    decision.statements.exclude(statement_version__in=versions.values()).delete()
    for public_id, version in versions.items():
        DecisionStatement.objects.update_or_create(
            decision=decision,
            statement_version=version,
            defaults={"deviation_reason": wanted[public_id]},
            create_defaults={
                "deviation_reason": wanted[public_id],
                "patient_id": decision.patient_id,
            },
        )

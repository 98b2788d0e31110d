"""The chair's signature: snapshot, chain, letter, and what follows from the outcome, in one transaction."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.services import record
from cases.guidance import agents_of, guidance_for, profile_of, published
from cases.models import Case
from cases.selectors import attached_to
from cases.services.facts import refresh_facts
from cases.services.guidance import fix_comments
from cases.services.lifecycle import move_case
from cases.services.tasks import owe_fact
from cases.states import CaseState
from evidence.conditions import Answer, evaluate, read
from evidence.conditions.vocabulary import FACTS
from evidence.matching import match
from evidence.selectors import waiting_rules
from followup.services import end_by_decision
from followup.services.locking import hold_plans
from meetings.choices import RECHALLENGE, Outcome
from meetings.letters import TEMPLATE_VERSION, CannotTypeset, typeset
from meetings.letters.content import letter_content
from meetings.models import ChainHead, Decision, Letter
from meetings.policies import check_sign
from meetings.proposal import as_decided
from meetings.quorum import as_data
from meetings.selectors import decision_for_signing, quorum_of
from meetings.services.decisions import StaleDecision
from meetings.services.follow_up import open_monitoring
from meetings.services.meetings import hold, touch
from meetings.snapshot import (
    SCHEMA,
    attached_data,
    canonical,
    evaluation_data,
    fact_data,
    from_rows,
    sha256,
    texts_of,
)
from meetings.states import DecisionState

if TYPE_CHECKING:
    from typing import Any

    from accounts.models import Board, User
    from evidence.conditions.facts import Fact
    from evidence.presenters import MatchCard
    from meetings.quorum import Quorum


@dataclass(frozen=True)
class Signed:
    """A signed decision; `already` when it had been signed before this call, which changed nothing."""

    decision: Decision
    already: bool


def problems(decision: Decision) -> list[str]:
    """Return in words what keeps a draft from being signed."""
    found = []
    if not decision.outcome:
        found.append(_("Choose an outcome."))
    if not (decision.rationale or "").strip():
        found.append(_("Write the rationale."))
    if decision.outcome in RECHALLENGE and not decision.drugs:
        found.append(_("Name the drug that is to be given."))
    if decision.outcome in RECHALLENGE and decision.dose_interval_days is None:
        found.append(_("Say how many days lie between two doses."))
    if decision.outcome == Outcome.DEFER and not (
        decision.defer_fact and decision.defer_owner_id and decision.defer_on
    ):
        found.append(_("A deferral names what it waits for, who sees to it, and by when."))
    today = timezone.localdate()
    found += [
        _("The condition “%(text)s” has already expired.") % {"text": c.text}
        for c in decision.conditions.all()
        if c.expires_on < today
    ]
    return found


@transaction.atomic
def sign_decision(*, by: User, decision: Decision, version: int) -> Signed:
    """Sign the draft in the state `version` that the chair was shown.

    A second signature changes nothing. Raises StaleDecision when the draft was changed meanwhile,
    ValidationError with what is lacking.
    """
    hold(decision.meeting_id)
    # The plans before their case, as monitoring holds them: a signature ends those of earlier decisions.
    hold_plans(decision.case_id)
    Case.objects.select_for_update(of=("self",)).get(pk=decision.case_id)
    decision = decision_for_signing(decision.pk)
    check_sign(by, decision)
    if decision.is_signed:
        return Signed(decision, already=True)
    if decision.version != version:
        raise StaleDecision(decision)
    lacking = problems(decision)
    if lacking:
        raise ValidationError(lacking)
    _freeze(by, decision)
    _follow(by, decision)
    touch(decision.meeting_id)
    record(
        "decision.signed",
        by=by,
        board=decision.board,
        patient_id=decision.patient_id,
        subject=decision,
        detail={"number": decision.number, "sha256": decision.snapshot_sha256},
    )
    return Signed(decision, already=False)


def _freeze(by: User, decision: Decision) -> None:
    """Write snapshot, signature and letter. From here on the database refuses every change."""
    facts = refresh_facts(case=decision.case).as_facts()
    seats = quorum_of(decision.meeting, decision.case)
    head = _chain_head(decision.board)
    decision.state = DecisionState.SIGNED
    decision.signed_by, decision.signed_at = by, timezone.now()
    decision.salt, decision.snapshot_schema = secrets.token_hex(32), SCHEMA
    decision.number, decision.previous_sha256 = head.number + 1, head.sha256
    # Before they are read for the snapshot: nobody changes a comment between the two.
    fix_comments(case=decision.case)
    pdf = _letter(decision, seats, facts)
    text = canonical(
        {
            **from_rows(decision),
            "texts": texts_of(decision),
            "letter": {"sha256": sha256(pdf), "template": TEMPLATE_VERSION},
            **_of_the_moment(decision, facts, seats),
        }
    )
    decision.snapshot, decision.snapshot_sha256 = text, sha256(text)
    decision.save()
    Letter.objects.create(
        patient_id=decision.patient_id,
        decision=decision,
        pdf=pdf,
        sha256=sha256(pdf),
        template_version=TEMPLATE_VERSION,
        made_at=decision.signed_at,
    )
    head.number, head.sha256 = decision.number, decision.snapshot_sha256
    head.save(update_fields=["number", "sha256"])


@dataclass(frozen=True)
class Marks:
    """The rules and warnings for the regimen as decided, not as proposed: those that apply, those not judged.

    What a source stops or withholds for certain applies, though the mark of the board's own cannot be told.
    """

    apply: tuple[MatchCard, ...]
    open: tuple[MatchCard, ...]

    @property
    def named(self) -> tuple[MatchCard, ...]:
        """Those that the letter names: all that apply, and all that concern the patient and cannot be told."""
        return (*self.apply, *(card for card in self.open if card.answer is Answer.TRUE))

    @property
    def unjudged(self) -> int:
        """How many more cannot be judged."""
        return sum(card.answer is not Answer.TRUE for card in self.open)


def marks_of(decision: Decision, facts: dict[str, Fact]) -> Marks:
    """Return the rules and warnings that apply to the regimen as decided, and those that cannot be judged."""
    decided = as_decided(facts, decision.outcome, decision.drugs)
    found = guidance_for(
        decided,
        decision.case.facts.said_on(),
        board=decision.board,
        agents=agents_of(decision.case, decision.drugs),
    )
    applies = [card for card in found.applies if card.never_folded]
    untold = [card for card in found.cannot_tell if card.never_folded]
    open_ = [card for card in applies if card.is_open and not card.certain_code]
    return Marks(
        apply=tuple(card for card in applies if card not in open_),
        open=(*open_, *untold),
    )


def _letter(decision: Decision, seats: Quorum, facts: dict[str, Fact]) -> bytes:
    """Return the letter. Raises ValidationError for text that its fonts cannot show."""
    try:
        marks = marks_of(decision, facts)
        content = letter_content(
            decision,
            seats,
            facts,
            marks.named,
            marks.unjudged,
            waiting_rules(),
            attached_to(decision.case),
        )
        return typeset(content)
    except CannotTypeset as error:
        raise ValidationError(
            _(
                "The letter cannot be made: its fonts do not have “%(characters)s”, which stands in a name or "
                "a text. Write it in Latin letters, or have a font that holds it added to this installation."
            )
            % {"characters": error.characters}
            if error.characters
            else _("The letter cannot be made from what is recorded.")
        ) from error


def _of_the_moment(decision: Decision, facts: dict[str, Fact], seats: Quorum) -> dict[str, Any]:
    """Return what was true when it was signed and cannot be read from rows later."""
    iraes = decision.case.patient.iraes.all()
    profile = profile_of(decision.board)
    return {
        "facts": {key: fact_data(fact) for key, fact in facts.items()},
        "facts_as_of": timezone.localdate().isoformat(),
        "vocabulary": decision.case.facts.vocabulary_version,
        "evaluations": evaluation_data(
            match(
                published(),
                as_decided(facts, decision.outcome, decision.drugs),
                as_of=timezone.localdate(),
            ),
            profile,
        ),
        "profile": {"kind": profile.kind, "order": list(profile.asked)},
        "conditions_then": {
            str(c.public_id): evaluate(
                read(c.condition), facts, as_of=timezone.localdate()
            ).answer.value
            for c in decision.conditions.all()
            if c.condition is not None
        },
        "pinned": {
            str(s.statement_version.public_id): {
                "statement": s.statement_version.statement.code,
                "number": s.statement_version.number,
                "content_sha256": s.statement_version.content_sha256,
            }
            for s in decision.statements.all()
        },
        "attached": attached_data(
            [row for row in attached_to(decision.case) if row.fixed_at], decision.salt or ""
        ),
        "quorum": as_data(seats),
        "ctcae_versions": sorted({irae.ctcae_version for irae in iraes} - {""}),
    }


def _chain_head(board: Board) -> ChainHead:
    """Return the end of the board's chain, held until the transaction ends: one signature at a time."""
    ChainHead.objects.get_or_create(board=board)
    return ChainHead.objects.select_for_update().get(board=board)


def _follow(by: User, decision: Decision) -> None:
    """Take the case where the outcome leads."""
    case = decision.case
    if case.state == CaseState.LISTED:
        case = move_case(by=by, case=case, to=CaseState.DISCUSSED)
    if decision.outcome in RECHALLENGE:
        move_case(by=by, case=case, to=CaseState.WATCHING)
        open_monitoring(by=by, decision=decision)
    elif decision.outcome == Outcome.NO_RECHALLENGE:
        case = move_case(by=by, case=case, to=CaseState.DECIDED)
        end_by_decision(by=by, case=case)
    else:
        move_case(by=by, case=case, to=CaseState.READY)
        if decision.defer_fact in FACTS:
            owe_fact(
                by=by,
                case=case,
                fact=decision.defer_fact,
                owner=decision.defer_owner,
                due_on=decision.defer_on,
            )

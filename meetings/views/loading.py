"""What the views of one case in a meeting share: the item, its draft, the facts and the guidance."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.shortcuts import get_object_or_404
from django.utils import timezone

from cases.models import Case
from cases.presenters import patient_bar_of
from cases.selectors import case_for_page
from cases.timeline.build import timeline_of
from evidence.matching import match
from evidence.presenters import Guidance, guidance
from evidence.selectors import published_versions
from meetings import selectors
from meetings.forms import ConditionForm, DecisionForm, DissentForm, decision_initial
from meetings.models import AgendaItem, Decision
from meetings.presenters.cases import case_line
from meetings.presenters.decisions import DecisionView, decision_view, statement_choices
from meetings.quorum import Quorum, needs_for, quorum

if TYPE_CHECKING:
    from uuid import UUID

    from accounts.access import UserRequest
    from accounts.models import Membership, User
    from evidence.conditions import Fact
    from meetings.models import Meeting


@dataclass
class Discussion:
    """One case of a meeting with everything that is needed to discuss and to decide it."""

    item: AgendaItem
    case: Case
    facts: dict[str, Fact]
    guidance: Guidance
    decision: Decision | None
    members: list[Membership]
    quorum: Quorum

    @property
    def meeting(self) -> Meeting:
        """The meeting."""
        return self.item.meeting

    @property
    def people(self) -> list[User]:
        """The members of the board, each once."""
        return list({m.user_id: m.user for m in self.members}.values())

    @property
    def view(self) -> DecisionView | None:
        """The decision in words, or None before the first save."""
        return decision_view(self.decision, self.facts) if self.decision else None


def discussion(request: UserRequest, item_id: UUID) -> Discussion:
    """Return the discussion of an agenda item; 404 for one that the user may not see."""
    item = get_object_or_404(selectors.items_for(request.user), public_id=item_id)
    return discussion_of(request.user, item)


def discussion_of(user: User, item: AgendaItem) -> Discussion:
    """Return the discussion of an item in a fixed number of queries."""
    case = get_object_or_404(case_for_page(user), pk=item.case_id)
    facts = case.facts.as_facts()
    members = selectors.board_members(item.meeting.board)
    replies = selectors.replies_of(members, item.meeting.attendances.all())
    decisions = selectors.decisions_for(user).filter(case=case, meeting=item.meeting)
    return Discussion(
        item=item,
        case=case,
        facts=facts,
        guidance=guidance(match(published_versions(), facts)),
        decision=decisions.first(),
        members=members,
        quorum=quorum(needs_for(selectors.organs_of(case)), replies),
    )


def decision_form(found: Discussion, data: Any = None) -> DecisionForm:
    """Return the record form of a discussion, bound when `data` is given."""
    choices = statement_choices(
        found.guidance.applies, found.decision, selectors.attached_versions(found.case)
    )
    return DecisionForm(
        data,
        members=found.people,
        statements=choices,
        initial=decision_initial(found.decision, found.case.proposed_drugs),
    )


def discussion_context(request: UserRequest, found: Discussion, **extra: Any) -> dict[str, Any]:
    """Return what the live page and the record page show of a discussion."""
    user, board, today = request.user, found.meeting.board, timezone.localdate()
    records = user.can("decision.record", board)
    open_ = found.decision is None or not found.decision.is_signed
    dissenting = found.people if records else [p for p in found.people if p.pk == user.pk]
    may_dissent = records or user.can("decision.dissent", board)
    return {
        "found": found,
        "item": found.item,
        "meeting": found.meeting,
        "line": case_line(found.case),
        "bar": patient_bar_of(found.case, today, found.facts),
        "timeline": timeline_of(found.case, today),
        "decision": found.view,
        "records": records and open_,
        "signs": user.can("decision.sign", board) and open_,
        "may_dissent": may_dissent and open_,
        "form": decision_form(found) if records and open_ else None,
        "condition_form": ConditionForm(),
        "dissent_form": DissentForm(members=dissenting),
        **extra,
    }

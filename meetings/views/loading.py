"""What the views of one case in a meeting share: the item, its draft, the facts and the guidance."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.shortcuts import get_object_or_404
from django.utils import timezone

from accounts.permissions import PERMISSIONS
from cases.drafting import FormDraft, draft_key, open_form
from cases.guidance import agents_of, guidance_for
from cases.models import AttachedGuidance, Case
from cases.presenters import patient_bar_of
from cases.presenters.stopping import stopped_words
from cases.selectors import attached_to, case_for_page, draft_of, drafts_of
from cases.timeline.build import timeline_of
from cases.timeline.sources import decided_of, drawn_columns
from cases.whole_record import fetch_record
from evidence.presenters import finding_row
from meetings import selectors
from meetings.forms import ConditionForm, DecisionForm, DissentForm, decision_initial
from meetings.models import AgendaItem, Decision
from meetings.presenters.cases import case_line
from meetings.presenters.decisions import DecisionView, decision_view, statement_choices
from meetings.proposal import as_decided
from meetings.quorum import Quorum, needs_for, quorum
from ui.forms import as_sent, typed_values

if TYPE_CHECKING:
    from uuid import UUID

    from accounts.models import Membership, User
    from evidence.conditions import Fact
    from evidence.presenters import FindingRow, Guidance
    from meetings.models import Meeting


@dataclass
class Discussion:
    """One case of a meeting with everything that is needed to discuss and to decide it."""

    item: AgendaItem
    case: Case
    facts: dict[str, Fact]
    guidance: Guidance
    attached: list[AttachedGuidance]
    decision: Decision | None
    members: list[Membership]
    quorum: Quorum

    @property
    def meeting(self) -> Meeting:
        """The meeting."""
        return self.item.meeting

    @property
    def attached_by(self) -> dict[UUID, str]:
        """Who attached which statement version, by its id."""
        return {row.version.public_id: row.attached_by.name for row in self.attached if row.version}

    @property
    def said_of(self) -> dict[UUID, str]:
        """What was said of an attached statement version by who attached it, by its id."""
        return {r.version.public_id: r.comment for r in self.attached if r.version and r.comment}

    @property
    def attached_elsewhere(self) -> list[AttachedGuidance]:
        """What is attached and neither applies nor is open: the rest is marked where it stands."""
        cards = [*self.guidance.applies, *self.guidance.cannot_tell]
        shown = {card.version_id for card in cards}
        return [r for r in self.attached if r.version and r.version.public_id not in shown]

    @property
    def figures(self) -> list[tuple[AttachedGuidance, FindingRow]]:
        """The single findings that are attached."""
        return [(row, finding_row(row.finding)) for row in self.attached if row.finding]

    @property
    def people(self) -> list[User]:
        """The members of the board, each once."""
        return list({m.user_id: m.user for m in self.members}.values())

    @property
    def dissenters(self) -> list[User]:
        """Those who can be named as dissenting, each once."""
        roles = PERMISSIONS["decision.dissent"]
        return list({m.user_id: m.user for m in self.members if m.role in roles}.values())

    @property
    def view(self) -> DecisionView | None:
        """The decision in words, or None before the first save."""
        return decision_view(self.decision, self.facts) if self.decision else None

    @property
    def draft_key(self) -> str:
        """What the typed form is kept under while it is not saved."""
        return draft_key("decision", self.case.public_id)

    def part_key(self, part: str) -> str:
        """What the form of a condition, or of a dissent, is kept under."""
        of = self.decision.public_id if self.decision else "none"
        return draft_key(part, self.case.public_id, of)


def discussion(user: User, item_id: UUID) -> Discussion:
    """Return the discussion of an agenda item; 404 for one that the user may not see."""
    item: AgendaItem = get_object_or_404(selectors.items_for(user), public_id=item_id)
    return discussion_of(user, item)


def discussion_of(user: User, item: AgendaItem) -> Discussion:
    """Return the discussion of an item in a fixed number of queries."""
    case: Case = get_object_or_404(
        case_for_page(user).annotate(**drawn_columns(user)), pk=item.case_id
    )
    fetch_record([case.patient])
    decisions = selectors.decisions_for(user).filter(case=case, meeting=item.meeting)
    decision = decisions.first()
    facts = case.facts.as_facts()
    if decision is not None:
        facts = as_decided(facts, decision.outcome, decision.drugs)
    members = selectors.board_members(item.meeting.board)
    replies = selectors.replies_of(members, item.meeting.attendances.all())
    return Discussion(
        item=item,
        case=case,
        facts=facts,
        guidance=guidance_for(
            facts,
            case.facts.said_on(),
            board=case.board,
            agents=agents_of(case, decision.drugs if decision is not None else ()),
        ),
        attached=attached_to(case),
        decision=decision,
        members=members,
        quorum=quorum(needs_for(selectors.organs_of(case)), replies),
    )


def decision_form(
    found: Discussion, data: Any = None, initial: dict[str, Any] | None = None
) -> DecisionForm:
    """Return the record form of a discussion, bound when `data` is given."""
    choices = statement_choices(found.guidance.applies, found.decision, found.attached)
    return DecisionForm(
        data,
        members=found.people,
        statements=choices,
        initial=initial or decision_initial(found.decision, found.case.proposed_drugs),
    )


def opened_form(user: User, found: Discussion) -> tuple[DecisionForm, FormDraft]:
    """Return the form as `user` left it: what is kept as typed, else what is saved; and its draft.

    The version is kept as well: what others saved since then is shown as a conflict.
    """
    kept = draft_of(user, found.draft_key)
    if kept is None:
        return decision_form(found), FormDraft(found.draft_key)
    sent = as_sent(kept.fields)
    typed = typed_values(decision_form(found, sent), sent)
    return decision_form(found, initial=typed), FormDraft.of(found.draft_key, kept)


def discussion_context(user: User, found: Discussion, **extra: Any) -> dict[str, Any]:
    """Return what the live page and the record page show of a discussion."""
    board, today = found.meeting.board, timezone.localdate()
    is_open = found.decision is None or not found.decision.is_signed
    records = user.can("decision.record", board) and is_open
    form, draft = extra.pop("form", None), FormDraft(found.draft_key)
    if records and form is None:
        form, draft = opened_form(user, found)
    return {
        "found": found,
        "item": found.item,
        "meeting": found.meeting,
        "line": case_line(found.case),
        "stopped": stopped_words(found.case),
        "bar": patient_bar_of(found.case, today, found.facts),
        "timeline": timeline_of(found.case, today, decided_of(found.case)),
        "decision": found.view,
        "records": records,
        "signs": user.can("decision.sign", board) and is_open,
        "form": form,
        "draft": draft,
        "stale": None,
        "saved": False,
        **parts_forms(user, found),
        **extra,
    }


def parts_forms(user: User, found: Discussion) -> dict[str, Any]:
    """Return the forms for conditions and dissent that `user` may fill in."""
    board = found.meeting.board
    is_open = found.decision is not None and not found.decision.is_signed
    records = user.can("decision.record", board)
    named = [p for p in found.dissenters if records or p.pk == user.pk]
    condition, dissent = found.part_key("condition"), found.part_key("dissent")
    shown: dict[str, Any] = {
        "condition_form": None,
        "condition_draft": FormDraft(condition),
        "dissent_form": None,
        "dissent_draft": FormDraft(dissent),
    }
    if not is_open:
        return shown
    kept = drafts_of(user, [condition, dissent])

    def make_dissent(data: Any, typed: dict[str, Any]) -> DissentForm:
        return DissentForm(data, members=named, initial=typed)

    if records:
        opened = open_form(condition, _make_condition, kept)
        shown["condition_form"], shown["condition_draft"] = opened
    if named:
        shown["dissent_form"], shown["dissent_draft"] = open_form(dissent, make_dissent, kept)
    return shown


def _make_condition(data: Any, typed: dict[str, Any]) -> ConditionForm:
    return ConditionForm(data, initial=typed)

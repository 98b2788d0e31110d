"""The whole case page: everything above and beside the sections."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cases.guidance import agents_of, guidance_for, history_read, profile_of, strip_for
from cases.presenters.attached import Pinned, pinned_rows
from cases.presenters.bearings import Bearing, bearings
from cases.presenters.others import OtherCase, again_url, other_case
from cases.presenters.owed import Owed, asked_beside, owed_facts, owed_words
from cases.presenters.patient import PatientBar, facts_of, patient_bar_of
from cases.presenters.sections import SectionView, section_views
from cases.presenters.standing import Standing, standing
from cases.presenters.stopping import stopped_words, stopping_events
from cases.presenters.words import state_words, text_words
from cases.rules import readiness_of
from cases.states import CaseState
from cases.timeline.build import timeline_of
from cases.timeline.shapes import Timeline
from cases.timeline.sources import decided_of
from cases.vocabulary import drug_label
from evidence.choices import Category, Signal
from evidence.presenters import Guidance, MatchCard, waiting_words
from evidence.ruled import profile_words
from evidence.selectors import waiting_rules
from ui import formatting

if TYPE_CHECKING:
    from accounts.models import User
    from cases.models import AttachedGuidance, Case
    from cases.standing import Stage
    from evidence.strip_rows import Strip

SHOWN = 6


@dataclass(frozen=True)
class AttachableCard:
    """A statement with the address that attaches it, empty where it is attached or may not be."""

    card: MatchCard
    attach_url: str
    attached: str


@dataclass(frozen=True)
class Group:
    """One group of guidance: the first few and all that stop, hold or warn; the rest folded.

    What cannot be told stands in short under the facts it waits for, and in full among the folded ones.
    """

    key: str
    title: str
    shown: tuple[AttachableCard, ...]
    more: tuple[AttachableCard, ...]
    more_text: str


@dataclass(frozen=True)
class CasePage:
    """What the page of one case shows."""

    case: Case
    bar: PatientBar
    question: tuple[tuple[str, str], ...]
    standing: Standing
    timeline: Timeline
    owed: tuple[Owed, ...]
    owed_more: tuple[Owed, ...]
    owed_line: str
    owed_words: str
    give_url: str
    sections: tuple[SectionView, ...]
    counts: tuple[dict[str, object], ...]
    # What stops now and what cannot be told, in the bar at the top of the page: number, words, colour, group.
    at_once: tuple[tuple[int, str, str, str], ...]
    groups: tuple[Group, ...]
    profile: str
    bearings: tuple[Bearing, ...]
    strip: Strip
    pinned: tuple[Pinned, ...]
    # Where a figure of the strip is attached, by its id; "" where it is.
    attach_figures: dict[UUID, str]
    total: int
    waiting: str
    waiting_url: str
    may_edit: bool
    may_erase: bool
    merge_url: str
    merged_url: str
    changes_url: str
    others: tuple[OtherCase, ...]
    again_url: str


def case_page(
    case: Case,
    attached: list[AttachedGuidance],
    stages: tuple[Stage, ...],
    others: list[Case],
    user: User,
    as_of: date,
    *,
    shown: str = "",
) -> CasePage:
    """Return the page of `case` as `user` sees it; the record must be fetched.

    `others`: the patient's other cases that the user may see; `shown`: the section that is open.
    """
    facts = facts_of(case)
    may_edit = user.can("case.edit", case.board) and case.state != CaseState.CLOSED
    gone = case.patient.identity.is_erased
    may_attach = user.can("case.attach_guidance", case.board) and not gone
    said = case.facts.said_on()
    found = guidance_for(facts, said, board=case.board, agents=agents_of(case))
    settles = {missing.key: missing for missing in found.missing}
    ready = readiness_of(case, facts)
    owed = owed_facts(case, facts, ready, settles, as_of)
    beside = asked_beside(case, ready, as_of)
    asked = [*owed, *beside]
    bar = patient_bar_of(case, as_of, facts)
    waiting, waiting_url = _waiting(user)
    strip = strip_for(facts, list(case.patient.courses.all()), stopping_events(case))
    return CasePage(
        case=case,
        bar=bar,
        question=tuple(question_strip(case)),
        standing=standing(case, stages, len(owed)),
        timeline=timeline_of(case, as_of, decided_of(case)),
        owed=tuple(asked[:6]),
        owed_more=tuple(asked[6:]),
        owed_line=_owed_line(len(owed), bar),
        owed_words=owed_words(owed, beside),
        give_url=_of_case("cases:give", case) if may_edit else "",
        sections=tuple(section_views(case, facts, may_edit=may_edit, shown=shown)),
        counts=_counts(found),
        at_once=at_once(found),
        groups=_groups(case, found, attached, may_attach=may_attach),
        profile=profile_words(profile_of(case.board)),
        bearings=bearings(case, found, facts, user, as_of, ask=may_edit),
        strip=strip,
        pinned=_pinned(case, attached, user, may=may_attach),
        attach_figures=_figures(case, strip, attached) if may_attach else {},
        total=found.total,
        waiting=waiting,
        waiting_url=waiting_url,
        may_edit=may_edit,
        may_erase=_may(case, user, "patient.erase"),
        merge_url=_of_case("cases:merge", case) if _may(case, user, "patient.merge") else "",
        merged_url=_of_case("cases:merged", case) if case.has_merged else "",
        changes_url=reverse("cases:changes", args=[case.public_id]),
        others=tuple(other_case(row, case) for row in others),
        again_url=again_url(case, user),
    )


def _pinned(
    case: Case, attached: list[AttachedGuidance], user: User, *, may: bool
) -> tuple[Pinned, ...]:
    return pinned_rows(case, attached, history_read(), user, may=may) if attached else ()


def _of_case(name: str, case: Case) -> str:
    return reverse(name, args=[case.public_id])


def _may(case: Case, user: User, permission: str) -> bool:
    """Whether `user` has the permission on the board that owns the patient, who is not erased."""
    boards = {board.pk for board in user.boards_with(permission)}
    return case.patient.board_id in boards and not case.patient.identity.is_erased


def question_strip(case: Case) -> list[tuple[str, str]]:
    """Return why it stopped, what is proposed and what is asked."""
    named = [*(drug_label(code) for code in case.proposed_drugs), case.proposed_text]
    drugs = " + ".join(name for name in named if name)
    regimen = (
        str(case.get_proposed_regimen_display())
        if case.proposed_regimen
        else state_words(case.proposed_regimen_state)
    )
    asked = _("Asked by %(who)s, %(date)s") % {
        "who": case.referred_by.name,
        "date": formatting.date(case.referred_at),
    }
    return [
        (_("Stopped because"), stopped_words(case)),
        (_("Proposed"), f"{regimen}: {drugs}" if drugs else regimen),
        (asked, text_words(case, case.question)),
    ]


def _owed_line(owed: int, bar: PatientBar) -> str:
    words = ngettext("%(n)s fact owed", "%(n)s facts owed", owed) % {"n": owed}
    return f"{bar.facts_text} · {words}"


def _counts(found: Guidance) -> tuple[dict[str, object], ...]:
    return (
        {"number": len(found.applies), "text": _("apply"), "colour": "green"},
        {"number": len(found.cannot_tell), "text": _("cannot tell"), "colour": "amber"},
        {"number": len(found.does_not_apply), "text": _("do not apply, folded"), "colour": None},
    )


def at_once(found: Guidance) -> tuple[tuple[int, str, str, str], ...]:
    """Return what a reader of the bar has to know at once, each with the group of the guidance that it leads to."""
    stops = sum(_group_of(card) == "stop" for card in found.applies)
    may = sum(card.signal_code == Signal.STOP for card in found.cannot_tell)
    open_ = len(found.cannot_tell)
    told = (
        (stops, ngettext("stops now", "stop now", stops), "red", "stop"),
        (may, ngettext("may stop", "may stop", may), "amber", "cannot_tell"),
        (open_, _("cannot tell"), "", "cannot_tell"),
    )
    return tuple(one for one in told if one[0])


def _groups(
    case: Case, found: Guidance, attached: list[AttachedGuidance], *, may_attach: bool
) -> tuple[Group, ...]:
    pinned = {row.version.public_id: row.version.number for row in attached if row.version}

    def cards(rows: tuple[MatchCard, ...]) -> list[AttachableCard]:
        return [_attachable(case, card, pinned, may_attach=may_attach) for card in rows]

    parts = (
        *((key, title, tuple(rows)) for key, title, rows in _applying(found)),
        ("cannot_tell", _("Cannot tell, and what would settle it"), found.cannot_tell),
        ("does_not_apply", _("Does not apply"), found.does_not_apply),
    )
    groups = []
    for key, title, rows in parts:
        if not rows:
            continue
        if key == "cannot_tell":
            more = ngettext("%(n)s statement in full", "All %(n)s in full", len(rows))
            groups.append(Group(key, title, (), tuple(cards(rows)), more % {"n": len(rows)}))
            continue
        # Of plain evidence the first few are in sight; of what does not apply nothing.
        shown = {"applies": SHOWN, "elsewhere": 0, "does_not_apply": 0}.get(key, len(rows))
        in_sight, rest = _folded(cards(rows), shown)
        more = ngettext("%(n)s more", "%(n)s more", len(rest)) % {"n": len(rest)}
        if key == "elsewhere":
            more = _("%(n)s found in other tumours alone") % {"n": len(rest)}
        if key == "does_not_apply":
            more = _("%(n)s that do not apply, with the reason") % {"n": len(rest)}
        groups.append(Group(key, title, in_sight, rest, more))
    return tuple(groups)


def _applying(found: Guidance) -> list[tuple[str, str, list[MatchCard]]]:
    """Part what applies: what stops now, what is withheld or warned of, where sources differ, then the rest.

    Each statement stands once. Where sources differ on what stops or is withheld, its own line says so.
    """
    taken: dict[str, list[MatchCard]] = {
        key: [] for key in ("stop", "hold", "differ", "disagree", "applies", "elsewhere")
    }
    for card in found.applies:
        taken[_group_of(card)].append(card)
    titles = {
        "stop": _("Stops now"),
        "hold": _("Withheld, not yet, or a warning"),
        "differ": _("Sources differ on %(n)s") % {"n": len(taken["differ"])},
        "disagree": _("Evidence disagrees on %(n)s") % {"n": len(taken["disagree"])},
        "applies": _("Applies, in the order of the review"),
        "elsewhere": _("Efficacy in other tumours"),
    }
    return [(key, titles[key], rows) for key, rows in taken.items()]


def _group_of(card: MatchCard) -> str:
    if card.stops:
        return "stop"
    if card.differ:
        return "differ"
    if card.never_folded:
        return "hold"
    if card.elsewhere:
        return "elsewhere"
    return "disagree" if card.contradictions else "applies"


def _folded(
    rows: list[AttachableCard], shown: int
) -> tuple[tuple[AttachableCard, ...], tuple[AttachableCard, ...]]:
    """Part the cards into those in sight and those folded, each in the order they came."""
    first = rows[:shown]
    in_sight = [*first, *(row for row in rows[shown:] if row.card.never_folded)]
    return tuple(in_sight), tuple(row for row in rows[shown:] if not row.card.never_folded)


def _waiting(user: User) -> tuple[str, str]:
    """Say how many rules are not held against the case, with the list for who may read it."""
    text = waiting_words(*waiting_rules())
    if not text:
        return "", ""
    # The page shows drafts to curators alone.
    may_read = user.can_anywhere("evidence.curate")
    url = f"{reverse('evidence:statements')}?category={Category.RULE}&drafts=1&tumours=all"
    return text, url if may_read else ""


def _figures(case: Case, strip: Strip, attached: list[AttachedGuidance]) -> dict[UUID, str]:
    there = {row.finding.public_id for row in attached if row.finding}
    ids = (row.finding.public_id for part in strip.parts for row in (*part.first, *part.more))
    return {
        key: "" if key in there else reverse("cases:attach_finding", args=[case.public_id, key])
        for key in ids
    }


def _attachable(
    case: Case, card: MatchCard, pinned: dict[UUID, int], *, may_attach: bool
) -> AttachableCard:
    if card.version_id in pinned:
        return AttachableCard(card, "", _("attached v%(n)s") % {"n": card.version_number})
    url = reverse("cases:attach", args=[case.public_id, card.version_id]) if may_attach else ""
    return AttachableCard(card, url, "")

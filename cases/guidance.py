"""Published guidance held against a case, without reading it anew for every page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone

from accounts.rule_profiles import in_order
from cases.derivations.iraes import graded_of
from cases.models import AttachedGuidance
from cases.vocabulary import drugs
from evidence.changes import History, history, history_key
from evidence.matching import match
from evidence.presenters import Guidance, MatchCard, guidance
from evidence.rulings import Profile
from evidence.selectors import published_versions
from evidence.states import VersionState
from evidence.strip_rows import Strip, strip_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from uuid import UUID

    from accounts.models import Board, User
    from cases.models import Case, ICICourse, IrAE
    from evidence.changes import Key
    from evidence.conditions import Days, Facts
    from evidence.models import StatementVersion

# The last set of versions read by this process. A published version and all it refers to are frozen, so a
# set of ids always stands for the same content; one query tells whether it is still the published set.
_last: tuple[tuple[int, ...], list[StatementVersion]] = ((), [])
# What was ever published: as it was asked for last, and as it was read last.
_key: Key = ()
_history: tuple[Key, History] = ((), History())


def published() -> list[StatementVersion]:
    """Return the published versions with their basis: one query, three more after a publication."""
    global _last, _key
    _key = history_key()
    ids = tuple(pk for pk, state in _key if state == VersionState.PUBLISHED)
    if ids != _last[0]:
        _last = (ids, list(published_versions()))
    return _last[1]


def last_read() -> list[StatementVersion]:
    """Return the published versions as this process read them last, for who has asked `published` a moment ago."""
    return _last[1]


def history_read() -> History:
    """Return what was ever published, for who has asked `published` a moment ago; five queries after a change."""
    global _history
    if _history[0] != _key:
        _history = (_key, history())
    return _history[1]


def profile_of(board: Board) -> Profile:
    """By whose rules a board has its marks set."""
    return Profile(board.rule_profile, in_order(board.rule_order))


def agents_of(case: Case, decided: Collection[str] = ()) -> frozenset[str]:
    """Return the agents that rows about one agent are read for: those decided on or proposed, else those given.

    Where neither was decided nor proposed, the patient's courses are read, so they must be fetched.
    """
    named = decided or case.proposed_drugs
    return frozenset(named or (code for c in case.patient.courses.all() for code in c.drugs))


def guidance_for(
    facts: Facts,
    said: Mapping[str, Days] | None = None,
    *,
    board: Board | None = None,
    agents: Collection[str] = (),
) -> Guidance:
    """Return every published statement with its answer for these facts today.

    `said`: the days on which facts were said or measured, for the reasons. `board`: whose profile sets the marks.
    `agents`: what is proposed or was given, for rows about one agent.
    """
    today = timezone.localdate()
    profile = profile_of(board) if board is not None else Profile()
    matches = match(published(), facts, as_of=today, said=said)
    return guidance(matches, facts, today, profile, agents)


def strip_for(facts: Facts, courses: Iterable[ICICourse], stopping: Iterable[IrAE] = ()) -> Strip:
    """Return the findings of published statements that are nearest to these facts and to what was given.

    `stopping`: the irAEs for which the course in question was stopped; their figures stand first.
    """
    given = [
        [drugs()[code].target if code in drugs() else "" for code in course.drugs]
        for course in courses
    ]
    keys = {key for event in stopping for key in graded_of(event.organ, event.entity)}
    return strip_of(published(), facts, given, keys, timezone.localdate())


def attached_ids(user: User, case_id: UUID) -> frozenset[UUID]:
    """Return the ids of what is attached to a case that `user` may see: versions and findings; one query."""
    rows = AttachedGuidance.objects.visible_to(user).filter(
        case__public_id=case_id, detached_at=None
    )
    found = rows.values_list("version__public_id", "finding__public_id")
    return frozenset(key for pair in found for key in pair if key is not None)


def card_of(found: Guidance, version_id: object) -> MatchCard | None:
    """Return the card of one version, or None where it is published no more."""
    cards = (*found.applies, *found.cannot_tell, *found.does_not_apply)
    return next((card for card in cards if card.version_id == version_id), None)

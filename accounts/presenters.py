"""What the page of a board's members shows of each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.rule_profiles import RuleProfile, in_order

if TYPE_CHECKING:
    from datetime import datetime

    from accounts.models import Board, Membership, User


@dataclass(frozen=True)
class HeldRole:
    """One role of a member; `end_url` is empty where it cannot be ended here, and `kept` says why."""

    label: str
    specialty: str
    end_url: str
    kept: str


@dataclass(frozen=True)
class MemberRow:
    """One member of a board."""

    name: str
    title: str
    email: str
    roles: tuple[HeldRole, ...]
    last_sign_in: datetime | None
    state: str
    colour: str
    mail_url: str


def member_row(user: Any, board: Board, *, by: User) -> MemberRow:
    """Return the row of a member whose roles on `board` are fetched as `held`, as its administrator sees it."""
    state, colour = _("active"), "green"
    if not user.is_active:
        state, colour = _("switched off"), "grey"
    elif user.last_login is None:
        state, colour = _("never signed in"), "amber"
    waits = user.is_active and user.last_login is None and any(m.active for m in user.held)
    mail = reverse("boards:invite_again", args=[board.public_id, user.public_id])
    return MemberRow(
        name=user.name,
        title=user.title,
        email=user.email,
        roles=tuple(_role(m, user, board, by) for m in user.held),
        last_sign_in=user.last_login,
        state=state,
        colour=colour,
        mail_url=mail if waits else "",
    )


def _role(row: Membership, user: User, board: Board, by: User) -> HeldRole:
    kept = ""
    if not row.active:
        kept = _("ended")
    elif user.pk == by.pk:
        kept = _("your own: another administrator ends it")
    return HeldRole(
        label=str(row.get_role_display()),
        specialty=str(row.get_specialty_display()) if row.specialty else "",
        end_url=""
        if kept
        else reverse("boards:end", args=[board.public_id, user.public_id, row.role]),
        kept=kept,
    )


@dataclass(frozen=True)
class ChosenRules:
    """One choice of whose rules set a board's marks: what was chosen, by whom, when and why."""

    profile: str
    by: str
    at: datetime
    reason: str


def profile_label(profile: str, order: str) -> str:
    """Return whose rules set the mark; of an order of the board's own its sources, first to last."""
    if profile != RuleProfile.LOCAL:
        return str(RuleProfile(profile).label)
    names = ", ".join(str(RuleProfile(code).label) for code in in_order(order))
    return _("The first that says something of: %(names)s") % {"names": names}


def changed_words(board: Any) -> str:
    """Return who chose which rules meanwhile, and why, to whoever chose from an older page."""
    who = board.rule_set_by.name if board.rule_set_by else _("An administrator")
    stands = profile_label(board.rule_profile, board.rule_order)
    said = _("%(who)s has changed this meanwhile: %(rules)s.") % {"who": who, "rules": stands}
    if board.rule_reason:
        said += " " + _("Why: “%(reason)s”") % {"reason": board.rule_reason}
    return said + " " + _("If yours is right nevertheless, save again.")


def reaches_words(readers: int) -> str:
    """Return whose marks a choice sets: of which cases, and before how many people."""
    words = ngettext(
        "It marks the rules on every case of this board, for the %(n)s person who may open them.",
        "It marks the rules on every case of this board, for the %(n)s people who may open them.",
        readers,
    )
    return words % {"n": readers}


def chosen_rules(row: Any) -> ChosenRules:
    """Return a choice as the board's history holds it."""
    by = row.rule_set_by.name if row.rule_set_by else ""
    return ChosenRules(
        profile_label(row.rule_profile, row.rule_order), by, row.rule_set_at, row.rule_reason
    )

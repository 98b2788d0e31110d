"""Making and changing boards, and choosing by whose stopping rules a board has its marks set."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Board
from accounts.policies import check_board, check_superuser
from accounts.rule_profiles import RuleProfile
from audit.services import record

if TYPE_CHECKING:
    from accounts.models import User

RULES = ("rule_profile", "rule_order")
LONGEST_REASON = 300


class RulesChanged(ValidationError):
    """Somebody else chose meanwhile; `board` is as it stands now."""

    def __init__(self, message: str, board: Board) -> None:
        super().__init__(message)
        self.board = board


@transaction.atomic
def save_board(*, by: User, board: Board, values: dict[str, Any]) -> Board:
    """Make or change a board: name, hospital, zone, whether it is active, whose rules set the mark.

    Raises NotAllowed; ValidationError for another profile of rules without a reason.
    """
    check_superuser(by)
    made = board.pk is None
    before = None if made else _rules(Board.objects.select_for_update(no_key=True).get(pk=board.pk))
    for name, value in values.items():
        setattr(board, name, value)
    if before is not None and _rules(board) != before:
        _note_who(board, by, values.get("rule_reason", ""))
    board.full_clean()
    board.save()
    kind = "board.made" if made else "board.changed"
    record(kind, by=by, board=board, subject=board, detail={"fields": sorted(values)})
    if before is not None and _rules(board) != before:
        _record_rules(by, board, before)
    return board


@transaction.atomic
def choose_rules(
    *, by: User, board: Board, profile: str, order: str, reason: str, seen: str
) -> Board:
    """Set by whose stopping rules the marks of the board's cases are set, for a reason that its members read.

    `seen`: `rules_seen` of the board as it was shown. Signed decisions keep the profile of their day. Raises
    NotAllowed; ValidationError without a reason or when nothing changes; RulesChanged when somebody else chose first.
    """
    board = Board.objects.select_for_update(no_key=True).get(pk=board.pk)
    check_board(by, "board.set_rules", board)
    if rules_seen(board) != seen:
        who = board.rule_set_by.name if board.rule_set_by else _("An administrator")
        words = _("%(who)s has changed this meanwhile. Look again at what holds now.")
        raise RulesChanged(words % {"who": who}, board)
    before = _rules(board)
    board.rule_profile = profile
    if profile == RuleProfile.LOCAL:
        board.rule_order = order
    if _rules(board) == before:
        raise ValidationError({"rule_profile": _("This is what holds already.")})
    _note_who(board, by, reason)
    # What else of the board may have become invalid is not the chair's to mend.
    board.clean_fields(exclude={f.name for f in Board._meta.fields} - {*RULES, "rule_reason"})
    board.save(update_fields=[*RULES, "rule_reason", "rule_set_by", "rule_set_at"])
    _record_rules(by, board, before)
    return board


def rules_seen(board: Board) -> str:
    """What tells one choice of rules from the next, for whoever changes what they were shown."""
    at = board.rule_set_at.isoformat() if board.rule_set_at else ""
    return "|".join((*_rules(board), at))


def _rules(board: Board) -> tuple[str, str]:
    """What sets the marks: an order counts only while it is gone by."""
    is_local = board.rule_profile == RuleProfile.LOCAL
    return board.rule_profile, board.rule_order if is_local else ""


def _note_who(board: Board, by: User, reason: str) -> None:
    reason = reason.strip()
    if not reason:
        raise ValidationError({"rule_reason": _("Say why: the members of the board read it.")})
    if len(reason) > LONGEST_REASON:
        words = _("Say it in at most %(n)s characters.") % {"n": LONGEST_REASON}
        raise ValidationError({"rule_reason": words})
    board.rule_reason, board.rule_set_by, board.rule_set_at = reason, by, timezone.now()


def _record_rules(by: User, board: Board, before: tuple[str, str]) -> None:
    detail = {"before": before, "after": _rules(board)}
    record("board.rules_changed", by=by, board=board, subject=board, detail=detail)

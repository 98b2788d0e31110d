"""Reads of boards and the people on them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Exists, OuterRef, Prefetch

from accounts.models import Membership, User

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import QuerySet

    from accounts.models import Board

MOST_CHANGES = 50


def people_of(board: Board, *, active: bool = True) -> QuerySet[User]:
    """Return those who hold a role on `board` (or held one that was ended), with these roles as `held`.

    Two queries, whatever their number.
    """
    rows = Membership.objects.filter(board=board, active=active)
    return User.objects.filter(Exists(rows.filter(user=OuterRef("pk")))).prefetch_related(
        Prefetch("memberships", rows.order_by("id"), to_attr="held")
    )


def administrators_of(board: Board) -> int:
    """Return how many administer `board` and can sign in."""
    return board.memberships.holding("board.manage").values("user").distinct().count()


def rules_of(board: Board) -> list[Any]:
    """Return each choice of whose rules set the marks, as the board's history holds it, the newest first; one query."""
    rows: Any = board.events  # type: ignore[attr-defined]
    rows = rows.filter(rule_set_at__isnull=False).select_related("rule_set_by")
    told = rows.order_by("-rule_set_at", "pgh_id").distinct("rule_set_at")
    return list(told[:MOST_CHANGES])


def readers_of(board: Board) -> int:
    """Return how many may open the cases of `board`."""
    return board.memberships.holding("case.view").values("user").distinct().count()


def account_of(email: str) -> User | None:
    """Return the account with this address, whatever its case."""
    return User.objects.filter(email=email.lower()).first()


def people_on(boards: Iterable[Board]) -> QuerySet[User]:
    """Return everybody who holds or held a role on one of `boards`, by name."""
    rows = Membership.objects.filter(board__in=list(boards), user=OuterRef("pk"))
    return User.objects.filter(Exists(rows)).order_by("name", "id")

"""Writes notices in the application."""

from __future__ import annotations

from typing import TYPE_CHECKING

from accounts.models import Membership
from accounts.permissions import Role
from followup.models import Notice

if TYPE_CHECKING:
    from collections.abc import Iterable

    from followup.models import Check, MonitoringPlan


def members(board_id: int, *roles: Role) -> list[int]:
    """Return the ids of those who are active on the board in one of `roles`."""
    rows = Membership.objects.filter(
        board_id=board_id, active=True, user__is_active=True, role__in=roles
    )
    return sorted(set(rows.values_list("user_id", flat=True)))


def leaders(board_id: int) -> list[int]:
    """Return the ids of the board's coordinators and chairs who are active."""
    return members(board_id, Role.COORDINATOR, Role.CHAIR)


def notify(
    *,
    users: Iterable[int],
    kind: str,
    plan: MonitoringPlan,
    reference: str,
    check: Check | None = None,
    reason: str = "",
) -> None:
    """Tell each of `users`, by id, once. `ignore_conflicts`: the writer may not read what it wrote."""
    Notice.objects.bulk_create(
        [
            Notice(
                user_id=user,
                kind=kind,
                reference=reference,
                reason=reason,
                due_on=check.due_on if check else None,
                plan_public_id=plan.public_id,
                check_public_id=check.public_id if check else None,
            )
            for user in users
        ],
        ignore_conflicts=True,
    )

"""Which signed decisions relied on a version of a statement, and how many there are on all boards."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import connection
from django.urls import reverse
from django.utils.translation import gettext as _

from evidence.curation.reach import RelyingDecision, Totals
from meetings.models.decisions import DecisionStatement
from meetings.states import DecisionState
from ui import formatting

if TYPE_CHECKING:
    from accounts.models import User
    from evidence.models import StatementVersion


def relying_decisions(user: User, version: StatementVersion) -> tuple[RelyingDecision, ...]:
    """Return the signed decisions of the user's boards that name `version`, the newest first; one query."""
    rows = DecisionStatement.objects.visible_to(user).filter(
        statement_version=version,
        decision__state=DecisionState.SIGNED,
        decision__board__in=user.boards_with("decision.view"),
    )
    rows = rows.select_related("decision__board", "decision__case")
    return tuple(_relying(row) for row in rows.order_by("-decision__signed_at", "-pk"))


def totals(version: StatementVersion | None) -> Totals:
    """Return how many cases are open, have `version` attached, and how many signed decisions name it: all boards."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT open_cases, attached, decisions FROM rechallenge_guidance_reach(%s)",
            [None if version is None else version.pk],
        )
        open_cases, attached, decisions = cursor.fetchone()
    return Totals(open_cases=open_cases, attached=attached, decisions=decisions)


def _relying(row: DecisionStatement) -> RelyingDecision:
    decision = row.decision
    words = _("%(case)s, decision %(number)s, signed %(day)s")
    return RelyingDecision(
        label=words
        % {
            "case": decision.case.reference,
            "number": decision.number,
            "day": formatting.date(decision.signed_at),
        },
        url=reverse("meetings:decision", args=[decision.public_id]),
        board=decision.board.name,
        deviates=str(row.get_deviation_reason_display()) if row.deviation_reason else "",
    )

"""Open cases by what several conditions answer of them: a letter for each condition, and one reading of the table.

For the boards that a curator may see by the ORM; for all others by a function of the database that gives numbers and
nothing else, to curators alone. Both get the conditions from `condition_sql`, so there is one definition of each.
"""

from __future__ import annotations

import json
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.db.models import Case as Choice
from django.db.models import Count, Q, TextField, Value, When
from django.db.models.functions import Concat
from django.urls import reverse
from django.utils import timezone

from cases.condition_sql import pairs
from cases.models import CaseFacts
from cases.states import CaseState
from evidence.curation.reach import SHOWN_CASES
from evidence.curation.rule_reach import NamedCase

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from django.db.models import QuerySet

    from accounts.models import User
    from evidence.conditions import Node


def counted_here(user: User, nodes: Sequence[Node]) -> dict[str, int]:
    """Return how many open cases of the user's boards have which answers; one statement that reads each row once."""
    rows = _answered(user, nodes)
    if rows is None:
        return {}
    counts = rows.order_by().values_list("answers").annotate(number=Count("pk"))
    return dict(counts)


def named_here(user: User, nodes: Sequence[Node], answers: Sequence[str]) -> list[NamedCase]:
    """Return the newest open cases of the user's boards that have one of these `answers`."""
    rows = _answered(user, nodes)
    if rows is None:
        return []
    found = rows.filter(answers__in=answers).select_related("case__board")
    found = found.order_by("-case__referred_at", "-case_id")[:SHOWN_CASES]
    return [
        NamedCase(
            reference=row.case.reference,
            url=reverse("cases:detail", args=[row.case.public_id]),
            board=row.case.board.name,
            answers=row.answers,
        )
        for row in found
    ]


def _answered(user: User, nodes: Sequence[Node]) -> QuerySet[Any] | None:
    boards = user.boards_with("case.view")
    if not boards:
        return None
    rows: QuerySet[Any] = CaseFacts.objects.visible_to(user).filter(case__board__in=boards)
    rows = rows.exclude(case__state=CaseState.CLOSED)
    rows, asked = pairs(rows, nodes, as_of=timezone.localdate())
    letters = [
        Choice(
            When(pair.is_true, then=Value("t")),
            When(pair.is_false, then=Value("f")),
            default=Value("u"),
        )
        for pair in asked
    ]
    return rows.annotate(answers=Concat(*letters, Value(""), output_field=TextField()))


def counted_elsewhere(user: User, nodes: Sequence[Node]) -> dict[str, int]:
    """Return how many open cases of the boards whose cases the acting curator may not see have which answers.

    `user` is the one who is acting: the database goes by that alone.
    """
    as_of = timezone.localdate()
    _rows, asked = pairs(CaseFacts.objects.none(), nodes, as_of=as_of)
    sent = [{"true": _plain(pair.is_true), "false": _plain(pair.is_false)} for pair in asked]
    return _asked_elsewhere(sent, as_of)


def _asked_elsewhere(sent: list[dict[str, Any]], as_of: date) -> dict[str, int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT answers, cases FROM rechallenge_answers_elsewhere(%s::jsonb, %s)",
            [json.dumps(sent), as_of],
        )
        return dict(cursor.fetchall())


def _plain(condition: Q | tuple[str, Any]) -> dict[str, Any]:
    """An expression over columns as data: `and`, `or`, or a column with an operator and a constant."""
    if isinstance(condition, Q):
        if condition.negated:
            raise ValueError("Conditions are positive expressions.")
        return {condition.connector.lower(): [_plain(part) for part in condition.children]}  # type: ignore[arg-type]
    lookup, value = condition
    column, _mark, op = lookup.partition("__")
    column = "id" if column == "pk" else column
    return {"column": column, "op": op or "exact", "value": _constant(value)}


def _constant(value: Any) -> Any:
    if isinstance(value, list | tuple):
        return [_constant(one) for one in value]
    if isinstance(value, bool):
        return value
    return str(value.normalize()) if isinstance(value, Decimal) else str(value)

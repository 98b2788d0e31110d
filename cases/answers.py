"""Open cases by what several conditions answer of them: a letter for each condition, and one reading of the table.

For the boards that a curator may see by the ORM; for all others by a function of the database that gives numbers and
nothing else, to curators alone. Both get the conditions from `condition_sql`, so there is one definition of each.
"""

from __future__ import annotations

import json
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.db.models import BigIntegerField, Count, Q, Sum, TextField, Value, When
from django.db.models import Case as Choice
from django.db.models.functions import Concat
from django.urls import reverse
from django.utils import timezone

from cases.condition_sql import pairs
from cases.models import Case, CaseFacts
from cases.states import CaseState
from evidence.curation.counting import NamedCase

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from django.db.models import QuerySet

    from accounts.models import User
    from evidence.conditions import Node

# No table has so many rows, and so many times as many are still a bigint.
MORE_THAN_ROWS = 1 << 31


def open_here(user: User, at_most: int) -> int:
    """Return how many cases are open on the user's boards, counting no further than `at_most`."""
    boards = user.boards_with("case.view")
    if not boards:
        return 0
    rows = Case.objects.visible_to(user).filter(board__in=boards).exclude(state=CaseState.CLOSED)
    return rows.order_by()[:at_most].count()


def counted_here(user: User, nodes: Sequence[Node]) -> dict[str, int]:
    """Return how many open cases of the user's boards have which answers; one statement that reads each row once."""
    rows = _open_rows(user)
    if rows is None:
        return {}
    return counted(rows, nodes, as_of=timezone.localdate())


def newest_here(
    user: User, nodes: Sequence[Node], answers: Sequence[str], most: int
) -> list[tuple[int, str]]:
    """Return the newest open cases of the user's boards that have one of these `answers`: their keys and answers."""
    rows = _open_rows(user)
    if rows is None:
        return []
    found = lettered(rows, nodes, as_of=timezone.localdate()).filter(answers__in=answers)
    found = found.order_by("-case__referred_at", "-case_id")
    return list(found.values_list("case_id", "answers")[:most])


def named_here(user: User, found: Sequence[tuple[int, str]]) -> list[NamedCase]:
    """Return those of the cases by name that are open on the user's boards now, in the order of `found`."""
    rows = Case.objects.visible_to(user).filter(
        pk__in=[key for key, _answers in found], board__in=user.boards_with("case.view")
    )
    rows = rows.exclude(state=CaseState.CLOSED).select_related("board")
    cases = {case.pk: case for case in rows}
    return [
        NamedCase(
            reference=cases[key].reference,
            url=reverse("cases:detail", args=[cases[key].public_id]),
            board=cases[key].board.name,
            answers=answers,
        )
        for key, answers in found
        if key in cases
    ]


def _open_rows(user: User) -> QuerySet[Any] | None:
    boards = user.boards_with("case.view")
    if not boards:
        return None
    rows: QuerySet[Any] = CaseFacts.objects.visible_to(user)
    return rows.filter(open_board__in=boards)


def counted(rows: QuerySet[Any], nodes: Sequence[Node], *, as_of: date) -> dict[str, int]:
    """Return how many of these rows of facts have which answers on `as_of`; one statement that reads each row once."""
    if len(nodes) == 1:
        return _counted_alone(rows, nodes[0], as_of)
    found = lettered(rows, nodes, as_of=as_of).order_by().values_list("answers")
    return dict(found.annotate(number=Count("pk")))


def _counted_alone(rows: QuerySet[Any], node: Node, as_of: date) -> dict[str, int]:
    """The same of one condition: to group by its answer would sort all rows by it, which takes a fifth longer.

    Both answers are counted in one number, so that of a row for which the one holds the other is not worked out: a
    tenth less.
    """
    rows, (pair,) = pairs(rows, [node], as_of=as_of)
    answer = Choice(
        When(pair.is_true, then=Value(1)),
        When(pair.is_false, then=Value(MORE_THAN_ROWS)),
        default=Value(0),
        output_field=BigIntegerField(),
    )
    found = rows.aggregate(told=Sum(answer), all=Count("pk"))
    false, true = divmod(int(found["told"] or 0), MORE_THAN_ROWS)
    numbers = {"t": true, "f": false, "u": found["all"] - true - false}
    return {letter: number for letter, number in numbers.items() if number}


def lettered(rows: QuerySet[Any], nodes: Sequence[Node], *, as_of: date) -> QuerySet[Any]:
    """Return rows of facts with `answers`: a letter for what each of the conditions answers on `as_of`."""
    rows, asked = pairs(rows, nodes, as_of=as_of)
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

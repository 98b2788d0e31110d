"""The open cases that a curator may see: which get another answer by a new condition, and which may be tried."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Case as Choice
from django.db.models import CharField, Count, F, Q, Value, When
from django.urls import reverse
from django.utils import timezone

from cases.condition_sql import Pair, pairs
from cases.family import joined
from cases.models import Case, CaseFacts
from cases.rules import with_rules
from cases.states import CaseState
from evidence.curation.reach import NOT_SHOWN, SHOWN_CASES, ChangedCase, ChangedCases
from evidence.curation.trying import TriedCase

if TYPE_CHECKING:
    from collections.abc import Sequence

    from accounts.models import User
    from evidence.conditions import Node

# Neither answer stands on a page.
SILENT = Q(before=NOT_SHOWN, after="false") | Q(before="false", after=NOT_SHOWN)


def changed_cases(user: User, before: Node | None, after: Node | None) -> ChangedCases:
    """Return the open cases of the user's boards that are answered otherwise: two statements of SQL.

    None stands for no published version: then nothing is shown, and a condition that does not apply adds nothing.
    """
    boards = user.boards_with("case.view")
    if not boards:
        return ChangedCases()
    rows: Any = CaseFacts.objects.visible_to(user).filter(case__board__in=boards)
    rows = rows.exclude(case__state=CaseState.CLOSED)
    # Each row is read once for both answers.
    rows, asked = pairs(
        rows, [node for node in (before, after) if node], as_of=timezone.localdate()
    )
    told = iter(asked)
    found: Any = rows.annotate(
        before=_answer(next(told) if before else None), after=_answer(next(told) if after else None)
    )
    counts = found.order_by("before", "after").values_list("before", "after")
    counted = [tuple(row) for row in counts.annotate(number=Count("pk"))]
    changes = [row for row in counted if row[0] != row[1] and not _is_silent(row[0], row[1])]
    named: tuple[ChangedCase, ...] = ()
    if changes:
        facts = found.exclude(before=F("after")).exclude(SILENT)
        facts = facts.select_related("case__board").order_by("-case__referred_at", "-case_id")
        named = tuple(_named(row) for row in facts[:SHOWN_CASES])
    return ChangedCases(sum(row[2] for row in counted), tuple(changes), named)


def _answer(pair: Pair | None) -> Choice | Value:
    if pair is None:
        return Value(NOT_SHOWN, output_field=CharField())
    return Choice(
        When(pair.is_true, then=Value("true")),
        When(pair.is_false, then=Value("false")),
        default=Value("undetermined"),
        output_field=CharField(),
    )


def _is_silent(before: str, after: str) -> bool:
    return {before, after} == {NOT_SHOWN, "false"}


def _named(row: Any) -> ChangedCase:
    case: Case = row.case
    return ChangedCase(
        reference=case.reference,
        url=reverse("cases:detail", args=[case.public_id]),
        board=case.board.name,
        before=row.before,
        after=row.after,
    )


def cases_to_try(user: User) -> list[TriedCase]:
    """Return the open cases that the user may open, the newest first, by reference alone."""
    boards = user.boards_with("case.view")
    if not boards:
        return []
    rows = Case.objects.visible_to(user).filter(board__in=boards).exclude(state=CaseState.CLOSED)
    names = rows.order_by("-referred_at", "-id").values_list("public_id", "reference")
    return [TriedCase(str(key), reference) for key, reference in names[:SHOWN_CASES]]


def facts_to_try(user: User, keys: Sequence[str]) -> list[TriedCase]:
    """Return those of the cases with their facts as of today, in the order of `keys`."""
    rows = CaseFacts.objects.visible_to(user).filter(
        case__public_id__in=keys, case__board__in=user.boards_with("case.view")
    )
    found = {
        str(row.case.public_id): TriedCase(
            str(row.case.public_id), row.case.reference, row.as_facts()
        )
        for row in with_rules(rows).select_related("case", *joined("case__patient", "identity"))
    }
    return [found[key] for key in keys if key in found]

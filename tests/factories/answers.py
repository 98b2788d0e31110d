"""What conditions answer of rows of facts in SQL, as the pages ask it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cases.answers import lettered
from evidence.curation.rule_changes import LETTERS

if TYPE_CHECKING:
    from datetime import date

    from django.db.models import QuerySet

    from evidence.conditions import Answer, Node


def answers_of(rows: QuerySet[Any], node: Node, *, as_of: date) -> dict[int, Answer]:
    """Return by the key of each row what `node` answers on `as_of`."""
    found = lettered(rows, [node], as_of=as_of).values_list("pk", "answers")
    return {pk: LETTERS[letter] for pk, letter in found}


def answer_of(rows: QuerySet[Any], node: Node, *, as_of: date) -> Answer:
    """Return what `node` answers of the only one of `rows`."""
    (found,) = answers_of(rows, node, as_of=as_of).values()
    return found

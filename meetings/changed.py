"""Signed decisions whose guidance changed since, and what boards made of it: reads."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef

from cases.family import joined
from cases.guidance import history_read, published
from cases.models import PatientErasure
from meetings.models import Decision, DecisionStatement, GuidanceReview
from meetings.states import DecisionState

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.db.models import QuerySet

    from accounts.models import Board, User
    from evidence.changes import Change

MOST_COUNTED = 100


def changes_now() -> Mapping[int, Change]:
    """Return what changed for each version that was ever published; one query, five more after a publication."""
    published()
    return history_read().changed_versions()


def waiting(
    user: User, boards: list[Board], changes: Mapping[int, Change]
) -> QuerySet[DecisionStatement]:
    """Return what signed decisions of `boards` relied on, changed, and nobody has answered yet.

    A decision that another one about the case followed is not asked about, nor one about somebody who was erased.
    """
    marks = [change.mark for change in changes.values()]
    answered = GuidanceReview.objects.filter(
        decision=OuterRef("decision_id"),
        statement_version=OuterRef("statement_version_id"),
        mark__in=marks,
    )
    followed = Decision.objects.filter(
        case=OuterRef("decision__case"),
        state=DecisionState.SIGNED,
        signed_at__gt=OuterRef("decision__signed_at"),
    )
    erased = PatientErasure.objects.filter(patient=OuterRef("patient_id"))
    rows = DecisionStatement.objects.visible_to(user).filter(
        ~Exists(answered),
        ~Exists(followed),
        ~Exists(erased),
        decision__state=DecisionState.SIGNED,
        decision__board__in=boards,
        statement_version__in=list(changes),
    )
    found: QuerySet[DecisionStatement] = rows
    return found


def has_successor(decision: Decision) -> bool:
    """Whether a later decision about the case was signed; one query."""
    later = Decision.objects.filter(case=decision.case_id, state=DecisionState.SIGNED)
    return later.filter(signed_at__gt=decision.signed_at).exists()


def answer_to(pin: DecisionStatement, change: Change) -> GuidanceReview | None:
    """Return what was answered already, with who did; one query."""
    rows = GuidanceReview.objects.filter(
        decision=pin.decision_id, statement_version=pin.statement_version_id, mark=change.mark
    )
    found: GuidanceReview | None = rows.select_related("by").first()
    return found


def with_names(rows: QuerySet[DecisionStatement]) -> QuerySet[DecisionStatement]:
    """Return the rows with what a line of the list shows."""
    return rows.select_related(
        "statement_version__statement",
        "decision__board",
        *joined("decision__case__patient", "identity"),
    )


def how_many(user: User) -> int:
    """Return how many wait for an answer on the boards where `user` may give it, at most one above `MOST_COUNTED`."""
    boards = user.boards_with("decision.review")
    return counted(waiting(user, boards, changes_now())) if boards else 0


def counted(rows: QuerySet[DecisionStatement]) -> int:
    """Return how many rows there are, at most one above `MOST_COUNTED`: the rest are not looked for."""
    return len(rows.values_list("pk")[: MOST_COUNTED + 1])


def number_words(number: int) -> str:
    """Return a number as it was counted: what lies above `MOST_COUNTED` is not known."""
    return f"{MOST_COUNTED}+" if number > MOST_COUNTED else str(number)


def answered(user: User, boards: list[Board]) -> QuerySet[GuidanceReview]:
    """Return what the boards made of changed guidance."""
    rows = GuidanceReview.objects.visible_to(user).filter(decision__board__in=boards)
    found: QuerySet[GuidanceReview] = rows.select_related(
        "by",
        "statement_version__statement",
        "decision__board",
        *joined("decision__case__patient", "identity"),
    )
    return found

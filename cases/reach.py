"""The open cases that a curator may see, to be tried with a condition."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cases.family import joined
from cases.models import Case, CaseFacts
from cases.rules import with_rules
from cases.states import CaseState
from evidence.curation.counting import SHOWN_CASES
from evidence.curation.trying import TriedCase

if TYPE_CHECKING:
    from collections.abc import Sequence

    from accounts.models import User


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

"""What waits for a second curator: how much of it a curator may confirm."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import ngettext

from cases.models import (
    CorrectionState,
    DrugCorrection,
    ListedDrug,
    ListedEvent,
    ListState,
    ReadinessVersion,
)
from evidence.models import StatementVersion
from evidence.states import VersionState

if TYPE_CHECKING:
    from accounts.models import User


def waiting_for(user: User) -> list[tuple[str, str]]:
    """Return in words what waits, and the address of where it stands; nothing of what `user` had a part in."""
    submitted = ReadinessVersion.objects.filter(submitted_at__isnull=False, published_at=None)
    newer = ReadinessVersion.objects.filter(number__gt=OuterRef("number")).exclude(
        published_at=None
    )
    drugs, events = (
        of_others(model.objects.filter(state=ListState.WAITING), user, "added_by").count()
        for model in (ListedDrug, ListedEvent)
    )
    corrections = (
        DrugCorrection.objects.filter(state=CorrectionState.WAITING)
        .exclude(proposed_by=user)
        .count()
    )
    reviewed = StatementVersion.objects.filter(state=VersionState.IN_REVIEW)
    versions = of_others(reviewed, user, "author").count()
    theirs = submitted.exclude(Q(written_by=user) | Q(edited_by=user))
    rules = theirs.exclude(Exists(newer)).count()
    found = (
        (drugs, ngettext("%(n)s ICI", "%(n)s ICIs", drugs), "cases_listeddrug", "?state__exact=waiting"),
        (
            corrections,
            ngettext("%(n)s correction of an ICI", "%(n)s corrections of ICIs", corrections),
            "cases_listeddrug",
            "?correction=waiting",
        ),
        (events, ngettext("%(n)s irAE", "%(n)s irAEs", events), "cases_listedevent", "?state__exact=waiting"),
        (
            versions,
            ngettext("%(n)s version of a statement", "%(n)s versions of statements", versions),
            "evidence_statementversion",
            "?state__exact=in_review",
        ),
        (
            rules,
            ngettext("%(n)s version of the rules of readiness", "%(n)s versions of the rules of readiness", rules),
            "cases_readinessversion",
            "",
        ),
    )  # fmt: skip
    return [
        (words % {"n": n}, reverse(f"admin:{name}_changelist") + query)
        for n, words, name, query in found
        if n
    ]


def of_others(rows: Any, user: User, first: str) -> Any:
    """Return the rows that `user` neither began nor ever changed."""
    mine = Q(**{first: user}) | Q(edited_by=user) | Q(events__edited_by=user)
    return rows.exclude(mine)

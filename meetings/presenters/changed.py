"""The lines of the list of decisions whose guidance changed."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext as _

from evidence.changed_words import line_of, who_of
from ui.formatting import date

if TYPE_CHECKING:
    from evidence.changes import Change
    from meetings.models import Decision, DecisionStatement, GuidanceReview


@dataclass(frozen=True)
class ChangedLine:
    """One decision and one version it relied on; `said` is what changed, or what was made of it."""

    name: str
    reference: str
    decision: str
    decision_url: str
    statement: str
    statement_url: str
    said: str
    who: str
    review_url: str = ""


def waiting_line(row: DecisionStatement, change: Change, reviewing: Collection[int]) -> ChangedLine:
    """Return a change that waits for an answer; the address to give it where the reader may."""
    decision = row.decision
    url = reverse("meetings:review", args=[decision.public_id, row.statement_version.public_id])
    return _line(
        row, line_of(change), who_of(change), url if decision.board_id in reviewing else ""
    )


def answered_line(row: GuidanceReview) -> ChangedLine:
    """Return what was made of a change."""
    who = _("%(day)s, %(person)s") % {"day": date(row.at), "person": row.by.name}
    return _line(row, f"{row.get_outcome_display()}: {row.reason}", who, "")


def _line(
    row: DecisionStatement | GuidanceReview, said: str, who: str, review_url: str
) -> ChangedLine:
    decision: Decision = row.decision
    version = row.statement_version
    signed = {"number": decision.number, "day": date(decision.signed_at)}
    return ChangedLine(
        name=decision.case.patient.identity.display_name,
        reference=decision.case.reference,
        decision=_("decision %(number)s, signed %(day)s") % signed,
        decision_url=reverse("meetings:decision", args=[decision.public_id]),
        statement=_("%(code)s v%(n)s: %(title)s")
        % {"code": version.statement.code, "n": version.number, "title": version.title},
        statement_url=f"{version.statement.get_absolute_url()}?version={version.number}",
        said=said,
        who=who,
        review_url=review_url,
    )

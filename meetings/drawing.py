"""The decisions of the board on the picture of a patient's history."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F
from django.db.models.functions import JSONObject
from django.utils import timezone
from django.utils.translation import gettext as _

from cases.family import records_around
from cases.timeline.sources import Decided, Source
from cases.vocabulary import drug_label
from meetings.choices import Outcome
from meetings.models import Decision
from meetings.states import DecisionState
from ui import formatting

if TYPE_CHECKING:
    from collections.abc import Iterator

    from accounts.models import User

# The newest; a patient who was discussed more often is read in the list of decisions.
MOST = 60


def _rows(user: User) -> ArraySubquery:
    """Return every decision on the patient that the user may read, whichever case it was on."""
    decisions = Decision.objects.visible_to(user).filter(
        patient__in=records_around(), board__in=user.boards_with("decision.view")
    )
    columns = JSONObject(
        state=F("state"),
        outcome=F("outcome"),
        drugs=F("drugs"),
        day=F("meeting__day"),
        signed_by=F("signed_by__name"),
        signed_at=F("signed_at"),
        reference=F("case__reference"),
        amended=F("amended_by__id"),
    )
    return ArraySubquery(decisions.order_by("-id").values_list(columns)[:MOST])


def _decided(rows: list[dict[str, Any]]) -> Iterator[Decided]:
    """Yield them oldest first: on the day of the signature, a draft on the day of its meeting."""
    for row in reversed(rows):
        signed, amended = row["state"] == DecisionState.SIGNED, row["amended"] is not None
        outcome = str(Outcome(row["outcome"]).label) if row["outcome"] else _("no outcome yet")
        drugs = " + ".join(drug_label(code) for code in row["drugs"] or ())
        label = f"{outcome}: {drugs}" if drugs else outcome
        on = date.fromisoformat(row["day"])
        said = _("draft, not signed")
        if signed:
            at = datetime.fromisoformat(row["signed_at"])
            on = timezone.localdate(at)
            said = _("signed by %(who)s, %(when)s") % {
                "who": row["signed_by"], "when": formatting.datetime(at),
            }  # fmt: skip
        state = "" if signed else _("draft")
        if amended:
            said, state = f"{said} · " + _("amended since"), _("amended since")
        yield Decided(
            on=on,
            label=f"{label}, {state}" if state else label,
            details=f"{said} · {row['reference']}",
            standing=signed and not amended,
        )


DECISIONS = Source("decisions", _rows, _decided)

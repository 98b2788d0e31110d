"""What the case page says of a case's meetings and decisions."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, F, OuterRef
from django.db.models.functions import JSONObject
from django.urls import reverse
from django.utils.translation import gettext as _

from cases.standing import Source, Stage
from cases.states import CaseState
from meetings.choices import Outcome
from meetings.models import AgendaItem, Decision
from meetings.states import DecisionState, MeetingState
from ui import formatting

if TYPE_CHECKING:
    from collections.abc import Iterator

    from accounts.models import User
    from cases.models import Case

# The latest few; what went before stands on the pages they lead to.
SHOWN = 3
COLOURS = {MeetingState.PLANNED: "blue", MeetingState.RUNNING: "amber", MeetingState.CLOSED: "grey"}


def _meeting_rows(user: User) -> ArraySubquery:
    items = AgendaItem.objects.visible_to(user).filter(
        case=OuterRef("pk"), meeting__board__in=user.boards_with("meeting.view")
    )
    drafts = Decision.objects.filter(
        case=OuterRef("case"), meeting=OuterRef("meeting"), state=DecisionState.DRAFT
    )
    columns = JSONObject(
        id=F("meeting__public_id"),
        day=F("meeting__day"),
        start=F("meeting__start"),
        state=F("meeting__state"),
        place=F("position"),
        drafted=Exists(drafts),
    )
    newest = items.order_by("-meeting__day", "-meeting__start", "-id")
    return ArraySubquery(newest.values_list(columns)[:SHOWN])


def _meeting_stages(case: Case, rows: list[dict[str, Any]]) -> Iterator[Stage]:
    for row in rows:
        state = MeetingState(row["state"])
        running = state == MeetingState.RUNNING
        on = date.fromisoformat(row["day"])
        day = formatting.weekday_date(on)
        start = formatting.time(time.fromisoformat(row["start"]))
        step = _("It is discussed on %(day)s at %(time)s") % {"day": day, "time": start}
        if running:
            step = _("It is discussed in the meeting that is running")
        to_come = case.state == CaseState.LISTED and state != MeetingState.CLOSED
        yield Stage(
            label=_("Meeting"),
            text=day,
            url=reverse("meetings:live" if running else "meetings:agenda", args=[row["id"]]),
            detail=_("%(time)s, place %(n)s on the agenda") % {"time": start, "n": row["place"]},
            tag_text=str(state.label).lower(),
            tag_colour=COLOURS[state],
            next_step=step if to_come and not row["drafted"] else "",
            day=on if to_come and not running else None,
        )


def _decision_rows(user: User) -> ArraySubquery:
    decisions = Decision.objects.visible_to(user).filter(
        case=OuterRef("pk"), board__in=user.boards_with("decision.view")
    )
    columns = JSONObject(
        id=F("public_id"),
        state=F("state"),
        outcome=F("outcome"),
        signed_by=F("signed_by__name"),
        signed_at=F("signed_at"),
        recorded_by=F("recorded_by__name"),
        changed_at=F("changed_at"),
        amended=F("amended_by__id"),
    )
    return ArraySubquery(decisions.order_by("-id").values_list(columns)[:SHOWN])


def _decision_stages(case: Case, rows: list[dict[str, Any]]) -> Iterator[Stage]:
    for row in rows:
        signed, amended = row["state"] == DecisionState.SIGNED, row["amended"] is not None
        outcome = str(Outcome(row["outcome"]).label) if row["outcome"] else _("No outcome yet")
        when = formatting.datetime(datetime.fromisoformat(row["signed_at"] or row["changed_at"]))
        words = _("signed by %(who)s") if signed else _("recorded by %(who)s")
        yield Stage(
            label=_("Decision"),
            # With its time: a case may have several of the same outcome, and their links differ.
            text=f"{outcome}, {when}",
            url=reverse("meetings:decision", args=[row["id"]]),
            detail=words % {"who": row["signed_by"] or row["recorded_by"]},
            tag_text=_("amended") if amended else str(DecisionState(row["state"]).label).lower(),
            tag_colour="grey" if amended else "green" if signed else "amber",
            next_step="" if signed else _("The chair is still to sign the decision"),
        )


SOURCES = (
    Source("meetings", _meeting_rows, _meeting_stages),
    Source("decisions", _decision_rows, _decision_stages),
)

"""What the case page says of a case's monitoring."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef, Subquery
from django.db.models.functions import JSONObject
from django.urls import reverse
from django.utils.translation import gettext as _

from cases.standing import Source, Stage
from cases.states import CaseState
from followup.models import Check, MonitoringPlan
from followup.states import UNDONE_CHECKS, PlanState
from followup.vocabulary import CloseReason, ReturnReason
from ui import formatting

if TYPE_CHECKING:
    from collections.abc import Iterator

    from accounts.models import User
    from cases.models import Case

SHOWN = 2
COLOURS = {
    PlanState.WAITING: "amber",
    PlanState.ACTIVE: "green",
    PlanState.HELD: "red",
    PlanState.CLOSED: "grey",
}


def _rows(user: User) -> ArraySubquery:
    plans = MonitoringPlan.objects.visible_to(user).filter(
        case=OuterRef("pk"), case__board__in=user.boards_with("monitoring.view")
    )
    checks = Check.objects.filter(
        plan=OuterRef("pk"), state__in=UNDONE_CHECKS, result="", due_on__isnull=False
    ).order_by("due_on", "id")
    columns = JSONObject(
        id=F("public_id"),
        state=F("state"),
        regimen=F("regimen_label"),
        opened=F("opened_at"),
        close_reason=F("close_reason"),
        check=Subquery(checks.values("label")[:1]),
        due=Subquery(checks.values("due_on")[:1]),
    )
    return ArraySubquery(plans.order_by("-id").values_list(columns)[:SHOWN])


def _stages(case: Case, rows: list[dict[str, Any]]) -> Iterator[Stage]:
    plans = [_plan(row) for row in rows]
    if case.state == CaseState.RETURNED and case.returned_reason in ReturnReason.values:
        reason = str(ReturnReason(case.returned_reason).label)
        yield Stage(_("Came back because"), reason, plans[0].url if plans else "")
    yield from plans


def _plan(row: dict[str, Any]) -> Stage:
    state = PlanState(row["state"])
    detail, step = _what_comes(row, state)
    opened = formatting.date(datetime.fromisoformat(row["opened"]))
    return Stage(
        label=_("Monitoring"),
        text=_("%(regimen)s, opened %(date)s") % {"regimen": row["regimen"], "date": opened},
        url=reverse("followup:plan", args=[row["id"]]),
        detail=detail,
        tag_text=str(state.label).lower(),
        tag_colour=COLOURS[state],
        next_step=step,
    )


def _what_comes(row: dict[str, Any], state: PlanState) -> tuple[str, str]:
    """Return what a plan waits for, as a detail of it and as the case's next step."""
    if state == PlanState.CLOSED:
        return str(CloseReason(row["close_reason"]).label), ""
    if state == PlanState.WAITING:
        return "", _("The first dose is still to be entered; the checks get their dates from it")
    if row["due"] is None:
        return _("no check is open"), _("No check is open: the monitoring plan is to be closed")
    what = {"what": row["check"], "date": formatting.date(date.fromisoformat(row["due"]))}
    return _("next: %(what)s, %(date)s") % what, _("Safety check on %(date)s: %(what)s") % what


SOURCES = (Source("monitoring", _rows, _stages),)

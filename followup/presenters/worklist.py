"""Rows of the worklist."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext as _

from cases.rules import counts_of
from followup.presenters.words import moment_words, state_words, value_words
from followup.states import CheckState
from followup.unplanned import is_unplanned
from ui import formatting

if TYPE_CHECKING:
    from collections.abc import Iterable

    from followup.models import Check


@dataclass(frozen=True)
class Row:
    """One check in the worklist."""

    id: str
    version: int
    due: str
    due_colour: str
    due_on: str
    name: str
    provenance: str
    reference: str
    moment: str
    label: str
    critical: bool
    asked_by: str
    responsible: str
    reminded: str
    href: str
    plan_href: str
    normal_href: str
    undo_href: str
    missed: bool
    needs_form: bool
    recorded: bool
    result: str
    # Facts of the case that are settled, and needed.
    settled: int
    required: int


@dataclass(frozen=True)
class Group:
    """Rows under one heading."""

    key: str
    title: str
    rows: tuple[Row, ...]


def row_of(check: Check, today: date) -> Row:
    """Return what the worklist shows of a check."""
    case = check.plan.case
    identity = case.patient.identity
    if hasattr(check, "rules_now"):
        case.__dict__["rules_now"] = check.rules_now
    settled, required = counts_of(case)
    due, colour = state_words(check, today)
    return Row(
        id=str(check.public_id),
        version=check.version,
        due=due,
        due_colour=colour,
        due_on=formatting.date(check.due_on),
        name=identity.display_name,
        provenance=case.patient.provenance,
        reference=case.reference,
        moment=moment_words(check),
        label=check.label,
        critical=check.step.critical,
        asked_by=str(check.step.version),
        responsible=check.assignee.name
        if check.assignee
        else str(check.step.get_responsible_display()),
        reminded=_reminded(getattr(check, "reminded", [])),
        href=reverse("followup:check", args=[check.public_id]),
        plan_href=reverse("followup:plan", args=[check.plan.public_id]),
        normal_href=reverse("followup:normal", args=[check.public_id]),
        undo_href=reverse("followup:undo", args=[check.public_id]),
        missed=check.state == CheckState.MISSED,
        needs_form=check.needs_form,
        recorded=bool(check.result),
        result=value_words(check),
        settled=settled,
        required=required,
    )


def _reminded(sent: list[dict[str, Any]]) -> str:
    days = [formatting.short_date(datetime.fromisoformat(r["at"])) for r in sent]
    words = ", ".join(dict.fromkeys(days))
    if any(r["kind"] == "escalation" for r in sent):
        words += "; " + _("passed on to coordinator and chair")
    return words


def groups_of(checks: Iterable[Check], today: date) -> list[Group]:
    """Return the rows of a page under overdue, today and the next seven days; empty ones left out.

    What is asked before a first dose that nobody has planned is never late: it stands under today.
    """
    titles = {"overdue": _("Overdue"), "today": _("Today"), "week": _("Next 7 days")}
    rows: dict[str, list[Row]] = {key: [] for key in titles}
    for check in checks:
        assert check.due_on is not None  # the worklist shows dated checks alone
        late = check.due_on < today and not is_unplanned(check)
        key = "overdue" if late else "today" if check.due_on <= today else "week"
        rows[key].append(row_of(check, today))
    return [Group(key, titles[key], tuple(found)) for key, found in rows.items() if found]

"""The monitoring plan's page: counts, protocols, what is open."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cases.presenters.patient import PatientBar, patient_bar_of
from cases.vocabulary import entity_label
from followup.presenters.picture import Picture, dose_words, picture_of
from followup.presenters.words import moment_words, state_words
from followup.presenters.worklist import Row, row_of
from followup.states import CheckState, PlanState
from followup.vocabulary import Result
from ui import formatting

if TYPE_CHECKING:
    from typing import Any

    from followup.models import Check, MonitoringPlan, PlanProtocol

STATE_COLOURS = {
    PlanState.WAITING: "amber",
    PlanState.ACTIVE: "green",
    PlanState.HELD: "amber",
    PlanState.CLOSED: "grey",
}


@dataclass(frozen=True)
class ProtocolItem:
    """A pinned protocol, why it was chosen and what it asks for."""

    name: str
    colour: str
    because: str
    asks: str
    kept: str
    mark: str


@dataclass(frozen=True)
class Recorded:
    """A check that was done, and where its result is looked at, corrected or taken back."""

    label: str
    day: str
    moment: str
    result: str
    colour: str
    href: str


@dataclass(frozen=True)
class PlanPage:
    """Everything the page shows."""

    bar: PatientBar
    plan: MonitoringPlan
    state: str
    state_colour: str
    sub: str
    stats: list[dict[str, Any]]
    next: str
    picture: Picture
    open_title: str
    open_rows: tuple[Row, ...]
    more_open: int
    next_check: Check | None
    recorded: tuple[Recorded, ...]
    protocols: tuple[ProtocolItem, ...]
    merged: int
    mark: str


SHOWN = 8


def plan_page(plan: MonitoringPlan, today: date) -> PlanPage:
    """Return the page of a plan fetched by `selectors.plan_for_page`."""
    checks = list(plan.checks.all())
    for check in checks:
        check.plan = plan
    undone = [
        c for c in checks
        if c.due_on and not c.result and c.state in {CheckState.DUE, CheckState.MISSED, CheckState.WAITING}
    ]  # fmt: skip
    owed = [c for c in undone if c.state != CheckState.WAITING or (c.due_on and c.due_on <= today)]
    ahead = [c for c in undone if c not in owed]
    listed = owed or ahead
    running = plan.state != PlanState.CLOSED
    pins = list(plan.pinned.all())
    asked = _asked(pins)
    return PlanPage(
        bar=patient_bar_of(plan.case, today),
        plan=plan,
        state=str(plan.get_state_display()),
        state_colour=STATE_COLOURS[PlanState(plan.state)],
        sub=_sub(plan),
        stats=_stats(checks, today),
        next=_next(ahead) if running else "",
        picture=picture_of(plan, checks, today),
        open_title=_("Due and missed") if owed else _("Coming next"),
        open_rows=tuple(row_of(c, today) for c in listed[:SHOWN]) if running else (),
        more_open=max(len(listed) - SHOWN, 0) if running else 0,
        next_check=listed[0] if listed and running else None,
        recorded=_recorded(checks, today),
        protocols=tuple(_protocol(pin, asked) for pin in pins),
        merged=sum(len(versions) > 1 for versions in asked.values()),
        mark=pins[0].version.mark if pins else "",
    )


def _recorded(checks: list[Check], today: date) -> tuple[Recorded, ...]:
    """Return the checks that were done, the newest first."""
    done = [(c.measured_on, c) for c in checks if c.state == CheckState.DONE and c.measured_on]
    return tuple(
        Recorded(
            c.label,
            formatting.date(day),
            moment_words(c),
            *state_words(c, today),
            reverse("followup:check", args=[c.public_id]),
        )
        for day, c in sorted(done, key=lambda pair: (pair[0], pair[1].pk), reverse=True)
    )


def _sub(plan: MonitoringPlan) -> str:
    parts = [plan.regimen_label or _("regimen erased"), dose_words(plan)]
    if plan.first_dose_on:
        parts.append(_("first dose %(date)s") % {"date": formatting.date(plan.first_dose_on)})
    elif plan.planned_first_on:
        planned = formatting.date(plan.planned_first_on)
        parts.append(_("first dose planned for %(date)s") % {"date": planned})
    elif plan.state == PlanState.WAITING:
        parts.append(_("first dose not planned yet"))
    if plan.state == PlanState.HELD:
        held = {
            "date": formatting.date(plan.held_on),
            "reason": plan.get_hold_reason_display().lower(),
        }
        parts.append(_("doses held since %(date)s, %(reason)s") % held)
    if plan.state == PlanState.CLOSED:
        parts.append(plan.get_close_reason_display())
    parts.append(_("opened %(date)s") % {"date": formatting.date(plan.opened_at)})
    return " · ".join(parts)


def _stats(checks: list[Check], today: date) -> list[dict[str, Any]]:
    done = [c for c in checks if c.state == CheckState.DONE]
    abnormal = sum(c.result == Result.ABNORMAL for c in done)
    due = [
        c for c in checks
        if c.state == CheckState.DUE or (c.state == CheckState.WAITING and c.due_on and c.due_on <= today)
    ]  # fmt: skip
    at_today = sum(c.due_on == today for c in due)
    missed = [c for c in checks if c.state == CheckState.MISSED]
    waiting = [c for c in checks if c.state == CheckState.WAITING and c.due_on is None]
    ahead = [c for c in checks if c.state == CheckState.WAITING and c.due_on and c.due_on > today]
    done_words = _("done, %(n)s abnormal") % {"n": abnormal} if abnormal else _("done")
    due_words = _("due, %(n)s of them today") % {"n": at_today} if at_today else _("due")
    stats = [
        {"number": len(done), "text": done_words, "colour": "green" if done else None},
        {"number": len(due), "text": due_words, "colour": "amber" if due else None},
        {
            "number": len(missed),
            "text": _("missed or not done"),
            "colour": "red" if missed else None,
        },
        {"number": len(ahead), "text": _("ahead")},
    ]
    if waiting:
        stats.append({"number": len(waiting), "text": _("waiting for a dose")})
    return stats


def _next(ahead: list[Check]) -> str:
    if not ahead:
        return ""
    first = [c for c in ahead if c.due_on == ahead[0].due_on]
    labels = ", ".join(dict.fromkeys(c.label.split(",")[0].split(":")[0] for c in first[:3]))
    more = len(first) - 3
    if more > 0:
        labels += ngettext(" and %(n)s more", " and %(n)s more", more) % {"n": more}
    return _("Next: %(what)s, %(date)s") % {
        "what": labels,
        "date": formatting.date(first[0].due_on),
    }


def _asked(pins: list[PlanProtocol]) -> dict[str, set[int]]:
    """Return by step code which of the plan's protocol versions ask for it."""
    found: dict[str, set[int]] = {}
    for pin in pins:
        for step in pin.version.steps.all():
            found.setdefault(step.code, set()).add(pin.version_id)
    return found


def _protocol(pin: PlanProtocol, asked: dict[str, set[int]]) -> ProtocolItem:
    labels: dict[str, str] = {}
    for step in pin.version.steps.all():
        labels[step.code] = step.label
    because = _("Every rechallenge.")
    if pin.because_entity:
        words = {"entity": entity_label(pin.because_entity).split(",")[0].lower()}
        because = _("Because of %(entity)s.") % words
        if pin.because_grade:
            because = _("Because of %(entity)s grade %(grade)s.") % {
                **words,
                "grade": pin.because_grade,
            }
    elif pin.version.protocol.agents:
        because = _("Because of the drugs decided on.")
    shared = [
        labels[code] for code in labels if len(asked[code]) > 1 and not pin.version.protocol.general
    ]
    return ProtocolItem(
        name=str(pin.version),
        colour="grey" if pin.version.protocol.general else "blue",
        because=because,
        asks="; ".join(labels.values()),
        kept="; ".join(shared),
        mark=pin.version.mark,
    )

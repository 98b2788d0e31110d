"""Timing, values and states in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import npgettext

from cases.states import CaseState
from followup.intervals import interval_words
from followup.limits import beyond
from followup.naming import limit_words, rule_words
from followup.states import CheckState, PlanState
from followup.unplanned import is_unplanned
from followup.vocabulary import Result, ReturnReason, Timing
from followup.yardsticks import shown_yardstick
from ui import formatting

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from followup.models import Check, MonitoringPlan, ProtocolStep
    from followup.selectors import ReminderHealth

QUIET_SECONDS = 300.0


def timing_words(step: ProtocolStep) -> str:
    """Return when a step is due, in short."""
    if step.kind == Timing.BEFORE_FIRST_DOSE:
        return _("before the first dose")
    if step.kind == Timing.DAYS_AFTER_LAST_DOSE:
        joined = ", ".join(str(d) for d in step.offsets)
        return _("days %(n)s after the last dose") % {"n": joined}
    if step.kind == Timing.DAYS_AFTER_FIRST_DOSE:
        weeks = [d // 7 for d in step.offsets if d % 7 == 0]
        if len(weeks) == len(step.offsets):
            joined = ", ".join(str(w) for w in weeks)
            # In a context of its own: the same words stand alone elsewhere, and one catalogue entry cannot be both.
            return npgettext("timing", "week %(n)s", "weeks %(n)s", len(weeks)) % {"n": joined}
        joined = ", ".join(str(d) for d in step.offsets)
        return npgettext("timing", "day %(n)s", "days %(n)s", len(step.offsets)) % {"n": joined}
    if step.while_dosed and step.kind == Timing.AT_EACH_DOSE:
        return _("at each dose")
    if step.while_dosed:
        every = interval_words(step.every_days or 1)
        return _("%(interval)s while doses are given") % {"interval": every}
    if step.kind == Timing.AT_EACH_DOSE:
        return _("at each dose, to week %(n)s") % {"n": (step.until_day or 0) // 7}
    return _("%(interval)s, to week %(n)s") % {
        "interval": interval_words(step.every_days or 1),
        "n": (step.until_day or 0) // 7,
    }


def moment_words(check: Check) -> str:
    """Return where a check stands from the first dose: `before first dose`, `week 5`, `day 10`."""
    if check.offset_days is None:
        return _("before first dose")
    if check.after_last_dose:
        if is_provisional(check):
            return _("day %(n)s after the last dose, which is not known yet") % {
                "n": check.offset_days
            }
        return _("day %(n)s after the last dose") % {"n": check.offset_days}
    if check.offset_days == 0:
        return _("first dose")
    if check.offset_days % 7 == 0:
        return _("week %(n)s") % {"n": check.offset_days // 7}
    return _("day %(n)s") % {"n": check.offset_days}


def is_provisional(check: Check) -> bool:
    """Whether its day counts from a last dose that is not known yet: with each further dose it comes later."""
    return (
        check.after_last_dose
        and check.plan.last_dose_on is None
        and check.state == CheckState.WAITING
    )


def shape_of(check: Check, today: date) -> str:
    """Return the sign that stands for the check's state on the day `today`."""
    if check.state == CheckState.DONE:
        if check.result == Result.ABNORMAL:
            return "abnormal"
        return "late" if is_late(check) else "done"
    if check.state == CheckState.WAITING:
        if check.due_on is not None and check.due_on <= today:
            return "due"  # no sweep has opened it yet
        return "provisional" if is_provisional(check) else "waiting"
    return str(check.state)


def state_words(check: Check, today: date) -> tuple[str, str]:
    """Return the state of a check in words and the colour of its tag."""
    if check.state == CheckState.DONE:
        abnormal = check.result == Result.ABNORMAL
        return (_("abnormal"), "red") if abnormal else (_("normal"), "green")
    if check.state == CheckState.CANCELLED:
        return _("cancelled"), "grey"
    if check.state == CheckState.MISSED:
        return (_("not done"), "grey") if check.result else (_("missed"), "red")
    if check.due_on is None:
        return _("waits for the dose"), "grey"
    if is_unplanned(check) and check.due_on <= today:
        return _("before the first dose"), "amber"
    words = formatting.days_from_today(check.due_on, today)
    if check.due_on < today:
        return words, "red"
    return words, "amber" if check.due_on == today else "outline"


def value_words(check: Check) -> str:
    """Return the values entered, each with its label and unit, and a mark on one beyond its limit."""
    return ", ".join(f"{label} {value}" for label, value in values_of(check))


def values_of(check: Check) -> list[tuple[str, str]]:
    """Return what was measured and each value with its unit; one beyond its limit says so."""
    labels: Mapping[str, tuple[str, str]] = {
        m["code"]: (m["label"], m["unit"]) for m in check.measures
    }
    found, known = [], shown_yardstick(check)
    for code, value in check.values.items():
        label, unit = labels.get(code, (code, ""))
        doubt = beyond(code, value, known)
        mark = f" ({limit_words(doubt)})" if doubt else ""
        found.append((label, f"{value} {unit}".strip() + mark))
    return found


def measured_rows(check: Check) -> list[tuple[str, str]]:
    """Return a row for each value with the day on which it was measured; the day alone where there is none."""
    if check.measured_on is None:
        return []
    on = formatting.date(check.measured_on)
    if is_late(check):
        on = _("%(day)s, after the first dose") % {"day": on}
    elif is_too_early(check):
        on = _("%(day)s, more than %(n)s days before the first dose") % {
            "day": on,
            "n": check.step.within_days,
        }
    rows = [
        (label, _("%(value)s, measured on %(day)s") % {"value": value, "day": on})
        for label, value in values_of(check)
    ] or [(_("Measured on"), on)]
    if check.unmeasured:
        lacking = [m["label"] for m in check.measures if m["code"] not in check.values]
        why = str(check.get_unmeasured_display()).lower()
        rows.append((_("Not measured"), f"{', '.join(lacking)}: {why}"))
    return rows


def limit_rows(check: Check) -> list[tuple[str, str]]:
    """Return beyond which value each measure of a check is questioned, and who says so."""
    organs = check.step.version.protocol.organs
    return [(m["label"], rule_words(m["code"], organs)) for m in check.measures]


def is_late(check: Check) -> bool:
    """Whether what was to be done before the first dose was done after it."""
    first = check.plan.first_dose_on
    return bool(
        check.offset_days is None and check.measured_on and first and check.measured_on > first
    )


def is_too_early(check: Check) -> bool:
    """Whether what was to be done shortly before the first dose was done earlier than the protocol lets it be.

    What was found at a first dose that was taken back was never to be done before one.
    """
    first = check.plan.first_dose_on or check.plan.planned_first_on
    if check.offset_days is not None or check.of_no_dose:
        return False
    if check.measured_on is None or first is None:
        return False
    return (first - check.measured_on).days > check.step.within_days


def ago_words(seconds: float) -> str:
    """Return `20 s ago`, `3 min ago`, `5 h ago`."""
    if seconds < 90:
        return _("%(n)s s ago") % {"n": int(seconds)}
    if seconds < 5400:
        return _("%(n)s min ago") % {"n": int(seconds // 60)}
    return _("%(n)s h ago") % {"n": int(seconds // 3600)}


def health_words(health: ReminderHealth) -> tuple[str, str]:
    """Return how reminders flow, in words, and the colour that goes with them.

    Red comes before the alarm rings: who looks at a page learns sooner that a sweep stands still.
    """
    if health.sweep_seconds is None:
        return _("No sweep of reminders has run yet."), "amber"
    last = _("last sweep %(ago)s") % {"ago": ago_words(health.sweep_seconds)}
    if health.late:
        late = _("the oldest is %(n)s minutes late") % {"n": int(health.late_minutes)}
        return _("Reminders are held up: %(late)s, %(last)s.") % {"late": late, "last": last}, "red"
    if health.sweep_seconds > QUIET_SECONDS:
        return _("No sweep lately: %(last)s.") % {"last": last}, "red"
    if health.opening_seconds is None:
        return _("No sweep has looked for due checks yet: nobody is reminded."), "amber"
    if health.opening_seconds > QUIET_SECONDS:
        words = _("Due checks were last looked for %(ago)s: nobody is reminded of new ones.")
        return words % {"ago": ago_words(health.opening_seconds)}, "red"
    return _("Reminders flow, %(last)s.") % {"last": last}, "green"


def irae_words(plan: MonitoringPlan, reason: str | None) -> str:
    """Return what follows from an irAE just recorded, by where case and plan stand."""
    if not reason:
        return _("Recorded. By its grade it does not bring the case back.")
    why = {"why": ReturnReason(reason).label, "state": plan.case.get_state_display().lower()}
    if plan.case.state == CaseState.RETURNED:
        words = _(
            "Recorded. The case is on the triage list: %(why)s. Coordinator and chair were told."
        )
    else:
        words = _(
            "Recorded: %(why)s. The case is %(state)s already; coordinator and chair were told."
        )
    if plan.state == PlanState.WAITING:
        words += " " + _("No dose has been given yet: ask the board before the first.")
    return words % why


def abnormal_words(check: Check) -> str:
    """Return what follows from an abnormal result just recorded, by where the case stands now."""
    case = check.plan.case
    if case.state == CaseState.RETURNED:
        return _(
            "Recorded as abnormal. The case is on the triage list; coordinator and chair were told."
        )
    return _(
        "Recorded as abnormal. The case is %(state)s already and stays so; coordinator and chair were told."
    ) % {"state": case.get_state_display().lower()}

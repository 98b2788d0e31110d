"""The plan as a picture: one axis with a dated part and, for a dose that is awaited, a part in weeks.

Geometry only, in SVG user units; shape carries the state as well as colour. The template draws it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from textwrap import wrap
from typing import TYPE_CHECKING

from django.utils import formats
from django.utils.translation import gettext as _

from followup.intervals import interval_words
from followup.presenters.words import (
    is_provisional,
    moment_words,
    shape_of,
    state_words,
    timing_words,
)
from followup.states import CheckState, PlanState
from followup.vocabulary import DoseState, Timing
from ui import formatting

if TYPE_CHECKING:
    from followup.models import Check, MonitoringPlan

WIDTH, NAMES, HEAD, ROW = 1360, 410, 62, 34
NARROW, NARROW_LETTERS = 150, 25  # the names on a phone: width, and letters of a line
PAD = 16
MONTH_AND_YEAR = 90  # room for "September 2026"
TEXT = 140  # room for "first dose 14 October 2026" beside its line
RARE = frozenset({"late", "provisional"})  # in the legend where they are drawn
LEAST_PART = 230  # of either part's width


@dataclass(frozen=True)
class Mark:
    """A sign at (x, y); `title` says what it is."""

    x: float
    y: float
    shape: str
    title: str


@dataclass(frozen=True)
class Tick:
    """A label on the axis."""

    x: float
    text: str
    line: bool = True


@dataclass(frozen=True)
class Line:
    """A row: what is checked, when, and by which protocols."""

    y: float
    label: str
    narrow: tuple[str, ...]
    sub: str
    tag: str
    general: bool
    asked_by: str
    counts: str
    dates: str


@dataclass(frozen=True)
class Picture:
    """Everything the template draws. `split` is where the part in weeks begins, None without one."""

    width: int
    height: int
    names: int
    narrow: int
    lines: tuple[Line, ...]
    marks: tuple[Mark, ...]
    doses: tuple[Mark, ...]
    ticks: tuple[Tick, ...]
    weeks: tuple[Tick, ...]
    split: float | None
    today: float | None
    first_dose: float | None
    first_dose_text: str
    first_dose_label: tuple[float, str] | None
    today_text: str
    title: str
    legend: tuple[dict[str, str], ...] = field(default=())


class Axis:
    """Turns days and offsets into x, the width shared by the two parts."""

    def __init__(self, dated: list[date], offsets: list[int]) -> None:
        self.start = min(dated) - timedelta(days=3)
        self.end = max(dated) + timedelta(days=3)
        self.first_offset = min(offsets, default=0)
        self.weeks_span = (max(offsets) - self.first_offset + 10) if offsets else 0
        days = (self.end - self.start).days
        room = WIDTH - 2 * PAD
        share = days / (days + self.weeks_span)
        least = LEAST_PART / room if offsets else 0
        share = min(max(share, least), 1 - least)
        self.dated_width = room * share
        self.weeks_width = room - self.dated_width
        self.days = max(days, 1)

    def day(self, when: date) -> float:
        """Return x of a day."""
        return round(PAD + (when - self.start).days / self.days * self.dated_width, 1)

    @property
    def split(self) -> float:
        """Return x where the part in weeks begins."""
        return round(PAD + self.dated_width, 1)

    def offset(self, days: int) -> float:
        """Return x of a day after the awaited dose."""
        part = (days - self.first_offset + 4) / self.weeks_span
        return round(PAD + self.dated_width + part * self.weeks_width, 1)

    def months(self) -> tuple[Tick, ...]:
        """Return the first of each month in the dated part, or weeks where it is short."""
        ticks, year = [], 0
        when = self.start.replace(day=1)
        while when <= self.end:
            if when > self.start:
                text = formats.date_format(when, "F" if self._wide else "M")
                year_fits = self._wide and self.day(when) + MONTH_AND_YEAR <= self.split
                text += f" {when.year}" if when.year != year and year_fits else ""
                year = when.year
                ticks.append(Tick(self.day(when), text))
            when = (when + timedelta(days=32)).replace(day=1)
        if ticks:
            return tuple(ticks)
        return (Tick(self.day(self.start), formats.date_format(self.start, "F Y"), False),)

    @property
    def _wide(self) -> bool:
        return self.dated_width / self.days * 30 > 84

    def week_ticks(self) -> tuple[Tick, ...]:
        """Return week numbers of the part in weeks, thinned to what can be read."""
        weeks = self.weeks_span // 7
        step = next(
            s for s in (1, 2, 4, 8, 13, 26, 52) if weeks / s * 26 <= self.weeks_width or s == 52
        )
        return tuple(
            Tick(self.offset(self.first_offset + 7 * n), str(n)) for n in range(0, weeks + 1, step)
        )


def picture_of(plan: MonitoringPlan, checks: list[Check], today: date) -> Picture:
    """Return the geometry of a plan's picture."""
    shown = [c for c in checks if c.state != CheckState.CANCELLED]
    dated = [c.measured_on or c.due_on for c in shown if c.due_on] + [
        today,
        plan.first_dose_on or today,
    ]
    dated += [dose.on for dose in plan.doses.all()]
    offsets = [c.offset_days for c in shown if c.due_on is None and c.offset_days is not None]
    axis = Axis([d for d in dated if d], offsets)
    rows = _rows(checks)
    lines, marks = [], []
    for number, found in enumerate(rows.values(), start=1):
        y = HEAD + number * ROW + ROW / 2
        lines.append(_line(y, found, today))
        drawn = [c for c in found if c.state != CheckState.CANCELLED]
        marks += [_mark(axis, c, y, today) for c in drawn if c.due_on or c.offset_days is not None]
    first = axis.day(plan.first_dose_on) if plan.first_dose_on else None
    height = HEAD + (len(rows) + 1) * ROW + 6
    held = plan.state == PlanState.HELD
    return Picture(
        width=WIDTH,
        height=height,
        names=NAMES,
        narrow=NARROW,
        lines=tuple(lines),
        marks=tuple(marks),
        doses=tuple(_doses(axis, plan, checks)),
        ticks=axis.months(),
        weeks=axis.week_ticks() if offsets else (),
        split=axis.split if offsets else None,
        today=axis.day(today),
        first_dose=first,
        first_dose_label=_beside(first, axis.day(today)) if first else None,
        first_dose_text=_("first dose %(date)s")
        % {"date": formatting.short_date(plan.first_dose_on)},
        today_text=_("today, %(date)s") % {"date": formatting.short_date(today)},
        title=_("Weeks after the next dose") if held else _("Weeks after the first dose"),
        legend=tuple(
            {"text": text, "kind": kind}
            for kind, text in (
                ("done", _("done")),
                ("late", _("done after the first dose, asked for before it")),
                ("abnormal", _("done, abnormal")),
                ("due", _("due")),
                ("missed", _("missed or not done")),
                ("waiting", _("ahead")),
                ("provisional", _("provisional: the last dose is not known yet")),
            )
            if kind not in RARE or any(m.shape == kind for m in marks)
        ),
    )


def _beside(first: float, today: float) -> tuple[float, str]:
    """Return x and anchor of the words beside the first dose, clear of today's line where there is room.

    Where there is none they cross it: beyond it they would be read as today's.
    """
    if 0 <= today - first < TEXT and first > TEXT:
        return first - 5, "end"
    return first + 5, "start"


def _rows(checks: list[Check]) -> dict[str, list[Check]]:
    """Return the checks by what is checked; the order of the protocols is kept."""
    found: dict[str, list[Check]] = {}
    order = sorted(
        checks,
        key=lambda c: (not c.step.critical, not c.step.version.protocol.general, c.step.position),
    )
    for check in order:
        found.setdefault(check.step.code, []).append(check)
    return found


def _line(y: float, checks: list[Check], today: date) -> Line:
    steps = list({c.step_id: c.step for c in checks}.values())
    repeated = [s for s in steps if s.kind != Timing.BEFORE_FIRST_DOSE] or steps
    label = max((c.label for c in checks if c.step in repeated), key=len)
    # Organ protocols last: the tag names what is special to this patient.
    by = sorted(steps, key=lambda s: not s.version.protocol.general)
    asked = list(dict.fromkeys(str(s.version) for s in by))
    still_open = _("open")
    words: dict[str, list[str]] = {}
    for check in sorted(checks, key=lambda c: (c.due_on or date.max, c.offset_days or 0)):
        words.setdefault(_said(check, today), []).append(
            formatting.date(check.due_on) if check.due_on else moment_words(check)
        )
    return Line(
        y=y,
        label=_short(label, 42),
        narrow=_narrow(label),
        sub=_short("; ".join(dict.fromkeys(timing_words(s) for s in repeated)), 54),
        tag=asked[-1] if len(asked) == 1 else f"{asked[-1]} +{len(asked) - 1}",
        general=all(s.version.protocol.general for s in steps),
        asked_by=", ".join(asked),
        counts=", ".join(f"{n} {text}" for shape, text in _shape_words() if (n := _count(checks, shape, today))),
        dates="; ".join(f"{key or still_open}: {', '.join(days)}" for key, days in words.items()),
    )  # fmt: skip


def _said(check: Check, today: date) -> str:
    """Return under which word the table lists a check's day; "" for what is open."""
    if check.result or check.state == CheckState.CANCELLED:
        return state_words(check, today)[0]
    return _("provisional, the last dose is not known yet") if is_provisional(check) else ""


def _narrow(text: str) -> tuple[str, ...]:
    """Return the text in at most three lines for the names on a phone; an ellipsis ends what is longer."""
    return tuple(wrap(text, NARROW_LETTERS, max_lines=3, placeholder="…", break_on_hyphens=False))


def _short(text: str, longest: int) -> str:
    return text if len(text) <= longest else text[: longest - 1].rstrip(" ,;") + "…"


def _shape_words() -> tuple[tuple[str, str], ...]:
    return (
        ("done", _("normal")),
        ("late", _("normal, after the first dose")),
        ("abnormal", _("abnormal")),
        ("due", _("due")),
        ("missed", _("missed")),
        ("waiting", _("ahead")),
        ("provisional", _("ahead, provisional")),
        ("cancelled", _("cancelled")),
    )


def _count(checks: list[Check], shape: str, today: date) -> int:
    return sum(shape_of(c, today) == shape for c in checks)


def _mark(axis: Axis, check: Check, y: float, today: date) -> Mark:
    on = check.measured_on or check.due_on
    if on is not None:
        x, when = axis.day(on), formatting.date(on)
    else:
        x, when = axis.offset(check.offset_days or 0), moment_words(check)
    words = state_words(check, today)[0]
    if is_provisional(check):
        words = _("provisional, %(moment)s") % {"moment": moment_words(check)}
    elif check.measured_on and check.due_on and check.measured_on != check.due_on:
        words = _("%(state)s, was due %(day)s") % {
            "state": words,
            "day": formatting.date(check.due_on),
        }
    return Mark(x, y, shape_of(check, today), f"{check.label}, {when}: {words}")


def _doses(axis: Axis, plan: MonitoringPlan, checks: list[Check]) -> list[Mark]:
    """The doses entered, and those planned as far as checks at doses go."""
    y = HEAD + ROW / 2
    marks = []
    latest = plan.first_dose_on
    if latest:
        marks.append(Mark(axis.day(latest), y, "dose", _("first dose")))
    for dose in sorted(plan.doses.all(), key=lambda dose: dose.number):
        latest = dose.on
        given = dose.state == DoseState.GIVEN
        words = {"n": dose.number, "day": formatting.date(dose.on)}
        text = _("dose %(n)s, given %(day)s") if given else _("dose %(n)s, skipped %(day)s")
        marks.append(Mark(axis.day(dose.on), y, "dose" if given else "skipped", text % words))
    visits = [
        c for c in checks if c.step.kind == Timing.AT_EACH_DOSE and c.state != CheckState.CANCELLED
    ]
    for due_on in sorted(
        {c.due_on for c in visits if c.due_on and (not latest or c.due_on > latest)}
    ):
        marks.append(Mark(axis.day(due_on), y, "planned", _("dose planned")))
    for offset in sorted(
        {c.offset_days for c in visits if c.due_on is None and c.offset_days is not None}
    ):
        marks.append(Mark(axis.offset(offset), y, "planned", _("dose planned")))
    return marks


def dose_words(plan: MonitoringPlan) -> str:
    """Return the interval of the doses, and that of the decision where it was another."""
    if plan.dose_interval_days is None:
        return _("days between doses not entered")
    words = interval_words(plan.dose_interval_days)
    if plan.decided_interval_days in {None, plan.dose_interval_days}:
        return words
    return _("%(now)s (decided: %(decided)s)") % {
        "now": words,
        "decided": interval_words(plan.decided_interval_days),
    }

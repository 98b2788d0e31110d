"""Reads the picture's content from a case whose record is fetched (`cases.selectors.case_for_page`)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cases.derivations import prednisone_equivalent
from cases.models import Indication
from cases.timeline.content import Course, Event, History, Mode, Point, Steroid, When
from cases.timeline.layout import lay_out
from cases.timeline.shapes import Timeline
from cases.vocabulary import ENDOCRINE, drug_label, drugs, entity_label
from ui import formatting
from ui.formatting import number
from ui.partial_dates import PartialDate

if TYPE_CHECKING:
    from cases.models import BiomarkerResult, Case, ICICourse, IrAE, SteroidCourse

Anchors = dict[str, tuple[float, float]]


def timeline_of(case: Case, as_of: date) -> Timeline:
    """Return the picture of the history of the case's patient as it stands on `as_of`. No query."""
    return lay_out(history_of(case, as_of))


def history_of(case: Case, as_of: date) -> History:
    """Return the content of the picture; the axis is a calendar as soon as one date of the history is one."""
    record = _Rows.of(case)
    mode = _mode(record)
    places = _Places(mode, record.courses)
    courses = tuple(_course(c, places, record, as_of) for c in record.courses)
    return History(
        mode=mode,
        today=as_of if mode == "calendar" else None,
        courses=courses,
        events=tuple(_event(e, places, record) for e in record.iraes),
        steroids=tuple(_steroid(s, places, record) for s in record.steroids),
        points=tuple(_points(record, places)),
        proposed="" if _carried_out(case, record) else _proposed(case),
        facts={"interval": _interval(case, record, as_of)},
    )


@dataclass
class _Rows:
    """The patient's rows as lists."""

    courses: list[ICICourse] = field(default_factory=list)
    iraes: list[IrAE] = field(default_factory=list)
    steroids: list[SteroidCourse] = field(default_factory=list)
    biomarkers: list[BiomarkerResult] = field(default_factory=list)
    status: Any = None

    @classmethod
    def of(cls, case: Case) -> _Rows:
        patient: Any = case.patient
        return cls(
            sorted(patient.courses.all(), key=lambda c: c.number),
            list(patient.iraes.all()),
            list(patient.steroids.all()),
            list(patient.biomarkers.all()),
            patient.performance_status,
        )

    def dates(self) -> Iterator[PartialDate]:
        """Every date of the history; measurements alone make no axis."""
        for rows, names in (
            (self.courses, ("start", "stop")),
            (self.iraes, ("onset", "resolved")),
            (self.steroids, ("start", "stop")),
        ):
            for row in rows:
                yield from (d for name in names if (d := getattr(row, name)) is not None)


def _mode(record: _Rows) -> Mode:
    dates = list(record.dates())
    if any(d.precision != "relative" for d in dates):
        return "calendar"
    return "relative" if any(d.anchor != "diagnosis" for d in dates) else "order"


class _Places:
    """From partial dates to places on the axis; days from an event count from where that event is."""

    def __init__(self, mode: Mode, courses: list[ICICourse]) -> None:
        self.mode = mode
        self.anchors: Anchors = {"ICI start": (0.0, 0.0)} if mode == "relative" else {}
        self.stops: dict[int, tuple[float, float]] = {}
        for i, course in enumerate(courses):
            start = self.bounds(course.start, {})
            if i == 0 and mode == "calendar" and start:
                self.anchors["ICI start"] = start
            if i == 1 and start:
                self.anchors["rechallenge start"] = start
            stop = self.bounds(course.stop, {})
            if stop:
                self.stops[course.number] = stop
                self.anchors["ICI stop"] = self.anchors["last dose"] = stop

    def bounds(self, partial: PartialDate | None, own: Anchors) -> tuple[float, float] | None:
        """Return where a date may lie, or None where the axis has no such place."""
        if partial is None or self.mode == "order":
            return None
        if partial.precision == "relative":
            found = own.get(partial.anchor) or self.anchors.get(partial.anchor)
            offset = partial.offset_days or 0
            return (found[0] + offset, found[1] + offset) if found else None
        if self.mode != "calendar":
            return None
        low, high = partial.earliest, partial.latest
        first = float(low.toordinal()) if low else float(high.toordinal() - 60) if high else 0.0
        last = float(high.toordinal()) if high else first + 60
        return first, last

    def when(self, partial: PartialDate | None, own: Anchors | None = None) -> When:
        """Return the place and the words of a date."""
        found = self.bounds(partial, own or {})
        words = formatting.partial_date(partial)
        return When(*found, words=words) if found else When(words=words)


def _course(c: ICICourse, places: _Places, record: _Rows, as_of: date) -> Course:
    start, stop = places.when(c.start), places.when(c.stop)
    if places.mode == "relative" and c is record.courses[0] and not start.placed:
        start = When(0.0, 0.0, words=start.words or _("day 0"))
    if places.mode == "order":
        start, stop = When(c.number - 1.0, c.number - 1.0), When(c.number - 0.35, c.number - 0.35)
    names = [drug_label(code) for code in c.drugs]
    name = capfirst(" + ".join(names)) or c.regimen or _("ICI, drug not known")
    details = [_cycles(c), str(c.get_best_response_display()).split("(")[-1].rstrip(")")
               if c.best_response else ""]  # fmt: skip
    label = ", ".join(part for part in (name, *details) if part)
    targets = tuple(
        dict.fromkeys(
            t for code in c.drugs if code in drugs() for t in drugs()[code].target.split("+")
        )
    )
    reason = _("stopped: %(why)s") % {"why": c.get_stop_reason_display()} if c.stop_reason else ""
    return Course(c.number, label, name, targets, start, stop, stopped=reason)


def _cycles(c: ICICourse) -> str:
    low, high = c.cycles_low, c.cycles_high
    if low is None and high is None:
        return ""
    if low is not None and low == high:
        return ngettext("%(n)s cycle", "%(n)s cycles", low) % {"n": low}
    if high is None:
        return _("at least %(n)s cycles") % {"n": low}
    return _("%(low)s to %(high)s cycles") % {"low": low or 0, "high": high}


def _event(e: IrAE, places: _Places, record: _Rows) -> Event:
    own: Anchors = {}
    if e.course and e.course.number in places.stops:
        own["ICI stop"] = own["last dose"] = places.stops[e.course.number]
    onset = places.when(e.onset, own)
    if onset.placed:
        own["irAE onset"] = (onset.low or 0.0, onset.high or 0.0)
    resolved = places.when(e.resolved, own)
    course = e.course.number if e.course else None
    if places.mode == "order" and course:
        onset = When(course - 0.6, course - 0.6, words=onset.words)
    resolution = e.resolution if e.resolution_state == "known" else None
    return Event(
        label=entity_label(e.entity),
        grade=e.worst_grade,
        version=e.ctcae_version,
        onset=onset,
        resolved=resolved,
        ongoing=resolution in {"ongoing", "on_replacement"} and places.mode != "order",
        course=course,
        outcome=_outcome(e, resolved),
    )


def _outcome(e: IrAE, resolved: When) -> str:
    if e.resolution == "resolved":
        return (
            _("resolved %(when)s") % {"when": resolved.words} if resolved.words else _("resolved")
        )
    if e.resolution == "on_replacement" and e.organ in ENDOCRINE:
        return _("on replacement")
    if e.resolution == "ongoing" and e.grade_now is not None:
        return _("grade %(g)s now") % {"g": e.grade_now}
    return str(e.get_resolution_display()).lower() if e.resolution else ""


def _steroid(s: SteroidCourse, places: _Places, record: _Rows) -> Steroid:
    own: Anchors = {}
    # By id from the rows at hand: reading the relation would cost a query a course.
    irae = next((e for e in record.iraes if e.pk == s.irae_id), None)
    if irae is not None:
        onset = places.bounds(irae.onset, {})
        if onset:
            own["irAE onset"] = onset
    start, stop = places.when(s.start, own), places.when(s.stop, own)
    if not start.placed and stop.placed:
        start = When(stop.low, stop.low, words=start.words)
    name = str(s.get_drug_display()) if s.drug else _("steroid, drug not known")
    peak, now = _equivalent(s, s.peak_mg_per_day), _equivalent(s, s.now_mg_per_day)
    parts = [name]
    replacement = s.indication == Indication.ADRENAL_REPLACEMENT
    if replacement:
        parts.append(_("replacement"))
    if s.peak_mg_per_day is not None:
        parts.append(_("peak %(dose)s mg/day") % {"dose": number(s.peak_mg_per_day)})
    if s.now_mg_per_day is not None:
        parts.append(_("now %(dose)s mg/day") % {"dose": number(s.now_mg_per_day)})
    return Steroid(", ".join(parts), peak, now, replacement, start, stop)


def _equivalent(s: SteroidCourse, dose: Decimal | None) -> float | None:
    if dose is None:
        return None
    found = prednisone_equivalent(s.drug or "", Decimal(dose))
    return float(found) if found is not None else None


def _points(record: _Rows, places: _Places) -> Iterator[Point]:
    for row in record.biomarkers:
        if row.state == "known":
            name, unit = ("PD-L1 TPS", " %")
            if row.kind == "tmb":
                name, unit = "TMB", f" {row.get_unit_display()}"
            value = row.entered or number(row.low if row.low is not None else row.high)
            text = f"{name} {value}" if value.endswith(unit.strip()) else f"{name} {value}{unit}"
            at = places.when(row.sampled)
            if not at.placed:
                timing = _("before ICI") if row.timing == "before" else _("after ICI")
                text = f"{text}, {timing}"
            yield Point(text, at)
    status = record.status
    if status is not None and status.ecog is not None:
        yield Point(f"ECOG {status.ecog}", places.when(status.assessed))


def _carried_out(case: Case, record: _Rows) -> bool:
    """Whether an ICI was begun since the case was referred: what was proposed then is history, or past."""
    asked = timezone.localdate(case.referred_at)
    return any(c.start_earliest is not None and c.start_earliest >= asked for c in record.courses)


def _proposed(case: Case) -> str:
    if not case.proposed_regimen:
        return ""
    return _("proposed: %(what)s") % {"what": str(case.get_proposed_regimen_display()).lower()
                                      if case.proposed_regimen == "same_agent"
                                      else case.get_proposed_regimen_display()}  # fmt: skip


def _interval(case: Case, record: _Rows, as_of: date) -> str:
    """Return why the last ICI was stopped and how long ago, in words."""
    parts = []
    reason = record.courses[-1].stop_reason if record.courses else None
    if reason:
        parts.append(_("stopped: %(why)s") % {"why": _short_reason(reason)})
    stops = [c.stop for c in record.courses if c.stop is not None]
    if record.courses and record.courses[-1].stop is not None and stops[-1].exact:
        days = (as_of - stops[-1].exact).days
        if days > 0:
            months = round(days / 30.44)
            words = (
                _("ICI-free %(m)s months (%(d)s days)") if months > 1 else _("ICI-free %(d)s days")
            )
            parts.append(words % {"m": months, "d": days})
    return " · ".join(parts)


def _short_reason(code: str) -> str:
    words = {
        "irae": _("irAE"),
        "progression": _("progression"),
        "completed": _("completed"),
        "patient_choice": _("patient's choice"),
    }
    return words.get(code, _("other reason"))

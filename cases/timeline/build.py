"""Reads the picture's content from a case whose record is fetched (`cases.whole_record`)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.translation import gettext as _

from cases.reading import asked_row, last_given_row
from cases.timeline.content import Decision, History, Mode, When
from cases.timeline.layout import lay_out
from cases.timeline.measured import points, trends
from cases.timeline.places import Places
from cases.timeline.reading import Reader
from cases.timeline.shapes import Timeline
from ui import formatting

if TYPE_CHECKING:
    from cases.models import (
        BiomarkerResult,
        Case,
        ICICourse,
        Immunosuppressant,
        IrAE,
        LabResult,
        OtherTreatment,
        ResponseAssessment,
        SteroidCourse,
    )
    from cases.timeline.sources import Decided
    from ui.partial_dates import PartialDate


def timeline_of(case: Case, as_of: date, decided: Iterable[Decided]) -> Timeline:
    """Return the picture of the history of the case's patient as it stands on `as_of`. No query."""
    return lay_out(history_of(case, as_of, decided))


def history_of(case: Case, as_of: date, decided: Iterable[Decided] = ()) -> History:
    """Return the content of the picture; the axis is a calendar as soon as one date of the history is one."""
    record = _Rows.of(case)
    mode = _mode(record)
    places = Places(mode, record.courses)
    first = record.courses[0].number if record.courses else None
    reader = Reader(places, {e.pk: e for e in record.iraes}, first, _by_event(record.steroids))
    drawn, left_out = trends(case, mode)
    return History(
        mode=mode,
        today=as_of if mode == "calendar" else None,
        courses=tuple(reader.course(c) for c in record.courses),
        events=tuple(reader.event(e) for e in record.iraes),
        steroids=tuple(reader.steroid(s) for s in record.steroids),
        points=tuple(points(record.biomarkers, record.status, record.background, places)),
        proposed="" if _carried_out(case, record) else _proposed(case),
        facts=_interval(case, as_of),
        treatments=tuple(reader.treatment(t) for t in record.treatments),
        second_line=tuple(reader.second_line(s) for s in record.second_line),
        responses=tuple(reader.response(r) for r in record.responses),
        decisions=tuple(_decision(d, mode) for d in decided),
        trends=drawn,
        more_trends=left_out,
    )


def _by_event(steroids: Iterable[SteroidCourse]) -> dict[int, list[SteroidCourse]]:
    """Return the steroid courses by the irAE that each was given for."""
    found: dict[int, list[SteroidCourse]] = {}
    for one in steroids:
        if one.irae_id is not None:
            found.setdefault(one.irae_id, []).append(one)
    return found


@dataclass
class _Rows:
    """The patient's rows as lists."""

    courses: list[ICICourse] = field(default_factory=list)
    iraes: list[IrAE] = field(default_factory=list)
    steroids: list[SteroidCourse] = field(default_factory=list)
    biomarkers: list[BiomarkerResult] = field(default_factory=list)
    treatments: list[OtherTreatment] = field(default_factory=list)
    second_line: list[Immunosuppressant] = field(default_factory=list)
    responses: list[ResponseAssessment] = field(default_factory=list)
    labs: list[LabResult] = field(default_factory=list)
    status: Any = None
    background: Any = None

    @classmethod
    def of(cls, case: Case) -> _Rows:
        patient: Any = case.patient
        return cls(
            sorted(patient.courses.all(), key=lambda c: c.number),
            list(patient.iraes.all()),
            list(patient.steroids.all()),
            list(patient.biomarkers.all()),
            list(patient.treatments.all()),
            list(patient.immunosuppressants.all()),
            list(patient.responses.all()),
            list(patient.lab_results.all()),
            patient.performance_status,
            patient.background,
        )

    def dates(self) -> Iterator[PartialDate]:
        """Every date of what was given and what came of it; measurements alone make no axis."""
        for rows, names in (
            (self.courses, ("start", "stop")),
            (self.iraes, ("onset", "resolved")),
            (self.steroids, ("start", "stop")),
            (self.treatments, ("start", "stop")),
            (self.second_line, ("start", "stop")),
            (self.responses, ("assessed",)),
        ):
            for row in rows:
                yield from (d for name in names if (d := getattr(row, name)) is not None)


def _mode(record: _Rows) -> Mode:
    dates = list(record.dates())
    if any(d.precision != "relative" for d in dates):
        return "calendar"
    if any(d.anchor != "diagnosis" for d in dates):
        return "relative"
    # Results have their days even where nothing else has.
    return "calendar" if record.labs else "order"


def _decision(decided: Decided, mode: Mode) -> Decision:
    day = float(decided.on.toordinal())
    words = formatting.date(decided.on)
    at = When(day, day, words) if mode == "calendar" else When(words=words)
    return Decision(decided.label, at, decided.standing, decided.details)


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


def _interval(case: Case, as_of: date) -> dict[str, str]:
    """Return why the ICI asked about was stopped, and how long ago the last dose of any was, in words.

    `free` is the time alone; while an ICI is given there is none.
    """
    parts = []
    free = ""
    asked, last = asked_row(case), last_given_row(case)
    reason = asked.stop_reason if asked else None
    if reason:
        parts.append(_("stopped: %(why)s") % {"why": short_reason(reason)})
    stop = last.stop if last else None
    if stop is not None and stop.exact:
        days = (as_of - stop.exact).days
        if days > 0:
            months = round(days / 30.44)
            words = (
                _("ICI-free %(m)s months (%(d)s days)") if months > 1 else _("ICI-free %(d)s days")
            )
            free = words % {"m": months, "d": days}
    return {"interval": " · ".join(part for part in (*parts, free) if part), "free": free}


def short_reason(code: str) -> str:
    """Return why an ICI was stopped, in the few words that a picture has room for."""
    words = {
        "irae": _("irAE"),
        "progression": _("progression"),
        "completed": _("completed"),
        "toxicity": _("other toxicity"),
        "patient_choice": _("patient's choice"),
    }
    return words.get(code, _("other reason"))

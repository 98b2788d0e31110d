"""Turns the rows of a patient's record into what the picture shows, with its words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cases.derivations import prednisone_equivalent
from cases.eventnames import event_in_words, event_named
from cases.lab_reading import began
from cases.models import Indication
from cases.presenters.words import grade_words, step_words
from cases.reading import dose_said_on
from cases.timeline.content import Course, Event, Response, Steroid, Treatment, When
from cases.timeline.places import Anchors, Places
from cases.vocabulary import ENDOCRINE, drug_label, drugs
from evidence.conditions.facts import FactState
from ui import formatting
from ui.formatting import number
from ui.forms import in_sentence

if TYPE_CHECKING:
    from collections.abc import Callable

    from cases.models import (
        ICICourse,
        Immunosuppressant,
        IrAE,
        OtherTreatment,
        ResponseAssessment,
        SteroidCourse,
    )
    from ui.partial_dates import PartialDate

NEVER_ENDED, UNKNOWN = FactState.NOT_APPLICABLE, FactState.UNKNOWN


@dataclass(frozen=True)
class Reader:
    """Reads rows one by one; `iraes`: the patient's, by id, for steroids that count from an onset."""

    places: Places
    iraes: dict[int, IrAE]
    first: int | None
    given: dict[int, list[SteroidCourse]] = field(default_factory=dict)

    def course(self, c: ICICourse) -> Course:
        """Return an ICI course."""
        start, stop = self.places.of_given(c.number, c.start, c.stop)
        is_origin = self.places.mode == "relative" and c.number == self.first
        if is_origin and not (start.placed and start.words):
            start = When(0.0, 0.0, words=start.words or _("day 0"))
        if self.places.mode == "order":
            start, stop = (
                When(c.number - 1.0, c.number - 1.0),
                When(c.number - 0.35, c.number - 0.35),
            )
        name = capfirst(" + ".join(drug_label(code) for code in c.drugs))
        name = name or c.regimen or _("ICI, drug not known")
        response = str(c.get_best_response_display()) if c.best_response else ""
        details = [_cycles(c), response.split("(")[-1].rstrip(")")]
        reason = (
            _("stopped: %(why)s") % {"why": c.get_stop_reason_display()} if c.stop_reason else ""
        )
        return Course(
            c.number,
            ", ".join(part for part in (name, *details) if part),
            name,
            _targets(c.drugs),
            start,
            stop,
            ongoing=c.stop_state == NEVER_ENDED,
            stopped=reason,
        )

    def event(self, e: IrAE) -> Event:
        """Return an irAE; days from the ICI count from its own course, where that is told."""
        number_ = e.course.number if e.course else None
        own: Anchors = self.places.of_course(number_)
        unknown = e.course_state == UNKNOWN
        onset = self.places.when(e.onset, own, number_, unknown=unknown)
        if onset.placed:
            own["irAE onset"] = (onset.earliest, onset.latest)
        resolved = self.places.when(e.resolved, own, number_, unknown=unknown)
        if self.places.mode == "order" and number_:
            onset = When(number_ - 0.6, number_ - 0.6, words=onset.words)
        resolution = e.resolution if e.resolution_state == "known" else None
        return Event(
            label=event_named(e),
            grade=e.worst_grade,
            version=e.ctcae_version,
            onset=onset,
            resolved=resolved,
            ongoing=resolution in {"ongoing", "on_replacement"} and self.places.mode != "order",
            course=number_,
            outcome=_outcome(e, resolved),
            given=_given_words(self.given.get(e.pk, ())),
            no_grade="" if e.worst_grade is not None else grade_words(e),
        )

    def _from_irae(self, irae_id: int | None) -> Callable[[PartialDate | None], When]:
        """Return how days beside an irAE are read: from its onset and its course, if one is named."""
        # By id from the rows at hand: reading the relation would cost a query a row.
        irae = self.iraes.get(irae_id) if irae_id is not None else None
        if irae is None:
            return self.places.when
        number_ = irae.course.number if irae.course else None
        own = self.places.of_course(number_)
        onset = self.places.bounds(irae.onset, own, number_)
        if onset:
            own["irAE onset"] = onset
        unknown = irae.course_state == UNKNOWN
        return partial(self.places.when, own=own, course=number_, unknown=unknown)

    def steroid(self, s: SteroidCourse) -> Steroid:
        """Return a steroid course, dose by dose where the doses are known."""
        when = self._from_irae(s.irae_id)
        start, stop = (when(d) for d in (began(s), s.stop))
        if not start.placed and stop.placed:
            # Begun at some time before it ended.
            start = When(None, stop.earliest, words=start.words)
        parts = [_steroid_name(s)]
        replacement = s.indication == Indication.ADRENAL_REPLACEMENT
        if replacement:
            parts.append(_("replacement"))
        if s.peak_mg_per_day is not None:
            parts.append(_("peak %(dose)s mg/day") % {"dose": number(s.peak_mg_per_day)})
        if s.now_mg_per_day is not None:
            parts.append(_last_dose(s))
        doses = []
        rows: Any = s
        for row in rows.doses.all():
            equivalent = _equivalent(s, row.mg_per_day)
            if equivalent is not None:
                doses.append((when(row.since), equivalent))
        placed = [d for d in doses if d[0].placed]
        return Steroid(
            ", ".join(parts),
            _equivalent(s, s.peak_mg_per_day),
            _equivalent(s, s.now_mg_per_day),
            replacement,
            start,
            stop,
            # A dose without a place leaves a gap in the steps: the course is drawn by its ends.
            doses=tuple(doses) if doses and len(placed) == len(doses) else (),
            ongoing=s.stop_state == NEVER_ENDED,
            said=self._said(s),
            reason=self._reason(s),
        )

    def _said(self, s: SteroidCourse) -> When:
        """Return the day for which the last dose was said, where the axis has calendar days."""
        day = dose_said_on(s) if s.now_mg_per_day is not None else None
        if day is None or self.places.mode != "calendar":
            return When()
        return When(float(day.toordinal()), float(day.toordinal()), formatting.date(day))

    def _reason(self, s: SteroidCourse) -> str:
        """Return what a steroid was given for: the event by its name where one is said."""
        irae = self.iraes.get(s.irae_id) if s.irae_id is not None else None
        if irae is not None:
            return _("for %(what)s") % {"what": event_in_words(irae)}
        if not s.indication or s.indication == Indication.ADRENAL_REPLACEMENT:
            return ""
        return _("for %(what)s") % {"what": in_sentence(str(s.get_indication_display()))}

    def treatment(self, t: OtherTreatment) -> Treatment:
        """Return a treatment that is no ICI."""
        name = str(t.get_kind_display())
        dose = ""
        if t.dose_gy is not None:
            dose = _("%(dose)s Gy") % {"dose": number(t.dose_gy)}
            if t.fractions is not None:
                dose = _("%(dose)s Gy in %(n)s") % {"dose": number(t.dose_gy), "n": t.fractions}
        label = ", ".join(part for part in (capfirst(t.name) or name, t.site, dose) if part)
        response = str(t.get_best_response_display()) if t.best_response else ""
        line = _("line %(n)s") % {"n": t.line} if t.line else ""
        return Treatment(
            t.kind,
            name,
            label,
            self.places.when(t.start),
            self.places.when(t.stop),
            ongoing=t.stop_state == NEVER_ENDED,
            details=" · ".join(part for part in (line, response) if part),
        )

    def second_line(self, s: Immunosuppressant) -> Treatment:
        """Return a second-line agent."""
        when = self._from_irae(s.irae_id)
        irae = self.iraes.get(s.irae_id) if s.irae_id is not None else None
        label = s.name or str(s.get_drug_display())
        return Treatment(
            "second_line",
            _("Second line"),
            ", ".join(part for part in (label, s.dose) if part),
            when(s.start),
            when(s.stop),
            ongoing=bool(s.still_given) or s.stop_state == NEVER_ENDED,
            details=_("for %(what)s") % {"what": event_named(irae)} if irae else "",
        )

    def response(self, r: ResponseAssessment) -> Response:
        """Return an assessment of the tumour."""
        course = next((n for n in [r.course.number if r.course else None] if n), None)
        own, unknown = self.places.of_course(course), r.course_state == UNKNOWN
        at = self.places.when(r.assessed, own, course, unknown=unknown)
        details = [_("sum of diameters %(mm)s mm") % {"mm": number(r.sum_mm)}] if r.sum_mm else []
        if r.new_lesions:
            details.append(_("new lesions"))
        if course:
            details.append(_("course %(n)s") % {"n": course})
        if r.note:
            details.append(r.note)
        shown = str(r.get_response_display()) if r.response else _("response not known")
        criteria = str(r.get_criteria_display()) or _("criteria not said")
        label = f"{shown}, {criteria}"
        return Response(r.response or "", label, at, " · ".join(details))


def _targets(codes: list[str]) -> tuple[str, ...]:
    known = (drugs()[code].target for code in codes if code in drugs())
    return tuple(dict.fromkeys(t for targets in known for t in targets.split("+")))


def _cycles(c: ICICourse) -> str:
    low, high = c.cycles_low, c.cycles_high
    if low is None and high is None:
        return ""
    if low is not None and low == high:
        return ngettext("%(n)s cycle", "%(n)s cycles", low) % {"n": low}
    if high is None:
        return _("at least %(n)s cycles") % {"n": low}
    return _("%(low)s to %(high)s cycles") % {"low": low or 0, "high": high}


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


def _steroid_name(s: SteroidCourse) -> str:
    return s.called if s.drug else _("steroid, drug not known")


def _given_words(rows: Iterable[SteroidCourse]) -> str:
    """Return the steroids that were given for an irAE, each with its peak."""
    told = [
        _("%(drug)s up to %(dose)s mg/day")
        % {"drug": _steroid_name(s), "dose": number(s.peak_mg_per_day)}
        if s.peak_mg_per_day is not None
        else _steroid_name(s)
        for s in rows
    ]
    return _("given: %(drugs)s") % {"drugs": ", ".join(told)} if told else ""


def _last_dose(s: SteroidCourse) -> str:
    """Return the dose of now with the day for which it was said: it says nothing of another one.

    Of doses over time it is the last of them, and no more of its date is said than was told.
    """
    dose, day = number(s.now_mg_per_day or 0), dose_said_on(s)
    if step := step_words(s):
        return _("%(dose)s mg/day from %(day)s") % {"dose": dose, "day": step}
    if day is None:
        return _("then %(dose)s mg/day, day not known") % {"dose": dose}
    return _("%(dose)s mg/day on %(day)s") % {"dose": dose, "day": formatting.date(day)}


def _equivalent(s: SteroidCourse, dose: Decimal | None) -> float | None:
    if dose is None:
        return None
    found = prednisone_equivalent(s.drug or "", Decimal(dose))
    return float(found) if found is not None else None

"""Items of the lists of treatment: ICI courses, other treatment, response assessments."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cases.asof import told_on
from cases.derivations.times import gap, length
from cases.eventnames import event_in_words
from cases.models import Case, Section, TreatmentKind
from cases.presenters.items import course_name, cycles_words, edit_url
from cases.presenters.lists import Cell, Item
from cases.presenters.words import (
    dated_words,
    duration_words,
    end_words,
    followed_words,
    open_words,
    span_words,
    state_words,
    stated_words,
    told_words,
)
from cases.reading import course_of
from cases.vocabulary import ProgressionTiming, StopReason
from evidence.conditions import FactState
from ui import formatting
from ui.formatting import number
from ui.forms import in_sentence

if TYPE_CHECKING:
    from cases.models import ICICourse, OtherTreatment, ResponseAssessment
    from ui.partial_dates import PartialDate

Listed = tuple[tuple[str, ...], Iterator[Item], str]


def _joined(*parts: str) -> str:
    return ", ".join(part for part in parts if part)


def _known(row: object, name: str) -> str:
    """Return a stated value in words, nothing where it is not known."""
    known = getattr(row, f"{name}_state") == FactState.KNOWN
    return stated_words(row, name) if known else ""


def courses(case: Case) -> Listed:
    """Return heads, rows and the words of the Add button of the ICI courses."""
    heads = (
        _("Course"), _("First dose"), _("Last dose"), _("Cycles"), _("Best response"), _("Stopped"),
        _("Progression"),
    )  # fmt: skip
    rows: list[ICICourse] = list(case.patient.courses.all())
    free = [gap(course_of(first), course_of(second)) for first, second in pairwise(rows)]
    words = [_("then %(days)s without") % {"days": span_words(f)} if f.low is not None else ""
             for f in free]  # fmt: skip
    words.append("")
    return (
        heads,
        (_course(case, row, then) for row, then in zip(rows, words, strict=False)),
        _("Add course"),
    )


def _course(case: Case, row: ICICourse, then: str) -> Item:
    given = length(course_of(row))
    lasted = span_words(given) if given.low is not None else ""
    planned = _planned(row)
    setting, kind = _known(row, "setting"), _known(row, "regimen_kind")
    return Item(
        name=course_name(row),
        sub=_joined(
            _("course %(n)s") % {"n": row.number},
            in_sentence(setting),
            in_sentence(kind),
            row.regimen,
            _("line %(n)s") % {"n": row.line} if row.line else "",
            *open_words(
                row, {"setting": _("setting"), "regimen_kind": _("regimen"), "line": _("line")}
            ),
        ),
        cells=(
            Cell(dated_words(row, "start")),
            Cell(end_words(row), _joined(lasted, then)),
            Cell(told_words(row, "cycles", cycles_words(row)), planned),
            Cell(stated_words(row, "best_response"), row.get_response_criteria_display()),
            Cell(
                stated_words(row, "stop_reason"),
                _joined(
                    event_in_words(row.stopped_for) if row.stopped_for else "",
                    _others(row),
                ),
            ),
            Cell(stated_words(row, "progression_timing"), progression_words(row)),
        ),
        edit_url=edit_url(case, Section.COURSES, row),
    )


def _planned(row: ICICourse) -> str:
    """Return for how long the course was planned, or why that is not told; empty where nobody entered it."""
    if row.planned_days_state == FactState.MISSING:
        return ""
    known = row.planned_days is not None
    time = duration_words(row.planned_days) if known else state_words(row.planned_days_state)
    return _("planned %(time)s") % {"time": time}


def _others(row: ICICourse) -> str:
    """Return the reasons beside the main one, that there was none, or why it is not told."""
    others = _reasons(row)
    if others:
        return _("also %(reasons)s") % {"reasons": ", ".join(others)}
    if row.contributing_reasons_state == FactState.MISSING:
        return ""
    known = row.contributing_reasons_state == FactState.KNOWN
    state = _("none") if known else state_words(row.contributing_reasons_state)
    return _("other reasons: %(state)s") % {"state": state}


def _reasons(row: ICICourse) -> list[str]:
    return [
        _("irAE") if code == StopReason.IRAE else in_sentence(str(StopReason(code).label))
        for code in row.contributing_reasons
    ]


def progression_words(row: ICICourse) -> str:
    """Return what is entered of a progression, and which of it is not known and why."""
    counts = [
        ngettext("%(n)s new lesion", "%(n)s new lesions", row.new_lesions) % {"n": row.new_lesions}
        if row.new_lesions is not None
        else "",
        _("%(n)s growing") % {"n": row.growing_lesions} if row.growing_lesions is not None else "",
        ngettext("%(n)s organ", "%(n)s organs", row.progressing_organs)
        % {"n": row.progressing_organs}
        if row.progressing_organs is not None
        else "",
    ]
    primary = in_sentence(_known(row, "primary_state"))
    called = in_sentence(_known(row, "progression_called"))
    told = _joined(
        formatting.partial_date(row.progressed) if row.progressed else "",
        *counts,
        _("primary %(state)s") % {"state": primary} if primary else "",
        _flag(
            row.all_treatable_locally, _("all treatable locally"), _("not all treatable locally")
        ),
        _flag(row.progression_confirmed, _("confirmed"), _("not confirmed")),
        _("called %(word)s by the report") % {"word": called} if called else "",
    )
    return "; ".join(part for part in (told, *_open_of_progression(row)) if part)


def _flag(value: bool | None, yes: str, no: str) -> str:
    return "" if value is None else yes if value else no


def _open_of_progression(row: ICICourse) -> list[str]:
    """Return what is not known of a progression; where there was none nothing of it is to be told."""
    if row.progression_timing == ProgressionTiming.NONE:
        return []
    labels = {
        "progressed": _("its day"),
        "new_lesions": _("new lesions"),
        "growing_lesions": _("growing lesions"),
        "progressing_organs": _("organs"),
        "primary_state": _("the primary"),
        "all_treatable_locally": _("whether all is treatable locally"),
        "progression_confirmed": _("whether confirmed"),
        "progression_called": _("the report's word"),
    }
    silent = {FactState.NOT_APPLICABLE} if row.progression_timing is None else set()
    return open_words(row, labels, but=silent)


def treatments(case: Case) -> Listed:
    """Return heads, rows and the words of the Add button of the other treatment."""
    heads = (_("Treatment"), _("From"), _("To"), _("Site and dose"), _("Best response"))
    rows = (_treatment(case, row) for row in case.patient.treatments.all())
    return heads, rows, _("Add treatment")


def _treatment(case: Case, row: OtherTreatment) -> Item:
    dose = _("%(gy)s Gy") % {"gy": number(row.dose_gy)} if row.dose_gy is not None else ""
    parts = (
        ngettext("in %(n)s fraction", "in %(n)s fractions", row.fractions) % {"n": row.fractions}
        if row.fractions is not None
        else ""
    )
    line = _("line %(n)s") % {"n": row.line} if row.line else ""
    return Item(
        name=str(row.get_kind_display()),
        sub=_joined(row.name, line, *open_words(row, {"line": _("line")})),
        cells=(
            Cell(dated_words(row, "start")),
            Cell(end_words(row)),
            Cell(
                row.site or "–",
                _joined(" ".join(part for part in (dose, parts) if part), *_open_dose(row)),
            ),
            Cell(stated_words(row, "best_response")),
        ),
        edit_url=edit_url(case, Section.TREATMENT, row),
    )


def _open_dose(row: OtherTreatment) -> list[str]:
    """Return what is not known of the dose of radiotherapy; nothing else has one."""
    if row.kind != TreatmentKind.RADIOTHERAPY:
        return []
    return open_words(row, {"dose_gy": _("dose"), "fractions": _("fractions")})


def responses(case: Case) -> Listed:
    """Return heads, rows and the words of the Add button of the response assessments."""
    heads = (_("Assessed"), _("Response"), _("Sum of diameters"), _("New lesions"), _("Course"))
    rows = (_response(case, row) for row in case.patient.responses.all())
    return heads, rows, _("Add response")


def _response(case: Case, row: ResponseAssessment) -> Item:
    known = row.sum_mm is not None
    size = _("%(mm)s mm") % {"mm": number(row.sum_mm)} if known else state_words(row.sum_mm_state)
    return Item(
        name=dated_words(row, "assessed"),
        sub=row.note,
        cells=(
            Cell(
                stated_words(row, "response"),
                str(row.get_criteria_display()) or _("criteria not said"),
            ),
            Cell(size),
            Cell(stated_words(row, "new_lesions")),
            Cell(followed_words(row)),
        ),
        edit_url=edit_url(case, Section.RESPONSES, row),
    )


def courses_summary(case: Case) -> str:
    """Return the ICI courses in one line."""
    rows = list(case.patient.courses.all())
    if not rows:
        return _("none entered")
    told = []
    for row in rows[:3]:
        parts = [course_name(row), _span(row)]
        cycles = cycles_words(row)
        if cycles:
            parts.append(_("%(n)s cycles") % {"n": cycles})
        if row.best_response:
            parts.append(_("best response %(r)s") % {"r": row.best_response})
        told.append(", ".join(part for part in parts if part))
    count = ngettext("%(n)s course", "%(n)s courses", len(rows)) % {"n": len(rows)}
    more = [_("%(n)s more") % {"n": len(rows) - 3}] if len(rows) > 3 else []
    return " · ".join([count, *told, *more])


def _span(row: ICICourse) -> str:
    """Return from when to when a course was given, as far as that is known."""
    dates = [formatting.partial_date(day) for day in (row.start, row.stop) if day is not None]
    if len(dates) < 2:
        return "".join(dates)
    return _("%(start)s to %(stop)s") % {"start": dates[0], "stop": dates[1]}


def treatments_summary(case: Case) -> str:
    """Return the other treatment in one line."""
    rows = list(case.patient.treatments.all())
    if not rows:
        return _none_words(told_on(case.patient, "treatments_complete_as_of"))
    told = [_joined(str(row.get_kind_display()), row.name, row.site) for row in rows[:4]]
    more = [_("%(n)s more") % {"n": len(rows) - 4}] if len(rows) > 4 else []
    return " · ".join([*told, *more])


def _none_words(as_of: PartialDate | None) -> str:
    return _("none as of %(date)s") % {"date": as_of} if as_of else _("none entered")


def responses_summary(case: Case) -> str:
    """Return the response assessments in one line, the last one told."""
    rows = list(case.patient.responses.all())
    if not rows:
        return _none_words(told_on(case.patient, "responses_complete_as_of"))
    count = ngettext("%(n)s assessment", "%(n)s assessments", len(rows)) % {"n": len(rows)}
    last = rows[-1]
    told = f"{stated_words(last, 'response')}, {dated_words(last, 'assessed')}"
    return " · ".join([count, _("last %(told)s") % {"told": told}])

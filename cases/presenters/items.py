"""Items of the history's lists: ICI courses, irAEs, steroid courses, biomarkers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cases.derivations import prednisone_equivalent
from cases.models import Case, Section
from cases.presenters.words import dated_words, state_words, stated_words, value_words
from cases.vocabulary import Organ, drug_label, entity_label
from evidence.conditions import Fact
from ui import formatting
from ui.formatting import number
from ui.forms import in_sentence

if TYPE_CHECKING:
    from cases.models import BiomarkerResult, ICICourse, IrAE, SteroidCourse


@dataclass(frozen=True)
class Cell:
    """One cell; `grade` shows the worst grade and, where known, the grade now."""

    text: str = ""
    sub: str = ""
    has_grade: bool = False
    grade: int | None = None
    now: int | None = None


@dataclass(frozen=True)
class Item:
    """One row of a list with where it is changed."""

    name: str
    sub: str
    cells: tuple[Cell, ...]
    edit_url: str


def list_of(case: Case, key: str) -> tuple[tuple[str, ...], Iterator[Item], str]:
    """Return heads, rows and the words of the Add button of one list."""
    patient: Any = case.patient
    if key == Section.COURSES:
        heads: tuple[str, ...] = (
            _("Course"),
            _("First dose"),
            _("Last dose"),
            _("Cycles"),
            _("Best response"),
            _("Stopped"),
        )
        return heads, (_course(case, c) for c in patient.courses.all()), _("Add course")
    if key == Section.IRAES:
        heads = (_("Event"), _("Worst → now"), _("Onset"), _("Course"), _("Resolved"))
        return heads, (_irae(case, e) for e in patient.iraes.all()), _("Add irAE")
    heads = (_("Steroid"), _("Peak"), _("Now"), _("As prednisone, worked out"), _("From, to"))
    return heads, (_steroid(case, s) for s in patient.steroids.all()), _("Add steroid")


def _edit_url(case: Case, key: str, row: Any) -> str:
    return reverse("cases:item", args=[case.public_id, key, row.public_id])


def course_name(row: ICICourse) -> str:
    """Return the drugs of a course in words."""
    return " + ".join(drug_label(code) for code in row.drugs).capitalize() or _("drug not known")


def cycles_words(row: ICICourse) -> str:
    """Return the number of cycles, or its bounds, in words."""
    low, high = row.cycles_low, row.cycles_high
    if low is None and high is None:
        return ""
    if low == high:
        return str(low)
    if high is None:
        return _("at least %(n)s") % {"n": low}
    return _("%(low)s to %(high)s") % {"low": low or 0, "high": high}


def _course(case: Case, row: ICICourse) -> Item:
    return Item(
        name=course_name(row),
        sub=", ".join(p for p in (_("course %(n)s") % {"n": row.number}, row.regimen) if p),
        cells=(
            Cell(dated_words(row, "start")),
            Cell(dated_words(row, "stop")),
            Cell(cycles_words(row) or state_words("missing")),
            Cell(stated_words(row, "best_response")),
            Cell(stated_words(row, "stop_reason")),
        ),
        edit_url=_edit_url(case, Section.COURSES, row),
    )


def _irae(case: Case, row: IrAE) -> Item:
    again = _("came back") if row.recurrence_of_id else ""
    organ = str(Organ(row.organ).label).lower()
    version = _("CTCAE %(v)s") % {"v": row.ctcae_version}
    return Item(
        name=entity_label(row.entity),
        sub=" · ".join(part for part in (organ, version, again) if part),
        cells=(
            Cell(has_grade=True, grade=row.worst_grade, now=row.grade_now),
            Cell(dated_words(row, "onset")),
            Cell(_("course %(n)s") % {"n": row.course.number} if row.course else _("not said")),
            Cell(
                stated_words(row, "resolution"),
                formatting.partial_date(row.resolved) if row.resolved else "",
            ),
        ),
        edit_url=_edit_url(case, Section.IRAES, row),
    )


def _dose(row: SteroidCourse, name: str) -> str:
    value = getattr(row, name)
    if value is None:
        return state_words(getattr(row, f"{name}_state"))
    return _("%(mg)s mg/day") % {"mg": number(value)}


def _as_prednisone(row: SteroidCourse) -> str:
    if row.replacement:
        return _("replacement, never counted")
    if row.now_mg_per_day is None:
        return state_words(row.now_mg_per_day_state)
    dose = prednisone_equivalent(row.drug or "", Decimal(row.now_mg_per_day))
    return _("%(mg)s mg/day now") % {"mg": number(dose)} if dose is not None else _("not possible")


def _steroid(case: Case, row: SteroidCourse) -> Item:
    name = str(row.get_drug_display()) if row.drug else state_words(row.drug_state)
    return Item(
        name=name.capitalize(),
        sub=_("replacement") if row.replacement else "",
        cells=(
            Cell(_dose(row, "peak_mg_per_day")),
            Cell(_dose(row, "now_mg_per_day")),
            Cell(_as_prednisone(row)),
            Cell(
                _("%(start)s to %(stop)s")
                % {"start": dated_words(row, "start"), "stop": dated_words(row, "stop")}
            ),
        ),
        edit_url=_edit_url(case, Section.STEROIDS, row),
    )


def biomarker_pair(row: BiomarkerResult) -> tuple[str, str]:
    """Return a biomarker result as label and value."""
    name, unit = (_("PD-L1 TPS"), " %") if row.kind == "pdl1_tps" else (_("TMB"), " mut/Mb")
    label = f"{name}, {in_sentence(str(row.get_timing_display()))}"
    if row.state != "known":
        return label, state_words(row.state)
    value = row.entered or number(row.low if row.low is not None else row.high)
    text = value if value.endswith(unit.strip()) else f"{value}{unit}"
    return label, ", ".join(
        part
        for part in (text, row.assay, formatting.partial_date(row.sampled) if row.sampled else "")
        if part
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


def iraes_summary(case: Case) -> str:
    """Return the irAEs in one line, each with its worst grade."""
    rows = list(case.patient.iraes.all())
    if not rows:
        complete = case.patient.iraes_complete_as_of is not None
        return _("none, list complete") if complete else _("none entered")
    told = []
    for row in rows[:4]:
        grade = row.worst_grade
        words = _("grade %(g)s") % {"g": grade} if grade is not None else _("grade not known")
        told.append(f"{entity_label(row.entity)} {words}")
    more = [_("%(n)s more") % {"n": len(rows) - 4}] if len(rows) > 4 else []
    return " · ".join([*told, *more])


def steroids_summary(case: Case, facts: dict[str, Fact]) -> str:
    """Return the steroid dose of today in one line."""
    rows = list(case.patient.steroids.all())
    now = value_words("steroid_now", facts["steroid_now"])
    courses = ngettext("%(n)s course", "%(n)s courses", len(rows)) % {"n": len(rows)}
    return " · ".join([_("now %(dose)s") % {"dose": now}, courses if rows else _("none entered")])

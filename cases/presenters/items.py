"""Items of the history's lists: ICI courses, irAEs, steroid courses, biomarkers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cases.models import Case, Section
from cases.presenters.iraes import irae_heads, irae_item
from cases.presenters.lists import Cell, Item
from cases.presenters.steroids import steroid_heads, steroid_item
from cases.presenters.words import dated_words, state_words, stated_words
from cases.vocabulary import drug_label
from ui import formatting
from ui.formatting import number
from ui.forms import in_sentence

if TYPE_CHECKING:
    from cases.models import BiomarkerResult, ICICourse


def list_of(case: Case, key: str, *, may_edit: bool) -> tuple[tuple[str, ...], Iterator[Item], str]:
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
        rows = (irae_item(case, e, may_edit=may_edit) for e in patient.iraes.all())
        return irae_heads(), rows, _("Add irAE")
    return (
        steroid_heads(),
        (steroid_item(case, s) for s in patient.steroids.all()),
        _("Add steroid"),
    )


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

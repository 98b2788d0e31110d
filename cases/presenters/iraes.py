"""irAEs as they are shown: the event, what is known of it, its dossier, its reports."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cases.derivations import days_between
from cases.doubled import open_pairs
from cases.eventnames import event_named, organ_words
from cases.models import DossierKind, OtherCause, Section
from cases.presenters.lists import Cell, Item, Link, Note
from cases.presenters.words import dated_words, grade_words, open_words, state_words, stated_words
from cases.reading import organs_asked
from cases.vocabulary import (
    Organ,
    Resolution,
    drug_label,
    event_name,
    version_words,
)
from evidence.conditions import FactState
from ui import formatting

if TYPE_CHECKING:
    from cases.models import Case, DossierEntry, IrAE, Report


def irae_heads() -> tuple[str, ...]:
    """Return the heads of the list of irAEs."""
    return (_("Event"), _("Worst → now"), _("Onset"), _("Course"), _("Resolved"))


def irae_item(case: Case, row: IrAE, *, may_edit: bool) -> Item:
    """Return one irAE as a row, with all that is told under it."""
    again = _("came back") if row.recurrence_of_id else ""
    version = version_words(row.ctcae_version)
    name, placed = event_name(row), event_named(row)
    here = [case.public_id, row.public_id]
    links = (
        Link(_("Dossier"), reverse("cases:dossier", args=here), placed, in_place=True),
        Link(_("Add report"), f"{_add_report(case)}?irae={row.public_id}", placed, in_place=True),
    )
    return Item(
        name=name,
        sub=" · ".join(
            part for part in (organ_words(row.entity, row.organ), version, again) if part
        ),
        cells=(
            Cell(
                sub=_beside_grades(row),
                has_grade=True,
                grade=row.worst_grade,
                now=row.grade_now,
            ),
            Cell(dated_words(row, "onset"), _days_words(row)),
            Cell(_("course %(n)s") % {"n": row.course.number} if row.course else _("not said")),
            Cell(
                stated_words(row, "resolution"),
                _resolved_words(row),
            ),
        ),
        edit_url=reverse("cases:item", args=[case.public_id, Section.IRAES, row.public_id]),
        notes=tuple(_notes(case, row)),
        links=links if may_edit else (),
    )


def _add_report(case: Case) -> str:
    return reverse("cases:item_add", args=[case.public_id, "reports"])


def _beside_grades(row: IrAE) -> str:
    """Return why a grade is not there, the day of the grade now, and the report's own word."""
    worst = "" if row.worst_grade is not None else _("worst %(g)s") % {"g": grade_words(row)}
    now = ""
    if row.grade_now is not None:
        day = formatting.date(row.now_on) if row.now_on else _("on a day not known")
        now = _("now: %(day)s") % {"day": day}
    elif row.grade_now_state != FactState.MISSING:
        now = _("now: %(state)s") % {"state": grade_words(row, "grade_now")}
    word = _("“%(word)s” in the report") % {"word": row.severity_word} if row.severity_word else ""
    return " · ".join(part for part in (worst, word, now) if part)


def _resolved_words(row: IrAE) -> str:
    """Return when it resolved; of one that goes on there is no day to be told."""
    if row.resolved is not None:
        return formatting.partial_date(row.resolved)
    told = row.resolved_state not in {FactState.MISSING, FactState.NOT_APPLICABLE}
    if row.resolution != Resolution.RESOLVED or not told:
        return ""
    return _("on a day %(state)s") % {"state": state_words(row.resolved_state)}


def _days_words(row: IrAE) -> str:
    """Return the days from the first dose of the course that the event followed, worked out."""
    if row.onset is None or row.course is None or row.onset.precision == "relative":
        return ""
    course = row.course
    start = (course.start_earliest, course.start_latest)
    days = days_between(start, (row.onset_earliest, row.onset_latest))
    if days.state is not FactState.KNOWN:
        return ""
    # Of its own course; the fact of the first irAE counts from the first course of all.
    if days.low == days.high:
        words = _("%(n)s days from the first dose of course %(course)s")
        return words % {"n": days.low, "course": course.number}
    words = _("%(low)s to %(high)s days from the first dose of course %(course)s")
    return words % {"low": days.low, "high": days.high, "course": course.number}


def _notes(case: Case, row: IrAE) -> list[Note]:
    notes = []
    known = " · ".join(_known_words(row))
    if known:
        notes.append(Note(_("Known of it"), known))
    dossier = dossier_words(row)
    if dossier:
        notes.append(
            Note(_("Dossier"), " · ".join(f"{label}: {words}" for label, words in dossier))
        )
    reports = tuple(report_link(case, report) for report in row.reports.all())
    if reports:
        notes.append(Note(_("Reports"), links=reports))
    return notes


def _agents_words(row: IrAE) -> str:
    """Return the agents that an event followed, and that facts go by all of the course where it had others."""
    words = _("after %(drugs)s")
    if row.course is not None and set(row.course.drugs) - set(row.drugs):
        words = _("attributed to %(drugs)s (guidance goes by all agents of the course)")
    return words % {"drugs": " + ".join(drug_label(code) for code in row.drugs)}


def _known_words(row: IrAE) -> list[str]:
    told = []
    if row.onset_grade is not None:
        told.append(_("grade %(g)s at onset") % {"g": row.onset_grade})
    if row.likelihood:
        told.append(
            _("%(how)s caused by the ICI") % {"how": stated_words(row, "likelihood").lower()}
        )
    if row.excluded or row.excluded_state == FactState.KNOWN:
        causes = ", ".join(str(OtherCause(code).label).lower() for code in row.excluded)
        told.append(_("excluded: %(causes)s") % {"causes": causes or _("none")})
    if row.care:
        told.append(_("care: %(care)s") % {"care": stated_words(row, "care").lower()})
    if row.drugs:
        told.append(_agents_words(row))
    if row.sequelae is not None:
        which = row.sequelae_text or _("yes")
        told.append(_("sequelae: %(which)s") % {"which": which if row.sequelae else _("none")})
    labels = {
        "onset_grade": _("grade at onset"),
        "likelihood": _("cause"),
        "excluded": _("other causes"),
        "care": _("care"),
        "sequelae": _("sequelae"),
    }
    return [*told, *open_words(row, labels)]


def dossier_words(row: IrAE) -> list[tuple[str, str]]:
    """Return what the dossier of an event says, item by item; what was never asked is left out."""
    entries = sorted(row.dossier.all(), key=lambda e: (e.item.position, e.item.code))
    return [(entry.item.label, entry_words(entry)) for entry in entries]


def entry_words(entry: DossierEntry) -> str:
    """Return one answer in words, with its unit and its date."""
    if entry.answer_state != FactState.KNOWN:
        return state_words(entry.answer_state)
    item = entry.item
    words = str(entry.answer)
    if item.kind == DossierKind.FLAG:
        words = _("yes") if words == "yes" else _("no")
    elif item.kind == DossierKind.NUMBER and item.unit:
        words = f"{words} {item.unit}"
    return f"{words} ({formatting.partial_date(entry.found_on)})" if entry.found_on else words


def report_link(case: Case, report: Report) -> Link:
    """Return where a report is read."""
    kind = _("PDF") if report.file else report.host if report.link else _("text")
    date = f", {formatting.partial_date(report.reported)}" if report.reported else ""
    url = reverse("cases:report", args=[case.public_id, report.public_id])
    return Link(f"{report.title} ({kind}{date})", url)


def loose_reports(case: Case) -> tuple[Link, ...]:
    """Return the reports that belong to no irAE."""
    rows: Any = case.patient.reports.all()
    return tuple(report_link(case, row) for row in rows if row.irae_id is None)


def iraes_summary(case: Case) -> str:
    """Return the irAEs in one line, each with its worst grade, and whether every organ was asked about."""
    rows = list(case.patient.iraes.all())
    if not rows:
        every = organs_asked(case.patient).issuperset(Organ.values)
        return _("none, asked about all organs") if every else _("none entered")
    told = []
    for row in rows[:4]:
        told.append(f"{event_named(row)} {grade_words(row)}")
    more = [_("%(n)s more") % {"n": len(rows) - 4}] if len(rows) > 4 else []
    open_ones = len(open_pairs(case.patient, Section.IRAES))
    if open_ones:
        words = ngettext("%(n)s pair may be one", "%(n)s pairs may be one", open_ones)
        more.append(words % {"n": open_ones})
    return " · ".join([*told, *more])

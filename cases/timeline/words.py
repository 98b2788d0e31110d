"""The same history in words: a table, the text of each mark, and a sentence for those who do not see it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cases.timeline.content import (
    Course,
    Decision,
    Event,
    History,
    Point,
    Response,
    Steroid,
    Treatment,
    Trend,
    When,
)
from cases.timeline.shapes import TableRow
from cases.vocabulary import version_words

# A trend of more values is told by its first, last, lowest and highest.
ALL_TOLD = 24


def table_of(history: History) -> tuple[TableRow, ...]:
    """Return every item of the history, courses first, each in the order of time."""

    def rows(items: Iterable[Any], of: Callable[[Any], TableRow], date: str) -> list[TableRow]:
        return [of(item) for item in sorted(items, key=lambda i: _key(getattr(i, date)))]

    found = [course_row(c) for c in sorted(history.courses, key=lambda c: c.number)]
    if history.proposed and not history.empty:
        found.append(proposed_row(history.proposed))
    found += rows(history.treatments, treatment_row, "start")
    found += rows(history.events, event_row, "onset")
    found += rows(history.steroids, steroid_row, "start")
    found += rows(history.second_line, treatment_row, "start")
    found += rows(history.responses, response_row, "at")
    found += rows(history.decisions, decision_row, "at")
    found += rows(history.points, point_row, "at")
    found += [trend_row(t) for t in history.trends]
    return tuple(found)


def text_of(row: TableRow) -> str:
    """Return a row of the table as the text of its mark."""
    return f"{row.kind}: " + ", ".join(part for part in (row.what, row.when, row.details) if part)


def description_of(history: History, table: tuple[TableRow, ...]) -> str:
    """Return what the picture shows as sentences."""
    if not table:
        return _("Nothing is recorded yet.")
    most = 12
    told = [text_of(row) for row in table[:most]]
    if len(table) > most:
        told.append(_("%(n)s more in the table below") % {"n": len(table) - most})
    return ". ".join(told) + "."


def _key(when: When) -> tuple[bool, float]:
    return (not when.placed, when.middle if when.placed else 0)


def _words(when: When) -> str:
    return when.words or _("date not known")


def _between(start: When, stop: When, *, ongoing: bool) -> str:
    end = _("ongoing") if ongoing else stop.words
    if not end or (stop == start and not ongoing):
        return _words(start)
    return _("%(start)s to %(stop)s") % {"start": _words(start), "stop": end}


def _joined(*parts: str) -> str:
    return " · ".join(part for part in parts if part)


def course_row(c: Course) -> TableRow:
    """Return an ICI course in words."""
    return TableRow(
        _("ICI course %(n)s") % {"n": c.number},
        c.label,
        _between(c.start, c.stop, ongoing=c.ongoing),
        _joined(" + ".join(c.targets), c.stopped),
    )


def proposed_row(proposed: str) -> TableRow:
    """Return what is proposed."""
    return TableRow(_("Question"), proposed, _("from now on"))


def treatment_row(t: Treatment) -> TableRow:
    """Return another treatment, or a second-line agent, in words."""
    return TableRow(t.name, t.label, _between(t.start, t.stop, ongoing=t.ongoing), t.details)


def event_row(e: Event) -> TableRow:
    """Return an irAE in words."""
    grade = _("worst grade %(g)s") % {"g": e.grade}
    if e.grade is None:
        grade = e.no_grade or _("grade not known")
    version = version_words(e.version)
    graded = f"{grade} ({version})" if version else grade
    course = _("course %(n)s") % {"n": e.course} if e.course else ""
    return TableRow(
        _("irAE"),
        e.label,
        _between(e.onset, e.resolved, ongoing=e.ongoing and not e.resolved.placed),
        _joined(graded, e.outcome, course, e.given),
    )


def steroid_row(s: Steroid) -> TableRow:
    """Return a steroid course in words, dose by dose where the doses are known."""
    doses = "; ".join(
        _("%(dose)s mg/day prednisone-equivalent from %(day)s")
        % {"dose": f"{mg:g}", "day": _words(day)}
        for day, mg in s.doses
    )
    return TableRow(
        _("Steroid"),
        s.label,
        _between(s.start, s.stop, ongoing=s.ongoing),
        _joined(_("replacement") if s.replacement else "", s.reason, doses),
    )


def response_row(r: Response) -> TableRow:
    """Return an assessment in words."""
    return TableRow(_("Response"), r.label, _words(r.at), r.details)


def decision_row(d: Decision) -> TableRow:
    """Return a decision in words."""
    return TableRow(_("Decision"), d.label, _words(d.at), d.details)


def point_row(p: Point) -> TableRow:
    """Return what was measured once, or happened."""
    return TableRow(p.kind or _("Measured"), p.label, _words(p.at))


def trend_row(t: Trend) -> TableRow:
    """Return a trend: all its values, or of many the first, last, lowest and highest."""
    first, last = t.values[0], t.values[-1]
    unit = f" {t.unit}" if t.unit else ""
    doubtful = ngettext(
        "%(n)s doubtful value is left out", "%(n)s doubtful values are left out", t.doubtful
    ) % {"n": t.doubtful}
    left_out = doubtful if t.doubtful else ""

    def told(value: Any) -> str:
        return _("%(value)s on %(day)s") % {"value": value.shown + unit, "day": value.words}

    if len(t.values) == 1:
        return TableRow(_("Laboratory"), t.name, first.words, _joined(first.shown + unit, left_out))
    low = min(t.values, key=lambda v: v.value)
    high = max(t.values, key=lambda v: v.value)
    number = ngettext("%(n)s value", "%(n)s values", len(t.values)) % {"n": len(t.values)}
    ends = _("first %(first)s, last %(last)s, lowest %(low)s, highest %(high)s") % {
        "first": told(first), "last": told(last), "low": told(low), "high": told(high),
    }  # fmt: skip
    every = ""
    if 2 < len(t.values) <= ALL_TOLD:
        every = "; ".join(f"{v.shown} ({v.words})" for v in t.values)
    when = _("%(start)s to %(stop)s") % {"start": first.words, "stop": last.words}
    return TableRow(_("Laboratory"), t.name, when, _joined(number, ends, every, left_out))

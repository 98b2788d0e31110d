"""The same history in words: a table, and a sentence for those who do not see the picture."""

from __future__ import annotations

from django.utils.translation import gettext as _

from cases.timeline.content import Course, Event, History, Steroid, When
from cases.timeline.shapes import TableRow


def table_of(history: History) -> tuple[TableRow, ...]:
    """Return every item of the history, courses first, each in the order of time."""
    rows = [_course(c) for c in sorted(history.courses, key=lambda c: c.number)]
    rows += [_event(e) for e in sorted(history.events, key=lambda e: _key(e.onset))]
    rows += [_steroid(s) for s in sorted(history.steroids, key=lambda s: _key(s.start))]
    rows += [
        TableRow(_("Measured"), p.label, _words(p.at))
        for p in sorted(history.points, key=lambda p: _key(p.at))
    ]
    return tuple(rows)


def description_of(history: History, table: tuple[TableRow, ...]) -> str:
    """Return what the picture shows as sentences."""
    if not table:
        return _("Nothing is recorded yet.")
    most = 12
    told = [
        f"{r.kind}: {r.what}, {r.when}" + (f", {r.details}" if r.details else "")
        for r in table[:most]
    ]
    if len(table) > most:
        told.append(_("%(n)s more in the table below") % {"n": len(table) - most})
    if history.proposed:
        told.append(history.proposed)
    return ". ".join(told) + "."


def _key(when: When) -> tuple[bool, float]:
    return (not when.placed, when.middle if when.placed else 0)


def _words(when: When) -> str:
    return when.words or _("date not known")


def _between(start: When, stop: When, *, ongoing: bool) -> str:
    end = _("ongoing") if ongoing else stop.words
    if not end:
        return _words(start)
    return _("%(start)s to %(stop)s") % {"start": _words(start), "stop": end}


def _course(c: Course) -> TableRow:
    return TableRow(
        _("ICI course %(n)s") % {"n": c.number},
        c.label,
        _between(c.start, c.stop, ongoing=c.ongoing),
        " · ".join(part for part in (" + ".join(c.targets), c.stopped) if part),
    )


def _event(e: Event) -> TableRow:
    grade = _("grade not known") if e.grade is None else _("worst grade %(g)s") % {"g": e.grade}
    graded = _("%(grade)s (CTCAE %(version)s)") % {"grade": grade, "version": e.version}
    details = [graded, e.outcome]
    if e.course:
        details.append(_("course %(n)s") % {"n": e.course})
    return TableRow(
        _("irAE"),
        e.label,
        _between(e.onset, e.resolved, ongoing=False),
        " · ".join(d for d in details if d),
    )


def _steroid(s: Steroid) -> TableRow:
    return TableRow(
        _("Steroid"),
        s.label,
        _between(s.start, s.stop, ongoing=False),
        _("replacement") if s.replacement else "",
    )

"""Why the ICI course asked about was stopped, in words, with the irAE where the record says which one is meant."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from cases.eventnames import event_in_words
from cases.presenters.patient import stop_words
from cases.presenters.words import grade_words
from cases.reading import asked_row
from cases.vocabulary import StopReason
from ui.forms import in_sentence

if TYPE_CHECKING:
    from cases.models import Case, ICICourse, IrAE
    from ui.partial_dates import PartialDate

# What is recorded is the last dose; that no other follows is decided within one interval of doses, of which
# the longest in use is six weeks.
LONGEST_INTERVAL = timedelta(weeks=6)
FROM_THE_STOP = ("ICI stop", "last dose")


def stopped_words(case: Case) -> str:
    """Return why the course asked about was stopped, with the irAE that is named or can alone be meant."""
    courses = _until_the_stop(case)
    others = courses[-1].contributing_reasons if courses else []
    also = [
        _("irAE") if code == "irae" else in_sentence(str(StopReason(code).label)) for code in others
    ]
    main = _main_reason(case, courses)
    return (
        _("%(main)s; also %(others)s") % {"main": main, "others": ", ".join(also)} if also else main
    )


def _until_the_stop(case: Case) -> list[ICICourse]:
    """Return the courses up to the one that the question is about."""
    asked = asked_row(case)
    rows: list[ICICourse] = list(case.patient.courses.all())
    return [row for row in rows if asked is not None and row.number <= asked.number]


def _main_reason(case: Case, courses: list[ICICourse]) -> str:
    if case.facts.stop_reason != StopReason.IRAE:
        return stop_words(case)
    events = _meant(case, courses)
    if not events:
        return _("irAE")
    if len(events) > 1:
        # The record does not say which of several was the reason, so none is named.
        return _("irAE (one of %(n)s recorded)") % {"n": len(events)}
    (event,) = events
    told = {"event": event_in_words(event), "grade": grade_words(event)}
    return _("irAE: %(event)s, %(grade)s") % told


def stopping_events(case: Case) -> list[IrAE]:
    """Return the irAEs for which the course in question was, or may have been, stopped; none for another reason."""
    if case.facts.stop_reason != StopReason.IRAE:
        return []
    return _meant(case, _until_the_stop(case))


def _meant(case: Case, courses: list[ICICourse]) -> list[IrAE]:
    named = courses[-1].stopped_for_id if courses else None
    return [
        e
        for e in case.patient.iraes.all()
        if (e.pk == named if named else _may_be_meant(e, courses))
    ]


def _may_be_meant(event: IrAE, courses: list[ICICourse]) -> bool:
    """Say whether the last of `courses` may have been stopped for it: not where it certainly came too late for that."""
    if event.course_id and event.course_id not in {c.pk for c in courses}:
        # What a later course brought was never why an earlier one was stopped.
        return False
    if not courses or event.onset is None:
        return True
    last = courses[-1]
    during = next((c for c in courses if c.pk == event.course_id), courses[0])
    onset = _dated(event.onset, during, last)
    end: PartialDate | None = last.stop
    if end is None or end.latest is None:
        return True
    return not replace(end, latest=end.latest + LONGEST_INTERVAL).certainly_before(onset)


def _dated(onset: PartialDate, course: ICICourse, last: ICICourse) -> PartialDate:
    """Return an onset that is counted from a course as a day, where the course's day is known."""
    from_stop = onset.anchor in FROM_THE_STOP
    anchor = last.stop if from_stop else course.start if onset.anchor == "ICI start" else None
    return onset.resolve(anchor.exact if anchor else None)

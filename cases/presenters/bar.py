"""The one line of a patient's bar on a phone, and the steroid dose there: each says what it is about."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from cases.presenters.words import state_words, value_words
from cases.reading import dose_said_on
from cases.rules import days_written
from evidence.conditions import FactState
from ui import formatting

if TYPE_CHECKING:
    from datetime import date

    from cases.models import Case
    from evidence.conditions import Fact


OPEN = (FactState.MISSING, FactState.NOT_YET)


def last_said(case: Case) -> date | None:
    """Return the last day for which anything was said of the doses of steroids; no query more.

    The rows say it themselves. Where they were not read it is told by until when the doses hold.
    """
    patient: Any = case.patient
    days: list[date | None] = [patient.steroids_complete_as_of]
    if patient.record_is_fetched:
        days += [dose_said_on(row) for row in patient.steroids.all()]
        days.append(patient.background.steroid_total_on)
    elif case.facts.doses_until is not None:
        days.append(case.facts.doses_until - timedelta(days=days_written(case, "steroid_now")))
    return max((day for day in days if day is not None), default=None)


def dose_words(case: Case, fact: Fact) -> str:
    """Return the dose of today; of doses that were said too long ago, when that was: they are entered."""
    if fact.state in OPEN and (day := last_said(case)) is not None:
        owed = fact.state is FactState.NOT_YET
        words = _("not yet, last said %(date)s") if owed else _("cannot tell, last said %(date)s")
        return words % {"date": formatting.short_date(day)}
    patient: Any = case.patient
    if (
        fact.state is FactState.MISSING
        and patient.record_is_fetched
        and list(patient.steroids.all())
    ):
        return _("cannot tell")
    return value_words("steroid_now", fact)


def short_line(died: str, age: str, tumour: str, steroid: str) -> str:
    """Return what a phone shows; a value that is not there names what is not."""
    if age[-1:].isdigit():
        age = _("%(n)s years") % {"n": age}
    elif age == state_words(FactState.MISSING):
        age = _("age not entered")
    if tumour == state_words(FactState.MISSING):
        tumour = _("tumour not entered")
    dose = _("steroid dose: %(dose)s") % {"dose": steroid}
    return " · ".join(part for part in (died, age, tumour, dose) if part)

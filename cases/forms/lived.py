"""A birth or a death that is entered is held against the dates that the record has already."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.utils.translation import ngettext

from cases.lived import dates_after, dates_before
from ui.partial_dates import render_day

if TYPE_CHECKING:
    from cases.forms.doubts import Doubted
    from cases.lived import Outside
    from cases.models import Patient
    from ui.partial_dates import PartialDate


def hold_record(
    form: Doubted, patient: Patient, born: date | None, died: PartialDate | None
) -> None:
    """Refuse a birth after what is recorded, and question a death before it; only where they change."""
    there = patient.identity
    if born and born != there.birth_date and (found := dates_before(patient, born)):
        form.add_error("birth_date", before_words(found))
    if died and died.latest and died.latest != there.died_latest:
        found = dates_after(patient, died.latest)
        if found:
            form.ask_back("died", after_words(found))


def before_words(found: Outside) -> str:
    """Return in words that the record holds dates before a birth."""
    words = ngettext(
        "Date of birth: the record has %(n)s date before it (%(what)s, %(day)s)",
        "Date of birth: the record has %(n)s dates before it (first: %(what)s, %(day)s)",
        found.n,
    )
    return words % _told(found)


def after_words(found: Outside) -> str:
    """Return the question about a death before dates of the record."""
    words = ngettext(
        "Date of death: the record has %(n)s date after it (%(what)s, %(day)s). Is it right?",
        "Date of death: the record has %(n)s dates after it (first: %(what)s, %(day)s). Is it right?",
        found.n,
    )
    return words % _told(found)


def _told(found: Outside) -> dict[str, object]:
    day = render_day(found.day) if isinstance(found.day, date) else found.day
    return {"n": found.n, "what": found.label, "day": day}

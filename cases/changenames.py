"""What a row of the record names in other rows, for the list of changes: as those rows stand now."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from cases.eventnames import event_named
from cases.models import Section
from cases.vocabulary import drug_label
from ui import formatting


def drugs_words(row: Any) -> str:
    """Return the drugs of a row by name."""
    return " + ".join(drug_label(code) for code in row.drugs)


def course_words(row: Any) -> str:
    """Return the course that a row names; "" where it names none."""
    if row.course_id is None:
        return ""
    if row.course is None:
        return _("a course that was removed since")
    of = {"n": row.course.number, "drugs": drugs_words(row.course) or _("drug not known")}
    return _("course %(n)s: %(drugs)s") % of


def event_words(name: str, row: Any) -> str:
    """Return the irAE that a row names under `name`; "" where it names none."""
    if getattr(row, f"{name}_id") is None:
        return ""
    event = getattr(row, name)
    if event is None:
        return _("an irAE that was removed since")
    label = event_named(event)
    return f"{label}, {formatting.partial_date(event.onset)}" if event.onset else label


def shown_words(value: Any) -> str:
    """Return a plain value in words; "" for none."""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, datetime):
        return formatting.datetime(value)
    if isinstance(value, date):
        return formatting.date(value)
    if isinstance(value, Decimal):
        return formatting.number(value)
    return "" if value is None else str(value)


def pairs_words(patient: Any, *, said: bool) -> str:
    """Return of which lists pairs are open, or were said to be two; "" for none."""
    told = Counter(pair["list"] for pair in patient.entry_pairs if ("two_on" in pair) is said)
    return ", ".join(f"{Section(key).label}: {n}" for key, n in told.items())

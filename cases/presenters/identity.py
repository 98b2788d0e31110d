"""Who the patient is, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from cases.national_numbers import scheme_label, shown_number
from cases.presenters.words import state_words, text_words
from ui import formatting

if TYPE_CHECKING:
    from cases.models import Case, PatientIdentity


def identity_summary(case: Case) -> str:
    """Return the numbers in one line; the name stands above every page."""
    row = case.patient.identity
    parts = [
        _("Hospital no. %(number)s") % {"number": row.hospital_number}
        if row.hospital_number
        else "",
        national_words(row),
        died_words(row),
    ]
    return " · ".join(part for part in parts if part)


def national_words(row: PatientIdentity) -> str:
    """Return the national number under its name, "" where there is none."""
    if not row.national_number:
        return ""
    return f"{scheme_label(row.national_scheme)} {shown_number(row.national_scheme, row.national_number)}"


def died_words(row: PatientIdentity) -> str:
    """Return "died on 3 March 2026", as far as the day is known; "" for somebody not known to have died."""
    if row.died is None:
        return ""
    when = formatting.partial_date(row.died)
    known = row.died.precision == "day"
    return (_("died on %(when)s") if known else _("died %(when)s")) % {"when": when}


def identity_pairs(case: Case) -> list[tuple[str, str]]:
    """Return what the patient's section shows."""
    row = case.patient.identity
    missing = text_words(case, state_words("missing"))
    born = formatting.date(row.birth_date) if row.birth_date else missing
    pairs = [
        (_("Family name"), text_words(case, row.family_name)),
        (_("First name"), text_words(case, row.given_name)),
        (_("Born"), born),
        (_("Sex"), str(case.patient.get_sex_display())),
        (_("Hospital no."), text_words(case, row.hospital_number)),
        (_("Hospital"), row.hospital or _("not named")),
        (_("National number"), national_words(row) or _("none entered")),
    ]
    died = died_words(row)
    return [*pairs, (_("Died"), formatting.partial_date(row.died))] if died else pairs

"""Entries of a list that may be of one and the same course, as long as nobody said that the list is complete."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING, Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from cases.derivations.courses import may_be_one as one_course
from cases.derivations.steroids import may_be_one as one_dose
from cases.models import Section
from cases.reading import course_of, steroid_of
from ui.formatting import number

if TYPE_CHECKING:
    from cases.models import Case


def doubles_words(case: Case, key: str) -> str:
    """Return which entries of a list that is open are counted once, because they may be one; "" of none."""
    patient: Any = case.patient
    if key == Section.COURSES:
        pairs = [
            (_("course %(n)s") % {"n": one.number}, _("course %(n)s") % {"n": other.number})
            for one, other in combinations(patient.courses.all(), 2)
            if one_course(course_of(one), course_of(other))
        ]
    elif key == Section.STEROIDS:
        pairs = [
            (_dose(one), _dose(other))
            for one, other in combinations(patient.steroids.all(), 2)
            if one_dose(steroid_of(one), steroid_of(other))
        ]
    else:
        return ""
    words = _("%(one)s and %(other)s may be one: remove one, or say that the list is complete.")
    return " ".join(capfirst(words % {"one": one, "other": other}) for one, other in pairs)


def _dose(row: Any) -> str:
    told = {"drug": row.called, "mg": number(row.now_mg_per_day)}
    return _("%(drug)s %(mg)s mg/day") % told

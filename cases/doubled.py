"""The pairs of a list of which it is open whether they are one, as they are shown and settled."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING, Any

from cases.derivations.courses import may_be_one as one_course
from cases.derivations.steroid_groups import may_be_one as one_dose
from cases.models import Section
from cases.oneortwo import LISTS, pairs_of
from cases.reading import course_of, steroid_of

if TYPE_CHECKING:
    from cases.models import Patient

COMPLETE = {
    Section.COURSES: "courses_complete_as_of",
    Section.STEROIDS: "steroids_complete_as_of",
}


def open_pairs(patient: Patient, key: str) -> list[tuple[Any, Any]]:
    """Return the pairs of one list that may be one, in its order.

    Courses and steroids are settled by whoever calls their list complete; what looks alike is asked of them in any
    record, of irAEs only where two records were merged.
    """
    if key not in LISTS or (key in COMPLETE and getattr(patient, COMPLETE[Section(key)])):
        return []
    pairs = pairs_of(patient, key)
    rows = list(getattr(patient, LISTS[key][1]).all())
    if key not in COMPLETE:
        # Only those that a merge named: a history may have hundreds.
        at = {row.pk: place for place, row in enumerate(rows)}
        places = sorted(sorted(at[pk] for pk in pair) for pair in pairs.open if pair <= at.keys())
        return [(rows[one], rows[other]) for one, other in places]
    return [
        (one, other)
        for one, other in combinations(rows, 2)
        if pairs.may_be_one(one.pk, other.pk, alike=_alike(key, one, other))
    ]


def _alike(key: str, one: Any, other: Any) -> bool:
    if key == Section.COURSES:
        return one_course(course_of(one), course_of(other))
    return key == Section.STEROIDS and one_dose(steroid_of(one), steroid_of(other))

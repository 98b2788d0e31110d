"""Entries of a list that may be one: which pairs are open, and which were said to be two.

What was found when two records were merged, and what somebody said of a pair, stands in `Patient.entry_pairs`: the
list, the keys of both rows, and once it was said by whom and when. A pair is open no more when one of its rows is
removed, or corrected so that they are certainly two.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from cases.derivations.doubles import Pairs
from cases.listed import plain_name
from cases.models import ICICourse, IrAE, Section, SteroidCourse
from cases.services.referral_same import Same, same_course
from cases.vocabulary import Organ, asked_under, is_unspecified
from ui.partial_dates import bounded

if TYPE_CHECKING:
    from cases.models import Patient
    from ui.partial_dates import PartialDate

# The lists of which that is asked, with their models and the names by which a patient has them.
LISTS: dict[str, tuple[type[Any], str]] = {
    Section.COURSES: (ICICourse, "courses"),
    Section.IRAES: (IrAE, "iraes"),
    Section.STEROIDS: (SteroidCourse, "steroids"),
}


def pairs_of(patient: Patient, key: str) -> Pairs:
    """Return the pairs of one list; an open one needs both of its rows, as they are now."""
    told = [pair for pair in patient.entry_pairs if pair["list"] == key]
    if not told:
        return Pairs()
    rows = {row.pk: row for row in getattr(patient, LISTS[key][1]).all()}
    two = {keys_of(pair) for pair in told if "two_on" in pair}
    asked = {keys_of(pair) for pair in told} - two
    return Pairs(
        open=frozenset(
            pair for pair in asked if pair <= rows.keys() and MAY[key](*map(rows.get, sorted(pair)))
        ),
        two=frozenset(two),
    )


def keys_of(pair: Mapping[str, Any]) -> frozenset[int]:
    """Return the keys of the rows of a pair as it is kept."""
    return frozenset({pair["one"], pair["other"]})


def course_meant(rows: list[ICICourse], row: ICICourse) -> tuple[ICICourse, ...]:
    """Return which courses may be the one that `row` tells of."""
    same: Same = same_course(rows, {"drugs": row.drugs, "start": row.start, "stop": row.stop})
    return same.asked if same.row is None else (same.row,)


def one_course(one: Any, other: Any) -> bool:
    """Whether two ICI courses may be one: of agents that they may share, neither certainly over before the other."""
    return bool(course_meant([one], other))


def one_dose(one: Any, other: Any) -> bool:
    """Whether two steroid courses may be one: of one steroid as far as it is told, neither certainly over before."""
    if one.drug and other.drug and one.drug != other.drug:
        return False
    spans = ((one.stop, other.start), (other.stop, one.start))
    return not any(_before(a, b) for a, b in spans)


def one_event(one: Any, other: Any) -> bool:
    """Whether two irAEs may be one: of one disease or one organ, on days that do not keep them apart."""
    if not (_one_disease(one, other) or _one_organ(one, other)):
        return False
    if other.pk == one.recurrence_of_id or one.pk == other.recurrence_of_id:
        return False
    (begun, over), (began, ended) = _placed(one), _placed(other)
    spans = ((begun, began), (began, begun), (over, began), (ended, begun))
    return not any(_before(a, b) for a, b in spans)


MAY: dict[str, Callable[[Any, Any], bool]] = {
    Section.COURSES: one_course,
    Section.IRAES: one_event,
    Section.STEROIDS: one_dose,
}


def _one_disease(one: Any, other: Any) -> bool:
    """Whether both may be of one disease; of those outside the list two names are two diseases."""
    if one.entity != other.entity:
        return False
    names = {plain_name(row.entity_text) for row in (one, other)} - {""}
    return not is_unspecified(one.entity) or len(names) < 2


def _one_organ(one: Any, other: Any) -> bool:
    """Whether both are of one organ; what stands under no single one says nothing of where it was."""
    organ = asked_under(one.organ)
    return organ == asked_under(other.organ) != Organ.OTHER


def _placed(row: Any) -> tuple[PartialDate | None, PartialDate | None]:
    """Return when an irAE began and when it was over, with what follows from what the days are counted from."""
    course, onset, over = row.course, row.onset, row.resolved
    anchors: dict[str, PartialDate | None] = {}
    if course is not None:
        anchors = {"ICI start": course.start, "ICI stop": course.stop, "last dose": course.stop}
    begun = None if onset is None else bounded(onset, anchors)
    return begun, None if over is None else bounded(over, {**anchors, "irAE onset": begun})


def _before(one: PartialDate | None, other: PartialDate | None) -> bool:
    return one is not None and other is not None and one.certainly_before(other)

"""When an irAE during monitoring puts the case back before the board. Pure.

Source: the product's loop, step 7: the old irAE again at any grade; a new one of grade 2 or more, of any
grade where heart, nerve, muscle or blood are concerned, or may be, as nobody told the organ. A disturbance of an
endocrine organ that is controlled on replacement keeps its CTCAE grade for life and never brings a case back by itself.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from cases.vocabulary import family_of, has_no_organ

ANY_GRADE = frozenset({"heart", "nerve", "brain", "muscle", "blood"})
ENDOCRINE = frozenset({"thyroid", "pituitary", "adrenal", "endocrine_pancreas"})
LEAST_NEW_GRADE = 2
IRAE_AGAIN, NEW_IRAE = "irae_again", "new_irae"
OVER = frozenset({"resolved", "on_replacement"})


@dataclass(frozen=True)
class Event:
    """An irAE as it stands in the record; a grade, or a resolution, that is not known is None."""

    pk: int
    entity: str
    organ: str
    worst_grade: int | None
    grade_now: int | None
    resolution: str | None = None
    ctcae_version: str = "5.0"

    @property
    def on_replacement(self) -> bool:
        """Whether it is an endocrine disturbance under control."""
        return self.resolution == "on_replacement" and self.organ in ENDOCRINE

    @property
    def may_be_grave(self) -> bool:
        """Whether any grade of it counts: because of its organ, or as nobody told which organ that is."""
        return self.organ in ANY_GRADE or has_no_organ(self.entity, self.organ)

    @property
    def remembered(self) -> list[int | str | None]:
        """What is remembered of it, to notice a change. The sweep builds the same list in SQL."""
        return [
            self.worst_grade,
            self.grade_now,
            self.resolution,
            self.ctcae_version,
            self.entity,
            self.organ,
        ]


Remembered = Sequence[int | str | None]
Known = Mapping[str, Remembered]


def judge(
    event: Event,
    known: Known,
    earlier_entities: Collection[str],
    at_opening: Known = MappingProxyType({}),
) -> str | None:
    """Return why `event` brings the case back, or None.

    `known` maps ids of irAEs (as text, being kept as JSON) to what was last judged, `at_opening` to what was known of
    them when the plan was opened; `earlier_entities` are those the patient had then. The same disease counts as the
    same irAE, whatever term it was graded by; a row that was put right to another disease, or to another organ, is a
    new event: nobody has judged that one. One that the board knew does not come back by being put right: it is a new
    event, or as it was. What is not known is not "mild": a new irAE without a grade counts as severe enough.
    """
    if event.on_replacement:
        return None
    again = family_of(event.entity) in {family_of(code) for code in earlier_entities}
    before, opened = known.get(str(event.pk)), at_opening.get(str(event.pk))
    if before is not None and _is_another(event, before):
        # Put back to what it was, it is held against what the board knew of it.
        before = None if opened is None or _is_another(event, opened) else opened
        again = again and (before is not None or opened is None)
    any_grade = again or event.may_be_grave
    if before is not None and not _worse(event, before, any_grade=any_grade):
        return None
    if again:
        return IRAE_AGAIN
    if event.may_be_grave:
        return NEW_IRAE
    mild = event.worst_grade is not None and _highest(event) < LEAST_NEW_GRADE
    return None if mild else NEW_IRAE


def got_worse(event: Event, before: Event) -> bool:
    """Whether an irAE tells of more than it did `before`: of another disease or organ, a higher grade, or not over.

    A grade that was not known before is no rise, and grades of two CTCAE versions cannot be compared.
    """
    if _is_another(event, before.remembered):
        return True
    if before.resolution in OVER and event.resolution not in OVER:
        return True
    if before.ctcae_version != event.ctcae_version:
        return False
    pairs = ((before.worst_grade, event.worst_grade), (before.grade_now, event.grade_now))
    return any(old is not None and new is not None and new > old for old, new in pairs)


def _highest(event: Event) -> int:
    return max(event.worst_grade or 0, event.grade_now or 0)


def _is_another(event: Event, before: Remembered) -> bool:
    """Whether the row told of another disease or organ when it was judged.

    What was remembered before entities were says nothing of it: it counts as the same.
    """
    entity, organ = before[4:] or (event.entity, event.organ)
    if family_of(str(entity)) != family_of(event.entity):
        return True
    if has_no_organ(str(entity), str(organ)):
        # That its organ is told by now makes it no other event, unless any grade counts there.
        return organ != event.organ and event.organ in ANY_GRADE
    return organ != event.organ


def _worse(event: Event, before: Remembered, *, any_grade: bool) -> bool:
    """Whether it got worse since it was judged: in grade, or back from being over.

    A grade that becomes known counts as risen where it would bring the case back, with the version by which it was
    given. Grades of two CTCAE versions cannot be compared: any change to a grade that counts is one, of the worst
    grade as of the grade now, and a worst grade that is no longer known is not "mild".
    """
    worst, now, resolution, version = before[:4]
    least = 1 if any_grade else LEAST_NEW_GRADE
    if resolution in OVER and event.resolution not in OVER:
        return True
    if (
        version
        and version != event.ctcae_version
        and [worst, now] != [event.worst_grade, event.grade_now]
    ):
        if (event.grade_now or 0) >= least:
            return True
        if worst == event.worst_grade:
            return False
        # A grade now that is not known is at most the worst one, and so mild with it.
        unknown = event.worst_grade is None and event.grade_now is None
        return unknown or (event.worst_grade or 0) >= least
    return _rose(now, event.grade_now, least) or _rose(worst, event.worst_grade, least)


def _rose(before: int | str | None, now: int | None, least: int) -> bool:
    if now is None:
        return False
    return now >= least if before is None else now > int(before)

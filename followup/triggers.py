"""When an irAE during monitoring puts the case back before the board. Pure.

Source: the product's loop, step 7: the old irAE again at any grade; a new one of grade 2 or more, of any
grade where heart, nerve, muscle or blood are concerned. A disturbance of an endocrine organ that is
controlled on replacement keeps its CTCAE grade for life and never brings a case back by itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

ANY_GRADE = frozenset({"heart", "nerve", "brain", "muscle", "blood"})
ENDOCRINE = frozenset({"thyroid", "pituitary", "adrenal", "endocrine_pancreas"})
LEAST_NEW_GRADE = 2
IRAE_AGAIN, NEW_IRAE = "irae_again", "new_irae"


@dataclass(frozen=True)
class Event:
    """An irAE as it stands in the record; a grade that is not known is None."""

    pk: int
    entity: str
    organ: str
    worst_grade: int | None
    grade_now: int | None
    on_replacement: bool = False

    @property
    def grades(self) -> list[int | None]:
        """What is remembered of it, to notice a change: worst grade and grade now."""
        return [self.worst_grade, self.grade_now]


Known = Mapping[str, list[int | None]]


def judge(event: Event, known: Known, earlier_entities: frozenset[str]) -> str | None:
    """Return why `event` brings the case back, or None.

    `known` maps ids of irAEs (as text, being kept as JSON) to the grades last judged; `earlier_entities`
    are those the patient had before the plan's first dose. A new irAE without a grade counts as severe
    enough: what is not known is not "mild".
    """
    if event.on_replacement and event.organ in ENDOCRINE:
        return None
    before = known.get(str(event.pk))
    if before is None:
        if event.entity in earlier_entities:
            return IRAE_AGAIN
        if event.organ in ANY_GRADE:
            return NEW_IRAE
        mild = event.worst_grade is not None and event.worst_grade < LEAST_NEW_GRADE
        return None if mild else NEW_IRAE
    if not _rose(before[1], event.grade_now) and not _rose(before[0], event.worst_grade):
        return None
    if event.entity in earlier_entities:
        return IRAE_AGAIN
    severe = max(event.worst_grade or 0, event.grade_now or 0) >= LEAST_NEW_GRADE
    return NEW_IRAE if severe or event.organ in ANY_GRADE else None


def _rose(before: int | None, now: int | None) -> bool:
    """Whether a grade went up; one that becomes known fills a gap, it did not rise."""
    return before is not None and now is not None and now > before

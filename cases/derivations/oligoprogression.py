"""Oligoprogression under a named definition that each board chooses; a report's word alone is not one.

- *review* (the default; the review's section 7): primary stable or in remission and one or two new lesions. More
  new lesions are no oligoprogression. Up to two beside a growing primary, or beside an old lesion that grows, are
  not covered by it: the answer is "not applicable", neither yes nor no. The review adds that the ICI is tolerated;
  that is a fact of its own and no part of the flag.
- *three_lesions*, *five_lesions* (general knowledge, to be confirmed): at most so many progressing lesions, new or
  growing, in at most 3 organs, all of them treatable locally. A growing primary is one of the lesions.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cases.derivations.deciding import Derived, Outcome, days, decide, one_of
from evidence.conditions.facts import Fact, FactState

if TYPE_CHECKING:
    from cases.derivations.record import Course

REVIEW = "review"
# Most lesions by definition; organs are the same for both.
MOST_LESIONS = {"three_lesions": 3, "five_lesions": 5}
MOST_ORGANS, MOST_NEW = 3, 2
PRIMARY = ("remitting", "stable", "growing", "removed")


def oligoprogression(course: Course, definition: str) -> Derived:
    """Return whether the progression of `course` is oligoprogression under `definition`.

    Raises KeyError for a definition that is not known.
    """
    timing = course.progression_timing
    if timing.value == "none" or timing.state is FactState.NOT_APPLICABLE:
        return Derived(Fact.absent(FactState.NOT_APPLICABLE), definition, note="no_progression")
    primary = one_of("primary", course.primary, PRIMARY)
    if definition == REVIEW:
        new = days("new_lesions", course.new_lesions, (1, MOST_NEW + 1))
        growing = days("growing_lesions", course.growing_lesions, (1,))
        found = decide(definition, [primary, new, growing], _review)
    else:
        most = MOST_LESIONS[definition]
        each = range(1, most + 2)
        found = decide(
            definition,
            [
                primary,
                days("new_lesions", course.new_lesions, each),
                days("growing_lesions", course.growing_lesions, each),
                days("organs", course.organs, (MOST_ORGANS + 1,)),
                one_of("all_treatable", course.all_treatable, (True, False)),
            ],
            lambda **values: _lesions(most, **values),
        )
    settled = found.fact.state in {FactState.KNOWN, FactState.NOT_APPLICABLE}
    if not settled and course.called.value == "oligo":
        return Derived(found.fact, definition, missing=found.missing, note="called_so")
    return found


def _review(primary: str, new_lesions: int, growing_lesions: int) -> Outcome:
    if new_lesions > MOST_NEW:
        return Outcome(False)
    if primary not in {"remitting", "stable"}:
        return Outcome(None, "primary_not_covered")
    if growing_lesions > 0:
        return Outcome(None, "growth_not_covered")
    return Outcome(new_lesions >= 1)


def _lesions(
    most: int,
    primary: str,
    new_lesions: int,
    growing_lesions: int,
    organs: int,
    all_treatable: bool,
) -> Outcome:
    lesions = new_lesions + growing_lesions + (primary == "growing")
    return Outcome(1 <= lesions <= most and organs <= MOST_ORGANS and all_treatable)

"""Which ICI each irAE followed, and whether the proposal gives it again.

An irAE followed the course that it is said to have come during or after. One of which nobody said it followed some
course of a complete list: only what is the same of all of them is told of it. Nothing is merged over events: a fact
asks whether *any* irAE followed a class, or how bad the worst of those was.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from cases.derivations.courses import asked_about
from cases.derivations.grades import WORST_GRADE, by_rules, worst_grade, worst_of
from cases.derivations.hidden import hidden_among
from cases.derivations.iraes import (
    GRADED,
    since_first_dose,
)
from cases.derivations.iraes import ORGANS_BEHIND as OF_IRAES
from cases.derivations.record import ALL_ORGANS, MISSING, Course, Event, Record
from cases.vocabulary import drug_targets, may_be
from evidence.conditions.cause_facts import CAUSES
from evidence.conditions.facts import Fact, FactState

if TYPE_CHECKING:
    from collections.abc import Callable

    # Whether something is so of a course; None where the course does not tell.
    Asked = Callable[[Course], bool | None]

ONSET_OF_WORST = "worst_irae_days"
AGAIN = ("irae_agent_again", "irae_class_again")
PD = frozenset({"PD-1", "PD-L1"})
ORGANS = ("pneumonitis", "colitis", "hepatitis", "nephritis", "endocrine", "skin")


def _against(course: Course, targets: frozenset[str]) -> bool | None:
    return None if course.targets is None else bool(course.targets & targets)


def _gave(course: Course, drug: str) -> bool | None:
    """Return whether a course gave a drug; an agent of which the class alone is known may have been it."""
    if course.drugs is None:
        return None
    unnamed = {may_be(code) for code in course.drugs}
    return True if drug in course.drugs else (None if drug_targets([drug]) & unnamed else False)


def _combined(course: Course) -> bool | None:
    if course.targets is None:
        return None
    return "CTLA-4" in course.targets and bool(course.targets & PD) and not course.bispecific


def _bispecific(course: Course) -> bool | None:
    return None if course.targets is None else course.bispecific


def _kind_is(course: Course, kinds: frozenset[str]) -> bool | None:
    return None if course.kind.state is not FactState.KNOWN else course.kind.value in kinds


_CLASSES: dict[str, Asked] = {
    "pd1": partial(_against, targets=frozenset({"PD-1"})),
    "pdl1": partial(_against, targets=frozenset({"PD-L1"})),
    "ctla4": partial(_against, targets=frozenset({"CTLA-4"})),
    "pd1_pdl1": partial(_against, targets=PD),
    "combination": _combined,
    "bispecific": _bispecific,
}
OF_KINDS = {
    "irae_after_ici_alone": frozenset({"monotherapy"}),
    "irae_after_chemotherapy": frozenset({"chemotherapy", "dual_chemotherapy"}),
    "irae_after_antiangiogenic": frozenset({"antiangiogenic"}),
}
# Grade of irAEs after a class -> which irAEs, the organs to have been asked about, and what is asked of a course.
_AFTER_CLASS: dict[str, tuple[Callable[[Event], bool], frozenset[str], Asked]] = {
    **{
        f"irae_after_{name}_worst_grade": (lambda _event: True, ALL_ORGANS, _CLASSES[name])
        for name in ("pd1", "pdl1", "ctla4", "combination", "bispecific")
    },
    **{
        f"{organ}_after_{name}_worst_grade": (*GRADED[f"{organ}_worst_grade"], _CLASSES[name])
        for organ in ORGANS
        for name in ("ctla4", "pd1_pdl1")
    },
}
# Whether any irAE followed -> what is asked of a course.
_AFTER_AGENT: dict[str, Asked] = {
    **{key: partial(_kind_is, kinds=kinds) for key, kinds in OF_KINDS.items()},
    **{
        spec.key: partial(_gave, drug=spec.key.removeprefix("irae_after_"))
        for spec in CAUSES
        if spec.kind == "flag" and spec.key not in {*AGAIN, *OF_KINDS}
    },
}

# As `iraes.ORGANS_BEHIND`, with the facts of this module.
ORGANS_BEHIND: dict[str, frozenset[str]] = {
    **OF_IRAES,
    **{key: organs for key, (_matches, organs, _asked) in _AFTER_CLASS.items()},
    **dict.fromkeys((*_AFTER_AGENT, *AGAIN), ALL_ORGANS),
}
CAUSE_KEYS = frozenset(spec.key for spec in CAUSES)


def cause_facts(record: Record) -> dict[str, Fact]:
    """Return the facts about what the irAEs followed."""
    return {
        **{key: _grade(record, key, *asked) for key, asked in _AFTER_CLASS.items()},
        **{key: _any(record, asked) for key, asked in _AFTER_AGENT.items()},
        "irae_agent_again": _again(record, "drugs"),
        "irae_class_again": _again(record, "targets"),
        ONSET_OF_WORST: _onset_of_worst(record),
    }


def followed(record: Record, event: Event, asked: Asked) -> bool | None:
    """Return whether `asked` is so of the course that an irAE followed; None where it cannot be told."""
    named = [c for c in record.courses if c.number == event.course]
    if event.course is None and record.courses_told:
        named = list(record.courses)
    told = {asked(course) for course in named}
    return told.pop() if len(told) == 1 else None


def _grade(
    record: Record,
    key: str,
    matches: Callable[[Event], bool],
    organs: frozenset[str],
    asked: Asked,
) -> Fact:
    """Return the worst grade of the irAEs that followed a class; 0 where none did, and every organ was asked about.

    One that may have followed it leaves everything up to its own grade open. One that did, and has no grade, had one.
    """
    sure: list[Event] = []
    maybe: list[Event] = []
    matching = [event for event in record.iraes if matches(event)]
    for event in matching:
        found = followed(record, event, asked)
        if found is not False:
            (maybe if found is None else sure).append(event)
    hidden = hidden_among(key, record.iraes, matching)
    complete = record.asked(organs, counted=matching) and not hidden
    if not sure and not maybe:
        return Fact.number(0) if complete else MISSING
    worst = worst_of([*sure, *maybe], complete=complete)
    high = WORST_GRADE if worst.high is None else max(worst.high, 1)
    if not sure:
        # Nothing is sure but that it was no worse than the worst of them.
        return Fact.between(0, high, worst.widened) if high < WORST_GRADE else MISSING
    low = worst_of(sure, complete=complete).low
    return Fact.between(max(low or 1, 1), high, worst.widened)


def _any(record: Record, asked: Asked) -> Fact:
    told = [followed(record, event, asked) for event in record.iraes]
    if True in told:
        return Fact.known(True)
    return Fact.known(False) if None not in told and record.asked() else MISSING


def _again(record: Record, part: str) -> Fact:
    """Return whether what is proposed shares anything with what an irAE followed; not applicable without any irAE."""
    if not record.iraes:
        return Fact.absent(FactState.NOT_APPLICABLE) if record.asked() else MISSING

    proposed, complete = _proposed(record, part)

    def shares(course: Course) -> bool | None:
        given: frozenset[str] | None = getattr(course, part)
        if given is None:
            return None
        if any(not may_be(code) for code in given & proposed):
            return True
        if given & proposed:
            # An agent without a name comes again for certain where the course asked about is meant.
            return True if course is asked_about(record) else None
        return False if complete and not _may_be_one(given, proposed) else None

    return _any(record, shares)


def _may_be_one(given: frozenset[str], proposed: frozenset[str]) -> bool:
    """Return whether an agent of which the class alone is known may be among both."""
    against = {may_be(code) for code in given | proposed}
    return bool(against & drug_targets([*given]) & drug_targets([*proposed]))


def _proposed(record: Record, part: str) -> tuple[frozenset[str], bool]:
    """Return the agents, or their targets, of what is proposed as far as they are certain, and whether they are all."""
    named = record.proposed_drugs if part == "drugs" else record.proposed_targets
    regimen, asked = record.proposed_regimen.value, asked_about(record)
    same: frozenset[str] | None = getattr(asked, part, None)
    if named:
        # A drug that is named is not all there is where the regimen says otherwise.
        fits = {
            "pd_ctla4_combination": {"CTLA-4"} < record.proposed_targets,
            "same_agent": named == same,
        }
        return named, not record.proposed_unlisted and fits.get(str(regimen), True)
    if regimen == "same_agent" and same is not None:
        return same, not record.proposed_unlisted
    certain = {"CTLA-4"} if regimen == "pd_ctla4_combination" and part == "targets" else ()
    return frozenset(certain), False


def _onset_of_worst(record: Record) -> Fact:
    """Return the days from the first dose of all to the irAE that was the worst: over all that may have been."""
    if not record.asked():
        return MISSING
    if not record.iraes:
        return Fact.absent(FactState.NOT_APPLICABLE)
    grades = [by_rules(event, worst_grade(event)) for event in record.iraes]
    least = max(
        event.at_least if grade.low is None else grade.low
        for event, grade in zip(record.iraes, grades, strict=True)
    )
    spans = [
        since_first_dose(record, event)
        for event, grade in zip(record.iraes, grades, strict=True)
        if grade.high is None or grade.high >= least
    ]
    lows = [span.low for span in spans if span is not None and span.low is not None]
    highs = [span.high for span in spans if span is not None and span.high is not None]
    if len(lows) < len(spans):
        return MISSING
    return Fact.between(min(lows), max(highs) if len(highs) == len(spans) else None)

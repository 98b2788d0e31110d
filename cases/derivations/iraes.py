"""What follows from the irAEs, over all of them and organ by organ.

"None", and the upper end of a grade, are concluded for the organs that somebody asked about, and for no other; of no
single organ while an irAE is there of which nobody told the organ. Such an irAE counts as none of an endocrine organ,
which is the stricter reading. One outside the list, or added to it by curators, counts in what is said of the organ
that it affected; whether it was one of the diseases that rules name there, nobody can tell.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from cases.derivations.doubles import in_doubt, may_be_over, variants
from cases.derivations.grades import grown_old, highest_of, worst_of
from cases.derivations.hidden import hidden_among
from cases.derivations.record import (
    ALL_ORGANS,
    MISSING,
    Event,
    Record,
    days_between,
    most_open,
)
from cases.listed import plain_name
from cases.lists import delivered_entities
from cases.vocabulary import (
    ENDOCRINE,
    NEUROLOGICAL,
    Organ,
    is_sequel,
    is_unread,
    is_unspecified,
)
from evidence.conditions.facts import Fact, FactState

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import date

    from cases.derivations.record import Course


def irae_facts(record: Record) -> dict[str, Fact]:
    """Return the facts over all irAEs."""
    events, complete = record.iraes, record.asked()
    active = [e for e in events if not e.on_replacement]
    return {
        "irae_any": Fact.known(True) if events else none_of(record, ALL_ORGANS),
        "irae_worst_grade": _worst(record, lambda _e: True, ALL_ORGANS),
        "irae_worst_grade_nonendocrine": _worst(
            record, lambda e: e.organ not in ENDOCRINE, ALL_ORGANS - ENDOCRINE
        ),
        "irae_grade_now": grade_now(record, active, complete=complete),
        "irae_resolved": _resolved(record, complete=complete),
        "irae_recurrent": _recurrent(record, lambda _e: True, ALL_ORGANS),
        "irae_recurrent_unreplaced": _recurrent(
            record, lambda _e: True, ALL_ORGANS, counts=lambda e: not e.on_replacement
        ),
        # Owed until it is complete: that organs were left out, or how many irAEs there were, is no answer.
        "organs_asked": Fact.known(True) if complete and not record.irae_pairs.open else MISSING,
        "first_irae_days": _first_irae(record),
    }


def none_of(record: Record, organs: Iterable[str]) -> Fact:
    """Return False where all of `organs` were asked about, missing where one was not."""
    return Fact.known(False) if record.asked(organs) else MISSING


def grade_now(record: Record, active: list[Event], *, complete: bool) -> Fact:
    """Return the highest grade of now of events; one that was said too long ago is no more than a lower end.

    Of one that two entries may tell of, with two grades, neither is certain to be the newer.
    """
    if not active:
        return Fact.number(0) if complete else MISSING

    def grade(event: Event) -> Fact:
        told = event.grade_now if record.still_holds(event) else grown_old(event.grade_now)
        return in_doubt(record, event, told)

    return highest_of(active, grade, complete=complete)


def _resolved(record: Record, *, complete: bool) -> Fact:
    """Return whether every irAE is over; of one that two entries may tell of both have to say so, or deny it."""
    events = record.iraes
    if not events:
        return Fact.absent(FactState.NOT_APPLICABLE) if complete else MISSING
    ongoing = [e for e in events if e.resolution.value == "ongoing"]
    if not all(may_be_over(record, e) for e in ongoing):
        return Fact.known(False)
    over = [e.resolution.value == "resolved" or e.on_replacement for e in events]
    if complete and all(over):
        return Fact.known(True)
    states = {e.resolution.state for e in events} - {FactState.KNOWN, FactState.NOT_APPLICABLE}
    return Fact.absent(most_open(states))


def _recurrent(
    record: Record,
    matches: Callable[[Event], bool],
    organs: Iterable[str],
    *,
    counts: Callable[[Event], bool] = lambda _e: True,
) -> Fact:
    """Return whether a disease came back: said so, or once over before it began again; a return that `counts`.

    Two events of one disease of which neither is certain leave the answer open, as do two outside the list where they
    may be the same, in one organ or in two. What follows from an event that is over is no return of it, unless somebody
    said so.
    """
    events = [e for e in record.iraes if matches(e)]
    returns = [e for e in events if counts(e)]
    if any(e.recurrent for e in returns):
        return Fact.known(True)
    pairs = [
        (a, b)
        for a in events
        for b in returns
        # What was over before the other began is no return of it, whenever it began itself.
        if a is not b and _may_return(a, b) and not _over_before(b, a)
    ]
    if any(_came_back(record, a, b) for a, b in pairs if not is_unspecified(b.entity)):
        return Fact.known(True)
    return MISSING if pairs else none_of(record, organs)


def _recurrence_grade(record: Record, family: str, organs: Iterable[str]) -> Fact:
    """Return the worst grade of a disease's further times; not applicable where it certainly did not come back.

    One event that is no certain return is the first time. A second such event may be a return too: the upper
    end stays open, as it does where nobody asked whether there were others.
    """
    events = [e for e in record.iraes if e.family == family]
    came_back = _recurrent(record, _family_is(family), organs)
    if came_back.value is not True:
        never = came_back.state is FactState.KNOWN
        return Fact.absent(FactState.NOT_APPLICABLE) if never else MISSING
    again = [e for e in events if e.recurrent or any(_came_back(record, a, e) for a in events)]
    complete = record.asked(organs) and len(events) - len(again) <= 1
    return worst_of(again, complete=complete)


def _may_return(first: Event, second: Event) -> bool:
    """Whether the second may be a return of the first: one disease, no sequel, and not begun before it."""
    if first.family != second.family or is_sequel(
        first.entity, second.entity, _most(second.worst_grade)
    ):
        return False
    named = is_unspecified(second.entity) and first.name and second.name
    # Of one name it may come back in another organ: sarcoidosis of the lung, then of the eye.
    if named and plain_name(first.name) != plain_name(second.name):
        return False
    began, earliest = second.onset[1], first.onset[0]
    return began is None or earliest is None or began >= earliest


def _came_back(record: Record, first: Event, second: Event) -> bool:
    """Whether the second certainly is a return of the first, by whichever entry of either one goes."""
    return all(
        _may_return(one, other) and _over_before(one, other)
        for one in variants(record, first)
        for other in variants(record, second)
    )


def _most(grade: Fact) -> int | None:
    return None if grade.high is None else int(grade.high)


def _over_before(first: Event, second: Event) -> bool:
    ended, began = first.resolved[1], second.onset[0]
    return ended is not None and began is not None and ended < began


def _first_irae(record: Record) -> Fact:
    """Return the days from the first dose of the first ICI course to the first irAE, of whichever course it came.

    An event without a day, or one that nobody has entered, may have come earlier.
    """
    spans = [since_first_dose(record, event) for event in record.iraes]
    if any(span is None for span in spans):
        # Before the first dose there is no irAE: somebody counted from something else.
        return MISSING
    known = [span for span in spans if span is not None and span.low is not None]
    all_told = record.asked() and len(known) == len(spans)
    low = min((span.low or 0 for span in known), default=0) if all_told else 0
    highs = [span.high for span in known if span.high is not None]
    return Fact.between(low, min(highs, default=None)) if low or highs else MISSING


def since_first_dose(record: Record, event: Event) -> Fact | None:
    """Return the days from the first dose of all to an event; None where it came before it."""
    told, first = event.onset_after_start_days, _first_course(record)
    if told is None:
        if first is None:
            return MISSING
        onset = record.begun(event)
        before = _over(onset[1], first.start[0])
        return None if before else days_between(first.start, onset)
    if told < 0:
        return None
    if not record.courses:
        return Fact.number(told)
    if first is None:
        return Fact.between(told, None)
    named = [c for c in record.courses if c.number == event.course]
    meant = named or list(record.courses)
    gaps = [Fact.number(0) if c is first else days_between(first.start, c.start) for c in meant]
    low = min(gap.low or 0 for gap in gaps)
    highs = [gap.high for gap in gaps if gap.high is not None]
    high = told + max(highs) if len(highs) == len(gaps) else None
    return Fact.between(told + low, high)


def _over(last: date | None, begun: date | None) -> bool:
    return last is not None and begun is not None and last < begun


def _first_course(record: Record) -> Course | None:
    """Return the course of the first dose of all: by its day where all have one, else by its number."""
    courses = sorted(record.courses, key=lambda c: c.number)
    if not courses or courses[0].number != 1:
        return None
    starts = [c.start[0] for c in courses]
    days = [day for day in starts if day is not None]
    return courses[starts.index(min(days))] if len(days) == len(courses) else courses[0]


def _worst(
    record: Record, matches: Callable[[Event], bool], organs: Iterable[str], key: str = ""
) -> Fact:
    """Return the worst grade of the matching events; 0 where `organs` were asked about and had none.

    A grade that is not known leaves the upper end open, and one of a version that grades some findings lower than
    that of the rules reaches as high as theirs may. Grades of different CTCAE versions of one disease
    are not put together: they leave the upper end open too, and the lower end is what every version grants.
    """
    events = [e for e in record.iraes if matches(e)]
    complete = record.asked(organs, counted=events) and not hidden_among(key, record.iraes, events)
    if not events:
        return Fact.number(0) if complete else MISSING
    return worst_of(events, complete=complete)


def _organ_is(*organs: str) -> Callable[[Event], bool]:
    return lambda event: event.organ in organs


def _entity_is(*codes: str) -> Callable[[Event], bool]:
    return lambda event: event.entity in codes


def _family_is(family: str) -> Callable[[Event], bool]:
    return lambda event: event.family == family


# Which events a grade is of, and which organs must have been asked about before it says "none".
GRADED: dict[str, tuple[Callable[[Event], bool], frozenset[str]]] = {
    "pneumonitis_worst_grade": (_entity_is("pneumonitis"), frozenset({Organ.LUNG})),
    "colitis_worst_grade": (_entity_is("colitis", "diarrhoea"), frozenset({Organ.COLON})),
    "hepatitis_worst_grade": (_organ_is(Organ.LIVER), frozenset({Organ.LIVER})),
    "nephritis_worst_grade": (_organ_is(Organ.KIDNEY), frozenset({Organ.KIDNEY})),
    "endocrine_worst_grade": (_organ_is(*ENDOCRINE), ENDOCRINE),
    "skin_worst_grade": (_organ_is(Organ.SKIN), frozenset({Organ.SKIN})),
    "neurological_worst_grade": (_organ_is(*NEUROLOGICAL), NEUROLOGICAL),
    "arthritis_worst_grade": (_entity_is("arthritis"), frozenset({Organ.JOINT})),
    "endocrine_uncontrolled_worst_grade": (
        lambda e: e.organ in ENDOCRINE and not e.on_replacement,
        ENDOCRINE,
    ),
    "haematological_worst_grade": (_organ_is(Organ.BLOOD), frozenset({Organ.BLOOD})),
    "infusion_reaction_worst_grade": (_entity_is("infusion_reaction"), frozenset({Organ.OTHER})),
    "myositis_worst_grade": (_entity_is("myositis"), frozenset({Organ.MUSCLE})),
    "uveitis_worst_grade": (_entity_is("uveitis"), frozenset({Organ.EYE})),
    "pancreatitis_worst_grade": (_entity_is("pancreatitis"), frozenset({Organ.PANCREAS})),
    "vasculitis_worst_grade": (_organ_is(Organ.VESSEL), frozenset({Organ.VESSEL})),
    "haemolysis_worst_grade": (_entity_is("haemolysis"), frozenset({Organ.BLOOD})),
    "aplastic_anaemia_worst_grade": (_entity_is("aplastic_anaemia"), frozenset({Organ.BLOOD})),
    "myocarditis_worst_grade": (_entity_is("myocarditis"), frozenset({Organ.HEART})),
    "heart_worst_grade": (_organ_is(Organ.HEART), frozenset({Organ.HEART})),
    "thyroid_worst_grade": (_organ_is(Organ.THYROID), frozenset({Organ.THYROID})),
    "hypothyroidism_worst_grade": (_entity_is("hypothyroidism"), frozenset({Organ.THYROID})),
    "adrenal_worst_grade": (_organ_is(Organ.ADRENAL), frozenset({Organ.ADRENAL})),
    "pituitary_worst_grade": (_organ_is(Organ.PITUITARY), frozenset({Organ.PITUITARY})),
    "diabetes_worst_grade": (_entity_is("diabetes"), frozenset({Organ.ENDOCRINE_PANCREAS})),
    "myasthenia_worst_grade": (_entity_is("myasthenia"), frozenset({Organ.NERVE})),
    "guillain_barre_worst_grade": (_entity_is("guillain_barre"), frozenset({Organ.NERVE})),
    "encephalitis_worst_grade": (_entity_is("encephalitis"), frozenset({Organ.BRAIN})),
    "myelitis_worst_grade": (_entity_is("transverse_myelitis"), frozenset({Organ.BRAIN})),
    "bullous_worst_grade": (_entity_is("bullous"), frozenset({Organ.SKIN})),
    "unlisted_irae_worst_grade": (lambda e: is_unread(e.entity), ALL_ORGANS),
}
# Grades of now, of the events of a worst grade: that of an irAE that is controlled on replacement counts in none.
NOW: dict[str, tuple[Callable[[Event], bool], frozenset[str]]] = {
    f"{name}_grade_now": GRADED[f"{name}_worst_grade"]
    for name in (
        "pneumonitis", "colitis", "hepatitis", "nephritis", "skin", "neurological", "myasthenia",
        "pancreatitis", "endocrine", "adrenal", "pituitary", "diabetes",
    )
}  # fmt: skip
_NAMED_EVENTS: dict[str, frozenset[str]] = {
    "myocarditis_any": frozenset({"myocarditis"}),
    "ttp_any": frozenset({"ttp"}),
    "hus_any": frozenset({"hus"}),
    "sjs_ten_dress_any": frozenset({"sjs", "ten", "dress"}),
    "gbs_encephalitis_myelitis_any": frozenset(
        {"guillain_barre", "encephalitis", "transverse_myelitis"}
    ),
}
_RECURRENT = {"pneumonitis": Organ.LUNG, "colitis": Organ.COLON}


class _Named(NamedTuple):
    """What of an irAE says which grades it counts in."""

    organ: str
    entity: str
    on_replacement: bool = False


def graded_of(organ: str, entity: str) -> frozenset[str]:
    """Return the facts of single organs and diseases whose grade an irAE of this name counts in."""
    event: Any = _Named(organ, entity)
    return frozenset(key for key, (matches, _organs) in GRADED.items() if matches(event))


def _organs_of(codes: Iterable[str]) -> frozenset[str]:
    """Return the organs under whose question events of `codes` would have been told."""
    return frozenset(delivered_entities()[code].organ for code in codes)


# Which organs somebody must have asked about for a fact to be complete: as old as that is the fact.
ORGANS_BEHIND: dict[str, frozenset[str]] = {
    **dict.fromkeys(
        (
            "irae_any",
            "irae_worst_grade",
            "irae_recurrent",
            "irae_recurrent_unreplaced",
            "organs_asked",
        ),
        ALL_ORGANS,
    ),
    "irae_worst_grade_nonendocrine": ALL_ORGANS - ENDOCRINE,
    **{key: organs for key, (_matches, organs) in {**GRADED, **NOW}.items()},
    **{key: _organs_of(codes) for key, codes in _NAMED_EVENTS.items()},
    **{
        f"{family}_{told}": frozenset({organ})
        for family, organ in _RECURRENT.items()
        for told in ("recurrent", "recurrence_grade")
    },
}


def now_until(record: Record) -> dict[str, date | None]:
    """Return by the grades of now of single organs and diseases the last day on which each holds; None: for ever."""
    return {
        f"{key}_until": record.hold_until(filter(matches, record.iraes))
        for key, (matches, _organs) in NOW.items()
    }


def organ_facts(record: Record) -> dict[str, Fact]:
    """Return the facts of single organs and diseases."""
    facts = {key: _worst(record, *asked, key) for key, asked in GRADED.items()}
    for key, (matches, organs) in NOW.items():
        events = [e for e in record.iraes if matches(e)]
        active = [e for e in events if not e.on_replacement]
        complete = record.asked(organs, counted=events) and not hidden_among(
            key, record.iraes, events
        )
        facts[key] = grade_now(record, active, complete=complete)
    for key, codes in _NAMED_EVENTS.items():
        happened = any(e.entity in codes for e in record.iraes)
        none = MISSING if hidden_among(key, record.iraes) else none_of(record, _organs_of(codes))
        facts[key] = Fact.known(True) if happened else none
    for family, organ in _RECURRENT.items():
        facts[f"{family}_recurrent"] = _recurrent(record, _family_is(family), {organ})
        facts[f"{family}_recurrence_grade"] = _recurrence_grade(record, family, {organ})
    return facts

"""What derivations read: the patient's record and the question as plain values, and spans of time."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from functools import partial

from cases.delivered import delivered_limit
from cases.derivations.doubles import Pairs
from cases.derivations.endings import ended_by
from cases.derivations.events import MISSING as MISSING
from cases.derivations.events import Event as Event
from cases.derivations.events import Span as Span
from cases.derivations.onsets import begun
from cases.derivations.samples import Blood
from cases.vocabulary import Organ
from evidence.conditions.facts import Fact, FactState

ALL_ORGANS = frozenset(str(organ) for organ in Organ.values)


@dataclass(frozen=True)
class Course:
    """One ICI course; `targets` is None where the drugs are not known.

    A date told in days from another one stands in `*_after_start` and `*_after_stop`; the state of a date says
    why its span is empty. `contributing` is None where nobody said whether there were other reasons.
    """

    number: int
    targets: frozenset[str] | None
    start: Span = (None, None)
    stop: Span = (None, None)
    best_response: Fact = MISSING
    start_state: FactState = FactState.MISSING
    stop_state: FactState = FactState.MISSING
    stop_after_start: int | None = None
    setting: Fact = MISSING
    stop_reason: Fact = MISSING
    contributing: frozenset[str] | None = None
    progression_timing: Fact = MISSING
    progressed: Span = (None, None)
    progressed_state: FactState = FactState.MISSING
    progressed_after_start: int | None = None
    progressed_after_stop: int | None = None
    confirmed: Fact = MISSING
    called: Fact = MISSING
    new_lesions: Fact = MISSING
    growing_lesions: Fact = MISSING
    organs: Fact = MISSING
    all_treatable: Fact = MISSING
    primary: Fact = MISSING
    # The agents by their codes, None where they are not known; whether one is bispecific; what they were given with.
    drugs: frozenset[str] | None = None
    bispecific: bool = False
    kind: Fact = MISSING
    # The day on which somebody first said that it is over, and its place among the entries of all courses.
    over_said_on: date | None = None
    entry: int | None = None

    @property
    def last_dose(self) -> Span:
        """The span of the last dose, counted from the first where it is told so."""
        first, last = self.start
        if self.stop_after_start is None or first is None or last is None:
            earliest = max((d for d in (first, self.stop[0]) if d is not None), default=None)
            return (earliest, self.stop[1]) if self.stop[0] is not None else self.stop
        days = timedelta(days=self.stop_after_start)
        return first + days, last + days

    def begun_by(self, day: date) -> bool:
        """Whether its first dose was not after `day`: nor was it after its last dose or its progression.

        One without any of these days shows nothing of a time after `day`.
        """
        ends = [e for e in (self.start[1], self.last_dose[1], self.progressed[1]) if e is not None]
        return not ends or min(ends) <= day

    def ended_by(self, others: Iterable[Course]) -> date | None:
        """Return the last day on which it may have been given; None where no day ends it."""
        return ended_by(self, others)


@dataclass(frozen=True)
class Finding:
    """One answer of an irAE's dossier that a fact is read from; an item not answered is missing.

    `event` is the place of the irAE in the record; `measure` is what items are about that measure one thing twice.
    `found`: when it was found, as far as somebody said.
    """

    organ: str
    fact: str
    answer: Fact = MISSING
    event: int = 0
    measure: str = ""
    found: Span = (None, None)


@dataclass(frozen=True)
class Steroid:
    """One steroid course as it stands now; `said_on` is the day for which the dose of now was said."""

    drug: str
    indication: Fact = MISSING
    now_mg_per_day: Fact = MISSING
    said_on: date | None = None
    not_tapered: Fact = MISSING
    stop: Span = (None, None)
    # Whether somebody said that it has no end yet.
    goes_on: bool = False
    # Its place among the entries of all steroid courses.
    entry: int | None = None

    def is_over(self, as_of: date) -> bool:
        """Whether it certainly ended before `as_of`, and nobody told a dose of now."""
        ended = self.stop[1] is not None and self.stop[1] < as_of
        return ended and self.now_mg_per_day.state is not FactState.KNOWN

    @property
    def replacement(self) -> bool:
        """Whether it was given for what the body no longer makes."""
        return self.indication.value == "adrenal_replacement"


@dataclass(frozen=True)
class SecondLine:
    """One immunosuppressant beside steroids."""

    still_given: Fact = MISSING
    stop: Span = (None, None)


@dataclass(frozen=True)
class Result:
    """One biomarker of one sample; `unit` is that of a TMB."""

    kind: str
    timing: str
    value: Fact
    sampled: Span = (None, None)
    unit: str = "mut_per_mb"


@dataclass(frozen=True)
class Record:
    """All that the derivations read."""

    birth_date: date | None = None
    # The days on which the patient may have died; None of one who is not known to have.
    died: Span | None = None
    oligoprogression_definition: str = "review"
    disease_status: Fact = MISSING
    disease_status_on: date | None = None
    proposed_regimen: Fact = MISSING
    proposed_targets: frozenset[str] = frozenset()
    proposed_drugs: frozenset[str] = frozenset()
    # Whether an agent is proposed that the list of drugs does not have: its targets are not known.
    proposed_unlisted: bool = False
    courses: tuple[Course, ...] = ()
    # Number of the course that the question is about, where the case names one.
    asked_course: int | None = None
    courses_complete: bool = False
    courses_complete_on: Span = (None, None)
    # The newest of the courses that were entered when the list was called complete; None where nobody knows.
    courses_complete_through: int | None = None
    # Which entries of the lists may be one, and which were said to be two.
    course_pairs: Pairs = field(default_factory=Pairs)
    irae_pairs: Pairs = field(default_factory=Pairs)
    steroid_pairs: Pairs = field(default_factory=Pairs)
    iraes: tuple[Event, ...] = ()
    organs_asked: frozenset[str] = frozenset()
    asked_on: Mapping[str, date] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()
    steroids: tuple[Steroid, ...] = ()
    steroids_complete_on: date | None = None
    # The last day that this may be, where it is known to the month or the year alone.
    steroids_complete_latest: date | None = None
    # All steroids together, mg prednisone-equivalent a day, and the day on which that was found.
    steroid_total: tuple[Decimal, date] | None = None
    # The last day on which somebody told of a course, and not at which dose it is given.
    steroid_untold_on: date | None = None
    second_line: tuple[SecondLine, ...] = ()
    second_line_complete_on: date | None = None
    results: tuple[Result, ...] = ()
    ecog: Fact = MISSING
    ecog_assessed: Span = (None, None)
    blood: Blood = field(default_factory=Blood)
    # Histology and stage; and what stands about the patient besides, each under its fact's key.
    tumour: dict[str, Fact] = field(default_factory=dict)
    background: dict[str, Fact] = field(default_factory=dict)
    # What was told of single sites and genes, by their codes.
    metastases: dict[str, Fact] = field(default_factory=dict)
    metastases_complete: bool = False
    # The days for which single sites were told, and the whole list.
    sites_said_on: Mapping[str, Span] = field(default_factory=dict)
    metastases_complete_on: Span = (None, None)
    drivers: dict[str, Fact] = field(default_factory=dict)
    # Facts that somebody is to find out, also those that no column can say "not yet" of.
    owed: frozenset[str] = frozenset()
    # For how many days a grade of now holds; None: for ever.
    grades_hold_days: int | None = None
    # For how many days a dose, and a list of steroids or of second-line agents, hold once they were said.
    doses_hold_days: int = field(default_factory=partial(delivered_limit, "steroid_now"))
    second_line_hold_days: int = field(
        default_factory=partial(delivered_limit, "immunosuppressant_now")
    )
    # When the last major surgery was, and for how many days it counts as recent.
    operated: Span = (None, None)
    # The day on which somebody said that there was none.
    surgery_said_on: date | None = None
    surgery_holds_days: int = field(default_factory=partial(delivered_limit, "major_surgery"))
    # The day for which it is read; None: any later one.
    as_of: date | None = None

    @property
    def courses_told(self) -> bool:
        """Whether there is certainly no ICI course beyond those entered.

        One that may have begun after the day for which the list was called complete shows that the list may have gone
        on: of the time since then nobody said that there was no other. One that was entered before and may have begun
        by that day was meant with it.
        """
        until = self.courses_complete_on[0]
        covered = until is None or all(
            course.begun_by(until) or self._meant(course, until) for course in self.courses
        )
        return self.courses_complete and covered

    def _meant(self, course: Course, until: date) -> bool:
        """Whether whoever called the list complete saw the course there, and it may have begun by `until`."""
        through, entry = self.courses_complete_through, course.entry
        if through is None or entry is None or entry > through:
            return False
        return course.start[0] is None or course.start[0] <= until

    def asked(self, organs: Iterable[str] = ALL_ORGANS, counted: Collection[Event] = ()) -> bool:
        """Whether somebody asked about each of `organs`: their lists of irAEs are complete.

        An irAE outside the list that affected one of them, or of which nobody told the organ, may be any disease
        there, so that "none" is certain of nothing there, unless it is among those `counted`.
        """
        wanted = frozenset(organs)
        if not wanted <= self.organs_asked - self.asked_too_early:
            return False
        unlisted = (event for event in self.iraes if event.may_be_of(wanted))
        return wanted >= ALL_ORGANS or all(event in counted for event in unlisted)

    @property
    def may_be_given_still(self) -> bool:
        """Whether doses of an ICI are given, or no day is known by which they had ended."""
        return any(course.ended_by(self.courses) is None for course in self.courses)

    @property
    def given_until(self) -> date | None:
        """The last day on which an ICI may have been given: `as_of` where it may be given still."""
        if self.may_be_given_still:
            return self.as_of or date.max
        ends = (course.ended_by(self.courses) for course in self.courses)
        return max((day for day in ends if day is not None), default=None)

    @property
    def asked_too_early(self) -> frozenset[str]:
        """Organs whose answer cannot say what came after it, and something may have."""
        return self.asked_while_given | self.asked_before_onset

    @property
    def asked_while_given(self) -> frozenset[str]:
        """Organs asked about while the ICI may have been given: what came after is not in the answer.

        An answer of today holds today; one of an earlier day holds only if it was given after the last dose.
        """
        until = self.given_until
        if until is None:
            return frozenset()
        today = self.as_of or date.max
        return frozenset(o for o, day in self.asked_on.items() if day <= until and day < today)

    @property
    def asked_before_onset(self) -> frozenset[str]:
        """Organs asked about before an irAE certainly began: what else came with it is not in the answer."""
        began = [day for day, _last in map(self.begun, self.iraes) if day is not None]
        newest = max(began, default=date.min)
        return frozenset(organ for organ, day in self.asked_on.items() if day < newest)

    def begun(self, event: Event) -> Span:
        """Return the days on which an irAE may have begun, also where it is told in days from a course."""
        return begun(event, self.courses)

    @property
    def lasting(self) -> Record:
        """The record as it will be read later: of the answers about organs those hold that will go on to."""
        return replace(self, as_of=None)

    @property
    def answers_until(self) -> date | None:
        """The last day on which the answers about organs hold that lapse by themselves; None where none does.

        They are those of the day itself. After it no answer holds: each was given while the ICI may have been.
        """
        lapse = self.lasting.asked_too_early - self.asked_too_early
        return min((self.asked_on[organ] for organ in lapse), default=None)

    @property
    def grades_until(self) -> date | None:
        """The last day on which every grade of now still holds; None where none grows old."""
        return self.hold_until(self.iraes)

    def hold_until(self, events: Iterable[Event]) -> date | None:
        """Return the last day on which the grades of now of `events` hold; None where none grows old."""
        if self.grades_hold_days is None:
            return None
        said = [e.now_on for e in events if e.goes_on and e.grade_now.state is FactState.KNOWN]
        known = [day for day in said if day is not None]
        return min(known) + timedelta(days=self.grades_hold_days) if known else None

    def recent(self, said: date | None, as_of: date) -> bool:
        """Whether what was said of a dose on the day `said` still holds: a dose changes within days."""
        return said is not None and (as_of - said).days <= self.doses_hold_days

    @property
    def steroids_until(self) -> date | None:
        """The last day on which the list of steroids counts as complete."""
        return _after(self.steroids_complete_on, self.doses_hold_days)

    @property
    def surgery_until(self) -> date | None:
        """The last day on which the last major surgery certainly counts as recent."""
        told = self.background.get("major_surgery", MISSING).value is True
        return _after(self.operated[0], self.surgery_holds_days) if told else None

    @property
    def second_line_until(self) -> date | None:
        """The last day on which the list of second-line agents counts as complete."""
        return _after(self.second_line_complete_on, self.second_line_hold_days)

    def still_holds(self, event: Event) -> bool:
        """Whether the grade of now of an event holds on the day for which the record is read."""
        if self.grades_hold_days is None or not event.goes_on:
            return True
        if event.now_on is None:
            return False
        return ((self.as_of or date.max) - event.now_on).days <= self.grades_hold_days

    @property
    def last_course(self) -> Course | None:
        """The last course that was begun, as they are numbered."""
        return max(self.courses, key=lambda c: c.number, default=None)


def _after(day: date | None, days: int) -> date | None:
    return None if day is None else day + timedelta(days=days)


def days_between(earlier: Span, later: Span) -> Fact:
    """Return the days from one partial date to another as an interval; missing where a bound is open."""
    if None in (*earlier, *later):
        return MISSING
    (a, b), (c, d) = earlier, later
    low, high = (c - b).days, (d - a).days  # type: ignore[operator]
    return Fact.between(max(low, 0), high) if high >= 0 else MISSING


def most_open(states: Iterable[FactState]) -> FactState:
    """Return the state that leaves most to be done; missing where there is none."""
    found = set(states)
    order = (FactState.MISSING, FactState.NOT_YET, FactState.UNKNOWN)
    return next((state for state in order if state in found), FactState.MISSING)

"""Resistance to the last ICI course under three named definitions, never put together.

- *review*: the review's section 7: primary is a lack of initial response or benefit, acquired is progression after
  an initial response. It gives no times and does not say how long stable disease must last to count as benefit.
- *SITC* (Kluger et al., J Immunother Cancer 2020;8:e000398; times are general knowledge, to be confirmed): at least
  6 weeks of exposure and a confirming scan; primary: best response PD, or SD for less than 6 months; acquired:
  exposure of at least 6 months and CR, PR or SD for 6 months. After stopping, progression within 12 weeks of the
  last dose counts by the same rules; later it is a late relapse.
- *24 weeks* (SWOG S1400F): progression on anti-PD-(L)1; primary before 24 weeks from its start, acquired from then.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cases.derivations.deciding import Derived, Outcome, days, decide, one_of
from cases.derivations.record import MISSING
from cases.derivations.times import length, off_at_progression, until_progression
from evidence.conditions.facts import Fact, FactState

if TYPE_CHECKING:
    from cases.derivations.record import Course

SIX_WEEKS, TWELVE_WEEKS, TWENTY_FOUR_WEEKS = 42, 84, 168
# Half of 365.25 days, to the next whole day.
SIX_MONTHS = 183
# No ICI is given less often: progression later than this after the last dose was not on treatment.
LONGEST_INTERVAL = 42

RESPONSES = ("CR", "PR", "SD", "PD", "NE")
TIMINGS = ("on_treatment", "after_stop", "none")
LATE = "on_treatment_after_last_dose"
REVIEW, SITC, WEEKS_24 = "resistance_review", "resistance_sitc", "resistance_24_weeks"


def resistance(course: Course) -> dict[str, Derived]:
    """Return the answer of each definition for one course, by the key of its fact."""
    if course.progression_timing.state is FactState.NOT_APPLICABLE:
        fact = Fact.absent(FactState.NOT_APPLICABLE)
        return {key: Derived(fact, key) for key in (REVIEW, SITC, WEEKS_24)}
    found = _found(course)
    if not contradicts(course):
        return found
    # Said to be on treatment, long after the last dose: one of the two is wrong, and nothing rests on either.
    told = (
        ("progression_timing", course.progression_timing),
        ("off_treatment", off_at_progression(course)),
    )
    unsure = {key: Derived(MISSING, key, missing=told, note=LATE) for key in (SITC, WEEKS_24)}
    return {**found, **unsure}


def contradicts(course: Course) -> bool:
    """Whether a progression on treatment certainly came later after the last dose than any ICI is given again."""
    off = off_at_progression(course)
    on_treatment = course.progression_timing.value == "on_treatment"
    return on_treatment and off.low is not None and off.low > LONGEST_INTERVAL


def _found(course: Course) -> dict[str, Derived]:
    timing = one_of("progression_timing", course.progression_timing, TIMINGS)
    response = one_of("best_response", course.best_response, RESPONSES)
    until = until_progression(course)
    return {
        REVIEW: decide(REVIEW, [timing, response], _review),
        SITC: decide(
            SITC,
            [
                timing,
                response,
                days("until_progression", until, (SIX_WEEKS, SIX_MONTHS)),
                days("length", length(course), (SIX_WEEKS, SIX_MONTHS)),
                days("off_treatment", off_at_progression(course), (TWELVE_WEEKS + 1,)),
                one_of("confirmed", course.confirmed, (True, False)),
            ],
            _sitc,
        ),
        WEEKS_24: decide(
            WEEKS_24,
            [
                timing,
                days("until_progression", until, (TWENTY_FOUR_WEEKS,)),
                one_of("drugs", _against_pd1(course), (True, False)),
            ],
            _24_weeks,
        ),
    }


def _against_pd1(course: Course) -> Fact:
    if course.targets is None:
        return MISSING
    return Fact.known(bool(course.targets & {"PD-1", "PD-L1"}))


NO_PROGRESSION = Outcome("none")


def _review(progression_timing: str, best_response: str) -> Outcome:
    if progression_timing == "none":
        return NO_PROGRESSION
    if best_response == "PD":
        return Outcome("primary")
    if best_response in {"CR", "PR"}:
        return Outcome("acquired")
    note = "sd_has_no_length" if best_response == "SD" else "response_not_evaluable"
    return Outcome(None, note, settled=False)


def _sitc(
    progression_timing: str,
    best_response: str,
    until_progression: int,
    length: int,
    off_treatment: int,
    confirmed: bool,
) -> Outcome:
    if progression_timing == "none":
        return NO_PROGRESSION
    stopped = progression_timing == "after_stop"
    if stopped and off_treatment > TWELVE_WEEKS:
        return Outcome("late_relapse")
    exposure = length if stopped else until_progression
    if exposure < SIX_WEEKS:
        return Outcome(None, "exposure_too_short")
    if not confirmed:
        return Outcome(None, "not_confirmed")
    if best_response == "NE":
        return Outcome(None, "response_not_evaluable", settled=False)
    if best_response == "PD" or (best_response == "SD" and until_progression < SIX_MONTHS):
        return Outcome("primary")
    if exposure >= SIX_MONTHS:
        return Outcome("acquired")
    return Outcome(None, "neither")


def _24_weeks(progression_timing: str, until_progression: int, drugs: bool) -> Outcome:
    if progression_timing == "none":
        return NO_PROGRESSION
    if progression_timing == "after_stop":
        return Outcome(None, "on_treatment_only")
    if not drugs:
        return Outcome(None, "pd1_only")
    return Outcome("primary" if until_progression < TWENTY_FOUR_WEEKS else "acquired")

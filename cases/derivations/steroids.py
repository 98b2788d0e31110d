"""Steroids: the dose of today in mg prednisone-equivalent, and what was given."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING

from cases.derivations.record import ALL_ORGANS, MISSING, Record, Steroid, most_open
from cases.derivations.second_line import second_line_now
from cases.derivations.steroid_groups import groups, least
from evidence.conditions.facts import Fact, FactState

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import date

# mg prednisone-equivalent a day; hydrocortisone 30 mg, above the usual 15 to 25 mg of replacement.
HIGHEST_REPLACEMENT = Decimal("7.5")

# Of what a course is given for nobody told anything.
UNTOLD = frozenset({FactState.MISSING, FactState.NOT_YET, FactState.UNKNOWN})

# A steroid is tapered when it is at this dose, in mg prednisone-equivalent a day, within these days (US labels).
TAPERED_MG, TAPERED_DAYS = Decimal(10), 84

# mg that equal prednisone 10 mg (the product's clinical reference, table of steroid equivalents).
EQUALS_PREDNISONE_10 = {
    "prednisone": Decimal(10),
    "prednisolone": Decimal(10),
    "methylprednisolone": Decimal(8),
    "dexamethasone": Decimal("1.5"),
    "hydrocortisone": Decimal(40),
}


def prednisone_equivalent(drug: str, mg_per_day: Decimal) -> Decimal | None:
    """Return mg prednisone a day, to 0.01 mg; None for a drug without a known equivalent."""
    equal = EQUALS_PREDNISONE_10.get(drug)
    return (mg_per_day * 10 / equal).quantize(Decimal("0.01")) if equal else None


def treatment_facts(record: Record, as_of: date) -> dict[str, Fact]:
    """Return the facts of steroids and immunosuppressants."""
    return {
        "steroid_now": steroid_now(record, as_of),
        "steroid_not_tapered": not_tapered(record, as_of),
        "immunosuppressant_now": second_line_now(record, as_of),
    }


def steroid_now(record: Record, as_of: date) -> Fact:
    """Return the summed prednisone-equivalent of today; physiological replacement, at its dose, does not count.

    What is certain is a lower bound as long as a dose, or the list, is not complete; no dose is ever
    concluded from silence, and none from what was said too long ago. A total that was found on a day
    counts for all of them, until the record says something newer; where the doses that held on that day add up to
    more, the truth lies between the two, and where one of them has no known equivalent, its upper end is open.
    Which of the courses that may be one somebody removes, or that they are two, stays within what was certain before.
    """
    listed, found = _of_the_list(record, as_of), _total(record, as_of)
    if found is None:
        then = may_stand(record, as_of)
        return _either(_beside_the_list(record, *then), listed) if then else listed
    told = _beside_the_list(record, *found)
    return _either(told, listed) if _may_be_newer(record, found[1]) else told


def _may_be_newer(record: Record, found_on: date) -> bool:
    """Whether the list may have been called complete after a total was found, or before: its day is not known."""
    first, latest = record.steroids_complete_on, record.steroids_complete_latest
    return first is not None and latest is not None and first <= found_on < latest


def _either(told: Fact, listed: Fact) -> Fact:
    """Return what is certain where one of two answers holds, and nobody can tell which."""
    if told.low is None or listed.low is None:
        return MISSING
    ends = (told.high, listed.high)
    highest = None if None in ends else max(end for end in ends if end is not None)
    low = min(told.low, listed.low)
    return Fact.between(low, highest) if low or highest is not None else MISSING


def _doses(
    record: Record, as_of: date, *, replacement_counts: bool = False, untold_counts: bool = False
) -> list[tuple[Decimal, FactState]]:
    """Return of each course its certain dose and whether that is all to be known; one that is over is at none.

    `replacement_counts`: whether it does where it is open whether it is more than the body makes. `untold_counts`:
    whether a course does of which nobody told that it replaces nothing.
    """
    doubtful = not replacement_counts and _replacement_is_open(record)
    found = []
    for steroid in record.steroids:
        dose = Decimal(0), FactState.KNOWN
        if not steroid.is_over(as_of):
            dose = _certain(record, steroid, as_of, doubtful=doubtful)
        if dose[0] and not untold_counts and may_replace(steroid):
            dose = Decimal(0), FactState.MISSING
        found.append(dose)
    return found


def may_replace(steroid: Steroid) -> bool:
    """Whether it may be no more than what the body makes: nobody told what it is for, and the dose is as low."""
    untold = steroid.indication.state in UNTOLD
    return untold and 0 < _equivalent(steroid)[0] <= HIGHEST_REPLACEMENT


def holds_untold(record: Record, as_of: date) -> bool:
    """Whether a dose of which nobody told what it is for makes that of today open: no total is as high as all."""
    told = [s for s in record.steroids if record.recent(s.said_on, as_of)]
    found = _total(record, as_of)
    covered = found is not None and listed_on(record, found[1]) <= found[0]
    return not covered and any(may_replace(steroid) for steroid in told)


def _most(record: Record, steroids: Iterable[Steroid]) -> Decimal:
    """Return what certain doses add up to at the most, whatever those are for of which nobody told it.

    If they replace, it may be more than the body makes with what does, and all of that counts then.
    """
    may = [s for s in record.steroids if s.replacement or s.indication.state in UNTOLD]
    low = _adds_up(may) <= HIGHEST_REPLACEMENT
    return _adds_up(s for s in steroids if not (low and s.replacement))


def by_entries(record: Record, as_of: date) -> tuple[Decimal, Decimal] | None:
    """Return the least and the most that the doses entered add up to; None where they are certain to be several.

    The most is no upper end of the dose of today: that there are no others somebody says by calling the list complete,
    and with it that all of them count.
    """
    if record.steroids_complete_on is not None or _total(record, as_of) is not None:
        return None
    fewest = least(record, [dose for dose, _state in _doses(record, as_of, untold_counts=True)])
    every = _doses(record, as_of, replacement_counts=True, untold_counts=True)
    most = sum((dose for dose, _state in every), Decimal(0))
    return (fewest, most) if fewest < most else None


def _of_the_list(record: Record, as_of: date) -> Fact:
    """Return what is certain of the doses that still hold."""
    told = _doses(record, as_of)
    states = [state for _dose, state in told if state is not FactState.KNOWN]
    total = least(record, [dose for dose, _state in told])
    if record.recent(record.steroids_complete_on, as_of):
        every = _doses(record, as_of, untold_counts=True)
        if all(state is FactState.KNOWN for _dose, state in every):
            rows = [s for s in record.steroids if not s.is_over(as_of)]
            return Fact.between(total, _most(record, rows))
    return Fact.between(total, None) if total else Fact.absent(most_open(states))


def _certain(
    record: Record, steroid: Steroid, as_of: date, *, doubtful: bool
) -> tuple[Decimal, FactState]:
    """Return the certain dose of one course on a day, and whether it is all that is to be known.

    `doubtful`: whether it is open that what replaces is more than the body makes.
    """
    holds = partial(record.recent, as_of=as_of)
    if harmless(steroid, record.steroids):
        known = still_replaces(steroid, record.steroids_complete_on, holds)
        return Decimal(0), FactState.KNOWN if known else FactState.MISSING
    if doubtful and steroid.replacement:
        return Decimal(0), FactState.MISSING
    if steroid.now_mg_per_day.low and not holds(steroid.said_on):
        return Decimal(0), FactState.MISSING
    dose, state = _equivalent(steroid)
    if state is not FactState.NOT_APPLICABLE:
        return dose, state
    # It cannot be that no dose of now applies to what is given still.
    return dose, FactState.UNKNOWN if steroid.goes_on else FactState.KNOWN


def _replacement_is_open(record: Record) -> bool:
    """Whether it depends on what may be told twice whether all that replaces is more than the body makes."""
    replaced = [_equivalent(s)[0] if s.replacement else Decimal(0) for s in record.steroids]
    return least(record, replaced) <= HIGHEST_REPLACEMENT < sum(replaced, Decimal(0))


def _beside_the_list(record: Record, total: Decimal, found_on: date) -> Fact:
    """Return what is certain of a total that was found on a day, beside the doses that held then."""
    listed, since = listed_on(record, found_on), _untold_since(record, found_on)
    # Whoever found the total may have left out what equals nothing known.
    without = without_equivalent(record, found_on)
    if not (since or without):
        return Fact.between(total, max(total, listed))
    if total:
        return Fact.between(total, None)
    untold = [s.now_mg_per_day.state for s in record.steroids]
    return Fact.absent(FactState.UNKNOWN if without else most_open(untold))


def _untold_since(record: Record, found_on: date) -> bool:
    """Whether somebody told of a course, and not at which dose it is given, once a total was found.

    It may have begun since, and go on though it is told later that it ended: what is said of all tells it anew.
    """
    return record.steroid_untold_on is not None and record.steroid_untold_on >= found_on


def told_since(record: Record, as_of: date) -> Decimal | None:
    """Return the total that counts as the least only, for a course was told since and not its dose; else None."""
    found = _total(record, as_of)
    return found[0] if found is not None and _untold_since(record, found[1]) else None


def _total(record: Record, as_of: date) -> tuple[Decimal, date] | None:
    """Return the total that still holds on `as_of`, and its day."""
    found = latest_total(record)
    return found if found is not None and record.recent(found[1], as_of) else None


def latest_total(record: Record) -> tuple[Decimal, date] | None:
    """Return the total that was told, and its day, where the record says nothing newer of any dose."""
    if record.steroid_total is None:
        return None
    newer = [record.steroids_complete_on, *(s.said_on for s in record.steroids)]
    found_on = record.steroid_total[1]
    return None if any(day and day > found_on for day in newer) else record.steroid_total


def may_stand(record: Record, as_of: date) -> tuple[Decimal, date] | None:
    """Return the total that a check found where all that the record says later may be of courses told before."""
    total = record.steroid_total
    if total is None or record.steroids_complete_on is not None:
        return None
    later = [s.said_on is not None and s.said_on > total[1] for s in record.steroids]
    newer = any(all(later[place] for place in group) for group in groups(record))
    return total if record.recent(total[1], as_of) and not newer else None


def listed_on(record: Record, day: date) -> Decimal:
    """Return what the doses that still held on `day` add up to, all of them counted."""
    return _most(record, [s for s in record.steroids if record.recent(s.said_on, day)])


def _adds_up(steroids: Iterable[Steroid]) -> Decimal:
    return sum((_equivalent(s)[0] for s in steroids), Decimal(0))


def without_equivalent(record: Record, day: date) -> bool:
    """Whether a dose that still held on `day` has no known equivalent."""
    told = [s for s in _held_on(record, day) if s.now_mg_per_day.state is FactState.KNOWN]
    return any(_equivalent(s)[1] is not FactState.KNOWN for s in told)


def _held_on(record: Record, day: date) -> list[Steroid]:
    rows = record.steroids
    return [s for s in rows if not harmless(s, rows) and record.recent(s.said_on, day)]


def open_total(record: Record, as_of: date) -> Decimal | None:
    """Return the total that a check found where a dose that held then leaves its upper end open; else None."""
    found = _total(record, as_of)
    return found[0] if found is not None and without_equivalent(record, found[1]) else None


def disagreement(record: Record, as_of: date) -> tuple[Decimal, Decimal] | None:
    """Return the total that a check found and the higher sum of the doses that held then; None where it is not.

    Replacement that may only be told twice disagrees with nothing.
    """
    found = _total(record, as_of)
    if found is None:
        return None
    held = _held_on(record, found[1])
    if _replacement_is_open(record):
        held = [steroid for steroid in held if not steroid.replacement]
    listed = _adds_up(held)
    return (found[0], listed) if listed > found[0] else None


def harmless(steroid: Steroid, among: Iterable[Steroid]) -> bool:
    """Whether it is no more than what the body makes: said to replace that, and at a dose known to be as low.

    More than that is a dose, whatever it is called, and may be where nobody told the dose: replacement is doubled
    in illness, and told in parts. All that replaces, `among` the patient's courses, is added up.
    """
    if not steroid.replacement or _equivalent(steroid)[1] is not FactState.KNOWN:
        return False
    replaced = sum((_equivalent(one)[0] for one in among if one.replacement), Decimal(0))
    return replaced <= HIGHEST_REPLACEMENT


def still_replaces(
    steroid: Steroid, listed: date | None, holds: Callable[[date | None], bool]
) -> bool:
    """Whether the low dose of a replacement still holds: it is given for life, yet raised in illness.

    It does as long as any dose would, and where the list that names it was called complete since, on the day `listed`:
    whoever does so is told that it says that the replacement is unchanged. `holds`: whether a day is recent enough.
    """
    said = steroid.said_on
    if not steroid.now_mg_per_day.low or holds(said):
        return True
    named = listed is not None and said is not None and said <= listed
    return named and holds(listed)


def _equivalent(steroid: Steroid) -> tuple[Decimal, FactState]:
    """Return the certain dose of one course, and whether it is all that is to be known; one at 0 mg is over."""
    dose = steroid.now_mg_per_day
    if dose.state is not FactState.KNOWN or dose.low is None:
        return Decimal(0), dose.state
    if dose.low == 0:
        return Decimal(0), FactState.KNOWN
    equivalent = prednisone_equivalent(steroid.drug, Decimal(dose.low))
    if equivalent is None:
        return Decimal(0), FactState.UNKNOWN
    return equivalent, FactState.KNOWN


def doses_until(record: Record, as_of: date) -> date | None:
    """Return the last day on which every dose that counts on `as_of` holds; None where none counts.

    That none is given in all is such a dose, of 0 mg: with a day here, "none" rests on no list.
    """
    found = _total(record, as_of)
    if found is not None:
        counts = found[0] or listed_on(record, found[1]) or not _may_be_newer(record, found[1])
        return found[1] + timedelta(days=record.doses_hold_days) if counts else None
    said = [
        s.said_on
        for s in record.steroids
        if s.now_mg_per_day.low and not harmless(s, record.steroids)
    ]
    held = [day for day in said if day is not None and record.recent(day, as_of)]
    return min(held) + timedelta(days=record.doses_hold_days) if held else None


def doses_said_on(record: Record) -> date | None:
    """Return the oldest day on which what makes up the dose of now was said; None where one is not known."""
    days = [record.steroids_complete_on]
    days += [
        s.said_on
        for s in record.steroids
        if s.now_mg_per_day.low and not harmless(s, record.steroids)
    ]
    known = [day for day in days if day is not None]
    return min(known) if len(known) == len(days) else None


def said_of_today(record: Record, as_of: date) -> date | None:
    """Return the oldest day on which what makes up the dose of today was said; None where it is not known."""
    found = _total(record, as_of)
    if found is not None:
        return found[1]
    days: list[date | None] = [record.steroids_complete_on]
    days += [
        steroid.said_on
        for steroid in record.steroids
        if steroid.now_mg_per_day.low and not harmless(steroid, record.steroids)
    ]
    told = [day for day in days if day is not None and record.recent(day, as_of)]
    return min(told) if told and len(told) == len(days) else None


def not_tapered(record: Record, as_of: date) -> Fact:
    """Return whether a steroid for an irAE could not be brought to 10 mg within 12 weeks.

    A course for something else does not count; one whose reason is not known leaves the answer open. Of those that may
    be one all have to say so. Where there was no irAE for certain, no steroid was given for one, and a course that is
    said to have been contradicts that: what is certain only while answers about organs hold would stay "no" after them.
    """
    counted = [s for s in record.steroids if s.indication.value in {"irae", None}]
    for_one = [s.indication.value == "irae" for s in record.steroids]
    sure = [
        known and s.not_tapered.value is True
        for known, s in zip(for_one, record.steroids, strict=True)
    ]
    if any(all(sure[place] for place in group) for group in groups(record)):
        return Fact.known(True)
    if not record.iraes and record.lasting.asked(ALL_ORGANS):
        return MISSING if any(for_one) else Fact.known(False)
    if not record.recent(record.steroids_complete_on, as_of):
        return MISSING
    settled = [
        s.not_tapered.value is False or s.not_tapered.state is FactState.NOT_APPLICABLE
        for s in counted
    ]
    if all(settled):
        return Fact.known(False)
    states = {s.not_tapered.state for s in counted} - {FactState.KNOWN, FactState.NOT_APPLICABLE}
    return Fact.absent(most_open(states))


def peak_and_now(doses: Iterable[Decimal]) -> tuple[Decimal, Decimal] | None:
    """Return the highest and the last of the doses of a course, which stand in the order of time."""
    given = list(doses)
    return (max(given), given[-1]) if given else None

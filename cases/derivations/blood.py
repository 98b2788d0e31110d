"""Ratios and indices of the blood, from results of one day. Pure.

Each says which definition and which results it used, or why there is none. Nothing here knows a cut-off that
was validated for a rechallenge, because none was; LIPI has two in its own definition.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_EVEN, Decimal, localcontext
from enum import StrEnum

from cases.derivations.measured import Interval, hull, product, quotient
from cases.derivations.record import MISSING, most_open
from cases.derivations.samples import Blood, Body, Sample, SteroidSpan
from evidence.conditions.facts import Fact, FactState
from evidence.conditions.vocabulary import FACTS

# The threshold within the definition of LIPI (one point above it), not one for a rechallenge.
LIPI_DNLR = Decimal(3)


class Problem(StrEnum):
    """Why there is no value."""

    MISSING = "missing"  # a result was never entered
    OTHER_DAYS = "other_days"  # all are there, but not from one day
    UNDEFINED = "undefined"  # division by zero
    IMPOSSIBLE = "impossible"  # neutrophils above leukocytes
    NO_LIMIT = "no_limit"  # LDH without the upper limit of its laboratory
    NO_WEIGHT = "no_weight"
    NO_HEIGHT = "no_height"
    OLD_WEIGHT = "old_weight"  # weighed too long before or after, or on a day not known well enough


class Steroids(StrEnum):
    """Whether the patient was on systemic steroids on a day."""

    YES = "yes"
    NO = "no"
    CANNOT_TELL = "cannot_tell"


@dataclass(frozen=True)
class Derived:
    """One index on one day: its value, or the problem; `lacking` are the analytes in the way."""

    key: str
    day: date | None = None
    value: Interval | None = None
    problem: Problem | None = None
    lacking: tuple[str, ...] = ()
    steroids: Steroids = Steroids.CANNOT_TELL


Day = Mapping[str, Sequence[Sample]]


@dataclass(frozen=True)
class Index:
    """An index: which results it needs and how it is worked out from those of one day."""

    key: str
    analytes: tuple[str, ...]
    work_out: Callable[[Mapping[str, Interval], Day, Blood, date], Interval | Problem]


def _ratio(above: str, below: str) -> Callable[..., Interval | Problem]:
    def work_out(values: Mapping[str, Interval], *_rest: object) -> Interval | Problem:
        return quotient(values[above], values[below]) or Problem.UNDEFINED

    return work_out


def _dnlr(values: Mapping[str, Interval], *_rest: object) -> Interval | Problem:
    """Neutrophils over leukocytes less neutrophils; both ends of the fraction move with the neutrophils."""
    neutrophils, leukocytes = values["neutrophils"], values["leukocytes"]
    if leukocytes.high is not None and leukocytes.high < neutrophils.low:
        return Problem.IMPOSSIBLE
    if leukocytes.high is not None and leukocytes.high == neutrophils.low:
        return Problem.UNDEFINED
    low, high = Decimal(0), None
    if leukocytes.high is not None:
        low = neutrophils.low / (leukocytes.high - neutrophils.low)
    if neutrophils.high is not None and leukocytes.low > neutrophils.high:
        high = neutrophils.high / (leukocytes.low - neutrophils.high)
    return Interval(low, high)


def _lipi(values: Mapping[str, Interval], day: Day, *_rest: object) -> Interval | Problem:
    dnlr = _dnlr(values)
    if isinstance(dnlr, Problem):
        return dnlr
    if any(sample.upper_limit is None for sample in day["ldh"]):
        return Problem.NO_LIMIT
    of_ldh = [_point(s.value, s.upper_limit) for s in day["ldh"] if s.upper_limit is not None]
    points = hull(of_ldh)
    of_dnlr = _point(dnlr, LIPI_DNLR)
    return Interval(points.low + of_dnlr.low, (points.high or 0) + (of_dnlr.high or Decimal(0)))


def _point(value: Interval, limit: Decimal) -> Interval:
    """Return one point above the limit, none at or below it."""
    high = Decimal(value.high is None or value.high > limit)
    return Interval(Decimal(value.low > limit), high)


def _ali(values: Mapping[str, Interval], _day: Day, blood: Blood, on: date) -> Interval | Problem:
    """Body mass index x albumin in g/dL / NLR."""
    nlr = quotient(values["neutrophils"], values["lymphocytes"])
    if nlr is None:
        return Problem.UNDEFINED
    mass = body_mass_index(blood.body)
    if mass is None:
        return Problem.NO_HEIGHT if blood.body.weight.low is not None else Problem.NO_WEIGHT
    if not weighed_near(blood, on):
        return Problem.OLD_WEIGHT
    albumin = values["albumin"]
    in_dl = Interval(albumin.low / 10, None if albumin.high is None else albumin.high / 10)
    index = product(Interval(mass, mass), in_dl)
    return quotient(index, nlr) or Problem.UNDEFINED


def body_mass_index(body: Body) -> Decimal | None:
    """Return kg over the square of the height in metres, not rounded; None without both."""
    weight, height = body.weight.low, body.height.low
    if weight is None or not height:
        return None
    metres = Decimal(height) / 100
    return Decimal(weight) / (metres * metres)


def weighed_near(blood: Blood, day: date) -> bool:
    """Whether the patient was certainly weighed within the age limit of that day."""
    weighed, most = blood.body.weighed, blood.weight_holds_days
    if weighed[0] is None or weighed[1] is None:
        return False
    return all(abs((end - day).days) <= most for end in weighed if end)


INDICES = (
    Index("nlr", ("neutrophils", "lymphocytes"), _ratio("neutrophils", "lymphocytes")),
    Index("lmr", ("lymphocytes", "monocytes"), _ratio("lymphocytes", "monocytes")),
    Index("plr", ("platelets", "lymphocytes"), _ratio("platelets", "lymphocytes")),
    Index("dnlr", ("neutrophils", "leukocytes"), _dnlr),
    Index("lipi", ("neutrophils", "leukocytes", "ldh"), _lipi),
    Index("ali", ("neutrophils", "lymphocytes", "albumin"), _ali),
)


def indices_of(blood: Blood) -> tuple[Derived, ...]:
    """Return every index on the newest day that has all it needs, or what is in the way."""
    days = _by_day(blood)
    newest_first = sorted(days, reverse=True)
    return tuple(_newest(index, days, newest_first, blood) for index in INDICES)


def series_of(index: Index, blood: Blood) -> tuple[Derived, ...]:
    """Return an index on each day that has all it needs, oldest first."""
    days = _by_day(blood)
    complete = (d for d in sorted(days) if all(days[d].get(a) for a in index.analytes))
    return tuple(_on(index, day, days[day], blood) for day in complete)


def _by_day(blood: Blood) -> dict[date, dict[str, list[Sample]]]:
    days: dict[date, dict[str, list[Sample]]] = defaultdict(lambda: defaultdict(list))
    for sample in blood.samples:
        days[sample.day][sample.analyte].append(sample)
    return days


def _newest(index: Index, days: Mapping[date, Day], order: list[date], blood: Blood) -> Derived:
    complete = [day for day in order if all(days[day].get(a) for a in index.analytes)]
    if not complete:
        anywhere = {analyte for day in order for analyte in days[day]}
        lacking = tuple(a for a in index.analytes if a not in anywhere)
        problem = Problem.MISSING if lacking else Problem.OTHER_DAYS
        return Derived(index.key, problem=problem, lacking=lacking or index.analytes)
    if index.key == "ali":
        # The weight is an input too: the newest day near which the patient was weighed.
        near = [day for day in complete if weighed_near(blood, day)]
        complete = near or complete
    if index.key == "lipi":
        limited = [d for d in complete if all(s.upper_limit is not None for s in days[d]["ldh"])]
        complete = limited or complete
    return _on(index, complete[0], days[complete[0]], blood)


def _on(index: Index, on: date, day: Day, blood: Blood) -> Derived:
    values = {analyte: hull(s.value for s in day[analyte]) for analyte in index.analytes}
    with localcontext(prec=40):
        found = index.work_out(values, day, blood, on)
    steroids = on_steroids(blood, on)
    if isinstance(found, Problem):
        return Derived(index.key, on, problem=found, steroids=steroids)
    return Derived(index.key, on, value=found, steroids=steroids)


def on_steroids(blood: Blood, day: date) -> Steroids:
    """Return whether a systemic steroid was given on that day, as far as the dates tell."""
    answers = [_given_on(course, day) for course in blood.steroids]
    answers += _found_on(blood, day)
    if Steroids.YES in answers:
        return Steroids.YES
    said = blood.steroids_complete_on
    certain = said is not None and day <= said and all(a is Steroids.NO for a in answers)
    return Steroids.NO if certain else Steroids.CANNOT_TELL


def _found_on(blood: Blood, day: date) -> list[Steroids]:
    """Return what a dose that a check found says of a day: nothing before it, nor long after it."""
    if blood.steroid_total is None or not blood.steroid_total[0]:
        return []
    since = (day - blood.steroid_total[1]).days
    if since == 0:
        return [Steroids.YES]
    return [Steroids.CANNOT_TELL] if 0 < since <= blood.doses_hold_days else []


def _given_on(course: SteroidSpan, day: date) -> Steroids:
    starts, stops = course.start, course.stop
    if (starts[0] and starts[0] > day) or (stops[1] and stops[1] < day):
        return Steroids.NO
    begun = starts[1] is not None and starts[1] <= day
    goes_on = course.goes_on or (stops[0] is not None and stops[0] >= day)
    return Steroids.YES if begun and goes_on and course.certain else Steroids.CANNOT_TELL


def rounded(key: str, value: Interval) -> tuple[Decimal, Decimal | None]:
    """Return an index to the decimals of its fact; the ends of an interval go outwards.

    Above what the vocabulary knows, nothing but "at least that" is said.
    """
    spec = FACTS[key]
    step, most = Decimal(1).scaleb(-spec.decimals), Decimal(spec.highest or 0)
    if value.is_point and value.low <= most:
        low = high = value.low.quantize(step, ROUND_HALF_EVEN)
        return low, high
    low = min(value.low, most).quantize(step, ROUND_FLOOR)
    if value.high is None or value.high > most:
        return low, None
    return low, value.high.quantize(step, ROUND_CEILING)


# Fact -> analyte of which it is the newest result.
NEWEST = {
    "neutrophils_now": "neutrophils",
    "platelets_now": "platelets",
    "haemoglobin_now": "haemoglobin",
    "creatinine_now": "creatinine",
    "urine_protein_now": "urine_protein",
    "systolic_now": "systolic",
    "diastolic_now": "diastolic",
}


def newest_days(blood: Blood) -> dict[str, date]:
    """Return the day of the newest result behind each fact that has one."""
    days: dict[str, date] = {}
    for sample in blood.samples:
        days[sample.analyte] = max(sample.day, days.get(sample.analyte, sample.day))
    return {key: days[analyte] for key, analyte in NEWEST.items() if analyte in days}


def _newest_results(blood: Blood) -> dict[str, Fact]:
    """Return the newest result of each; several of one day leave it between them."""
    found = {}
    for key, day in newest_days(blood).items():
        same = [s.value for s in blood.samples if s.analyte == NEWEST[key] and s.day == day]
        found[key] = Fact.between(*rounded(key, hull(same)))
    return found


def blood_facts(blood: Blood) -> dict[str, Fact]:
    """Return the indices and newest results; what cannot be worked out is missing, undefined is unknown."""
    indices = {found.key: _fact(found, blood.body) for found in indices_of(blood)}
    return indices | _newest_results(blood)


def _fact(found: Derived, body: Body) -> Fact:
    if found.value is not None:
        return Fact.between(*rounded(found.key, found.value))
    if found.problem in {Problem.UNDEFINED, Problem.IMPOSSIBLE}:
        return Fact.absent(FactState.UNKNOWN)
    if found.problem in {Problem.NO_WEIGHT, Problem.NO_HEIGHT}:
        return Fact.absent(_lacking(body))
    return MISSING


def _lacking(body: Body) -> FactState:
    """Return how far weight and height are open; "not applicable" is no answer for either."""
    states: Iterable[FactState] = (f.state for f in (body.weight, body.height) if f.low is None)
    return most_open(FactState.UNKNOWN if s is FactState.NOT_APPLICABLE else s for s in states)

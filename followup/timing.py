"""When checks fall due: days after the first dose from a step's timing, and how two protocols merge.

Pure functions over whole days; day 0 is the day of the first dose. Intervals come from the protocol and
are illustrative until confirmed locally.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar


class Step(Protocol):
    """What timing reads of a protocol step."""

    code: str
    kind: str
    offsets: list[int]
    every_days: int | None
    from_day: int
    until_day: int | None
    while_dosed: bool
    critical: bool
    grace_days: int


S = TypeVar("S", bound=Step)
AFTER_LAST = "days_after_last_dose"
FIRST_DAYS = 364
"""How far what goes on while doses are given is made with the first dose; further with the doses."""
TREATMENT_DAYS = 728
"""For how long doses are planned where nobody has entered a last one: 24 months, as labels limit them."""
AHEAD_DAYS, BEYOND_DAYS = 182, 84
"""How far checks reach beyond the latest dose: within the months for which doses are planned, and after them."""
# Where a label may be cut: its parts are kept with the sign before them.
PARTS = re.compile(r"(?=, )|(?<=: )")


@dataclass(frozen=True)
class Planned(Generic[S]):
    """One check to be: its step and its day after the first dose, or the last; None is before the first.

    `also` are the other steps that ask for the same check on that day: what they ask is asked with it.
    """

    step: S
    day: int | None
    also: tuple[S, ...] = ()

    @property
    def after_last_dose(self) -> bool:
        """Whether its day counts from the last dose."""
        return self.step.kind == AFTER_LAST

    @property
    def at_dose(self) -> bool:
        """Whether it is asked for at doses alone, and so moves with them."""
        return all(step.kind == "at_each_dose" for step in self.steps)

    @property
    def steps(self) -> tuple[S, ...]:
        """Every step that asks for this check, the one that rules it first."""
        return (self.step, *self.also)


def days_of(
    step: Step, dose_interval_days: int, dosed_until: int = FIRST_DAYS
) -> Sequence[int | None]:
    """Return the days on which `step` asks for a check, in order; [None] is once before the first dose.

    At each dose it is asked for every `dose_interval_days`, which the decision names. What goes on while doses
    are given goes on to the day `dosed_until`.
    """
    if step.kind == "before_first_dose":
        return [None]
    if step.kind in {"days_after_first_dose", AFTER_LAST}:
        return sorted(set(step.offsets))
    interval = dose_interval_days if step.kind == "at_each_dose" else step.every_days
    until = step.until_day
    if step.while_dosed:
        until = max(until or 0, dosed_until)
    if not interval or interval < 1 or until is None:
        raise ValueError(f"Step {step.code} has no interval or no end.")
    return list(range(step.from_day, until + 1, interval))


def merge(
    steps: Iterable[S], dose_interval_days: int, dosed_until: int = FIRST_DAYS
) -> list[Planned[S]]:
    """Return the checks that the steps of several protocols ask for together.

    Steps of one code are the same check, and it is due on every day on which any of them asks for it: no
    protocol takes a day away from another. Where several ask on one day the critical step rules, then the
    one missed soonest, then the earlier of `steps`; before the first dose a code is asked for once.
    """
    wanted: dict[tuple[str, int | None, bool], list[S]] = {}
    for step in steps:
        for day in days_of(step, dose_interval_days, dosed_until):
            wanted.setdefault((step.code, day, step.kind == AFTER_LAST), []).append(step)
    planned = []
    for (_code, day, _after), asking in wanted.items():
        first, *others = sorted(asking, key=lambda s: (not s.critical, s.grace_days))
        planned.append(Planned(first, day, tuple(others)))
    return planned


def reach(latest: int) -> int:
    """Return to which day after the first dose checks are made once a dose was given on day `latest`."""
    return max(FIRST_DAYS, min(TREATMENT_DAYS, latest + AHEAD_DAYS), latest + BEYOND_DAYS)


def takes_over(planned: Iterable[Planned[S]]) -> set[str]:
    """Return the codes that are asked for after the last dose by steps which take over from those while dosed."""
    rows = list(planned)
    while_dosed = {s.code for p in rows for s in p.steps if s.while_dosed}
    return {p.step.code for p in rows if p.after_last_dose} & while_dosed


def unite_labels(labels: Sequence[str]) -> str:
    """Return what several steps ask in one line, their common beginning said once."""
    united = labels[0]
    for label in labels[1:]:
        if label in united:
            continue
        if united in label:
            united = label
            continue
        parts, others = re.split(PARTS, united), re.split(PARTS, label)
        same = next(
            (i for i, (a, b) in enumerate(zip(parts, others, strict=False)) if a != b),
            min(len(parts), len(others)),
        )
        united += "; " + "".join(others[same:]).removeprefix(", ")
    return united


def unite_measures(measures: Iterable[Sequence[dict[str, str]]]) -> list[dict[str, str]]:
    """Return the measures of several steps, each code once."""
    found: dict[str, dict[str, str]] = {}
    for some in measures:
        for measure in some:
            found.setdefault(measure["code"], measure)
    return list(found.values())

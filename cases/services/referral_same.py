"""Whether a course or an irAE that is referred is one of the record, and what it tells that the record does not have.

Pure. What is certainly the same completes the row: a day within a span that is recorded, what was not known, the grade
of now with its day. What cannot be told is asked before anything is saved. What the row says otherwise stays.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from cases.returning import HIGHEST_OVER
from cases.vocabulary import (
    UNSTATED,
    Organ,
    Resolution,
    drug_targets,
    grades_of,
    is_unspecified,
    may_be,
)
from evidence.conditions import FactState
from ui.partial_dates import PartialDate, bounded

if TYPE_CHECKING:
    from datetime import date

DIFFERENT = "different"
# One of these both must tell before two irAEs are one unasked: what has neither may be of any year.
PLACED_BY = ("onset", "course")
FATAL = 5
GRADES = ("worst_grade", "onset_grade", "grade_now")
# How it went on is concluded by a referral from grade 0, not asked.
CONCLUDED = "resolution"
# These have a state of their own beside them that says nothing where the value does.
OPEN = (FactState.MISSING, FactState.NOT_YET)


@dataclass(frozen=True)
class United:
    """What a row lacks of what is told, and the names of what it says otherwise."""

    missing: dict[str, Any] = field(default_factory=dict)
    otherwise: tuple[str, ...] = ()


@dataclass(frozen=True)
class Left:
    """What was told and not entered, by its column or field; `row`: the item of the record that says otherwise."""

    name: str
    row: Any = None


@dataclass(frozen=True)
class Same:
    """The row that is certainly meant, if one is; else those of which it has to be asked."""

    row: Any = None
    asked: tuple[Any, ...] = ()

    def chosen(self, answer: str) -> Any:
        """Return the row meant by an answer; None for another one."""
        if self.row is not None:
            return self.row
        return next((row for row in self.asked if str(row.public_id) == answer), None)

    def is_open(self, answer: str) -> bool:
        """Whether it is still to be asked."""
        return bool(self.asked) and answer != DIFFERENT and self.chosen(answer) is None


def same_course(rows: Iterable[Any], values: Mapping[str, Any]) -> Same:
    """Return which course of the record is meant."""
    return _same(rows, values, "start", _is_another_course)


def same_event(rows: Iterable[Any], values: Mapping[str, Any]) -> Same:
    """Return which irAE of the record is meant."""
    return _same(rows, values, "onset", _is_another_event, PLACED_BY)


def _same(
    rows: Iterable[Any],
    values: Mapping[str, Any],
    first: str,
    is_another: Callable[[Any, Mapping[str, Any]], bool],
    placed_by: tuple[str, ...] = (),
) -> Same:
    may = [row for row in rows if not is_another(row, values)]
    sure = [row for row in may if _is_surely(row, values, first)]
    # The same day to the day tells more than that nothing contradicts.
    exact = [row for row in sure if _same_day(row, values, first)]
    for found in (exact, sure):
        if len(found) == 1 and _is_placed(found[0], values, placed_by):
            return Same(found[0])
    return Same(asked=tuple(exact or sure or may))


def _is_placed(row: Any, values: Mapping[str, Any], names: tuple[str, ...]) -> bool:
    """Whether one of `names` is told in both; that nothing contradicts says little where nothing can."""
    told = (name for name in names if values.get(name) is not None)
    return not names or any(getattr(row, name) is not None for name in told)


def _is_surely(row: Any, values: Mapping[str, Any], first: str) -> bool:
    if is_back(row, values) or not _same_drugs(row, values):
        return False
    return _same_day(row, values, first) or not united(row, values).otherwise


def _same_day(row: Any, values: Mapping[str, Any], name: str) -> bool:
    told, present = values.get(name), getattr(row, name)
    return told is not None and present is not None and told.exact == present.exact is not None


def _is_another_course(row: Any, values: Mapping[str, Any]) -> bool:
    """Whether it certainly is another: other drugs, or given before the one began or after it had ended."""
    goes_on = values.get("stop_reason_state") == FactState.NOT_APPLICABLE
    if goes_on and row.stop_reason:
        return True
    told, present = values.get("drugs") or [], row.drugs
    if told and present and not _may_share(told, present):
        return True
    return _before(values.get("stop"), row.start) or _before(row.stop, values.get("start"))


def _may_share(told: list[str], present: list[str]) -> bool:
    hidden = {may_be(code) for code in (*told, *present)} - {""}
    targets = drug_targets(told) & drug_targets(present)
    return bool(set(told) & set(present) or hidden & targets)


def _same_drugs(row: Any, values: Mapping[str, Any]) -> bool:
    told = values.get("drugs") or []
    return not told or not getattr(row, "drugs", []) or sorted(told) == sorted(row.drugs)


def _is_another_event(row: Any, values: Mapping[str, Any]) -> bool:
    """Whether it certainly is another: of another name or organ, or begun after the one had resolved."""
    if row.entity != values["entity"]:
        return True
    names = [
        " ".join(text.casefold().split())
        for text in (row.entity_text, values.get("entity_text", ""))
    ]
    if all(names) and names[0] != names[1]:
        return True
    organs = (row.organ, values.get("organ") or row.organ)
    if not _not_asked(row) and organs[0] != organs[1]:
        return True
    return _before(row.resolved, values.get("onset"))


def _before(one: PartialDate | None, other: PartialDate | None) -> bool:
    return one is not None and other is not None and one.certainly_before(other)


def is_back(row: Any, values: Mapping[str, Any]) -> bool:
    """Whether an irAE that was over is told to be there: it may be the same, or another event."""
    now = values.get("grade_now") or 0
    if not hasattr(row, "grade_now") or row.resolution == Resolution.ON_REPLACEMENT:
        return False
    over = row.resolved is not None or row.resolution == Resolution.RESOLVED
    return bool(now > HIGHEST_OVER and over) or bool(now and row.grade_now == 0)


def united(row: Any, values: Mapping[str, Any], today: date | None = None) -> United:
    """Return what the row lacks of `values`, and what it says otherwise; the grade of now is of `today`."""
    missing: dict[str, Any] = {}
    otherwise: list[str] = []
    for name in values:
        if name.endswith("_state") or name in (
            *GRADES,
            "ctcae_version",
            "cycles_low",
            "cycles_high",
        ):
            continue
        _unite(row, name, values, missing, otherwise)
    if "cycles_low" in values:
        _unite_cycles(row, values, missing, otherwise)
    if "entity" in values:
        _unite_grades(row, values, missing, otherwise, today)
    return United(missing, tuple(otherwise))


def _unite(
    row: Any, name: str, values: Mapping[str, Any], missing: dict[str, Any], otherwise: list[str]
) -> None:
    """Add one column, with its state, to what is missing or said otherwise."""
    value, state = values[name], values.get(f"{name}_state")
    present = None if name == "organ" and _not_asked(row) else getattr(row, name)
    stated = {} if state is None else {f"{name}_state": state}
    if value in (None, "", []):
        if state is not None and _says_more(row, name, state, value):
            missing |= {name: value, **stated}
    elif present in (None, "", []) and not _is_none(row, name, present):
        missing |= {name: value, **stated}
    elif isinstance(value, PartialDate) and isinstance(present, PartialDate):
        how = _compared(value, present, row, values)
        if how == "within":
            missing |= {name: value, **stated}
        elif how == "else":
            otherwise.append(name)
    elif name != CONCLUDED and _plain(present) != _plain(value):
        otherwise.append(name)


def _says_more(row: Any, name: str, state: str, value: Any) -> bool:
    """Whether a word, or that a list is empty, says more than the row, which knows nothing."""
    there = getattr(row, f"{name}_state")
    if value == [] and state == FactState.KNOWN:
        return there != FactState.KNOWN
    return state not in OPEN and there in OPEN and getattr(row, name) in (None, "", [])


def _is_none(row: Any, name: str, present: Any) -> bool:
    """Whether the row says that a list is empty."""
    return present == [] and getattr(row, f"{name}_state", None) == FactState.KNOWN


def _plain(value: Any) -> Any:
    if isinstance(value, list):
        return sorted(value)
    return " ".join(value.casefold().split()) if isinstance(value, str) else value


def _compared(told: PartialDate, present: PartialDate, row: Any, values: Mapping[str, Any]) -> str:
    """Return whether a date lies "within" the recorded one, tells no more than it ("same"), or is something "else"."""
    if told.anchor or present.anchor:
        if (told.anchor, told.offset_days) == (present.anchor, present.offset_days):
            return "same"
        course = values.get("course") or getattr(row, "course", None)
        told = bounded(told, _anchors(course or row, values))
        present = bounded(present, _anchors(getattr(row, "course", None) or row, {}))
    if inside(present, told):
        return "same"
    return "within" if inside(told, present) else "else"


def _anchors(course: Any, values: Mapping[str, Any]) -> dict[str, PartialDate | None]:
    start = values.get("start") or getattr(course, "start", None)
    stop = values.get("stop") or getattr(course, "stop", None)
    return {"ICI start": start, "ICI stop": stop, "last dose": stop}


def inside(one: PartialDate, other: PartialDate) -> bool:
    """Whether the first span lies within the second, which tells no more; an end that is open reaches everywhere."""
    if (one.earliest, one.latest) == (None, None) or (other.earliest, other.latest) == (None, None):
        return False
    begins = other.earliest is None or (one.earliest is not None and one.earliest >= other.earliest)
    ends = other.latest is None or (one.latest is not None and one.latest <= other.latest)
    return begins and ends


def _unite_cycles(
    row: Any, values: Mapping[str, Any], missing: dict[str, Any], otherwise: list[str]
) -> None:
    told, there = values["cycles_low"], (row.cycles_low, row.cycles_high)
    if told is None or there == (told, told):
        return
    least = there[0] is None or there[0] <= told
    if least and (there[1] is None or told <= there[1]):
        missing |= {n: values[n] for n in ("cycles_low", "cycles_high", "cycles_state")}
    else:
        otherwise.append("cycles_low")


def _unite_grades(
    row: Any,
    values: Mapping[str, Any],
    missing: dict[str, Any],
    otherwise: list[str],
    today: date | None,
) -> None:
    """Add the grades one by one, as far as they fit what the row has by then, and are of its version."""
    version = values.get("ctcae_version", "")
    grades = {"ctcae_version": row.ctcae_version, **{name: getattr(row, name) for name in GRADES}}
    if version and not _stands(grades, version):
        grades["ctcae_version"] = missing["ctcae_version"] = version
        if not _fit(row.entity, grades):
            grades["ctcae_version"] = row.ctcae_version
            del missing["ctcae_version"]
            otherwise.append("ctcae_version")
    elif version and version not in (grades["ctcae_version"], UNSTATED):
        otherwise.append("ctcae_version")
    for name in GRADES:
        value, state = values.get(name), values.get(f"{name}_state")
        if value is None:
            if state is not None and _says_more(row, name, state, value):
                missing |= {name: None, f"{name}_state": state}
            continue
        replaces = name == "grade_now" and not (
            is_back(row, values) and (row.resolved is not None and value > HIGHEST_OVER)
        )
        same_words = "ctcae_version" not in otherwise or value == 0
        taken = grades[name] is None or replaces
        if grades[name] == value and name != "grade_now":
            continue
        if taken and same_words and _fit(row.entity, {**grades, name: value}):
            grades[name] = value
            missing |= {name: value, f"{name}_state": state}
            if name == "grade_now":
                missing |= _of_now(row, value, today)
        else:
            otherwise.append(name)


def _stands(grades: Mapping[str, Any], version: str) -> bool:
    """Whether the version of the row is not to be replaced: its grades were given by it."""
    there = grades["ctcae_version"]
    graded = any(grades[name] for name in GRADES)
    return bool(there) and (
        there == version or version == UNSTATED or (graded and there != UNSTATED)
    )


def _of_now(row: Any, grade: int, today: date | None) -> dict[str, Any]:
    """Return the day of a grade of now, and that a word of an older day which it contradicts says nothing any more."""
    found: dict[str, Any] = {} if today is None else {"now_on": today}
    if grade and row.resolution == Resolution.RESOLVED and row.resolved is None:
        found |= {"resolution": None, "resolution_state": FactState.MISSING.value}
    return found


def _fit(entity: str, grades: Mapping[str, Any]) -> bool:
    """Whether grades can stand beside each other in one row, as the forms and the database hold it."""
    version = grades["ctcae_version"]
    worst, others = grades["worst_grade"], (grades["onset_grade"], grades["grade_now"])
    told = [grade for grade in (worst, *others) if grade]
    if told and not version:
        return False
    low, high = grades_of(entity, version) if told else (0, 0)
    if any(not low <= grade <= high for grade in told):
        return False
    if worst == FATAL and grades["grade_now"] not in (None, FATAL):
        return False
    return worst is None or all(grade is None or grade <= worst for grade in others)


def _not_asked(row: Any) -> bool:
    """Whether nobody was asked for the organ of a row, which is outside the list."""
    return getattr(row, "organ", "") == Organ.OTHER and is_unspecified(row.entity)

"""Days of an irAE held against the courses that it may have followed: for every form that asks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from evidence.conditions import FactState
from ui.partial_dates import cycle_of, names_no_course

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from django import forms

    from cases.forms.doubts import Doubted
    from cases.models import ICICourse
    from ui.partial_dates import PartialDate


# What is chosen in place of a course where nobody knows which it was.
NOBODY_KNOWS = FactState.UNKNOWN.value


def course_choices(courses: Iterable[tuple[str, str]]) -> list[tuple[str, Any]]:
    """Return which course it was: not said, one of `courses`, or that nobody knows."""
    return [("", _("Not said")), *courses, (NOBODY_KNOWS, _("Not known"))]


def course_chosen(row: Any) -> str:
    """Return the choice that stands for what a row says of its course."""
    if row.course is not None:
        return str(row.course.public_id)
    return NOBODY_KNOWS if row.course_state == NOBODY_KNOWS else ""


def course_columns(form: Doubted, courses: Mapping[str, Any]) -> dict[str, Any]:
    """Return the course of a row and its state; that nobody knows it is kept, so that nobody is asked again."""
    chosen = form.cleaned_data["course"]
    unknown = chosen == NOBODY_KNOWS or (not chosen and form.is_answered("course"))
    state = FactState.UNKNOWN if unknown else FactState.MISSING
    return {"course": courses.get(chosen), "course_state": state.value}


def early_words(onset: PartialDate, starts: Sequence[PartialDate | None]) -> str:
    """Return the question about an onset before the first dose of every course; empty where it need not be asked."""
    known = [start for start in starts if start is not None]
    told = onset.anchor == "ICI start" and (onset.offset_days or 0) < 0
    before = len(known) == len(starts) and all(onset.certainly_before(s) for s in known)
    if not told and not (known and before):
        return ""
    day = f" ({known[0]})" if known else ""
    words = _("Onset: before the first dose%(day)s. Correct it, or say that it is right")
    return str(words % {"day": day})


def question_course(
    form: Doubted, data: Mapping[str, Any], names: Iterable[str], courses: Sequence[Any]
) -> None:
    """Ask beside the course which one a date counts from, where there are several and none is chosen."""
    if data.get("course"):
        return
    told = (data[name].value for name in names if data.get(name))
    left_open = [day for day in told if day is not None and names_no_course(day, len(courses))]
    if left_open:
        words = _(
            "%(label)s: “%(day)s” may count from any of %(n)s courses. Choose one, "
            "or is it right that nobody knows?"
        ) % {
            "label": form.fields["course"].label, "day": left_open[0], "n": len(courses)
        }  # fmt: skip
        form.ask_back("course", words)


def question_other_course(
    form: Doubted, data: Mapping[str, Any], name: str, chosen: ICICourse | None
) -> None:
    """Ask beside the course about a date that is counted from another one than the chosen."""
    told = data[name].value if data.get(name) else None
    if told is None or chosen is None or not counts_from_another(told, chosen.number):
        return
    words = _(
        "%(label)s: “%(day)s” counts from another course than the one chosen, course %(n)s. "
        "Is it right?"
    ) % {
        "label": form.fields[name].label, "day": told, "n": chosen.number
    }  # fmt: skip
    form.ask_back("course", words)


def counts_from_another(told: PartialDate, number: int) -> bool:
    """Whether a date certainly counts from another course than that of `number`."""
    cycle = cycle_of(told.anchor)
    if cycle is not None:
        return cycle.course not in {None, number}
    return told.anchor == "rechallenge start" and number == 1


def refuse_missing_cycles(
    form: forms.Form,
    data: Mapping[str, Any],
    names: Iterable[str],
    counted: Any,
    courses: Iterable[Any],
) -> None:
    """Refuse a cycle that its course never had; `counted` is the course where none is told."""
    for name in names:
        told = data[name].value if data.get(name) else None
        cycle = cycle_of(told.anchor) if told is not None else None
        if cycle is None:
            continue
        course = counted
        if cycle.course is not None:
            course = next((c for c in courses if c.number == cycle.course), None)
        given = getattr(course, "cycles_high", None)
        if given is not None and cycle.number > given:
            words = _("%(label)s: course %(course)s had no cycle %(n)s") % {
                "label": form.fields[name].label, "course": course.number, "n": cycle.number,
            }  # fmt: skip
            form.add_error(name, words)

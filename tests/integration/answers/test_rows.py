"""Completed variants of the published cases: which row of which source holds, and what marks follow, stated by hand.

A file states every row that holds (no other does, and none is open), and for each rule that concerns the case the mark
by the strictest of all sources and by one publisher's `profile`, with the reason.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from evidence.conditions import Answer
from evidence.matching import match
from evidence.rulings import PUBLISHERS, Marked, Profile
from tests.integration.answers.entered import TODAY, completed_plan, facts_of, versions
from tests.integration.answers.stated import FOLDER, names, read

if TYPE_CHECKING:
    from evidence.conditions import Facts
    from evidence.matching import Match
    from evidence.models import StatementVersion

pytestmark = pytest.mark.django_db
STATED = sorted(path.stem for path in (FOLDER / "rows").glob("*.yaml"))


def in_words(mark: Marked) -> str:
    """A mark as the files write it."""
    found = f"{mark.action} by {', '.join(mark.by)}" if mark.action else "none"
    assert not mark.is_open and not mark.may_be_stricter, "a completed case leaves nothing open"
    if mark.fallback:
        ended = f"{mark.ended} has rows and none holds"
        found += f"; {ended}" if mark.ended else "; the profile says nothing"
    return found + "".join(f"; stricter {code} {action}" for code, action in mark.stricter)


def held_of(held: list[StatementVersion], facts: Facts) -> dict[str, Match[StatementVersion]]:
    """Return the rules with rows that concern a case, by their codes."""
    found = match(held, facts, as_of=TODAY)
    rules = {one.version.statement.code: one for one in found if one.ruled.rulings}
    for code, one in rules.items():
        answers = {ruling.answer for ruling in one.ruled.rulings}
        assert Answer.UNDETERMINED not in answers, code
        assert one.answer is Answer.TRUE or answers == {Answer.FALSE}, code
    return {code: one for code, one in rules.items() if one.answer is Answer.TRUE}


def test_every_row_that_holds_and_every_mark_is_the_one_that_was_stated() -> None:
    held, wrong = versions(), []
    for name in STATED:
        told, rules = read("rows", name), held_of(held, facts_of(completed_plan(name)))
        rows = {
            f"{code} {ruling.row.source} {ruling.row.action}"
            for code, one in rules.items()
            for ruling in one.ruled.rulings
            if ruling.answer is Answer.TRUE
        }
        if surplus := rows ^ {one["rows"] for one in told["holds"]}:
            wrong.append(f"{name}: {', '.join(sorted(surplus))}")
        marks = {one["statement"]: one for one in told["marks"]}
        assert set(marks) == set(rules), (name, set(marks) ^ set(rules))
        for code, one in marks.items():
            by = (Profile(), Profile(told["profile"]))
            found = tuple(in_words(rules[code].ruled.marked(profile)) for profile in by)
            if found != (one["strictest"], one["own"]):
                wrong.append(f"{name} {code}: {found}, not {one['strictest']!r}, {one['own']!r}")
    assert not wrong, "\n".join(wrong)


def test_at_least_eight_variants_are_stated_row_by_row_each_with_its_reason() -> None:
    assert len(STATED) >= 8 and set(STATED) <= set(names("completed"))
    marks = []
    for name in STATED:
        told = read("rows", name)
        assert set(told) == {"about", "profile", "holds", "marks"}, name
        assert told["profile"] in PUBLISHERS, name
        for one in (*told["holds"], *told["marks"]):
            assert one["because"].endswith("."), (name, one)
        marks += [(one["strictest"], one["own"]) for one in told["marks"]]
    # The control: a profile that sets another mark, one whose rows have ended, and one that says nothing.
    assert any(own.startswith("withhold") and strict.startswith("stop") for strict, own in marks)
    assert any("has rows and none holds" in own for _strict, own in marks)
    assert any("the profile says nothing" in own for _strict, own in marks)

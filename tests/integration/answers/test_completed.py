"""Completed variants of the published cases: every answer is certain, stated by hand on both sides of each limit."""

from __future__ import annotations

import pytest

from evidence.conditions import Answer, read
from evidence.rulings import rows_of
from tests.integration.answers.entered import completed_plan, facts_of, said_of, versions
from tests.integration.answers.stated import answers, names, own
from tests.unit.evidence_data.limits import limits, not_exactly

pytestmark = pytest.mark.django_db
# What no completed case can have, and why; each is told by hand in the tests of the rows.
CANNOT_BE_COMPLETE = {
    # An irAE that no list names may have been one that a rule stops for, so that rule stays open.
    "unlisted_irae_worst_grade < 1: 1",
}


def test_every_answer_of_a_completed_case_is_certain_and_the_one_that_was_stated() -> None:
    held, told, wrong = versions(), {}, []
    for name in names("completed"):
        told[name] = facts_of(completed_plan(name))
        found, stated = said_of(held, told[name]), answers("completed", name)
        assert set(stated) == set(found), (name, set(stated) ^ set(found))
        wrong += [
            f"{name} {code}: stated {one.answer}, found {found[code]}: {one.because}"
            for code, one in stated.items()
            if one.answer is not found[code]
        ]
    assert not wrong, "\n".join(wrong)
    # Each limit of a statement, a rule or a row of one: some case lies exactly at it, another the next step beyond.
    nodes = [version.node for version in held]
    nodes += [row.node for version in held for row in rows_of(version.rules)]
    assert set(not_exactly(nodes, told.values())) == CANNOT_BE_COMPLETE
    new = read({"fact": "steroid_now", "op": ">", "value": 7.5})
    planted = set(not_exactly([*nodes, new], told.values())) - CANNOT_BE_COMPLETE
    assert planted == {"steroid_now > 7.5: 7.5, 7.6"}
    assert len(not_exactly(nodes, [told["hepatitis-g3"]])) > len(limits(nodes)) / 2


def test_at_least_twelve_variants_are_stated_without_cannot_tell() -> None:
    assert len(names("completed")) >= 12
    for name in names("completed"):
        assert own("completed", name) or answers("completed", name), name
        for code, one in answers("completed", name).items():
            assert one.answer is not Answer.UNDETERMINED, (name, code)
            assert one.because.endswith("."), (name, code)

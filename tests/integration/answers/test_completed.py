"""Completed variants of the published cases: every answer is certain, stated by hand on both sides of each limit."""

from __future__ import annotations

import pytest

from evidence.conditions import Answer
from tests.integration.answers.entered import completed_plan, facts_of, said_of, versions
from tests.integration.answers.stated import answers, names, own
from tests.unit.evidence_data.limits import not_covered

pytestmark = pytest.mark.django_db


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
    nodes = [version.node for version in held]
    assert not_covered(nodes, told.values()) == []
    alone = not_covered(nodes, [told["hepatitis-g3"]])
    assert any(line.startswith("steroid_now") for line in alone)


def test_at_least_twelve_variants_are_stated_without_cannot_tell() -> None:
    assert len(names("completed")) >= 12
    for name in names("completed"):
        assert own("completed", name) or answers("completed", name), name
        for code, one in answers("completed", name).items():
            assert one.answer is not Answer.UNDETERMINED, (name, code)
            assert one.because.endswith("."), (name, code)

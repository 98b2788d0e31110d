"""The published cases: which statements apply, do not apply or cannot be told, each stated by hand with its reason."""

from __future__ import annotations

import pytest

from evidence.conditions import Answer
from tests.integration.answers.entered import facts_of, published_plan, said_of, versions
from tests.integration.answers.stated import answers, names

pytestmark = pytest.mark.django_db


def test_what_is_stated_of_a_published_case_is_what_the_product_says() -> None:
    held = versions()
    wrong = []
    for name in names("published"):
        found, stated = said_of(held, facts_of(published_plan(name))), answers("published", name)
        assert set(stated) == set(found), (name, set(stated) ^ set(found))
        wrong += [
            f"{name} {code}: {one.engine}, not {found[code]}: {one.because}"
            for code, one in stated.items()
            if one.engine is not found[code]
        ]
    assert not wrong, "\n".join(wrong)


def test_at_least_eight_cases_are_stated_each_with_a_reason_for_every_answer() -> None:
    assert len(names("published")) >= 8
    for name in names("published"):
        for code, one in answers("published", name).items():
            assert one.because.endswith("."), (name, code)


def test_the_product_may_be_less_sure_than_a_reader_and_never_says_the_opposite() -> None:
    differing = [
        one
        for name in names("published")
        for one in answers("published", name).values()
        if one.engine is not one.answer
    ]
    assert differing
    assert all(one.engine is Answer.UNDETERMINED for one in differing)

"""Nobody grows older after their death: the age of a fact, as of a day."""

from __future__ import annotations

from datetime import date

import pytest

from cases.derivations import MISSING, age_fact
from evidence.conditions import Fact

BORN, TODAY = date(1950, 5, 1), date(2026, 11, 27)


@pytest.mark.parametrize(
    ("died", "ages"),
    [
        (None, (76, 76)),
        ((date(2020, 3, 3), date(2020, 3, 3)), (69, 69)),
        # On the birthday, and the day before.
        ((date(2020, 5, 1), date(2020, 5, 1)), (70, 70)), ((date(2020, 4, 30), date(2020, 4, 30)), (69, 69)),
        # Of a year: before the birthday in it, or after.
        ((date(2020, 1, 1), date(2020, 12, 31)), (69, 70)),
        # Of this year, which is not over.
        ((date(2026, 1, 1), date(2026, 12, 31)), (75, 76)),
        # By then, and since then.
        ((None, date(2020, 12, 31)), (0, 70)), ((date(2020, 1, 1), None), (69, 76)), ((None, None), (0, 76)),
        # In the year of the birth.
        ((date(1950, 1, 1), date(1950, 12, 31)), (0, 0)),
    ],
)  # fmt: skip
def test_the_age_is_that_of_the_earlier_of_death_and_today(died, ages):
    assert age_fact(BORN, TODAY, died) == Fact.between(*ages)


def test_without_a_birth_there_is_none():
    assert age_fact(None, TODAY, (TODAY, TODAY)) == MISSING

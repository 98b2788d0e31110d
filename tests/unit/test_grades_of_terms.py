"""Which grades each CTCAE term has, by its version."""

from __future__ import annotations

import pytest

from cases.vocabulary import entities, grades_of

GRADES = [
    ("pneumonitis", "5.0", 1, 5), ("hepatitis", "5.0", 1, 4), ("rash", "5.0", 1, 3), ("rash", "6.0", 1, 5),
    ("myocarditis", "5.0", 2, 5), ("myocarditis", "6.0", 1, 5), ("sjs", "5.0", 3, 5), ("ten", "5.0", 4, 5),
    ("encephalitis", "6.0", 3, 5), ("arthritis", "5.0", 1, 3), ("diabetes", "5.0", 1, 5),
    ("diabetes", "6.0", 1, 4), ("acute_kidney_injury", "5.0", 3, 5), ("pancreatitis", "5.0", 2, 5),
]  # fmt: skip


@pytest.mark.parametrize(("code", "version", "low", "high"), GRADES)
def test_grades_of_a_term(code, version, low, high):
    assert grades_of(code, version) == (low, high)


def test_every_term_has_its_grades():
    for entity in entities().values():
        assert set(entity.grades) == set(entity.terms)
        assert all(1 <= low <= high <= 5 for low, high in entity.grades.values())


# Drugs and doses of now, and their sum as prednisone, worked out by hand.

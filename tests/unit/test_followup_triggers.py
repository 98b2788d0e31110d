"""Which irAE under monitoring brings a case back."""

from __future__ import annotations

import pytest

from followup.triggers import Event, judge

EARLIER = frozenset({"pneumonitis", "hypothyroidism"})


def event(entity="colitis", organ="colon", worst=2, now=2, replaced=False):
    return Event(7, entity, organ, worst, now, replaced)


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        (event("pneumonitis", "lung", 1, 1), "irae_again"),
        (event("pneumonitis", "lung", 4, 4), "irae_again"),
        (event("colitis", "colon", 1, 1), None),
        (event("colitis", "colon", 2, 2), "new_irae"),
        (event("colitis", "colon", None, None), "new_irae"),
        (event("myocarditis", "heart", 1, 1), "new_irae"),
        (event("myositis", "muscle", 1, 1), "new_irae"),
        (event("myasthenia", "nerve", 1, 0), "new_irae"),
        (event("encephalitis", "brain", 1, 1), "new_irae"),
        (event("anaemia", "blood", 1, 1), "new_irae"),
        (event("hypothyroidism", "thyroid", 2, 2, replaced=True), None),
        (event("adrenal_insufficiency", "adrenal", 4, 2, replaced=True), None),
        (event("hypothyroidism", "thyroid", 2, 2), "irae_again"),
        (event("colitis", "colon", 3, 3, replaced=True), "new_irae"),
    ],
)
def test_a_new_row(given, reason):
    assert judge(given, {}, EARLIER) == reason


@pytest.mark.parametrize(
    ("before", "given", "reason"),
    [
        ([2, 0], event("pneumonitis", "lung", 2, 0), None),
        ([2, 0], event("pneumonitis", "lung", 2, 1), "irae_again"),
        ([2, 1], event("pneumonitis", "lung", 3, 1), "irae_again"),
        ([2, 1], event("pneumonitis", "lung", 2, 0), None),
        ([None, None], event("pneumonitis", "lung", 3, 1), None),  # a gap filled, nothing happened
        ([1, 1], event("colitis", "colon", 2, 2), "new_irae"),
        ([1, 0], event("colitis", "colon", 1, 1), None),
        ([1, 0], event("myositis", "muscle", 1, 1), "new_irae"),
        ([2, 2], event("colitis", "colon", 2, 2), None),
    ],
)
def test_a_row_judged_before(before, given, reason):
    assert judge(given, {"7": before}, EARLIER) == reason

"""A slip in a name is forgiven, and another word is not taken for it."""

from __future__ import annotations

import pytest

from evidence.alike import alike, slips, stem


@pytest.mark.parametrize(
    ("typed", "name", "expected"),
    [
        ("guillain barre", "guillain barre", True), ("gullain barre", "guillain barre", True),
        ("neutrophile", "neutrophil", True), ("tapering", "tapered", True), ("pnuemonitis", "pneumonitis", True),
        ("tecentrik", "tecentriq", True), ("keynote 24", "keynote 10", False), ("nerve", "nevre", True),
        ("liver", "river", False), ("skin", "ski", False), ("colitis", "myositis", False),
        ("myositis", "myocarditis", False), ("hypothyroidism", "hyperthyroidism", False),
    ],
)  # fmt: skip
def test_a_slip_is_forgiven_and_another_word_is_another(
    typed: str, name: str, expected: bool
) -> None:
    assert alike(typed, name) is expected


def test_slips_are_counted_up_to_the_most_that_is_forgiven() -> None:
    assert slips("abcde", "abcde", 2) == 0 and slips("abced", "abcde", 2) == 1
    assert slips("abxde", "abcde", 2) == 1 and slips("a", "abcde", 2) == 3
    assert slips("vwxyz", "abcde", 2) == 3


def test_a_stem_keeps_enough_letters() -> None:
    assert stem("tapering") == stem("tapered") == "taper" and stem("dose") == "dose"

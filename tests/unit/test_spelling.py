"""What one slip makes of a word, and which words of the lists are near what was typed."""

from __future__ import annotations

from difflib import SequenceMatcher

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from cases.searching import REFERENCE
from cases.searchwords import codes_for, codes_like
from cases.spelling import ALIKE, LONGEST, Spelt, likeness, slips, spelt
from cases.vocabulary import drugs, entities


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("smtih", "smith"),  # two swapped
        ("smth", "smith"),  # one left out
        ("smiith", "smith"),  # one too many
        ("smirh", "smith"),  # a wrong one
        ("Smtih", "smith"),
        ("müler", "muller"),
        ("muler", "muller"),
        ("mueler", "muller"),
        ("müller", "mueller"),
        ("straße", "strasse"),
        ("jimenes", "jimenez"),
        ("sorenson", "sorensen"),
        ("ngyuen", "nguyen"),
        ("shiobhan", "siobhan"),
        ("oconnor", "o'connor"),
        ("vanderberg", "vander berg"),
    ],
)
def test_one_slip_leads_to_the_name(typed, meant):
    assert meant in slips(typed)


def test_two_slips_do_not_and_short_and_long_words_stand_for_themselves():
    assert "smith" not in slips("xmtih")
    assert slips("Ng") == {"ng"}
    assert slips("abc") == {"abc"}
    long = "a" * (LONGEST + 1)
    assert slips(long) == {long}
    assert "" not in slips("abcd")
    assert all(one.isascii() for one in slips("Dvořáková"))


@pytest.mark.parametrize("typed", ["h0012354", "h001235", "h00123455", "h0012346", "H 001 2354"])
def test_numbers_are_one_digit_away(typed):
    assert "h0012345" in spelt(typed).alone
    assert spelt(typed).one == spelt(typed).other == ()


def test_two_names_are_meant_in_either_order_and_several_words_are_parted_everywhere():
    meant = spelt("Jon Smtih")
    assert "john" in meant.one and "smith" in meant.other
    meant = spelt("van der Brg, Anna")
    assert "van der berg" in meant.one and "anna" in meant.other
    assert "van" in meant.one
    many = spelt("one two three four five six")
    assert many.one == many.other == ()


def test_nothing_is_meant_by_too_little():
    assert spelt("ab") == spelt(" , ") == Spelt()


@pytest.mark.parametrize(
    ("typed", "drug"),
    [
        ("pembrolizumap", "pembrolizumab"),
        ("pembrolisumab", "pembrolizumab"),
        ("pembrolisu", "pembrolizumab"),
        ("nivolumb", "nivolumab"),
        ("novolumab", "nivolumab"),
        ("atezolizumb", "atezolizumab"),
    ],
)
def test_a_drug_that_is_mistyped_is_known_and_no_other(typed, drug):
    assert codes_for(typed) == ([], [])
    assert codes_like(typed) == ([drug], [])


@pytest.mark.parametrize(
    ("typed", "irae"), [("pneumonits", "pneumonitis"), ("collitis", "colitis")]
)
def test_an_irae_that_is_mistyped_is_known(typed, irae):
    found, near = codes_like(typed)
    assert found == [] and irae in near


@pytest.mark.parametrize("typed", ["xyzzyx", "mab", "itis", "qwertyuiop", "smith", "", "12345678"])
def test_nonsense_is_like_nothing(typed):
    assert codes_like(typed) == ([], [])


def test_every_drug_and_irae_is_found_by_its_own_name_and_is_like_itself():
    assert len(drugs()) > 10
    for drug in drugs().values():
        assert drug.code in codes_for(drug.label)[0]
    for entity in entities().values():
        assert entity.code in codes_for(entity.label)[1], entity


def test_likeness_is_of_the_whole_or_of_the_beginning_of_a_long_word():
    assert likeness("colitis", "colitis") == 1
    assert likeness("neuritis", "arthritis") == 0
    assert likeness("pembrolisu", "pembrolizumab") >= 0.8
    assert likeness("pemb", "pembrolizumab") == 0


@pytest.mark.parametrize("typed", ["RC-2026-0142", "rc 2026 142", "rc2026/142", " Rc-2026-142 "])
def test_references_are_read_however_they_are_parted(typed):
    found = REFERENCE.fullmatch(typed)
    assert (found[1], int(found[2])) == ("2026", 142)
    assert not REFERENCE.fullmatch("RC Smith")


@given(st.text("abcde", max_size=9), st.text("abcde", max_size=9))
@example("pneumonits", "pneumonitis")
@example("nephritis", "neuritis")
@example("", "")
def test_what_is_seen_at_a_glance_is_what_difflib_says(typed, meant):
    """Short words, so that no beginning is compared: the ratio, or nothing where it is too low."""
    ratio = SequenceMatcher(None, typed, meant, autojunk=False).ratio()
    if not 6 <= len(typed) < len(meant):
        assert likeness(typed, meant) == (ratio if ratio >= ALIKE else 0.0)

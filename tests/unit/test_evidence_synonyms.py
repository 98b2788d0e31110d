"""What a searched word is also called."""

from __future__ import annotations

import pytest

from cases.listed import drugs_by_brand
from cases.vocabulary import drugs
from evidence.synonyms import ALSO, LONGEST, SAME, Term, folded, terms


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("TMB high", [("TMB", True), ("high", False)]),
        ("tumour mutational burden", [("tumour mutational burden", True)]),
        ("resume after colitis", [("resume", False), ("after", False), ("colitis", False)]),
        ("Liver Enzymes", [("Liver Enzymes", True)]),
        ("guillain barré", [("guillain barré", True)]),
        ("keytruda", [("keytruda", True)]),
        ("", []),
    ],
)
def test_names_are_read_as_long_as_they_can_be(typed, expected):
    assert [(term.typed, bool(term.also)) for term in terms(typed.split())] == expected


def test_a_term_is_not_its_own_other_name():
    (term,) = terms(["hypothyroidism"])
    assert term == Term("hypothyroidism", ("underactive thyroid",))
    assert term.words == ("hypothyroidism",)


def test_every_brand_of_the_list_of_drugs_finds_its_drug():
    brands = drugs_by_brand()
    assert brands["Keytruda"] == "pembrolizumab" and len(brands) >= 15
    for drug in drugs().values():
        for brand in drug.brands:
            (term,) = terms([brand.upper()])
            # Of some the target is meant too.
            assert term.also == (drug.label, *ALSO.get(drug.label, ()))


def test_no_name_is_longer_than_what_is_read_and_none_stands_in_two_rows():
    names = [name for row in SAME for name in {folded(each) for each in row}]
    assert len(names) == len(set(names))
    assert max(len(name.split()) for name in names) <= LONGEST

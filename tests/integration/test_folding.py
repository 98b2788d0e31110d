"""The database and the program fold a name alike."""

from __future__ import annotations

import unicodedata

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cases.folding import folded, foldings

pytestmark = pytest.mark.django_db
# Letters of Latin, Greek and Cyrillic names, their marks, and what stands between them.
BLOCKS = (
    (0x20, 0x7E),
    (0xA0, 0x24F),
    (0x2B0, 0x36F),
    (0x370, 0x4FF),
    (0x1E00, 0x1FFF),
    (0x2010, 0x201F),
)
SIGNS = "".join(
    sign for first, last in BLOCKS for sign in map(chr, range(first, last + 1)) if unicodedata.category(sign) != "Cn"
)  # fmt: skip


def in_database(texts):
    with connection.cursor() as cursor:
        cursor.execute("SELECT rechallenge_folded(n) FROM unnest(%s::text[]) n", [list(texts)])
        return [row[0] for row in cursor.fetchall()]


def test_every_letter_is_folded_alike():
    apart = [
        (sign, there)
        for sign, there in zip(SIGNS, in_database(SIGNS), strict=True)
        if folded(sign) != there
    ]
    assert apart == []


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.text(SIGNS, max_size=30), min_size=1, max_size=50))
def test_and_so_is_every_name(names):
    assert in_database(names) == [folded(name) for name in names]


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.text(SIGNS, max_size=30), min_size=1, max_size=50))
def test_what_is_folded_stays_so_however_it_was_composed(names):
    plain = [folded(name) for name in names]
    assert [folded(name) for name in plain] == plain
    for form in ("NFC", "NFD"):
        assert [folded(unicodedata.normalize(form, name)) for name in names] == plain


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("Gökçe Özgür", "gokce ozgur"), ("Dvořáková", "dvorakova"), ("Žižka Tomáš", "zizka tomas"),
        ("Ångström Åsa", "angstrom asa"), ("Nguyễn Thị", "nguyen thi"), ("Łukasiewicz", "lukasiewicz"),
        ("SØRENSEN", "sorensen"), ("Đặng", "dang"), ("Strauß", "strauss"), ("Sæther", "saether"),
        ("İpek Işık", "ipek isik"), ("O’Connor", "o'connor"), ("Saint‐Denis", "saint-denis"),
        # An accent alone, and each sign that passes for an apostrophe.
        *((f"O{sign}Bríen", "o'brien") for sign in "'‘’‛′ʹʻʼʽˊˋʹ΄´´``＇"),
    ],
)  # fmt: skip
def test_accents_are_left_out(name, plain):
    assert folded(name) == plain
    assert in_database([name]) == [plain]


def test_a_vowel_in_two_letters_is_folded_both_ways():
    assert foldings("Müller") == ["muller", "mueller"]
    assert foldings("Mueller") == ["mueller", "muller"]
    assert foldings("Søren") == ["soren", "soeren"]
    assert foldings("Smith") == ["smith"]

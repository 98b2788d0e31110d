"""A search for what many have: a name that fills a page and more, an irAE that nobody lacks."""

from __future__ import annotations

import pytest
from django.db import connection

from accounts.acting import acting_as
from cases.models import IrAE
from cases.searching import MOST, search_cases
from tests.factories.monitoring import make_irae
from tests.factories.people import make_board, make_user
from tests.factories.record import add_course, make_case
from tests.integration.test_searching import keys, make

pytestmark = pytest.mark.django_db
# As the database function has it: from here on the newest cases are looked through first.
MANY = 2000


def test_what_is_written_so_fills_the_page_before_what_holds_the_word(member, board):
    holding = make(member, board, "Goldsmith", "Ada", "G1").pk
    named = [make(member, board, "Smith", f"N{n}", f"S{n}").pk for n in range(MOST - 2)]
    begun = make(member, board, "Smithers", "Bo", "T1").pk
    assert keys(search_cases(member, "smith")) == [*reversed(named), begun, holding]
    named.append(make(member, board, "Smith", "Last", "L1").pk)
    assert keys(search_cases(member, "smith")) == [*reversed(named), begun]


def test_the_slips_of_a_name_come_before_what_sounds_like_it(member, board):
    sounding = make(member, board, "Okonkvaro", "A", "1")
    slipped = make(member, board, "Okonkwo", "B", "2")
    found = search_cases(member, "Okonkvo")
    assert keys(found) == [slipped.pk, sounding.pk]
    assert found.names_alike


@pytest.fixture
def common(member, board):
    """Cases of which the older has an irAE two thousand times, the newer once."""
    older, newer = make_case(member, board), make_case(member, board)
    rows = []
    for case in (older, newer):
        add_course(member, case, drugs=["nivolumab"])
        rows.append(make_irae(member, case))
    columns = [f.column for f in IrAE._meta.concrete_fields if f.column not in {"id", "public_id"}]
    names = ", ".join(f'"{name}"' for name in columns)
    with connection.cursor() as cursor, acting_as(member):
        cursor.execute(
            f"INSERT INTO cases_irae (public_id, {names}) SELECT gen_random_uuid(), {names}"
            f" FROM cases_irae, generate_series(1, {MANY}) WHERE id = %s",
            [rows[0].pk],
        )
    return older, newer


def test_an_irae_that_all_have_is_found_among_the_newest_cases(member, board, common):
    older, newer = common
    assert keys(search_cases(member, "pneumonitis")) == [newer.pk, older.pk]
    assert keys(search_cases(member, "nivolumab")) == [newer.pk, older.pk]
    assert keys(search_cases(member, "pembrolizumab")) == []


def test_a_case_of_another_board_takes_no_place_in_a_search(member, board, common):
    elsewhere = make_board("Elsewhere")
    other = make_user("member", elsewhere)
    for n in range(3):
        make(other, elsewhere, "Smith", f"E{n}", f"E{n}")
    mine = make(member, board, "Smith", "Mine", "M1")
    assert keys(search_cases(member, "smith")) == [mine.pk]
    with acting_as(other):
        assert keys(search_cases(other, "pneumonitis")) == []
        assert len(keys(search_cases(other, "smith"))) == 3

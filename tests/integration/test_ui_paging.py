"""Pages by position: every row once, in both directions, whatever arrives in between."""

from __future__ import annotations

import datetime as dt
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import pytest
from django.test import RequestFactory

from accounts.models import Board
from tests.factories.people import make_board
from ui.paging import decode_cursor, encode_cursor, keyset

ORDER = ("-active", "hospital", "-id")


@pytest.fixture
def boards(db) -> list[Board]:
    """Seven boards, three of them in one hospital, so that the later fields decide."""
    made = [make_board(f"Board {n}") for n in range(7)]
    for n, board in enumerate(made):
        board.hospital = "Alpha" if n < 3 else f"Hospital {n % 2}"
        board.save()
    return made


def page(url: str = "/boards", rows=None, **kwargs):
    queryset = Board.objects.filter(name__startswith="Board ")
    if rows is not None:
        queryset = queryset.values(*rows)
    return keyset(queryset, RequestFactory().get(url), order=ORDER, per_page=3, **kwargs)


def in_order() -> list[int]:
    found = Board.objects.filter(name__startswith="Board ").order_by(*ORDER)
    return list(found.values_list("pk", flat=True))


def test_forward_then_back_shows_every_row_once(boards):
    first = page()
    second = page(first.next_url)
    third = page(second.next_url)
    assert [b.pk for p in (first, second, third) for b in p.rows] == in_order()
    assert first.previous_url is None
    assert third.next_url is None
    back = page(third.previous_url)
    assert back.rows == second.rows
    assert page(back.previous_url).rows == first.rows
    assert page(back.previous_url).previous_url is None
    assert page(back.previous_url).next_url is not None


def test_rows_that_arrive_do_not_shift_the_next_page(boards):
    first = page()
    before = [b.pk for b in page(first.next_url).rows]
    newcomer = make_board("Board new")
    newcomer.hospital = "AAA"
    newcomer.save()
    assert [b.pk for b in page(first.next_url).rows] == before


def test_one_query_a_page(boards, django_assert_num_queries):
    url = page().next_url
    with django_assert_num_queries(1):
        page(url)


def test_other_parameters_stay_and_cursors_replace_each_other(boards):
    first = page("/boards?mine=1")
    second = page(first.next_url)
    query = parse_qs(urlsplit(second.previous_url).query)
    assert query["mine"] == ["1"]
    assert "before" in query
    assert "after" not in query


def test_two_lists_on_a_page_have_their_own_cursors(boards):
    first = page(parameter="old-")
    assert "old-after=" in first.next_url
    assert page(first.next_url, parameter="old-").rows != first.rows
    assert page(first.next_url).rows == first.rows


def test_dictionaries_page_too(boards):
    first = page(rows=("id", "active", "hospital"))
    assert [
        row["id"] for row in page(first.next_url, rows=("id", "active", "hospital")).rows
    ] == in_order()[3:6]


@pytest.mark.parametrize("cursor", ["", "rubbish", "e30", "W10", "W1siaW50IiwieCJdXQ", "WzFd"])
def test_a_cursor_that_is_none_shows_the_first_page(boards, cursor):
    assert page(f"/boards?after={cursor}").rows == page().rows
    assert page(f"/boards?before={cursor}").rows == page().rows


def test_an_empty_list_is_one_empty_page(db):
    nothing = page()
    assert not nothing
    assert (nothing.rows, nothing.next_url, nothing.previous_url) == ([], None, None)


def test_cursors_keep_times_and_ids_exactly():
    values = [
        dt.datetime(2026, 3, 3, 14, 2, 1, 5, tzinfo=dt.UTC),
        dt.date(2026, 3, 3),
        dt.time(14, 2, 1, 5),
        7,
        "x",
        True,
        uuid4(),
    ]
    assert decode_cursor(encode_cursor(values), 7) == values
    assert decode_cursor(encode_cursor(values), 6) is None

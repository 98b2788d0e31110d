"""Multiples of an upper limit are told to two decimals, and never rounded to what may be a limit."""

from __future__ import annotations

from decimal import Decimal
from types import SimpleNamespace

import pytest

from cases.models import Comparator
from cases.presenters.lately import highest_of, multiple


@pytest.mark.parametrize(
    ("value", "limit", "told"),
    [
        ("201", "40", "5.03"),
        ("200", "40", "5.00"),
        # Above and below 5, by less than two decimals tell.
        ("2001", "400", "5.003"),
        ("199.9", "40", "4.998"),
        ("100", "30", "3.33"),
        ("60", "40", "1.50"),
        ("4.9999999999", "1", "4.9999999999"),
    ],
)
def test_no_multiple_is_rounded_across_a_limit(value, limit, told):
    assert str(multiple(Decimal(value) / Decimal(limit))) == told


def result(value, comparator=Comparator.EQUAL, limit="40"):
    analyte = SimpleNamespace(code="alt")
    high = Decimal(limit) if limit else None
    return SimpleNamespace(
        analyte=analyte,
        value=Decimal(value),
        comparator=comparator,
        reference_high=high,
        taken_on=1,
    )


@pytest.mark.parametrize(
    ("rows", "unit", "highest"),
    [
        ([("90",), ("80",)], "ug/g", ["90"]),
        # What is below 500 may be lower than 80.
        ([("500", "<"), ("80",)], "x ULN", ["80"]),
        ([("500", "<")], "ug/g", ["500"]),
        ([("90", "=", "20"), ("100", "=", "40")], "x ULN", ["90"]),
        ([("90", "=", "20"), ("100", "=", "40")], "U/L", ["100"]),
        ([("90",), ("100", "=", "")], "x ULN", ["90", "100"]),
        ([("90",), ("70", "=", "")], "x ULN", ["90"]),
        ([], "x ULN", []),
    ],
)
def test_the_highest_is_of_the_multiples_where_the_item_is(rows, unit, highest):
    lists = SimpleNamespace(all=lambda: [result(*row) for row in rows])
    found = highest_of(SimpleNamespace(lab_results=lists), ("alt",), 0, unit)
    assert [str(row.value) for row in found] == highest

"""Results as they are typed, converted and bounded. No database."""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.derivations.measured import (
    STEP,
    Interval,
    Reading,
    Scale,
    ValueRefused,
    better_units,
    canonical,
    hull,
    interval,
    product,
    quotient,
    read_range,
    read_value,
)

D = Decimal
figures = st.decimals(min_value=0, max_value=100_000, places=4)


@pytest.mark.parametrize(
    ("typed", "sign", "number"),
    [
        ("4.2", "=", "4.2"), ("4,2", "=", "4.2"), (" 4.20 ", "=", "4.20"), ("<0.5", "<", "0.5"),
        ("< 0,5", "<", "0.5"), ("≤0.5", "<", "0.5"), ("<=0.5", "<", "0.5"), (">1000", ">", "1000"),
        ("≥ 1000", ">", "1000"), ("12 500", "=", "12500"), ("1 234 567", "=", "1234567"),
        ("0,500", "=", "0.500"), ("1.500", "=", "1.500"), ("0", "=", "0"), ("1500", "=", "1500"),
    ],
)  # fmt: skip
def test_value_is_read_as_it_is_reported(typed, sign, number):
    assert read_value(typed) == Reading(sign, D(number))


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("1,500", "ambiguous"), ("<12,000", "ambiguous"), ("-3", "negative"), ("\N{MINUS SIGN}3", "negative"),
        ("abc", "format"), ("4.2 g", "format"), ("1,234.5", "format"), ("1e9", "format"), ("", "format"),
        ("4..2", "format"), ("<", "format"), ("NaN", "format"), ("12 50", "format"), ("9999999999", "large"),
    ],
)  # fmt: skip
def test_what_is_no_result_is_refused(typed, code):
    with pytest.raises(ValueRefused) as refused:
        read_value(typed)
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("typed", "ends"),
    [
        ("1.0-4.0", ("1.0", "4.0")), ("1,0 – 4,0", ("1.0", "4.0")), ("1.0 to 4.0", ("1.0", "4.0")),
        ("<250", (None, "250")), (">60", ("60", None)),
    ],
)  # fmt: skip
def test_range_is_read(typed, ends):
    assert read_range(typed) == tuple(None if end is None else D(end) for end in ends)


@pytest.mark.parametrize(
    ("typed", "code"),
    [("4", "format"), ("4-1", "order"), ("<1-4", "format"), ("low", "format"), ("1-", "format")],
)
def test_what_is_no_range_is_refused(typed, code):
    with pytest.raises(ValueRefused) as refused:
        read_range(typed)
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("typed", "factor", "kept"),
    [
        ("850", "0.001", "0.8500"), ("3.9", "10", "39.0000"), ("1.2", "88.4", "106.0800"),
        ("98.5", "0.0555", "5.4668"), ("<0.00001", "1", "0.0001"), (">0.00019", "1", "0.0001"),
    ],
)  # fmt: skip
def test_conversion_by_hand(typed, factor, kept):
    assert canonical(read_value(typed), Scale(D(factor))) == D(kept)


def test_a_value_too_small_to_keep_is_refused_and_zero_is_not():
    with pytest.raises(ValueRefused):
        canonical(Reading("=", D("0.00001")), Scale(D(1)))
    assert canonical(Reading("=", D(0)), Scale(D("0.001"))) == 0


@given(figures, st.sampled_from(["1", "0.001", "10", "60", "88.4", "0.0555", "16.114"]))
def test_conversion_is_exact_to_half_a_step_and_bounds_stay_true(number, factor):
    exact = Fraction(number) * Fraction(D(factor))
    for sign in "=<>":
        try:
            kept = Fraction(canonical(Reading(sign, number), Scale(D(factor))))
        except ValueRefused:
            assert sign == "="
            continue
        if sign == "=":
            assert abs(kept - exact) <= Fraction(STEP) / 2
        elif sign == "<":
            assert exact <= kept < exact + Fraction(STEP)
        else:
            assert exact - Fraction(STEP) < kept <= exact


@given(st.decimals(min_value=0, max_value=10_000, places=3))
def test_the_way_a_number_is_written_makes_no_difference(number):
    point = f"{number:f}"
    assert read_value(point).number == number
    comma = f"{number:.2f}".replace(".", ",")
    assert read_value(f"< {comma}") == Reading("<", D(f"{number:.2f}"))


def test_the_unit_in_which_a_value_could_be():
    units = {"10^9/L": Scale(D(1)), "G/L": Scale(D(1)), "/uL": Scale(D("0.001"))}
    assert better_units(Reading("=", D(1500)), "10^9/L", units, D(0), D(50)) == ["/uL"]
    assert better_units(Reading("=", D("1.5")), "/uL", units, D("0.1"), D(50)) == ["10^9/L"]
    assert better_units(Reading("=", D(10**9)), "10^9/L", units, D(0), D(50)) == []


positive = st.decimals(min_value=D("0.0001"), max_value=1000, places=4)


@st.composite
def inside(draw):
    """An interval, possibly open above, and a value in it."""
    low, true, high = sorted(draw(st.tuples(positive, positive, positive)))
    return Interval(low, draw(st.sampled_from([high, None]))), true


@given(inside(), inside())
def test_quotient_and_product_hold_every_value_that_is_possible(one, other):
    (a, x), (b, y) = one, other
    for found, true in ((quotient(a, b), x / y), (product(a, b), x * y)):
        assert found is not None
        slack = D("1e-20")
        assert found.low <= true + slack
        assert found.high is None or found.high >= true - slack


@given(positive, positive)
def test_quotient_of_values_is_a_value(x, y):
    found = quotient(Interval(x, x), Interval(y, y))
    assert found is not None
    assert found.is_point
    assert abs(found.low * y - x) < D("1e-18")


def test_nothing_is_divided_by_zero():
    zero, one = Interval(D(0), D(0)), Interval(D(1), D(1))
    assert quotient(one, zero) is None
    assert quotient(zero, one) == zero
    assert quotient(one, Interval(D(0), D("0.5"))) == Interval(D(2), None)


@given(st.lists(inside(), min_size=1, max_size=4))
def test_hull_holds_all_of_them(parts):
    whole = hull(interval_ for interval_, _true in parts)
    for part, true in parts:
        assert whole.low <= min(part.low, true)
        assert whole.high is None or (part.high is not None and whole.high >= part.high)


def test_bounds_are_intervals():
    assert interval("<", D("0.5")) == Interval(D(0), D("0.5"))
    assert interval(">", D(1000)) == Interval(D(1000), None)
    assert interval("=", D(4)) == Interval(D(4), D(4))


@pytest.mark.parametrize(
    ("text", "factor", "offset"),
    [("1", "1", "0"), (" 0.001 ", "0.001", "0"), ("10.93 - 23.5", "10.93", "-23.5"), ("1.8+32", "1.8", "32")],
)  # fmt: skip
def test_a_scale_is_read_as_a_curator_writes_it(text, factor, offset):
    assert Scale.read(text) == Scale(D(factor), D(offset))


@pytest.mark.parametrize(
    "text", ["", "0", "-1", "1e3", "NaN", "- 23.5", "1 -", "1 - 2 - 3", "many"]
)
def test_what_is_no_scale_is_refused(text):
    with pytest.raises(ValueError, match=f"^{re.escape(text)}$"):
        Scale.read(text)


HBA1C = Scale.read("10.93 - 23.5")


# The pairs that the master equation is published with: % (NGSP) and mmol/mol (IFCC) to a whole number.
@pytest.mark.parametrize(
    ("percent", "mmol_per_mol"),
    [("4", 20), ("5", 31), ("6", 42), ("6.5", 48), ("7", 53), ("8", 64), ("9", 75), ("10", 86), ("12", 108)],
)  # fmt: skip
def test_hba1c_in_percent_by_the_master_equation(percent, mmol_per_mol):
    value = canonical(Reading("=", D(percent)), HBA1C)
    assert round(value) == mmol_per_mol
    assert HBA1C.back(value) == D(percent)
    # The NGSP form of the same equation, to the tenth that a laboratory reports.
    assert abs(D("0.09148") * value + D("2.152") - D(percent)) < D("0.05")


def test_less_than_the_scale_begins_with_is_refused_whatever_is_confirmed():
    with pytest.raises(ValueRefused) as refused:
        canonical(Reading("=", D(2)), HBA1C)
    assert refused.value.code == "below"


@given(st.decimals(min_value=3, max_value=30, places=1))
def test_a_bound_in_percent_stays_true(number):
    for sign in "<>":
        kept = canonical(Reading(sign, number), HBA1C)
        assert (kept >= HBA1C.of(number)) if sign == "<" else (kept <= HBA1C.of(number))

"""A number that can be read in two ways is refused wherever figures are typed."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django import forms

from cases.derivations.measured import ValueRefused, read_range, read_value
from cases.forms.fields import StatedNumberField
from cases.forms.sections import BoundsField
from cases.forms.steroids import DoseField
from followup.forms.checks import MeasureField
from ui.figures import doubt_words, two_readings

FIELDS = {
    "check": lambda: MeasureField(label="ALT", unit="U/L"),
    "stated": lambda: StatedNumberField(),
    "bounds": lambda: BoundsField(suffix="U/L", highest=100_000),
    "dose": lambda: DoseField(),
}


@pytest.mark.parametrize(
    ("typed", "unit", "ways"),
    [
        ("1,200", "U/L", ("1200", "1.2")), ("12,000", "", ("12000", "12")), ("125,340", "", ("125340", "125.340")),
        ("1.500", "/uL", ("1500", "1.5")), ("1.234", "/µL", ("1234",)), ("1,234", "/uL", ("1234",)),
        ("1.500", "10^3/uL", ()), ("1.500", "U/L", ()), ("0,500", "", ()), ("7,5", "", ()), ("7,50", "/uL", ()),
        ("1200", "/uL", ()), ("1234,567", "", ()), ("x", "", ()),
    ],
)  # fmt: skip
def test_what_can_be_read_in_two_ways(typed, unit, ways):
    found = two_readings(typed, unit)
    assert len(found) == len(ways)
    assert [Decimal(one) for one in found] == [Decimal(one) for one in ways]
    assert bool(doubt_words(typed, unit)) == bool(ways)
    # What is offered is taken.
    assert not any(two_readings(one, unit) for one in found)


@pytest.mark.parametrize("field", FIELDS)
def test_no_field_takes_a_comma_before_three_figures(field):
    with pytest.raises(forms.ValidationError) as refused:
        FIELDS[field]().clean("1,200")
    assert "Write 1200, or 1.2" in refused.value.messages[0]


@pytest.mark.parametrize("field", FIELDS)
def test_every_field_takes_a_comma_before_one_figure(field):
    assert FIELDS[field]().clean("7,5")


@pytest.mark.parametrize("typed", ["<1,200", "≥ 1,200"])
def test_a_bound_is_refused_alike(typed):
    for field in ("check", "bounds"):
        with pytest.raises(forms.ValidationError, match=r"Write 1200, or 1\.2"):
            FIELDS[field]().clean(typed)


def test_both_ends_of_a_range_are_looked_at():
    with pytest.raises(forms.ValidationError, match=r"Write 1200, or 1\.2"):
        FIELDS["bounds"]().clean("100-1,200")


@pytest.mark.parametrize("typed", ["1.500", "<12.000", "1,500"])
def test_a_count_per_microlitre_with_a_point_before_three_figures_is_refused(typed):
    with pytest.raises(ValueRefused) as refused:
        read_value(typed, "/uL")
    assert refused.value.code == "ambiguous"
    with pytest.raises(ValueRefused):
        read_range("1.500-7.500", "/uL")


def test_a_point_is_a_point_in_every_other_unit():
    assert read_value("1.500", "10^9/L").number == Decimal("1.5")
    assert FIELDS["check"]().clean("1.500") == "1.500"

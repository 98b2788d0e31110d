"""HbA1c in % as well as mmol/mol: converted, questioned and refused in words."""

from __future__ import annotations

from decimal import Decimal

import pytest

from cases.lab_entry import Typed, check, range_words
from cases.models import Analyte, LabResult

HBA1C = Analyte(
    code="hba1c", label="HbA1c", unit="mmol/mol", units={"mmol/mol": "1", "%": "10.93 - 23.5"},
    plausible_low=Decimal(20), plausible_high=Decimal(200),
)  # fmt: skip


def test_percent_is_kept_as_entered_and_compared_in_mmol_per_mol():
    found = check(HBA1C, Typed("6.5", "%", "4.0-6.0"))
    assert not found.errors
    assert found.columns["value"] == Decimal("47.5450")
    assert (found.columns["value_entered"], found.columns["unit_entered"]) == ("6.5", "%")
    row = LabResult(
        unit_entered="%", **{n: found.columns[n] for n in ("reference_low", "reference_high")}
    )
    assert range_words(row, HBA1C.scales) == "4-6"


@pytest.mark.parametrize(
    ("value", "unit", "words"),
    [
        ("48", "%", "Did you mean mmol/mol? That would be 48 mmol/mol."),
        ("6.5", "mmol/mol", "Did you mean %? That would be 47.545 mmol/mol."),
    ],
)
def test_a_value_in_the_other_unit_is_questioned(value, unit, words):
    found = check(HBA1C, Typed(value, unit))
    assert found.errors["value"].endswith(words) and "times" not in found.errors["value"]
    assert not check(HBA1C, Typed(value, unit, keep=found.doubt)).errors


def test_less_than_percent_can_tell_is_refused_even_when_repeated():
    for keep in ("", "2 %"):
        found = check(HBA1C, Typed("2", "%", keep=keep))
        assert found.errors == {
            "value": "The value is less than can be told in its unit: check it and its unit"
        }

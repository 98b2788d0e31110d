"""Which values are hardly possible in the unit of their box: units mistaken, and values that cannot be."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest

from followup.limits import DATA, Doubt, Yardstick
from followup.naming import doubt_words
from followup.slips import _others, questioned, slip

PLAUSIBLE = {
    "creatinine": (Decimal(10), Decimal(2500)),
    "bilirubin": (Decimal(1), Decimal(1000)),
    "troponin": (Decimal(0), Decimal(100000)),
    "hb": (Decimal(20), Decimal(250)),
    "lymphocytes": (Decimal(0), Decimal(50)),
    "ntprobnp": (Decimal(0), Decimal(200000)),
}


def known(organs=(), **upper):
    return Yardstick(
        upper={code: Decimal(str(limit)) for code, limit in upper.items()},
        organs=frozenset(organs),
        plausible=PLAUSIBLE,
    )


@pytest.mark.parametrize(
    ("code", "value", "upper", "other", "converted"),
    [
        ("creatinine", "2.5", 104, "mg/dL", "221"),
        ("creatinine", "2.5", None, "mg/dL", "221"),
        ("creatinine", "12", 104, "mg/dL", "1060.8"),
        ("bilirubin", "3.5", 21, "mg/dL", "59.85"),
        ("bilirubin", "3.5", None, "mg/dL", "59.85"),
        ("troponin", "0.4", 14, "µg/L", "400"),
        ("troponin", "<0.05", 14, "µg/L", "50"),
        ("alt", "2.5", 40, "µkat/L", "150"),
        ("alt", "3", None, "µkat/L", "180"),
        ("ck", "15", 170, "µkat/L", "900"),
    ],
)
def test_what_would_pass_its_limit_in_another_unit_is_questioned(
    code, value, upper, other, converted
):
    limits = known(**({code: upper} if upper else {}))
    assert slip(code, value, limits) == Doubt(code, value, other=other, converted=converted)


@pytest.mark.parametrize(
    ("code", "value", "upper"),
    [
        ("troponin", "3", 14),
        ("troponin", "1", 14),
        ("troponin", "<3", 14),
        ("troponin", ">0.4", 14),
        ("troponin", "2", 34),
        ("troponin", "0", 14),
        # 10 ng/L is below the limit in either unit.
        ("troponin", "0.01", 14),
        ("bilirubin", "5", 21),
        ("bilirubin", "4", 21),
        # 17 and 26 µmol/L: within the limit all the same.
        ("bilirubin", "1", 21),
        ("bilirubin", "1.5", 21),
        ("creatinine", "45", 104),
        ("creatinine", "20", 104),
        ("alt", "5", 40),
        ("alt", "14", 40),
        ("ck", "30", 170),
        ("ntprobnp", "12", 125),
        ("lymphocytes", "0.2", None),
        ("prednisone", "0", None),
    ],
)
def test_usual_values_are_not(code, value, upper):
    assert slip(code, value, known(**({code: upper} if upper else {}))) is None


def test_after_an_irae_of_the_organ_the_stricter_limit_counts():
    assert slip("bilirubin", "1.5", known(bilirubin=21)) is None
    assert slip("bilirubin", "1.5", known(["liver"], bilirubin=21)) is not None


@pytest.mark.parametrize(
    ("code", "value", "within"),
    [
        ("hb", "9.5", ("20", "250")),
        ("lymphocytes", "200", ("0", "50")),
        ("lymphocytes", ">60", ("0", "50")),
        ("creatinine", "3000", ("10", "2500")),
        ("creatinine", "0.05", ("10", "2500")),
        ("creatinine", "<50", None),
        ("lymphocytes", "<60", None),
    ],
)
def test_what_cannot_be_is_questioned_with_what_can(code, value, within):
    found = slip(code, value, known(creatinine=104))
    assert (found.within if found else None) == within


def test_a_condition_comes_first_then_the_unit_then_the_limit():
    rows = [{"text": "x", "condition": {"fact": "steroid_now", "op": "<=", "value": 5}}]
    values = {"prednisone": "7", "hb": "9.5", "creatinine": "200", "alt": "20"}
    found = questioned(values, rows, {}, known(creatinine=104, alt=40))
    assert [(d.code, d.condition, d.within, d.above) for d in found] == [
        ("prednisone", "x", None, ""),
        ("hb", "", ("20", "250"), ""),
        ("creatinine", "", None, "156"),
    ]


def test_the_words_name_the_other_unit_or_what_can_be():
    measures = [
        {"code": "troponin", "label": "Troponin", "unit": "ng/L"},
        {"code": "hb", "label": "Haemoglobin", "unit": "g/L"},
    ]
    unit = slip("troponin", "0.4", known(troponin=14))
    assert doubt_words(unit, measures).startswith(
        "Troponin: 0.4 ng/L is hardly measured. In µg/L it would be 400 ng/L. Look at the unit"
    )
    assert doubt_words(slip("hb", "9.5", known()), measures).startswith(
        "Haemoglobin: 9.5 g/L is hardly possible, results lie between 20 and 250 g/L. Look at the unit"
    )


def test_each_slip_names_its_source_and_one_way_of_asking():
    for row in json.loads(DATA.read_text(encoding="utf-8"))["slips"]:
        assert row["source"] and row["mark"] in {"seen", "general knowledge"}
        assert ("below" in row) != ("below_upper" in row)
    assert {"creatinine", "bilirubin", "troponin"} <= set(_others())

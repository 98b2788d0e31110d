"""Limits as they are kept, and values held against the laboratory's limit, the baseline and organs once affected."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest

from cases.vocabulary import Organ
from followup.agents import classes_of
from followup.limits import (
    DATA,
    Doubt,
    Yardstick,
    beyond,
    doubts,
    needs_upper,
    rule_of,
    unjudged,
    unusual_uppers,
)
from followup.naming import doubt_words, rule_words
from followup.services.protocols import read_data

ROWS = json.loads(DATA.read_text(encoding="utf-8"))["limits"]
MEASURES = {
    m["code"]: m["unit"]
    for protocol in read_data()["protocols"]
    for step in protocol["steps"]
    for m in step["measures"]
}


def known(upper=None, baseline=None, organs=()):
    return Yardstick(
        {code: Decimal(n) for code, n in (upper or {}).items()},
        {code: Decimal(n) for code, n in (baseline or {}).items()},
        frozenset(organs),
    )


def test_every_limit_has_a_source_a_mark_and_the_unit_of_the_protocols():
    organs = set(Organ.values)
    for row in ROWS:
        for said in (row, row.get("after", row)):
            assert said["source"] and said["mark"] in {"seen", "general knowledge"}, row["code"]
        assert MEASURES[row["code"]] == row["unit"]
        assert set(row.get("after", {}).get("organs", ())) <= organs


@pytest.mark.parametrize(
    "code",
    ["troponin", "ck", "creatinine", "ntprobnp", "dlco", "fvc", "tsh", "lipase", "ldh"],
)
def test_what_brings_most_harm_has_a_limit(code):
    assert rule_of(code) is not None


@pytest.mark.parametrize(
    ("code", "value", "upper", "above"),
    [
        ("ck", "476", "190", "475"),
        ("ck", "475", "190", None),
        ("troponin", "15", "14", "14"),
        ("lipase", "181", "60", "180"),
        ("ldh", "251", "250", "250"),
        ("alt", "151", "50", "150"),
    ],
)
def test_a_value_is_held_against_the_limit_of_its_laboratory(code, value, upper, above):
    doubt = beyond(code, value, known({code: upper}))
    assert (doubt.above, doubt.basis) == (above, "upper") if above else doubt is None


@pytest.mark.parametrize("code", ["ck", "troponin", "creatinine", "lipase", "ldh"])
def test_without_the_laboratorys_limit_a_person_judges_and_is_asked_to(code):
    (doubt,) = doubts({code: "30"}, [], {})
    assert doubt == Doubt(code, "30", unjudged="no_upper")
    words = doubt_words(doubt, [{"code": code, "label": "X", "unit": "U/L"}])
    assert "cannot be judged without the laboratory’s upper limit" in words


def test_creatinine_against_the_baseline_where_the_laboratory_gives_no_limit():
    yardstick = known(baseline={"creatinine": "60"})
    assert beyond("creatinine", "91", yardstick) == Doubt(
        "creatinine", "91", above="90", basis="baseline", times="1.5"
    )
    # Within the baseline's multiple it may still be above the laboratory's: the baseline does not hide that.
    assert doubts({"creatinine": "90"}, [], {}, yardstick)[0].unjudged == "no_upper"
    both = known({"creatinine": "104"}, {"creatinine": "60"})
    assert doubts({"creatinine": "90"}, [], {}, both) == []


@pytest.mark.parametrize(
    ("code", "upper", "before", "value", "above"),
    [
        ("alt", "40", "100", "290", "120"),
        ("ast", "40", "119", "350", "120"),
        ("bilirubin", "20", "45", "66", "30"),
        ("alp", "130", "300", "326", "325"),
    ],
)
def test_a_raised_baseline_lifts_no_limit_above_the_one_at_which_the_label_withholds(
    code, upper, before, value, above
):
    doubt = beyond(code, value, known({code: upper}, {code: before}))
    assert (doubt.above, doubt.basis) == (above, "upper")


@pytest.mark.parametrize(
    ("code", "upper", "before", "limit"),
    [
        ("alt", "40", "30", "40"),
        ("alt", "40", "60", "90"),
        ("alt", "40", "100", "120"),
        ("bilirubin", "20", "25", "25"),
        ("bilirubin", "20", "45", "30"),
        ("alp", "130", "140", "280"),
        ("alp", "130", "200", "325"),
    ],
)
def test_after_an_irae_of_the_liver_a_raised_baseline_counts_up_to_the_general_limit(
    code, upper, before, limit
):
    yardstick = known({code: upper}, {code: before}, ["liver"])
    assert beyond(code, limit, yardstick) is None
    more = str(Decimal(limit) + 1)
    assert beyond(code, more, yardstick).above == limit


@pytest.mark.parametrize(
    ("value", "asked"), [("51", True), ("60", True), ("61", False), ("70", False)]
)
def test_a_fall_of_the_ejection_fraction_by_ten_points_is_questioned(value, asked):
    assert (beyond("lvef", value, known(baseline={"lvef": "70"})) is not None) is asked
    assert beyond("lvef", "51", known()) is None


def test_a_low_free_t4_is_questioned_whatever_the_tsh():
    (doubt,) = doubts({"tsh": "0.4", "ft4": "4"}, [], {})
    assert (doubt.code, doubt.below) == ("ft4", "9")
    assert rule_of("ft4").mark == "general knowledge"


def test_an_upper_limit_far_above_the_usual_one_is_found():
    usual = {"alt": Decimal(40), "ck": Decimal(190)}
    entered = {"alt": Decimal(400), "ck": Decimal(380), "lipase": Decimal(900)}
    assert unusual_uppers(entered, usual) == {"alt": Decimal(40)}


@pytest.mark.parametrize(
    ("code", "before", "limit"), [("dlco", "80", "60"), ("fvc", "90", "81"), ("dlco", None, "75")]
)
def test_lung_function_is_held_against_the_baseline_else_the_predicted(code, before, limit):
    yardstick = known(baseline={code: before} if before else {})
    assert beyond(code, limit, yardstick) is None
    below = str(Decimal(limit) - Decimal("0.1"))
    assert beyond(code, below, yardstick).below == limit


@pytest.mark.parametrize(
    ("code", "organ", "mild"),
    [
        ("alt", "liver", "60"),
        ("stools", "colon", "2"),
        ("calprotectin", "colon", "180"),
        ("ck", "muscle", "250"),
        ("creatinine", "kidney", "120"),
        ("platelets", "blood", "110"),
        ("bsa", "skin", "4"),
        ("dlco", "lung", "70"),
        ("spo2_rest", "lung", "94"),
        ("lipase", "pancreas", "100"),
    ],
)
def test_once_an_organ_was_affected_a_lower_grade_is_questioned(code, organ, mild):
    common = {"ck": "190", "creatinine": "104", "alt": "40", "lipase": "60"}
    before = {"dlco": "80", "spo2_rest": "97"}
    assert beyond(code, mild, known(common, before)) is None
    doubt = beyond(code, mild, known(common, before, [organ]))
    assert doubt.organ == organ
    assert "after an irAE" in doubt_words(doubt, [])


def test_endocrine_values_have_no_stricter_limit_after_an_endocrine_irae():
    for code in ("tsh", "cortisol", "glucose"):
        assert rule_of(code, ["thyroid", "pituitary", "adrenal", "endocrine_pancreas"]).organ == ""


@pytest.mark.parametrize(
    ("code", "value", "expected"),
    [
        ("alt", ">120", Doubt("alt", ">120", above="120", basis="assumed", times="3")),
        ("glucose", "> 13.9", Doubt("glucose", "> 13.9", above="13.9")),
        ("hb", "<100", Doubt("hb", "<100", below="100")),
        ("glucose", "13.9", None),
        ("glucose", "≥13.9", None),
        ("glucose", "<13.9", None),
    ],
)
def test_more_than_the_limit_is_beyond_it(code, value, expected):
    assert beyond(code, value) == expected


@pytest.mark.parametrize("value", ["≥13.9", "<20", ">5"])
def test_a_bound_that_may_lie_beyond_the_limit_is_asked_about(value):
    doubt = unjudged("glucose", value, Yardstick())
    assert doubt.unjudged == "bound" and "may be above 13.9" in doubt_words(doubt, [])
    assert unjudged("glucose", "<5", Yardstick()) is None


def test_the_form_says_where_a_limit_comes_from_and_where_there_is_none():
    assert "CTCAE 5.0" in rule_words("ck", [])
    assert "general knowledge" in rule_words("ntprobnp", [])
    assert "a person judges" in rule_words("hba1c", [])
    assert "before the first dose" in rule_words("dlco", []) and "points" not in rule_words(
        "tsh", []
    )
    assert "more than 2 below" in rule_words("spo2_rest", ["lung"])
    assert (
        "above 1.5 × the value before the first dose where that was above the upper limit"
        in rule_words("alt", ["liver"])
    )
    assert "at most 3 × the upper limit" in rule_words("alt", ["liver"])
    assert "before the first dose" not in rule_words("alt", [])
    assert needs_upper("ck") and not needs_upper("tsh")


@pytest.mark.parametrize(
    ("drugs", "classes"),
    [
        (["pembrolizumab"], []),
        (["ipilimumab"], ["anti_ctla4"]),
        (["ipilimumab", "nivolumab"], ["anti_ctla4", "combination"]),
        (["cadonilimab"], ["anti_ctla4", "combination"]),
        (["ivonescimab"], []),
        (["unheard-of"], ["anti_ctla4", "combination"]),
        ([], []),
    ],
)
def test_classes_of_the_drugs_decided_on(drugs, classes):
    assert classes_of(drugs) == classes

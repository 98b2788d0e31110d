"""Which source does what for one patient: the worked example of the design, and who sets the mark."""

from __future__ import annotations

from typing import Any

import pytest

from accounts.rule_profiles import OFFERED
from evidence.choices import RowMark
from evidence.conditions import evaluate, parse
from evidence.rulings import PUBLISHERS, Marked, Profile, Ruled, publisher, rows_of, ruled
from tests.unit.evidence_data.reading import known

US, EU = "us_label", "eu_smpc"
FREE = {"liver_metastases": False, "liver_tumour_at_hepatitis": "none", "bilirubin_peak_x_uln": 1}
HELD = {"liver_metastases": True, "liver_tumour_at_hepatitis": "present"}
STRICTEST = Profile()


GOING_ON = {
    f"{organ}_grade_now": 2
    for organ in (
        "pneumonitis", "colitis", "hepatitis", "nephritis", "skin", "neurological", "endocrine",
        "adrenal", "pituitary", "diabetes",
    )
}  # fmt: skip
SETTLED = dict.fromkeys(GOING_ON, 1)


def held(row: dict[str, Any], **facts: Any) -> Ruled:
    told = known(facts)
    return ruled(rows_of(row["rules"]), evaluate(parse(row["condition"]), told), told)


def said(row: dict[str, Any], **facts: Any) -> dict[str, str]:
    """What each publisher does now; a row that cannot be told has a question mark."""
    stands = held(row, **facts).stands
    return {s.publisher: s.action + (f"?{s.open_action}" if s.open_action else "") for s in stands}


WORKED = [
    ("R03", {"alt_ast_peak_x_uln": 4, "hepatitis_worst_grade": 2, **FREE}, "withhold", "withhold"),
    ("R03", {"alt_ast_peak_x_uln": 6, "hepatitis_worst_grade": 3, **FREE}, "withhold", "stop"),
    ("R03", {"alt_ast_peak_x_uln": 9, "hepatitis_worst_grade": 3, **FREE}, "stop", "stop"),
    ("R03", {"alt_ast_peak_x_uln": 5, "hepatitis_worst_grade": 2, **FREE}, "withhold", "withhold"),
    ("R03", {"alt_ast_peak_x_uln": 8, "hepatitis_worst_grade": 3, **FREE}, "withhold", "stop"),
    ("R05", {"nephritis_worst_grade": 2}, "withhold", "withhold"),
    ("R05", {"nephritis_worst_grade": 3}, "withhold", "stop"),
    ("R05", {"nephritis_worst_grade": 4}, "stop", "stop"),
    ("R01", {"pneumonitis_worst_grade": 2, "pneumonitis_recurrence_grade": 0}, "withhold", "withhold"),
    ("R01", {"pneumonitis_worst_grade": 2, "pneumonitis_recurrence_grade": 2}, "withhold", "stop"),
    ("R02", {"colitis_worst_grade": 3, "colitis_recurrence_grade": 3}, "withhold", "stop"),
    ("R34", {**HELD, "alt_ast_baseline_x_uln": 3.8, "alt_ast_rise_lasted_week": True,
             "alt_ast_peak_x_uln": 9, "bilirubin_peak_x_uln": 1}, "withhold", "stop"),
    ("R34", {**HELD, "alt_ast_baseline_x_uln": 3.8, "alt_ast_rise_lasted_week": True,
             "alt_ast_peak_x_uln": 11, "bilirubin_peak_x_uln": 1}, "stop", "stop"),
]  # fmt: skip


@pytest.mark.parametrize(("code", "facts", "us", "eu"), WORKED)
def test_each_label_does_what_its_own_row_says(code, facts, us, eu, statements) -> None:  # type: ignore[no-untyped-def]
    found = said(statements[code], **GOING_ON, **facts)
    assert (found[US], found[EU]) == (us, eu)
    whole = held(statements[code], **GOING_ON, **facts)
    assert whole.differ is (us != eu) and not whole.cannot_compare
    assert whole.marked(STRICTEST).action == ("stop" if "stop" in (us, eu) else "withhold")


LIVER = [
    ({"alt_ast_baseline_x_uln": 2, "alt_ast_peak_x_uln": 6}, "withhold", "stop"),
    ({"alt_ast_baseline_x_uln": 2, "alt_ast_peak_x_uln": 5}, "", "withhold"),
    ({"alt_ast_baseline_x_uln": 4, "alt_ast_peak_x_uln": 8}, "", ""),
    ({"alt_ast_baseline_x_uln": 4, "alt_ast_peak_x_uln": 8.5}, "withhold", ""),
    ({"alt_ast_baseline_x_uln": 5, "alt_ast_peak_x_uln": 8.5}, "withhold", ""),
    # No row of the US label that was read reaches beyond a baseline of 5 times.
    ({"alt_ast_baseline_x_uln": 5.1, "alt_ast_peak_x_uln": 8.5}, "", "stop"),
    ({"alt_ast_baseline_x_uln": 6, "alt_ast_peak_x_uln": 10}, "", "stop"),
    ({"alt_ast_peak_x_uln": 9}, "?withhold", "?stop"),
]


@pytest.mark.parametrize(("code", "facts", "us", "eu"), WORKED)
def test_what_has_settled_is_withheld_no_longer_and_a_stop_stays(  # type: ignore[no-untyped-def]
    code, facts, us, eu, statements
) -> None:
    stops = {source: "stop" for source, does in ((US, us), (EU, eu)) if does == "stop"}
    assert said(statements[code], **SETTLED, **facts) == stops
    # Nobody told the grade of now: it may still have to be withheld.
    open_ = said(statements[code], **facts)
    assert {source: open_[source] for source in (US, EU)} == {
        source: "stop" if does == "stop" else "?withhold" for source, does in ((US, us), (EU, eu))
    }
    marked = held(statements[code], **facts).marked(STRICTEST)
    assert (marked.action, marked.is_open) == (("stop", False) if stops else ("withhold", True))


@pytest.mark.parametrize(("values", "us", "eu"), LIVER)
def test_with_liver_metastases_each_label_counts_from_the_baseline(  # type: ignore[no-untyped-def]
    values, us, eu, statements
) -> None:
    """What was read of the US label is published; the stricter reading of the EU text waits."""
    graded = {"hepatitis_grade_now": 2, "hepatitis_worst_grade": 2}
    told = {**HELD, **graded, "bilirubin_peak_x_uln": 1, **values}
    assert said(statements["R33"], **told) == ({US: us} if us else {})
    assert said(statements["R50"], **told) == ({EU: eu} if eu else {})


def test_grade_1_goes_on_by_asco_unless_nerves_blood_heart_or_a_name_are_in_doubt(  # type: ignore[no-untyped-def]
    statements,
) -> None:
    others = (
        "neurological_worst_grade", "haematological_worst_grade", "heart_worst_grade",
        "unlisted_irae_worst_grade", "infusion_reaction_worst_grade",
    )  # fmt: skip
    none: dict[str, object] = {"irae_worst_grade_nonendocrine": 1, **dict.fromkeys(others, 0)}
    none["sjs_ten_dress_any"] = False
    assert said(statements["R44"], **{**none, "sjs_ten_dress_any": True}) == {}
    assert said(statements["R44"], **none) == {"asco": "continue"}
    for key in others:
        assert said(statements["R44"], **{**none, key: 1}) == {}
        without = {name: value for name, value in none.items() if name != key}
        assert said(statements["R44"], **without) == {"asco": "?continue"}
    assert said(statements["R44"], **{**none, "irae_worst_grade_nonendocrine": 2}) == {}


def test_grade_3_that_has_settled_parts_asco_and_nccn(statements) -> None:  # type: ignore[no-untyped-def]
    facts = {
        "irae_worst_grade_nonendocrine": 3, "irae_grade_now": 1, "proposed_regimen": "same_agent",
        "prior_includes_pd1_pdl1": True, "prior_includes_ctla4": False,
        "proposed_includes_ctla4": False, **NO_STOP_AT_ANY_GRADE, **BELOW_3,
    }  # fmt: skip
    assert said(statements["R11"], **facts) == {"asco": "resume", "nccn": "stop"}
    another = {**facts, "prior_includes_pd1_pdl1": False, "prior_includes_ctla4": True}
    another["proposed_regimen"] = "switch_pd1_pdl1"
    assert said(statements["R11"], **another) == {"asco": "resume"}


# What stops an ICI at any grade.
NO_STOP_AT_ANY_GRADE = dict.fromkeys(
    (
        "myocarditis_any", "gbs_encephalitis_myelitis_any", "sjs_ten_dress_any", "ttp_any",
        "hus_any",
    ),
    False,
)  # fmt: skip

# What the rule of an organ stops at grade 3, always or usually.
BELOW_3 = dict.fromkeys(
    (
        "pneumonitis_worst_grade", "hepatitis_worst_grade", "nephritis_worst_grade",
        "neurological_worst_grade", "haematological_worst_grade", "myositis_worst_grade",
        "uveitis_worst_grade", "pancreatitis_worst_grade", "bullous_worst_grade",
        "infusion_reaction_worst_grade", "colitis_worst_grade",
    ),
    2,
)  # fmt: skip


@pytest.mark.parametrize("key", NO_STOP_AT_ANY_GRADE)
@pytest.mark.parametrize(("code", "grade"), [("R12", 2), ("R11", 3)])
def test_asco_lets_nobody_resume_after_what_stops_at_any_grade(  # type: ignore[no-untyped-def]
    code, grade, key, statements
) -> None:
    facts = {
        "irae_worst_grade_nonendocrine": grade, "irae_grade_now": 1, **NO_STOP_AT_ANY_GRADE,
        **BELOW_3,
    }  # fmt: skip
    told = said(statements[code], **facts)
    assert told["asco"] == "resume"
    assert "asco" not in said(statements[code], **{**facts, key: True})
    open_ = {name: value for name, value in facts.items() if name != key}
    assert said(statements[code], **open_).get("asco") != "resume"


def test_myocarditis_of_grade_1_is_marked_by_the_product_and_by_no_source(statements) -> None:  # type: ignore[no-untyped-def]
    facts = {"myocarditis_any": True, "irae_worst_grade_nonendocrine": 4}
    found = held(statements["R06"], **facts, myocarditis_worst_grade=1)
    assert found.marked(STRICTEST).by == ("product-default",)
    assert US in held(statements["R06"], **facts, myocarditis_worst_grade=2).marked(STRICTEST).by
    assert [rule["mark"] for rule in statements["R06"]["rules"]] == ["seen", "own"]


def test_three_diseases_of_the_nerves_are_asked_for_one_by_one(statements) -> None:  # type: ignore[no-untyped-def]
    none = {
        "gbs_encephalitis_myelitis_any": True, "guillain_barre_worst_grade": 0,
        "myelitis_worst_grade": 0, "encephalitis_worst_grade": 0,
    }  # fmt: skip
    for key, grade, by in (
        ("guillain_barre_worst_grade", 1, {"product-default"}),
        ("guillain_barre_worst_grade", 2, {"asco", "product-default"}),
        ("myelitis_worst_grade", 1, {"product-default"}),
        ("encephalitis_worst_grade", 1, {"product-default"}),
        ("encephalitis_worst_grade", 2, {"product-default"}),
    ):
        assert set(said(statements["R18"], **{**none, key: grade})) == by, (key, grade)


def test_a_profile_sets_the_mark_and_hides_no_source(statements) -> None:  # type: ignore[no-untyped-def]
    found = held(statements["R05"], nephritis_worst_grade=3, nephritis_grade_now=2)
    by_us = found.marked(Profile(US))
    assert (by_us.action, by_us.by, by_us.stricter) == ("withhold", (US,), ((EU, "stop"),))
    by_eu = found.marked(Profile(EU))
    assert (by_eu.action, by_eu.by, by_eu.stricter) == ("stop", (EU,), ())
    own = found.marked(Profile("local", ("esmo", US, EU)))
    assert (own.action, own.by) == ("withhold", (US,))


def test_where_the_chosen_source_says_nothing_the_strictest_sets_the_mark(statements) -> None:  # type: ignore[no-untyped-def]
    found = held(statements["R15"], irae_recurrent_unreplaced=True).marked(Profile(EU))
    assert (found.action, found.by, found.fallback) == ("stop", ("nccn",), True)
    none = held(statements["R15"], irae_recurrent_unreplaced=False).marked(Profile(EU))
    assert (none.action, none.by, none.fallback) == ("", (), False)


def test_what_one_source_says_and_another_leaves_open_is_said_as_such(statements) -> None:  # type: ignore[no-untyped-def]
    found = held(statements["R03"], hepatitis_worst_grade=3, liver_metastases=False)
    assert not found.differ and found.cannot_compare
    assert said(statements["R03"], hepatitis_worst_grade=3, liver_metastases=False)[US] == "?stop"
    unknown = held(statements["R05"])
    assert unknown.marked(STRICTEST).is_open and unknown.marked(STRICTEST).action == "stop"
    assert not unknown.differ and not unknown.cannot_compare


def test_a_row_of_which_a_summary_was_read_says_so(statements) -> None:  # type: ignore[no-untyped-def]
    rows = [rule for row in statements.values() if row["mark"] == "seen" for rule in row["rules"]]
    summaries = {rule["source"] for rule in rows if rule["mark"] == "summary"}
    assert summaries == {"asco-2021", "nccn-2019"}
    assert not [rule for rule in rows if rule["source"] in summaries and rule["mark"] != "summary"]
    assert RowMark.SUMMARY.label == "A summary of the source was read"


def test_no_board_is_offered_a_publisher_of_whom_no_row_was_read(statements) -> None:  # type: ignore[no-untyped-def]
    rows = [rule for row in statements.values() if row["mark"] == "seen" for rule in row["rules"]]
    assert {publisher(rule["source"]) for rule in rows} & set(PUBLISHERS) == set(OFFERED)


def test_a_profile_whose_own_rows_have_ended_is_told_so(statements) -> None:  # type: ignore[no-untyped-def]
    ended = held(statements["R05"], nephritis_worst_grade=3, nephritis_grade_now=1)
    found = ended.marked(Profile(US))
    assert (found.action, found.by, found.fallback, found.ended) == ("stop", (EU,), True, US)
    # It has no row in this rule at all, or none in force holds for anybody.
    none = held(statements["R15"], irae_recurrent_unreplaced=True).marked(Profile(US))
    assert (none.by, none.fallback, none.ended) == (("nccn",), True, "")
    settled = held(statements["R01"], pneumonitis_worst_grade=2, pneumonitis_grade_now=1,
                   pneumonitis_recurrence_grade=0)  # fmt: skip
    assert settled.marked(Profile(US)) == Marked()


def test_a_hepatitis_of_grade_3_is_not_let_go_on_for_having_settled(statements) -> None:  # type: ignore[no-untyped-def]
    for now in (1, 3):
        found = said(statements["R47"], hepatitis_worst_grade=3, hepatitis_grade_now=now)
        assert found == {"asco": "withhold"}


def test_texts_of_one_publisher_are_one_source(statements) -> None:  # type: ignore[no-untyped-def]
    assert publisher("asco-2021") == publisher("asco-2018-pneumonitis") == "asco"
    assert publisher("asco-esmo-organ") == "asco-esmo-organ"
    assert publisher("asco-2021-organ") == publisher("asco-kidney-compared") == "asco"
    assert publisher("organ-guidelines") == "organ-guidelines"


def test_a_row_that_nobody_read_stands_in_drafts_alone(statements) -> None:  # type: ignore[no-untyped-def]
    for code, row in statements.items():
        unread = [rule for rule in row["rules"] if rule["mark"] not in {"seen", "summary", "own"}]
        assert not unread or row["mark"] != "seen", code


def test_every_row_stands_under_one_guideline_and_what_was_not_told_apart_has_none(  # type: ignore[no-untyped-def]
    statements, delivery
) -> None:
    sources = {row["code"]: row for row in delivery.sources}
    together = {"organ-guidelines", "asco-esmo-organ"}
    for code, row in statements.items():
        assert not [rule for rule in row["rules"] if rule["source"] in together], code
        if row["category"] == "rule" and "organ-guidelines" in row["sources"]:
            assert row["mark"] == "general_knowledge", code
            assert "not told apart" in row["says"] + row["mark_note"], code
    rules = {code: row for code, row in statements.items() if row["category"] == "rule"}
    alone = {code for code, row in rules.items() if row["sources"] == ["organ-guidelines"]}
    assert alone == {"R22", "R29", "R31", "R36", "R38", "R39", "R45"}
    assert not [code for code in alone if statements[code]["rules"]]
    for code in alone:
        row = statements[code]
        assert "could not be told apart, so there is no row" in row["does_not_say"], code
        assert "were not told apart" in row["says"] and row["mark_note"].startswith("No row: ")
        assert "Every source is shown" not in row["does_not_say"], code
    once = [
        rule for row in statements.values() for rule in row["rules"] if rule["mark"] == "read_once"
    ]
    assert {publisher(rule["source"]) for rule in once} == {"asco", "esmo", "nccn", "sitc"}
    for rule in once:
        source = sources[rule["source"]]
        assert source["url"] and source["read_on"] == "2026-11-27", rule
        assert "one reader" in source["note"], rule


# What each guideline does by the drafts, typed from its pages: the rule, the record, and who says what of it.
DRAFTS = [
    ("R37", {"pneumonitis_worst_grade": 2, "pneumonitis_grade_now": 2}, {"asco": "withhold"}),
    ("R37", {"pneumonitis_worst_grade": 2, "pneumonitis_grade_now": 1}, {"asco": "resume"}),
    ("R37", {"pneumonitis_worst_grade": 3, "pneumonitis_grade_now": 1}, {"asco": "stop", "esmo": "stop"}),
    ("R40", {"nephritis_worst_grade": 3, "irae_resolved": True},
     {"asco": "stop", "nccn": "stop", "sitc": "stop"}),
    ("R42", {"myasthenia_worst_grade": 2, "myasthenia_grade_now": 1, "steroid_now": 0}, {"asco": "withhold"}),
    ("R42", {"myasthenia_worst_grade": 2, "myasthenia_grade_now": 0, "steroid_now": 5}, {"asco": "withhold"}),
    ("R42", {"myasthenia_worst_grade": 2, "myasthenia_grade_now": 0, "steroid_now": 0}, {"asco": "resume"}),
    ("R42", {"myasthenia_worst_grade": 3, "myasthenia_grade_now": 0, "steroid_now": 0}, {"asco": "stop"}),
    ("R43", {"sjs_ten_dress_any": True, "skin_worst_grade": 3}, {"asco": "withhold"}),
    ("R43", {"sjs_ten_dress_any": True, "skin_worst_grade": 4}, {"asco": "stop"}),
    ("R46", {"diabetes_worst_grade": 3, "diabetes_grade_now": 2}, {"asco": "withhold"}),
    ("R46", {"diabetes_worst_grade": 2, "diabetes_grade_now": 2}, {}),
    ("R46", {"diabetes_worst_grade": 3, "diabetes_grade_now": 0}, {"asco": "resume"}),
    ("R21", {"myocarditis_any": True, "myocarditis_worst_grade": 1}, {"asco": "withhold"}),
    ("R23", {"arthritis_worst_grade": 3, "irae_grade_now": 2}, {"asco": "withhold"}),
    ("R23", {"arthritis_worst_grade": 3, "irae_grade_now": 1}, {"asco": "resume"}),
    ("R27", {"ttp_any": True, "hus_any": False}, {"asco": "withhold", "product-default": "stop"}),
    ("R27", {"ttp_any": False, "hus_any": True}, {"product-default": "stop"}),
    ("R35", {"haemolysis_worst_grade": 2}, {}),
    ("R35", {"haemolysis_worst_grade": 3}, {"asco": "stop"}),
    ("R30", {"uveitis_worst_grade": 1, "irae_grade_now": 1, "steroid_now": 0}, {"asco": "continue"}),
    ("R30", {"uveitis_worst_grade": 2, "irae_grade_now": 2, "steroid_now": 10}, {"asco": "withhold"}),
    ("R30", {"uveitis_worst_grade": 2, "irae_grade_now": 1, "steroid_now": 10}, {"asco": "resume"}),
    ("R30", {"uveitis_worst_grade": 2, "irae_grade_now": 1, "steroid_now": 11}, {}),
    ("R30", {"uveitis_worst_grade": 3, "irae_grade_now": 1, "steroid_now": 0}, {"asco": "stop"}),
    ("R32", {"skin_worst_grade": 4, "bullous_worst_grade": 4, "skin_grade_now": 1}, {"asco": "stop"}),
    ("R32", {"skin_worst_grade": 3, "bullous_worst_grade": 3, "skin_grade_now": 2}, {"asco": "withhold"}),
    ("R32", {"skin_worst_grade": 3, "bullous_worst_grade": 0, "skin_grade_now": 1, "steroid_now": 9,
             "sjs_ten_dress_any": False}, {"asco": "resume"}),
    ("R32", {"skin_worst_grade": 3, "bullous_worst_grade": 0, "skin_grade_now": 1, "steroid_now": 10,
             "sjs_ten_dress_any": False}, {}),
    ("R48", {"myositis_worst_grade": 2, "irae_grade_now": 2, "steroid_now": 0}, {"asco": "withhold"}),
    ("R48", {"myositis_worst_grade": 2, "irae_grade_now": 1, "steroid_now": 9}, {"asco": "resume"}),
    ("R48", {"myositis_worst_grade": 2, "irae_grade_now": 1, "steroid_now": 10}, {}),
    ("R48", {"myositis_worst_grade": 3, "irae_grade_now": 1, "steroid_now": 0}, {"asco": "withhold"}),
]  # fmt: skip


@pytest.mark.parametrize(("code", "facts", "expected"), DRAFTS)
def test_a_draft_says_what_its_guideline_says(code, facts, expected, statements) -> None:  # type: ignore[no-untyped-def]
    assert statements[code]["mark"] == "general_knowledge"
    assert said(statements[code], **facts) == expected


def test_what_only_asks_is_no_rule(statements) -> None:  # type: ignore[no-untyped-def]
    for code, row in statements.items():
        acts = [rule["action"] for rule in row["rules"]]
        waits = row["sources"] == ["organ-guidelines"]
        assert bool(acts) or waits or row["category"] != "rule", code
    asks = statements["R16"]
    assert (asks["category"], asks["signal"], asks["rules"]) == ("practice", "", [])
    assert asks["does_not_say"].startswith("It is no rule")

"""When the delivered rules and statements apply."""

from __future__ import annotations

import re

import pytest

from evidence.conditions import Answer, Fact, FactState, evaluate
from evidence.content import LACKING
from tests.unit.evidence_data.reading import answer, stop_node, stops

STRICTEST = [
    ({"pneumonitis_worst_grade": 3}, "R01"),
    ({"pneumonitis_worst_grade": 2, "pneumonitis_recurrence_grade": 2}, "R01"),
    ({"colitis_worst_grade": 4}, "R02"),
    ({"colitis_worst_grade": 3, "colitis_recurrence_grade": 3}, "R02"),
    ({"hepatitis_worst_grade": 3, "liver_metastases": False}, "R03"),
    ({"alt_ast_peak_x_uln": 11, "liver_metastases": True}, "R04"),
    ({"nephritis_worst_grade": 3}, "R05"),
    ({"myocarditis_any": True}, "R06"),
    ({"neurological_worst_grade": 3}, "R07"),
    ({"sjs_ten_dress_any": True}, "R08"),
    ({"skin_worst_grade": 4}, "R08"),
    ({"irae_worst_grade_nonendocrine": 4}, "R10"),
    ({"endocrine_uncontrolled_worst_grade": 4}, "R10"),
    ({"infusion_reaction_worst_grade": 3}, "R26"),
    ({"irae_recurrent_unreplaced": True}, "R15"),
]


@pytest.mark.parametrize(("facts", "code"), STRICTEST)
def test_the_strictest_source_sets_the_mark(facts, code, statements) -> None:  # type: ignore[no-untyped-def]
    row = statements[code]
    assert row["mark"] == "seen" and row["signal"] == "stop"
    assert answer(row, **facts) is stops(row, **facts) is Answer.TRUE


AGAIN = [("R01", "pneumonitis", 2), ("R02", "colitis", 3)]
NOT_APPLICABLE = Fact.absent(FactState.NOT_APPLICABLE)


@pytest.mark.parametrize(("code", "organ", "grade"), AGAIN)
def test_another_irae_that_came_back_is_no_recurrence_of_this_one(  # type: ignore[no-untyped-def]
    code, organ, grade, statements
) -> None:
    condition = stop_node(statements[code])
    once = {
        f"{organ}_worst_grade": Fact.number(grade),
        f"{organ}_recurrence_grade": NOT_APPLICABLE,
        "irae_recurrent_unreplaced": Fact.known(True),
    }
    assert evaluate(condition, once).answer is Answer.FALSE


@pytest.mark.parametrize(("code", "organ", "grade"), AGAIN)
@pytest.mark.parametrize(
    ("above", "again", "expected"),
    [
        (0, Fact.number(0), Answer.TRUE),
        (0, Fact.number(-1), Answer.FALSE),  # a milder return of what was as bad once
        (0, Fact.between(-1, 3), Answer.UNDETERMINED),
        (0, Fact.absent(FactState.UNKNOWN), Answer.UNDETERMINED),
        (0, Fact.absent(FactState.NOT_YET), Answer.UNDETERMINED),
        (0, Fact.absent(FactState.MISSING), Answer.UNDETERMINED),
        (0, NOT_APPLICABLE, Answer.FALSE),
        # Never as bad as that: whether it came back is not needed.
        (-1, Fact.absent(FactState.UNKNOWN), Answer.FALSE),
        # Bad enough to stop at once.
        (1, Fact.absent(FactState.UNKNOWN), Answer.TRUE),
        (1, NOT_APPLICABLE, Answer.TRUE),
    ],
)
def test_a_recurrence_rule_reads_the_grade_of_the_return(  # type: ignore[no-untyped-def]
    code, organ, grade, above, again, expected, statements
) -> None:
    """`above` and `again` count from the grade that the rule names."""
    if again.low is not None:
        again = Fact.between(again.low + grade, min(again.high + grade, 5))
    facts = {f"{organ}_worst_grade": Fact.number(grade + above), f"{organ}_recurrence_grade": again}
    found = evaluate(stop_node(statements[code]), facts)
    assert found.answer is expected
    missing = {f"{organ}_recurrence_grade"} if expected is Answer.UNDETERMINED else set()
    assert set(found.missing) == missing


def test_only_an_endocrine_irae_on_replacement_is_excepted_at_grade_4(statements) -> None:  # type: ignore[no-untyped-def]
    controlled = {"irae_worst_grade_nonendocrine": 1, "endocrine_worst_grade": 4}
    row = statements["R10"]
    assert answer(row, **controlled, endocrine_uncontrolled_worst_grade=0) is Answer.FALSE
    assert answer(row, **controlled) is Answer.UNDETERMINED


def test_an_infusion_reaction_of_grade_2_does_not_stop(statements) -> None:  # type: ignore[no-untyped-def]
    assert answer(statements["R26"], infusion_reaction_worst_grade=2) is Answer.FALSE


UNREAD_STOPS = [
    ({"steroid_not_tapered": True}, "R19", "stop"),
    ({"ttp_any": True}, "R27", "stop"),
    ({"hus_any": True, "ttp_any": False}, "R27", "stop"),
    ({"myasthenia_worst_grade": 3}, "R42", "stop"),
    ({"haematological_worst_grade": 3}, "R28", "stop"),
    ({"haemolysis_worst_grade": 3}, "R35", "stop"),
    ({"aplastic_anaemia_worst_grade": 3}, "R36", "stop"),
    ({"myositis_worst_grade": 3}, "R29", "stop"),
    ({"myositis_worst_grade": 1, "myocarditis_any": True}, "R29", "stop"),
    ({"uveitis_worst_grade": 3}, "R30", "stop"),
    ({"pancreatitis_worst_grade": 3}, "R31", "stop"),
    ({"skin_worst_grade": 3}, "R32", "stop"),
]


@pytest.mark.parametrize(("facts", "code", "signal"), UNREAD_STOPS)
def test_rules_that_nobody_read_wait_with_their_condition(facts, code, signal, statements) -> None:  # type: ignore[no-untyped-def]
    row = statements[code]
    assert (row["mark"], row["signal"]) == ("general_knowledge", signal) and row["mark_note"]
    assert answer(row, **facts) is Answer.TRUE
    none = {"hus_any": False, **{key: type(value)(0) for key, value in facts.items()}}
    assert answer(row, **none) is Answer.FALSE


def test_the_general_rule_for_grade_2_leaves_out_what_stops_at_any_grade(statements) -> None:  # type: ignore[no-untyped-def]
    none = {
        "myocarditis_any": False, "gbs_encephalitis_myelitis_any": False,
        "sjs_ten_dress_any": False, "ttp_any": False, "hus_any": False,
    }  # fmt: skip
    row = statements["R12"]
    assert answer(row, irae_worst_grade_nonendocrine=2, **none) is Answer.TRUE
    for key in none:
        one = {**none, key: True}
        assert answer(row, irae_worst_grade_nonendocrine=2, **one) is Answer.FALSE, key


PROGRESSED = {
    "S04": {},
    "S21": {"proposed_regimen": "ici_chemotherapy", "prior_setting": "palliative"},
    "S22": {
        "proposed_regimen": "ici_chemotherapy", "pdl1_tps_initial": 60, "best_response": "PR",
        "prior_setting": "palliative",
    },
    "S23": {"proposed_regimen": "ici_antiangiogenic"},
    "S24": {"proposed_regimen": "other", "prior_setting": "palliative"},
    "S25": {"proposed_includes_ctla4": True, "prior_includes_pd1_pdl1": True},
    "S27": {"proposed_includes_ctla4": True},
    "S34": {
        "irae_after_ctla4_worst_grade": 3, "prior_includes_pd1_pdl1": False,
        "proposed_includes_ctla4": False, "proposed_regimen": "other",
    },
}  # fmt: skip
# Whom an irAE stopped and whose cancer progressed, then or later, is told what is known of that progression, the
# sobering trials above all; what speaks for a regimen in progression is not said of them.
ALSO_AFTER_AN_IRAE = {
    "S04": {"on_treatment"}, "S27": {"on_treatment"},
    "S21": {"on_treatment", "after_stop"}, "S22": {"on_treatment", "after_stop"},
    "S34": {"on_treatment", "after_stop"},
}  # fmt: skip


@pytest.mark.parametrize("code", PROGRESSED)
def test_what_was_seen_after_progression_is_said_after_an_irae_stop_only_once_it_progressed(  # type: ignore[no-untyped-def]
    code, statements
) -> None:
    row, facts = statements[code], PROGRESSED[code]
    for timing in ("on_treatment", "after_stop", "none"):
        stopped = {**facts, "stop_reason": "irae", "progression_timing": timing}
        either = timing in ALSO_AFTER_AN_IRAE.get(code, ())
        assert answer(row, **stopped) is (Answer.TRUE if either else Answer.FALSE), timing
        assert not either or "whom an irAE stopped" in row["does_not_say"], code
        if timing == "none":
            done = {**facts, "stop_reason": "completed", "progression_timing": timing}
            assert answer(row, **done) is Answer.FALSE
    for reason in ("progression", "toxicity", "patient_choice", "other"):
        progressed = {"stop_reason": reason, "progression_timing": "on_treatment"}
        assert answer(row, **facts, **progressed) is Answer.TRUE, reason


@pytest.mark.parametrize("reason", ["completed", "toxicity", "patient_choice", "other"])
def test_progression_after_a_stop_that_was_no_irae(reason, statements) -> None:  # type: ignore[no-untyped-def]
    later = {
        "stop_reason": reason, "progression_timing": "after_stop", "prior_setting": "palliative",
    }  # fmt: skip
    assert answer(statements["S02"], **later) is Answer.TRUE
    assert answer(statements["S04"], **later) is Answer.FALSE


def test_stable_disease_counts_for_the_prospective_trial_from_six_months(statements) -> None:  # type: ignore[no-untyped-def]
    row, paused = statements["S10"], {"ici_free_days": 90, "prior_setting": "palliative"}
    assert answer(row, best_response="PR", **paused) is Answer.TRUE
    assert answer(row, best_response="SD", prior_ici_days=30, **paused) is Answer.FALSE
    assert answer(row, best_response="SD", **paused) is Answer.UNDETERMINED


@pytest.mark.parametrize(
    ("days", "weeks_24", "sitc", "expected"),
    [
        (183, "acquired", "acquired", Answer.TRUE),
        (183, "none", "none", Answer.TRUE),
        (182, "acquired", "acquired", Answer.FALSE),
        # Treated on for months after the cancer had progressed.
        (400, "primary", "primary", Answer.FALSE),
        # 99 days on treatment and more than 84 off it.
        (99, "none", "late_relapse", Answer.TRUE),
        (98, "none", "late_relapse", Answer.FALSE),
    ],
)
def test_stable_disease_is_not_read_from_the_length_of_a_course_alone(  # type: ignore[no-untyped-def]
    days, weeks_24, sitc, expected, statements
) -> None:
    facts = {
        "best_response": "SD", "ici_free_days": 90, "prior_ici_days": days, "prior_setting": "palliative",
    }  # fmt: skip
    told = {"resistance_24_weeks": weeks_24, "resistance_sitc": sitc}
    assert answer(statements["S10"], **facts, **told) is expected
    if days == 183:
        assert answer(statements["S10"], **facts) is Answer.UNDETERMINED


def test_grade_3_counts_for_checkmate_172_after_ctla4_alone(statements) -> None:  # type: ignore[no-untyped-def]
    facts = {**PROGRESSED["S34"], "stop_reason": "progression", "irae_worst_grade": 4}
    assert answer(statements["S34"], **facts) is Answer.TRUE
    for grade in (0, 2):
        changed = {**facts, "irae_after_ctla4_worst_grade": grade}
        assert answer(statements["S34"], **changed) is Answer.FALSE


def test_both_classes_one_after_the_other_are_no_combination(statements) -> None:  # type: ignore[no-untyped-def]
    had = {
        "stop_reason": "irae", "prior_includes_ctla4": True, "prior_includes_pd1_pdl1": True,
        "proposed_regimen": "same_agent", "proposed_includes_ctla4": False,
    }  # fmt: skip
    for grade, expected in ((0, Answer.FALSE), (1, Answer.TRUE)):
        told = {**had, "irae_after_combination_worst_grade": grade}
        assert answer(statements["S33"], **told) is expected
    assert answer(statements["S33"], **had) is Answer.UNDETERMINED


def test_the_melanoma_combination_is_told_of_after_a_pd1_agent_alone(statements) -> None:  # type: ignore[no-untyped-def]
    facts = {"stop_reason": "progression", "proposed_includes_ctla4": True}
    assert answer(statements["S25"], **facts, prior_includes_pd1_pdl1=False) is Answer.FALSE
    assert answer(statements["S25"], **facts) is Answer.UNDETERMINED


def test_after_a_ctla4_combination_the_proposal_is_pd1_alone(statements) -> None:  # type: ignore[no-untyped-def]
    had = {
        "stop_reason": "irae", "prior_includes_ctla4": True, "prior_includes_pd1_pdl1": True,
        "irae_worst_grade_nonendocrine": 3, "endocrine_uncontrolled_worst_grade": 0,
        "irae_after_combination_worst_grade": 3,
    }  # fmt: skip
    without = {"prior_includes_pd1_pdl1": False, "irae_after_combination_worst_grade": 0}
    for code in ("R17", "S33"):
        alone = {**had, "proposed_regimen": "same_agent", "proposed_includes_ctla4": False}
        assert answer(statements[code], **alone) is Answer.TRUE, code
        for change in (
            {"proposed_regimen": "ici_chemotherapy"}, {"proposed_regimen": "bispecific"},
            {"proposed_includes_ctla4": True}, without,
        ):  # fmt: skip
            assert answer(statements[code], **{**alone, **change}) is Answer.FALSE, (code, change)
        assert answer(statements[code], **had) is Answer.UNDETERMINED
    worse = {**had, "irae_worst_grade_nonendocrine": 4, "proposed_regimen": "same_agent"}
    assert answer(statements["R17"], **worse, proposed_includes_ctla4=False) is Answer.FALSE


NO_LESS_COMMON = {
    "haematological_worst_grade": 0, "pancreatitis_worst_grade": 0, "uveitis_worst_grade": 0,
    "myositis_worst_grade": 0, "vasculitis_worst_grade": 0,
}  # fmt: skip


@pytest.mark.parametrize("organ", NO_LESS_COMMON)
def test_a_less_common_organ_is_told_beside_a_common_one(organ, statements) -> None:  # type: ignore[no-untyped-def]
    facts = {**NO_LESS_COMMON, "irae_any": True, "pneumonitis_worst_grade": 2}
    assert answer(statements["S60"], **{**facts, organ: 1}) is Answer.TRUE
    assert answer(statements["S60"], **facts) is Answer.FALSE


def test_an_irae_that_has_no_figure_brings_up_no_less_common_organ(statements) -> None:  # type: ignore[no-untyped-def]
    alone = {"irae_any": True, "pneumonitis_worst_grade": 0, "unlisted_irae_worst_grade": 3}
    assert answer(statements["S60"], **NO_LESS_COMMON, **alone) is Answer.FALSE


@pytest.mark.parametrize(
    "reason", ["progression", "completed", "toxicity", "patient_choice", "other", "irae"]
)
def test_progression_on_treatment_is_told_whatever_stopped_it(reason, statements) -> None:  # type: ignore[no-untyped-def]
    on = {"stop_reason": reason, "progression_timing": "on_treatment"}
    assert answer(statements["S04"], **on) is Answer.TRUE
    for code in ("S02", "S05", "S07", "S09"):
        assert answer(statements[code], **on) is Answer.FALSE, code


def test_the_ratios_of_safety_reports_are_named_as_such(statements, findings) -> None:  # type: ignore[no-untyped-def]
    ratios = [f for f in findings.values() if f["code"].startswith("dolladille") and f["value"]]
    assert len(ratios) == 24
    for finding in ratios:
        assert finding["value"].startswith("ROR ") and "(ROR)" in finding["definition"]
        assert ("unadjusted" in finding["definition"]) == ("unadjusted" in finding["label"])
        assert "djusted" in finding["definition"], finding["code"]
    for code in ("S28", "S37", "S51", "S52", "S53", "S55"):
        assert "reporting odds ratio" in statements[code]["says"], code
        assert "compares reports, not risks" in statements[code]["does_not_say"], code


NOT_READ = "What it was adjusted for was not read in full."


@pytest.mark.parametrize("code", ["S28", "S51", "S52", "S53", "S54", "S55", "S57"])
def test_an_adjusted_ratio_stands_beside_the_unadjusted_one(code, statements, findings) -> None:  # type: ignore[no-untyped-def]
    """What it was adjusted for is said the same way everywhere, where a ratio is quoted and nowhere else."""
    row = statements[code]
    adjusted = [f for f in row["findings"] if f.endswith("-or")]
    assert adjusted and {f"{f}-unadjusted" for f in adjusted} <= set(row["findings"])
    assert all(findings[f]["definition"].endswith(NOT_READ) for f in adjusted)
    quoted = "reporting odds ratio" in row["says"]
    assert (NOT_READ in row["does_not_say"]) is quoted is (code not in {"S54", "S57"})
    if quoted:
        assert re.search(r"unadjusted|without it", row["says"])


def test_nothing_is_claimed_of_what_the_safety_reports_were_adjusted_for(  # type: ignore[no-untyped-def]
    statements, findings
) -> None:
    told = [f["definition"] for f in findings.values() if f["code"].startswith("dolladille")]
    told += [row["does_not_say"] for row in statements.values()]
    for words in told:
        assert "seriousness" not in words and "adjusted analysis" not in words
        assert "Adjustment was for" not in words


def test_what_the_vocabulary_cannot_tell_is_kept_back_and_says_so(statements) -> None:  # type: ignore[no-untyped-def]
    assert LACKING
    for code in LACKING:
        assert "Kept back until the vocabulary" in statements[code]["mark_note"], code


def test_not_yet_is_not_never(statements) -> None:  # type: ignore[no-untyped-def]
    assert answer(statements["R13"], irae_grade_now=2) is Answer.TRUE
    assert answer(statements["R13"], irae_grade_now=1) is Answer.FALSE
    assert answer(statements["R14"], steroid_now=11) is Answer.TRUE
    assert answer(statements["R14"], steroid_now=10) is Answer.FALSE
    assert answer(statements["R25"], steroid_now=10) is Answer.TRUE
    for code in ("R13", "R14"):
        assert statements[code]["signal"] == "not_yet"
        assert "not never" in statements[code]["does_not_say"]

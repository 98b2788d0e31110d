"""The delivered guidance: fit to be loaded, and true to the errata of the review."""

from __future__ import annotations

import json
from typing import Any

import pytest

from evidence.conditions import Answer, Fact, FactState, evaluate, parse
from evidence.content import LACKING, names_misprint_as_drug, texts
from evidence.loading import Delivery, read

PUBLISHED_MARKS = {"seen"}


@pytest.fixture(scope="module")
def delivery() -> Delivery:
    return read()


@pytest.fixture(scope="module")
def statements(delivery: Delivery) -> dict[str, dict[str, Any]]:
    return {row["code"]: row for row in delivery.statements}


@pytest.fixture(scope="module")
def findings(delivery: Delivery) -> dict[str, dict[str, Any]]:
    return {row["code"]: row for row in delivery.findings}


def published(statements: dict[str, dict[str, Any]]) -> list[dict[str, Any]]:
    return [row for row in statements.values() if row["mark"] in PUBLISHED_MARKS]


def errata(row: dict[str, Any]) -> set[str]:
    return {correction["erratum"] for correction in row["corrections"]}


def says(row: dict[str, Any]) -> str:
    """What a reader is told, the corrected print left out."""
    return json.dumps({k: v for k, v in row.items() if k != "corrections"}, ensure_ascii=False)


def answer(row: dict[str, Any], **facts: str | bool | int) -> Answer:
    known = {
        key: Fact.number(value)
        if isinstance(value, int) and not isinstance(value, bool)
        else Fact.known(value)
        for key, value in facts.items()
    }
    return evaluate(parse(row["condition"]), known).answer


def test_there_is_enough_from_every_part_of_the_review(
    statements: dict[str, dict[str, Any]],
) -> None:
    shown = published(statements)
    assert len(shown) >= 50
    narrative = [row for row in shown if row["category"] != "rule"]
    assert len(narrative) >= 30
    assert {row["section"] for row in narrative} >= {"2", "3", "4", "5", "6"}
    assert {row["category"] for row in shown} == {
        "rule", "stop_reason", "regimen", "irae", "recurrence", "biomarker",
    }  # fmt: skip


def test_what_was_not_read_is_never_published(
    statements: dict[str, dict[str, Any]], findings: dict[str, dict[str, Any]], delivery: Delivery
) -> None:
    sources = {row["code"]: row for row in delivery.sources}
    for row in published(statements):
        for code in row["findings"]:
            assert findings[code]["mark"] == "seen", (row["code"], code)
            assert sources[findings[code]["source"]]["mark"] == "seen"
        for code in row["sources"]:
            assert sources[code]["mark"] == "seen", (row["code"], code)


def test_every_finding_of_another_tumour_is_indirect_and_downgraded(
    statements: dict[str, dict[str, Any]], findings: dict[str, dict[str, Any]]
) -> None:  # E23
    for finding in findings.values():
        assert finding["direct"] == finding["tumour"].startswith("nsclc"), finding["code"]
    for row in statements.values():
        direct = [findings[code]["direct"] for code in row["findings"]]
        assert bool(row["indirect"]) == bool(direct and not any(direct)), row["code"]
        if row["indirect"]:
            assert any("indirect" in reason for reason in row["certainty_reasons"])


def test_e01_the_misprinted_drug_is_a_drug_nowhere(delivery: Delivery) -> None:
    whole = [*delivery.sources, *delivery.findings, *delivery.statements]
    naming = [text for text in texts(whole) if "aspirin" in text.lower()]
    assert naming and not [text for text in naming if names_misprint_as_drug(text)]
    assert names_misprint_as_drug("low-dose aspirin antibody")
    assert names_misprint_as_drug('corrected from printed "aspirin", given with aspirin')


def test_e02_two_of_84_had_severe_diarrhoea(statements, findings) -> None:  # type: ignore[no-untyped-def]
    row = statements["S34"]
    assert {"E01", "E02"} <= errata(row)
    diarrhoea, colitis = findings["cm172-diarrhoea"], findings["cm172-colitis"]
    assert (diarrhoea["numerator"], diarrhoea["denominator"]) == (2, 84)
    assert (colitis["numerator"], colitis["denominator"]) == (0, 84)
    assert "no reassurance" in row["does_not_say"]


def test_e03_no_share_of_benefit_is_read_from_checkmate_153(statements) -> None:  # type: ignore[no-untyped-def]
    row = statements["S08"]
    assert "E03" in errata(row)
    everything = json.dumps(row)
    for forbidden in ("2/3", "two thirds", "35 %", "35.0", "41 %", "41.0"):
        assert forbidden not in everything
    assert "HR 0.61 to 0.62" in row["says"] and "cannot be read from the review" in row["says"]


def test_e04_the_second_hepatitis_counts_for_no_organ(statements, findings) -> None:  # type: ignore[no-untyped-def]
    row = statements["S33"]
    notes = [c for c in row["corrections"] if c["erratum"] == "E04"]
    assert len(notes) == 2 and "organ uncertain (probably colitis)" in notes[1]["shown"].lower()
    pollack = {code for code, finding in findings.items() if finding["source"] == "pollack-2018"}
    for other in statements.values():
        if other["category"] == "recurrence":
            assert not pollack & set(other["findings"])
    assert findings["pollack-g5"]["numerator"] == 1


def test_e06_ctla4_after_an_irae_raises_a_warning(statements) -> None:  # type: ignore[no-untyped-def]
    warning, trial = statements["S28"], statements["S27"]
    assert warning["mark"] == "seen" and warning["signal"] == "warning"
    for proposal in (
        {"proposed_includes_ctla4": True},
        {"proposed_regimen": "pd_ctla4_combination"},
    ):
        assert answer(warning, stop_reason="irae", **proposal) is Answer.TRUE
    assert answer(warning, stop_reason="irae") is Answer.UNDETERMINED
    assert trial["signal"] == "negative" and "E06" in errata(trial)
    assert answer(trial, stop_reason="irae", progression_timing="none") is Answer.FALSE
    for row in statements.values():
        assert "block" not in says(row).lower() and "promis" not in says(row).lower()


def test_e07_colitis_only(statements) -> None:  # type: ignore[no-untyped-def]
    row = statements["S36"]
    assert row["mark"] != "seen" and "E07" in errata(row)
    assert answer(row, colitis_worst_grade=0, pneumonitis_worst_grade=3) is Answer.FALSE


def test_e08_guo_stands_with_its_hazard_ratios_and_conclusion(statements) -> None:  # type: ignore[no-untyped-def]
    row = statements["S30"]
    assert {"guo-any", "guo-g2", "guo-os", "guo-pfs"} <= set(row["findings"])
    assert "stopping for good is appropriate" in row["says"] and "E08" in errata(row)
    assert answer(statements["S31"], irae_any=True, irae_resolved=False) is Answer.TRUE


def test_e09_pneumonitis_is_never_an_infection(delivery: Delivery) -> None:
    for text in texts(delivery.statements + delivery.findings):
        assert (
            "pneumonia" not in text.lower() and "pituitary inflammation" not in text.lower()
        ) or (text == "an infection of the lung in place of pneumonitis; pituitary inflammation")


def test_e11_the_randomised_result_stands_on_the_same_card(statements) -> None:  # type: ignore[no-untyped-def]
    row = statements["S21"]
    assert {"rct-pfs", "rct-os", "btcrc-pr", "btcrc-sd"} <= set(row["findings"])
    assert row["signal"] == "negative" and "E11" in errata(row)
    assert "prolong" not in says(row).lower()


def test_e12_every_figure_of_effect_stands_under_its_reason_for_stopping(statements) -> None:  # type: ignore[no-untyped-def]
    for row in statements.values():
        assert "reliabl" not in says(row).lower()
    on_ici = {"stop_reason": "progression", "progression_timing": "on_treatment"}
    done = {"stop_reason": "completed", "progression_timing": "after_stop"}
    for code in ("S02", "S05", "S07", "S08", "S09"):
        assert answer(statements[code], **on_ici) is Answer.FALSE, code
    for code in ("S02", "S05", "S07", "S09"):
        assert answer(statements[code], **done) is Answer.TRUE, code
    assert answer(statements["S04"], **on_ici) is Answer.TRUE
    assert answer(statements["S04"], **done) is Answer.FALSE
    assert answer(statements["S03"], stop_reason="irae") is Answer.TRUE


def test_e16_e14_e15_e24_mechanisms_are_left_out(delivery: Delivery) -> None:
    whole = " ".join(texts(delivery.statements)).lower()
    for word in ("efflux", "treg", "interferon", "13.0 %", "adjuvant"):
        assert word not in whole


def test_e18_e19_every_small_series_has_its_n(findings) -> None:  # type: ignore[no-untyped-def]
    assert (
        findings["sheth-nsclc-dcr"]["numerator"],
        findings["sheth-nsclc-dcr"]["denominator"],
    ) == (11, 21)
    assert (findings["kn010-5y-orr"]["numerator"], findings["kn010-5y-orr"]["denominator"]) == (
        11,
        21,
    )
    assert findings["kn010-2020-dcr"]["mark"] != "seen"


def test_e22_severity_is_shown_as_a_conflict(statements) -> None:  # type: ignore[no-untyped-def]
    (contradiction,) = statements["S37"]["contradictions"]
    assert {side["source"] for side in contradiction["sides"]} == {
        "zhang-2024", "allouchery-2020", "dolladille-2020",
    }  # fmt: skip


# Recurrence of the same irAE, n and N as the source's table has them.
RECURRENCE = {
    "adrenal": (5, 40), "arthritis": (13, 29), "colitis": (47, 125), "diabetes": (0, 13),
    "haematological": (3, 10), "hepatitis": (11, 33), "hypophysitis": (6, 23), "mucositis": (2, 5),
    "myocarditis": (0, 3), "myositis": (2, 9), "nephritis": (4, 8), "neurological": (3, 19),
    "pancreatitis": (3, 14), "pneumonitis": (36, 103), "skin": (6, 16), "thyroiditis": (11, 61),
    "uveitis": (1, 11), "vasculitis": (1, 1), "all": (130, 452),
}  # fmt: skip


def test_recurrence_by_organ_is_as_published(findings) -> None:  # type: ignore[no-untyped-def]
    for organ, counts in RECURRENCE.items():
        finding = findings[f"dolladille-{organ}"]
        assert (finding["numerator"], finding["denominator"]) == counts, organ
    organs = [counts for organ, counts in RECURRENCE.items() if organ != "all"]
    for index in (0, 1):
        assert sum(counts[index] for counts in organs) >= RECURRENCE["all"][index]


STRICTEST = [
    ({"pneumonitis_worst_grade": 3}, "R01"),
    ({"pneumonitis_worst_grade": 2, "pneumonitis_recurrent": True}, "R01"),
    ({"colitis_worst_grade": 4}, "R02"),
    ({"colitis_worst_grade": 3, "colitis_recurrent": True}, "R02"),
    ({"hepatitis_worst_grade": 3}, "R03"),
    ({"nephritis_worst_grade": 3}, "R05"),
    ({"myocarditis_any": True}, "R06"),
    ({"neurological_worst_grade": 3}, "R07"),
    ({"sjs_ten_dress_any": True}, "R08"),
    ({"skin_worst_grade": 4}, "R08"),
    ({"irae_worst_grade_nonendocrine": 4}, "R10"),
    ({"endocrine_uncontrolled_worst_grade": 4}, "R10"),
    ({"infusion_reaction_worst_grade": 3}, "R26"),
    ({"irae_recurrent": True}, "R15"),
]


@pytest.mark.parametrize(("facts", "code"), STRICTEST)
def test_the_strictest_source_sets_the_mark(facts, code, statements) -> None:  # type: ignore[no-untyped-def]
    row = statements[code]
    assert row["mark"] == "seen" and row["signal"] == "stop"
    assert answer(row, **facts) is Answer.TRUE


def test_another_irae_that_came_back_is_no_recurrence_of_this_one(statements) -> None:  # type: ignore[no-untyped-def]
    for code, organ, grade in (("R01", "pneumonitis", 2), ("R02", "colitis", 3)):
        once = {f"{organ}_worst_grade": grade, f"{organ}_recurrent": False, "irae_recurrent": True}
        assert answer(statements[code], **once) is Answer.FALSE, code


def test_only_an_endocrine_irae_on_replacement_is_excepted_at_grade_4(statements) -> None:  # type: ignore[no-untyped-def]
    controlled = {"irae_worst_grade_nonendocrine": 1, "endocrine_worst_grade": 4}
    row = statements["R10"]
    assert answer(row, **controlled, endocrine_uncontrolled_worst_grade=0) is Answer.FALSE
    assert answer(row, **controlled) is Answer.UNDETERMINED


def test_an_infusion_reaction_of_grade_2_does_not_stop(statements) -> None:  # type: ignore[no-untyped-def]
    assert answer(statements["R26"], infusion_reaction_worst_grade=2) is Answer.FALSE


UNREAD_STOPS = [
    ({"ttp_any": True}, "R27", "stop"),
    ({"haematological_worst_grade": 3}, "R28", "warning"),
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
    none = {key: type(value)(0) for key, value in facts.items()}
    assert answer(row, **none) is Answer.FALSE


def test_the_general_rule_for_grade_2_leaves_out_what_stops_at_any_grade(statements) -> None:  # type: ignore[no-untyped-def]
    none = {
        "myocarditis_any": False, "gbs_encephalitis_myelitis_any": False,
        "sjs_ten_dress_any": False, "ttp_any": False,
    }  # fmt: skip
    row = statements["R12"]
    assert answer(row, irae_worst_grade_nonendocrine=2, **none) is Answer.TRUE
    for key in none:
        one = {**none, key: True}
        assert answer(row, irae_worst_grade_nonendocrine=2, **one) is Answer.FALSE, key


PROGRESSED = {
    "S04": {},
    "S21": {"proposed_regimen": "ici_chemotherapy"},
    "S22": {
        "proposed_regimen": "ici_chemotherapy", "pdl1_tps_initial": 60, "best_response": "PR",
    },
    "S23": {"proposed_regimen": "ici_antiangiogenic"},
    "S24": {"proposed_regimen": "other"},
    "S25": {"proposed_includes_ctla4": True},
    "S27": {"proposed_includes_ctla4": True},
    "S34": {
        "irae_worst_grade": 3, "prior_includes_ctla4": True, "prior_includes_pd1_pdl1": False,
        "proposed_includes_ctla4": False, "proposed_regimen": "other",
    },
}  # fmt: skip


@pytest.mark.parametrize("code", PROGRESSED)
def test_what_was_seen_after_progression_is_not_said_after_an_irae_stop(code, statements) -> None:  # type: ignore[no-untyped-def]
    row, facts = statements[code], PROGRESSED[code]
    for timing in ("on_treatment", "after_stop", "none"):
        stopped = {**facts, "stop_reason": "irae", "progression_timing": timing}
        assert answer(row, **stopped) is Answer.FALSE, timing
        if timing == "none":
            done = {**facts, "stop_reason": "completed", "progression_timing": timing}
            assert answer(row, **done) is Answer.FALSE
    progressed = {"stop_reason": "progression", "progression_timing": "on_treatment"}
    assert answer(row, **facts, **progressed) is Answer.TRUE


def test_stable_disease_counts_for_the_prospective_trial_from_six_months(statements) -> None:  # type: ignore[no-untyped-def]
    row, paused = statements["S10"], {"ici_free_days": 90}
    assert answer(row, best_response="PR", **paused) is Answer.TRUE
    assert answer(row, best_response="SD", prior_ici_days=30, **paused) is Answer.FALSE
    assert answer(row, best_response="SD", prior_ici_days=200, **paused) is Answer.TRUE
    assert answer(row, best_response="SD", **paused) is Answer.UNDETERMINED


def test_after_a_ctla4_combination_the_proposal_is_pd1_alone(statements) -> None:  # type: ignore[no-untyped-def]
    had = {
        "stop_reason": "irae", "prior_includes_ctla4": True, "prior_includes_pd1_pdl1": True,
        "irae_worst_grade_nonendocrine": 3, "endocrine_uncontrolled_worst_grade": 0,
    }  # fmt: skip
    for code in ("R17", "S33"):
        alone = {**had, "proposed_regimen": "same_agent", "proposed_includes_ctla4": False}
        assert answer(statements[code], **alone) is Answer.TRUE, code
        for change in (
            {"proposed_regimen": "ici_chemotherapy"}, {"proposed_regimen": "bispecific"},
            {"proposed_includes_ctla4": True}, {"prior_includes_pd1_pdl1": False},
        ):  # fmt: skip
            assert answer(statements[code], **{**alone, **change}) is Answer.FALSE, (code, change)
        assert answer(statements[code], **had) is Answer.UNDETERMINED
    worse = {**had, "irae_worst_grade_nonendocrine": 4, "proposed_regimen": "same_agent"}
    assert answer(statements["R17"], **worse, proposed_includes_ctla4=False) is Answer.FALSE


def test_a_less_common_organ_is_told_beside_a_common_one(statements) -> None:  # type: ignore[no-untyped-def]
    row = statements["S60"]
    assert answer(row, uveitis_worst_grade=2, pneumonitis_worst_grade=3) is Answer.TRUE
    reaction_only = {
        "irae_any": True, "infusion_reaction_worst_grade": 2, "haematological_worst_grade": 0,
        "pancreatitis_worst_grade": 0, "uveitis_worst_grade": 0, "myositis_worst_grade": 0,
    }  # fmt: skip
    assert answer(row, **reaction_only) is Answer.FALSE


def test_the_ratios_of_safety_reports_are_named_as_such(statements, findings) -> None:  # type: ignore[no-untyped-def]
    ratios = [f for f in findings.values() if f["code"].startswith("dolladille") and f["value"]]
    assert len(ratios) == 8
    for finding in ratios:
        assert finding["value"].startswith("ROR ") and "(ROR)" in finding["definition"]
    for code in ("S28", "S37", "S51", "S52", "S53", "S55"):
        assert "reporting odds ratio" in statements[code]["says"], code
        assert "compares reports, not risks" in statements[code]["does_not_say"], code


def test_what_the_vocabulary_cannot_tell_is_kept_back_and_says_so(statements) -> None:  # type: ignore[no-untyped-def]
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


def test_an_unknown_fact_never_clears_a_hard_stop(statements) -> None:  # type: ignore[no-untyped-def]
    for row in statements.values():
        if row["signal"] == "stop":
            for state in (FactState.MISSING, FactState.UNKNOWN, FactState.NOT_YET):
                facts = {key: Fact.absent(state) for key in ("irae_recurrent",)}
                assert evaluate(parse(row["condition"]), facts).answer is Answer.UNDETERMINED


def test_nothing_recommends_ranks_or_scores(statements) -> None:  # type: ignore[no-untyped-def]
    for row in published(statements):
        for word in ("we recommend", "should be given", "best option", "preferred", "score of"):
            said = row["says"].lower()
            assert word not in said, (row["code"], word)

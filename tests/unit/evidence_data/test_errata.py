"""Where the review's print is wrong, the delivered content says what the sources found."""

from __future__ import annotations

import json

import pytest

from evidence.conditions import Answer
from evidence.content import names_misprint_as_drug, texts
from evidence.loading import Delivery
from tests.unit.evidence_data.reading import answer, errata, says


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
    goes_on = {"irae_any": True, "irae_resolved": False}
    assert answer(statements["S31"], **goes_on, irae_worst_grade=2) is Answer.TRUE
    # All patients of the series had grade 2 or more: of a rash that never passed grade 1 it says nothing.
    assert answer(statements["S31"], **goes_on, irae_worst_grade=1) is Answer.FALSE
    assert answer(statements["S31"], **goes_on) is Answer.UNDETERMINED


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
    advanced = {"prior_setting": "palliative"}
    done = {"stop_reason": "completed", "progression_timing": "after_stop", **advanced}
    for code in ("S02", "S05", "S07", "S08", "S09"):
        assert answer(statements[code], **on_ici) is Answer.FALSE, code
    for code in ("S02", "S05", "S07", "S09"):
        assert answer(statements[code], **done) is Answer.TRUE, code
    assert answer(statements["S04"], **on_ici) is Answer.TRUE
    assert answer(statements["S04"], **done) is Answer.FALSE
    assert answer(statements["S03"], stop_reason="irae", **advanced) is Answer.TRUE


def test_e15_and_e24_are_left_out(delivery: Delivery) -> None:
    whole = " ".join(texts(delivery.statements)).lower()
    for word in ("efflux", "13.0 %", "adjuvant"):
        assert word not in whole


@pytest.mark.parametrize(
    ("number", "codes", "right"),
    [
        ("E14", "S45 S46", "the sentence is left out."),
        ("E16", "S64", "fewer"),
        ("E16", "S61", "left out"),
    ],
)
def test_e14_and_e16_are_marked_as_corrected(number, codes, right, statements) -> None:  # type: ignore[no-untyped-def]
    for code in codes.split():
        (note,) = statements[code]["corrections"]
        assert note["erratum"] == number and right in note["shown"].lower()
        assert (
            "recurrence" not in statements[code]["says"]
            and "mutate" not in statements[code]["says"]
        )


def test_a_mechanism_or_a_strategy_carries_no_mark_and_is_not_graded_up(statements) -> None:  # type: ignore[no-untyped-def]
    named = [row for row in statements.values() if row["category"] == "resistance"]
    assert len(named) >= 15
    for row in named:
        assert not row["signal"], row["code"]
        assert row["certainty"] in ("opinion", "very_low"), row["code"]


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

"""The delivered findings against tables that were typed by hand, both ways: none is wrong, missing or too many."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from evidence.coding import number
from evidence.loading import Delivery, check

BY_HAND = Path(__file__).parent / "by_hand"


@dataclass(frozen=True)
class Row:
    """One finding as typed, or as delivered."""

    counted: str
    figure: str
    printed: str
    tumour: str
    reference: str
    section: str
    endpoint: str
    setting: str
    state: str


def cells(table: str) -> list[list[str]]:
    lines = (BY_HAND / f"{table}.txt").read_text(encoding="utf-8").splitlines()
    rows = [line.split("|") for line in lines if not line.startswith("#")]
    return [["" if cell.strip() == "-" else cell.strip() for cell in row] for row in rows]


def typed() -> dict[str, Row]:
    rows: dict[str, Row] = {}
    for code, *rest in cells("review"):
        rows[code] = Row(*rest)
    for code, counted, figure, tumour, reference, section, endpoint, setting, errata in cells(
        "sources"
    ):
        state = f"not_in_review {errata}".strip()
        rows[code] = Row(counted, figure, "", tumour, reference, section, endpoint, setting, state)
    of_organs = ("mixed", "43", "6")
    for organ, counted, percent, unadjusted, adjusted in cells("organs"):
        same = ("recurrence_same", "irae", "not_in_review")
        rows[f"dolladille-{organ}"] = Row(counted, f"{percent} %", "", *of_organs, *same)
        for end, ratio in (("or-unadjusted", unadjusted), ("or", adjusted)):
            if ratio:
                about = ("ROR", "safety_predictor", "not_in_review")
                rows[f"dolladille-{organ}-{end}"] = Row("", f"ROR {ratio}", "", *of_organs, *about)
    return rows


TYPED = typed()


def delivered(finding: dict[str, Any]) -> Row:
    counted = (
        "" if finding["numerator"] is None else f"{finding['numerator']}/{finding['denominator']}"
    )
    if finding["value"]:
        figure = finding["value"] + (f" ({finding['interval']})" if finding["interval"] else "")
    else:
        value = number(finding)
        figure = "none" if value is None else f"{value:g} {finding['unit']}"
    return Row(
        counted, figure, finding["printed"], finding["tumour"], finding["reference"], finding["section"],
        finding["endpoint"], finding["setting"], " ".join([finding["state"], *finding["errata"]]),
    )  # fmt: skip


def test_every_finding_is_typed_and_every_typed_one_is_delivered(findings: dict[str, Any]) -> None:
    assert set(findings) == set(TYPED)
    lines = len(cells("review")) + len(cells("sources")) + 18 + 15 + 6
    assert len(TYPED) == lines, "a code is typed twice"


@pytest.mark.parametrize("code", TYPED)
def test_a_finding_is_as_typed(code: str, findings: dict[str, Any]) -> None:
    assert delivered(findings[code]) == TYPED[code]


def test_the_number_of_a_finding_is_in_its_words(findings: dict[str, Any]) -> None:
    for code, finding in findings.items():
        figure = finding["figure"]
        if figure is not None and finding["value"]:
            assert f"{figure:g}" in finding["value"].replace(" ", ""), code
            assert f"{figure + 0.01:g}" not in finding["value"], code


def test_only_lung_cancer_is_direct_and_what_rests_on_no_such_finding_says_so(
    statements: dict[str, Any],
) -> None:
    """By the typed tumours, so that one changed in the data does not take its statement along."""
    for code, row in statements.items():
        tumours = {TYPED[finding].tumour for finding in row["findings"]}
        if tumours and not tumours & {"nsclc", "nsclc_squamous"}:
            assert row["indirect"], code


MUTANTS = {
    "ravi-all": {"tumour": "nsclc", "direct": True},
    "sheth-all-pfs": {"tumour": "nsclc", "direct": True},
    "guo-g2": {"numerator": 10},
    "menzies-same": {"numerator": 20},
    "s1400f-primary": {"numerator": 12},
    "pollack-any": {"numerator": 4},
    "xu-orr-on-ici": {"value": "46.2 %"},
    "cm153-pfs": {"value": "9.4 against 24.7 months, HR 0.56"},
    "kn024-dcr": {"numerator": 7, "denominator": 10},
    "btcrc-pr": {"printed": "25.3%"},
    "cm153-target": {"state": "as_printed"},
    "cm172-diarrhoea": {"errata": ["E23"]},
    "xu-dcr-after-stop": {"setting": "progression_on"},
}


@pytest.mark.parametrize("code", MUTANTS)
def test_a_finding_that_is_spoilt_is_found(code: str, findings: dict[str, Any]) -> None:
    assert delivered({**findings[code], **MUTANTS[code]}) != TYPED[code]


def test_a_print_stands_with_what_is_right_and_why(findings: dict[str, Any]) -> None:
    for code, finding in findings.items():
        reasoned = finding["state"] in {"corrected", "not_interpretable"}
        assert bool(finding["correction"]) == reasoned, code
        assert not reasoned or finding["errata"], code


def test_what_cannot_be_interpreted_is_in_no_statement(
    delivery: Delivery, findings: dict[str, Any]
) -> None:
    lost = {code for code, finding in findings.items() if finding["state"] == "not_interpretable"}
    assert lost == {
        "egfr-adjuvant-5y", "cm153-target", "cm153-new-lesions", "cm153-rest", "pollack-hepatitis-second",
    }  # fmt: skip
    for row in delivery.statements:
        assert not lost & set(row["findings"]), row["code"]
    assert check(delivery) == []

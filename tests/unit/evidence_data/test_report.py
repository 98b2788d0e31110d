"""The report for a second reader: the shape, every figure with its print, every erratum with its place."""

from __future__ import annotations

import json
from dataclasses import replace
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from evidence.loading import Delivery, check
from evidence.report import as_json, as_lines, value

FIELDS = {
    "reference", "section", "endpoint", "value", "unit", "n", "N", "printed", "tumour", "setting", "state",
}  # fmt: skip

# Numbers by severity, typed from the list of errata.
SEVERITIES = {
    "critical": "E01 E03 E06 E11",
    "high": "E02 E04 E07 E08 E09 E12 E16 E18 E19 E22 E23",
    "medium": "E05 E10 E13 E17 E20 E21",
    "low": "E14 E15 E24 E25",
}
ERRATA = [f"E{number:02}" for number in range(1, 26)]
LEFT_OUT = {"E15"}
# A finding or statement in which each erratum has to be seen, by hand.
SEEN_IN = {
    "E14": {"S45", "S46"}, "E16": {"S61", "S64"},
    "E01": {"olson-orr", "cm172-diarrhoea", "S25", "S34"}, "E02": {"cm172-diarrhoea", "cm172-colitis", "S34"},
    "E03": {"cm153-target", "cm153-new-lesions", "cm153-rest", "S08"},
    "E04": {"pollack-hepatitis", "pollack-hepatitis-second", "S33"}, "E05": {"kn046-orr", "S26"},
    "E06": {"s1400f-primary", "s1400f-acquired", "S27", "S28"}, "E07": {"abu-sbeih-ctla4", "abu-sbeih-pd", "S36"},
    "E08": {"guo-interrupted", "S30"}, "E09": {"pollack-hypophysitis", "class-toxicity", "S41"},
    "E10": {"ici-planned-duration"}, "E11": {"btcrc-pr", "btcrc-sd", "rct-pfs", "S21"},
    "E12": {"wjog-orr", "watanabe-orr", "xu-orr-on-ici", "S01"}, "E13": {"oligoprogression-review", "S12"},
    "E17": {"kitagawa-pr", "kitagawa-sd", "S20", "S87"}, "E18": {"sheth-nsclc-dcr", "sheth-pfs-printed", "S07"},
    "E19": {"kn010-2020-dcr", "kn024-dcr", "S05"}, "E20": {"menzies-same", "menzies-new", "S35"},
    "E21": {"zhao-any", "zhao-high", "S32"}, "E22": {"predictors-42", "S37"}, "E23": {"ravi-all", "go30140-orr", "S11"},
    "E24": {"egfr-adjuvant-5y"}, "E25": {"kitagawa-sd", "niki-high", "S20", "S71"},
}  # fmt: skip


def test_a_machine_reads_the_findings_in_the_agreed_shape(delivery: Delivery) -> None:
    report = as_json(delivery)
    assert set(report) == {"findings", "statements", "errata"}
    assert len(report["findings"]) == len(delivery.findings) >= 200
    assert all(set(row) == FIELDS for row in report["findings"])
    (row,) = [row for row in report["findings"] if row["printed"] == "9.4%"]
    assert row == {
        "reference": "26", "section": "4", "endpoint": "discontinuation", "value": 9.4, "unit": "%", "n": 99,
        "N": 1051, "printed": "9.4%", "tumour": "nsclc", "setting": "irae", "state": "corrected",
    }  # fmt: skip
    for row in report["findings"]:
        if row["state"] == "not_interpretable":
            assert (row["value"], row["n"], row["N"]) == (None, None, None) and row["printed"]
        else:
            assert (row["value"] is None) is (row["N"] is not None and row["N"] < 10)


def test_of_fewer_than_ten_no_share_is_worked_out(delivery: Delivery) -> None:
    few = {
        row["code"]: f"{row['numerator']}/{row['denominator']}"
        for row in delivery.findings
        if row["numerator"] is not None and row["denominator"] < 10
    }
    assert set(few.values()) == {"2/5", "0/3", "2/9", "4/8", "1/1"}
    lines = list(as_lines(delivery))
    for code, counted in few.items():
        (line,) = [line for line in lines if f" {code} | " in line]
        assert f"| too few for a share | {counted} |" in line and "%" not in line
    told = [row for row in as_json(delivery)["findings"] if row["N"] is not None and row["N"] < 10]
    assert len(told) == len(few) and all(row["value"] is None for row in told)


def test_a_share_of_few_that_somebody_printed_stays_what_was_printed(delivery: Delivery) -> None:
    (row,) = [row for row in delivery.findings if row["code"] == "dolladille-nephritis"]
    for change in ({"figure": 50.0}, {"value": "50 %"}, {"figure": 4.0, "unit": "patients"}):
        assert value({**row, **change}) is not None
    assert value(row) is None and value({**row, "denominator": 10}) == 40.0


def test_every_erratum_is_applied_or_says_why_it_is_left_out(delivery: Delivery) -> None:
    errata = as_json(delivery)["errata"]
    assert [row["number"] for row in errata] == ERRATA
    for severity, numbers in SEVERITIES.items():
        assert [row["number"] for row in errata if row["severity"] == severity] == numbers.split()
    assert {row["number"] for row in errata if row["left_out"]} == LEFT_OUT
    for row in errata:
        assert bool(row["applied"]) != bool(row["left_out"]), row["number"]
        assert row["printed"] and row["right"]
        assert set(row["applied"]) >= SEEN_IN.get(row["number"], set()), row["number"]
    assert set(SEEN_IN) | LEFT_OUT == set(ERRATA)


def test_a_reader_finds_every_print_every_erratum_and_the_counts(delivery: Delivery) -> None:
    lines = list(as_lines(delivery))
    whole = "\n".join(lines)
    for row in delivery.findings:
        (line,) = [line for line in lines if f" {row['code']} | " in line]
        assert (f"printed “{row['printed']}”" if row["printed"] else "not printed") in line
        assert row["state"] in line
    for number in ERRATA:
        assert f"\n{number} " in whole
    assert "left out: It does not apply to ICIs" in whole
    for what in ("section", "reference", "setting", "state"):
        assert f"Findings by {what}:" in whole
    counts = {line.split()[0]: int(line.split()[1]) for line in lines[3:13]}
    assert (counts["1"], counts["7"], counts["8"], counts["9"]) == (3, 1, 0, 0)
    assert sum(counts.values()) == len(delivery.findings)
    assert "11/14, 49–95" in whole and "0/3 |" in whole


def test_the_command_prints_either(tmp_path: Any) -> None:
    out = StringIO()
    call_command("evidence_report", stdout=out)
    assert out.getvalue().startswith("Findings: ")
    out = StringIO()
    call_command("evidence_report", "--json", stdout=out)
    assert set(json.loads(out.getvalue())) == {"findings", "statements", "errata"}
    with pytest.raises(CommandError, match=r"sources\.json cannot be read"):
        call_command("evidence_report", "--folder", tmp_path)


FAULTS: list[tuple[str, dict[str, Any], str]] = [
    ("cm153-target", {"figure": 35.0}, "carries no figure"),
    ("cm153-target", {"correction": ""}, "what is right, and why"),
    ("guo-any", {"printed": ""}, "does not agree with what the review prints"),
    ("guo-os", {"printed": "1.10"}, "does not agree with what the review prints"),
    ("guo-any", {"figure": 44.0}, "its figure is not n of N"),
    ("ravi-single", {"figure": 28.0}, "its figure is not n of N"),
    ("guo-any", {"errata": ["E99"]}, "there is no erratum E99"),
    ("guo-any", {"state": "perhaps"}, "perhaps"),
]


@pytest.mark.parametrize(("code", "change", "message"), FAULTS)
def test_a_finding_that_is_coded_wrong_is_not_delivered(
    code: str, change: dict[str, Any], message: str, delivery: Delivery
) -> None:
    rows = [{**row, **change} if row["code"] == code else row for row in delivery.findings]
    problems = check(replace(delivery, findings=rows))
    assert any(problem.startswith(code) and message in problem for problem in problems)


def test_no_delivered_statement_rests_on_what_cannot_be_interpreted(delivery: Delivery) -> None:
    rows = [
        {**row, "findings": [*row["findings"], "cm153-target"]} if row["code"] == "S08" else row
        for row in delivery.statements
    ]
    found = check(replace(delivery, statements=rows))
    assert any("S08: findings: cm153-target cannot be interpreted" in problem for problem in found)

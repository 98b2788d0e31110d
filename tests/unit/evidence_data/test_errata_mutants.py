"""The delivered files with a slip of the review written back in: each is refused, by number, before it is loaded."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest

from evidence.loading import Delivery, check

Change = Callable[[dict[str, Any], dict[str, Any]], None]


def says(code: str, text: str, *, instead: bool = False, field: str = "says") -> Change:
    def change(statements: dict[str, Any], findings: dict[str, Any]) -> None:
        row = statements[code]
        row[field] = text if instead else f"{row[field]} {text}"

    return change


def swapped(code: str, old: str, new: str, field: str = "says") -> Change:
    def change(statements: dict[str, Any], findings: dict[str, Any]) -> None:
        assert old in statements[code][field], code
        statements[code][field] = statements[code][field].replace(old, new)

    return change


def ravi_as_nsclc(statements: dict[str, Any], findings: dict[str, Any]) -> None:
    for code in ("ravi-prior", "ravi-all"):
        findings[code] |= {"tumour": "nsclc", "direct": True}
    statements["S11"]["indirect"] = ""


def sheth_as_nsclc(statements: dict[str, Any], findings: dict[str, Any]) -> None:
    findings["sheth-all-pfs"] |= {"tumour": "nsclc", "direct": True}


def without(code: str, finding: str) -> Change:
    def change(statements: dict[str, Any], findings: dict[str, Any]) -> None:
        statements[code]["findings"].remove(finding)

    return change


def unmarked(statements: dict[str, Any], findings: dict[str, Any]) -> None:
    statements["S28"]["signal"] = ""


def everywhere(code: str) -> Change:
    def change(statements: dict[str, Any], findings: dict[str, Any]) -> None:
        statements[code]["condition"] = {
            "any": [
                {"fact": "stop_reason", "op": "in", "value": ["progression", "irae", "completed"]},
                statements[code]["condition"],
            ]
        }

    return change


MUTANTS: list[tuple[str, str, Change]] = [
    ("E23", "ravi, NSCLC", ravi_as_nsclc),
    ("E23", "sheth, all as NSCLC", sheth_as_nsclc),
    ("E23", "S35", swapped("S35", "patients with melanoma", "patients with NSCLC")),
    ("E23", "S11", swapped("S11", "In renal cell carcinoma", "In NSCLC")),
    ("E03", "S05, two thirds", says("S05", "About two thirds (2/3) benefited.")),
    ("E03", "S05, 35 and 41", says("S05", "Target and new lesions progressed in 35 % and 41 %.")),
    ("E03", "S08", says("S08", "The 34 retreated had good control.")),
    ("E11", "S05", says("S05", "Chemotherapy prolonged PFS.")),
    ("E11", "S21", swapped("S21", "neither longer PFS", "longer PFS")),
    ("E09", "S05", says("S05", "It goes with pneumonia.")),
    ("E06", "S05", says("S05", "It may be given to block the irAE.")),
    ("E06", "S27", says("S27", "The first results are promising.")),
    ("E12", "S05, title", says("S05", "Rechallenge reliably yields effects", instead=True, field="title")),
    ("E12", "S01", says("S01", "A second ICI works dependably.")),
    ("E01", "S05", says("S05", "An acetylsalicylic acid antibody was added.")),
    ("E02", "S34", swapped("S34", "2 had diarrhoea of grade 3 or more on nivolumab and none colitis of that grade",
                           "none had diarrhoea or colitis")),
    ("E04", "S53", says("S53", "Hepatitis 3 % in melanoma.")),
    ("E07", "S36", swapped("S36", "Among patients with immune-mediated diarrhoea or colitis, colitis",
                           "Among patients with an irAE of any organ, the irAE")),
    ("E07", "S36, limits", says("S36", "It holds for any organ.", instead=True, field="does_not_say")),
    ("E08", "S30", says("S30", "Timely treatment eliminates these issues.")),
    ("E18", "S07", says("S07", "Durvalumab was given again one year after it had been stopped.")),
    ("E19", "S05", says("S05", "Disease control was 79 % and 70 %.")),
    ("E16", "S12", says("S12", "Dual blockade promotes Treg penetration through tumours.")),
    ("E22", "S38", says("S38", "The more severe the first irAE, the more often it came back.")),
    ("E08", "S30, no hazard ratio", without("S30", "guo-os")),
    ("E11", "S21, no randomised trial", without("S21", "rct-pfs")),
    ("E02", "S34, colitis alone", without("S34", "cm172-diarrhoea")),
    ("E06", "S28, no warning", unmarked),
    ("E06", "S27, after an irAE", everywhere("S27")),
    ("E07", "S36, any irAE", everywhere("S36")),
    ("E12", "S05, on treatment", everywhere("S05")),
    ("E12", "S02, on treatment", everywhere("S02")),
]  # fmt: skip


@pytest.mark.parametrize(
    ("number", "change"), [(n, c) for n, _name, c in MUTANTS], ids=[f"{n} {name}" for n, name, _c in MUTANTS]
)  # fmt: skip
def test_a_slip_written_back_into_the_delivery_is_refused(
    number: str, change: Change, delivery: Delivery
) -> None:
    mutant = copy.deepcopy(delivery)
    change(
        {row["code"]: row for row in mutant.statements},
        {row["code"]: row for row in mutant.findings},
    )
    assert [line for line in check(mutant) if f"Erratum {number}:" in line]

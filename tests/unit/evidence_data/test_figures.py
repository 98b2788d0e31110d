"""Every estimate stands with n of N or its interval, or says which of them was not in what was read."""

from __future__ import annotations

import re
from typing import Any

import pytest

from evidence.models import Finding, Source
from evidence.presenters import finding_row
from tests.unit.evidence_data.reading import published

# Printed as a share: the n that N and the share leave, worked out by hand.
COUNTED = {
    "wjog-orr": (5, 59), "watanabe-orr": (1, 14), "watanabe-dcr": (3, 14), "olson-orr": (20, 70),
    "kn046-ph1-orr": (11, 88), "menzies-orr": (27, 67), "ravi-all": (16, 69),
    "allouchery-kind": (49, 70), "allouchery-distinct": (18, 70), "allouchery-both": (3, 70),
}  # fmt: skip
# Read in the abstracts of the sources.
INTERVALS = {
    "guo-os": "0.57 to 2.15", "guo-pfs": "0.45 to 1.71", "rct-pfs": "0.69 to 1.62",
    "rct-os": "0.66 to 1.83", "cm153-pfs": "0.37 to 0.84", "cm153-os": "0.37 to 0.99",
    "cm153-os-all": "0.42 to 0.92", "zhao-or": "2.15 to 6.74", "meta896-any": "1.51 to 5.10",
    "meta896-high": "1.27 to 2.78",
}  # fmt: skip


def row_of(finding: dict[str, Any]) -> Any:
    fields = {key: value for key, value in finding.items() if key != "source"}
    return finding_row(Finding(source=Source(code=finding["source"]), **fields))


def test_an_estimate_has_an_interval_or_says_why_not(findings) -> None:  # type: ignore[no-untyped-def]
    for code, finding in findings.items():
        row = row_of(finding)
        if row.share is not None:
            assert row.share.interval or row.share.too_few, code
            continue
        estimate = "%" in finding["value"] or finding["measure"] in {"ratio", "median"}
        assert bool(row.interval or row.without_interval) == estimate, code
        if estimate and not row.interval:
            assert "not given in what was read of the source" in row.without_interval, code
        assert not (row.interval and row.without_interval), code


@pytest.mark.parametrize("code", COUNTED)
def test_a_share_of_known_n_is_counted(code, findings) -> None:  # type: ignore[no-untyped-def]
    finding = findings[code]
    assert (finding["numerator"], finding["denominator"]) == COUNTED[code]
    printed = re.search(r"prints? (\d+(?:\.\d)?) %|as (\d+) %", finding["note"])
    assert printed
    share = float(printed[1] or printed[2])
    n, total = COUNTED[code]
    decimals = 1 if "." in (printed[1] or printed[2]) else 0
    fits = [k for k in range(total + 1) if round(100 * k / total, decimals) == share]
    assert fits == [n]


@pytest.mark.parametrize("code", INTERVALS)
def test_a_ratio_stands_with_the_interval_of_its_source(code, findings) -> None:  # type: ignore[no-untyped-def]
    assert findings[code]["interval"] == INTERVALS[code]


RATIO = re.compile(r"\b(?:HR|odds ratios?) (\d)")


def test_no_statement_gives_a_ratio_without_its_interval(statements) -> None:  # type: ignore[no-untyped-def]
    for row in published(statements):
        for found in RATIO.finditer(row["says"]):
            after = row["says"][found.start(1) :].split(")")[0]
            given = re.match(r"\d\.\d+(?: to \d\.\d+)?[,:] (?:and )?\d\.\d+", after)
            assert given or "interval not given" in after, (row["code"], after)


def test_no_statement_gives_a_share_without_saying_of_how_many(statements) -> None:  # type: ignore[no-untyped-def]
    for code in ("S02", "S03", "S04", "S11", "S21", "S33"):
        assert re.search(r"of how many", statements[code]["says"]), code

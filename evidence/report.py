"""The coding of the review laid open: every figure as printed, every erratum with where it is applied.

Pure, over the files as delivered, so that a second reader can hold them against the review line by
line without a database.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from evidence.choices import Print, Unit
from evidence.coding import number
from evidence.figures import interval_text
from evidence.intervals import TOO_FEW, exact_interval

if TYPE_CHECKING:
    from evidence.loading import Delivery

COUNTED = ("section", "reference", "setting", "state")
SECTIONS = tuple("123456789")
"""The sections of the review, so that one without a figure is seen to have none."""


def as_json(delivery: Delivery) -> dict[str, list[dict[str, Any]]]:
    """Findings, statements and errata as plain values."""
    return {
        "findings": [
            {
                "reference": row["reference"],
                "section": row["section"],
                "endpoint": row["endpoint"],
                "value": value(row),
                "unit": row["unit"],
                "n": row["numerator"],
                "N": row["denominator"],
                "printed": row["printed"],
                "tumour": row["tumour"],
                "setting": row["setting"],
                "state": row["state"],
            }
            for row in delivery.findings
        ],
        "statements": [
            {
                "code": row["code"],
                "title": row["title"],
                "section": row["section"],
                "mark": row["mark"],
                "certainty": row["certainty"],
                "indirect": row["indirect"],
                "findings": row["findings"],
                "errata": [each["erratum"] for each in row["corrections"]],
            }
            for row in delivery.statements
        ],
        "errata": [{**row, "applied": applied(delivery, row["number"])} for row in delivery.errata],
    }


def value(row: Mapping[str, Any]) -> float | str | None:
    """The number of a finding, or its words where it is no single number; None without a figure.

    Of fewer than ten patients n and N stand alone: a share is there only where somebody printed it.
    """
    if _counted_alone(row):
        return None
    found = number(row)
    return found if found is not None else row["value"] or None


def _counted_alone(row: Mapping[str, Any]) -> bool:
    """Whether a share of so few patients would be worked out here, and is printed nowhere."""
    few = row["numerator"] is not None and row["denominator"] < TOO_FEW
    return few and row["unit"] == Unit.PERCENT and row["figure"] is None and not row["value"]


def applied(delivery: Delivery, erratum: str) -> list[str]:
    """The codes of the findings and statements that name the erratum."""
    findings = [row["code"] for row in delivery.findings if erratum in row["errata"]]
    statements = [
        row["code"]
        for row in delivery.statements
        if erratum in {each["erratum"] for each in row["corrections"]}
    ]
    return [*findings, *statements]


def as_lines(delivery: Delivery) -> Iterator[str]:
    """The report for a reader: counts, figures in the order of the review, errata."""
    yield f"Findings: {len(delivery.findings)}; statements: {len(delivery.statements)}"
    for what in COUNTED:
        yield ""
        yield f"Findings by {what}:"
        counts = Counter(dict.fromkeys(SECTIONS, 0) if what == "section" else {})
        counts.update(row[what] or "none" for row in delivery.findings)
        for name, many in sorted(counts.items(), key=lambda pair: _place(pair[0])):
            yield f"  {name:<20} {many:>4}"
    yield ""
    yield "Figures (section, reference: code | endpoint | value | n/N, exact 95 % interval | printed | state)"
    for row in sorted(delivery.findings, key=_where):
        yield _figure(row)
        if row["errata"]:
            yield f"      {', '.join(row['errata'])}: {row['correction'] or 'see below'}"
    yield ""
    yield "Errata"
    for row in delivery.errata:
        yield f"{row['number']} {row['severity']}, section {row['section']}, reference {row['reference'] or 'none'}"
        yield f"      printed: {row['printed']}"
        yield f"      right:   {row['right']}"
        codes = applied(delivery, row["number"])
        if codes:
            yield f"      applied: {', '.join(codes)}"
        if row["elsewhere"]:
            yield f"      also:    {row['elsewhere']}"
        if row["left_out"]:
            yield f"      left out: {row['left_out']}"


def _figure(row: Mapping[str, Any]) -> str:
    where = f"{row['section'] or 'none'}, {row['reference'] or 'none'}"
    parts = [
        f"{where:<10} {row['code']}",
        row["endpoint"],
        _shown(row),
        _counted(row),
        f"printed “{row['printed']}”" if row["printed"] else "not printed",
        f"{row['tumour']}, {row['setting']}, {row['state']}",
    ]
    return " | ".join(part for part in parts if part)


def _shown(row: Mapping[str, Any]) -> str:
    if row["state"] == Print.NOT_INTERPRETABLE:
        return "no figure"
    if row["value"]:
        return str(row["value"]) + (f" ({row['interval']})" if row["interval"] else "")
    if _counted_alone(row):
        return "too few for a share"
    return f"{number(row):g} {row['unit']}"


def _counted(row: Mapping[str, Any]) -> str:
    events, total = row["numerator"], row["denominator"]
    if events is None:
        return ""
    few = total < TOO_FEW
    return f"{events}/{total}" + (
        "" if few else f", {interval_text(exact_interval(events, total))}"
    )


def _where(row: Mapping[str, Any]) -> tuple[Any, ...]:
    return (not row["section"], _place(row["section"]), _place(row["reference"]), row["source"])


def _place(text: str) -> tuple[int, str]:
    """Numbers in their order and before words."""
    found = re.match(r"\d+", text)
    return (int(found[0]) if found else 10_000, text)

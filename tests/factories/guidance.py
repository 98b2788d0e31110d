"""A handful of the delivered statements, for tests that need guidance but not all of it."""

from __future__ import annotations

from dataclasses import replace

from evidence import loading

# Two rules that stop, one that says "not yet", one warning, and one with findings.
FEW = frozenset({"R01", "R10", "R14", "S28", "S01"})


def load_some_guidance() -> None:
    """Load the few statements with the findings and sources that they rest on."""
    whole = loading.read()
    statements = [row for row in whole.statements if row["code"] in FEW]
    assert len(statements) == len(FEW)
    findings = {code for row in statements for code in row["findings"]}
    kept = [row for row in whole.findings if row["code"] in findings]
    text = repr(statements) + repr(kept)
    sources = [row for row in whole.sources if repr(row["code"]) in text]
    loading.load(replace(whole, statements=statements, findings=kept, sources=sources))

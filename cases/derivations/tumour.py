"""What follows from the tumour's biomarkers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from evidence.conditions.facts import Fact

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cases.derivations.record import Result


FACT_OF_RESULT = {
    ("pdl1_tps", "before"): "pdl1_tps_initial",
    ("pdl1_tps", "after"): "pdl1_tps_recent",
    ("tmb", "before"): "tmb",
    ("tmb", "after"): "tmb",
}


def biomarker_facts(results: Iterable[Result]) -> dict[str, Fact]:
    """Return the facts of PD-L1 and TMB."""
    return {FACT_OF_RESULT[r.kind, r.timing]: r.value for r in results}

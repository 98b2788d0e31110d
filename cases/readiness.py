"""Which facts a board needs for which question, and how many of them are there. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from evidence.conditions.facts import Fact, FactState

if TYPE_CHECKING:
    from collections.abc import Mapping

ALWAYS = (
    "stop_reason",
    "progression_timing",
    "disease_status",
    "proposed_regimen",
    "prior_courses",
    "prior_ici_days",
    "ici_free_days",
    "best_response",
    "irae_any",
    "steroid_now",
    "ecog",
    "age",
    "histology",
    "stage_group",
    "driver_mutation",
    "pdl1_tps_initial",
    "autoimmune_disease",
    "interstitial_lung_disease",
    "liver_metastases",
)
BY_STOP_REASON: dict[str, tuple[str, ...]] = {
    "irae": ("irae_worst_grade", "irae_grade_now", "irae_resolved", "first_irae_days"),
    "progression": ("oligoprogression", "pdl1_tps_recent"),
    "completed": ("pdl1_tps_recent",),
}
# Somebody asked and the answer is final: the fact is no longer owed, though a condition cannot read it.
SETTLED = frozenset({FactState.KNOWN, FactState.UNKNOWN, FactState.NOT_APPLICABLE})


@dataclass(frozen=True)
class Readiness:
    """How far a case is prepared: `settled` of `total` required facts, and the keys still open."""

    total: int
    settled: int
    open: tuple[str, ...]

    @property
    def complete(self) -> bool:
        """Whether no required fact is owed any more."""
        return not self.open


def required_facts(stop_reason: str | None) -> tuple[str, ...]:
    """Return the keys of the facts required for a question with this stop reason."""
    return ALWAYS + BY_STOP_REASON.get(stop_reason or "", ())


def readiness(facts: Mapping[str, Fact]) -> Readiness:
    """Return how many of the required facts are settled, by the case's own stop reason."""
    reason = facts.get("stop_reason")
    value = reason.value if reason else None
    required = required_facts(value if isinstance(value, str) else None)
    missing = Fact.absent(FactState.MISSING)
    still_open = tuple(key for key in required if facts.get(key, missing).state not in SETTLED)
    return Readiness(len(required), len(required) - len(still_open), still_open)

"""Of which classes the agents of a decision are, as far as monitoring differs by them. Pure."""

from __future__ import annotations

from collections.abc import Collection

from cases.vocabulary import drug_targets, drugs
from followup.vocabulary import AgentClass

# PD-1 and its ligand are one checkpoint.
CHECKPOINT_OF = {
    "PD-1": "PD-1",
    "PD-L1": "PD-1",
    **{name: name for name in ("CTLA-4", "LAG-3", "TIGIT", "TIM-3")},
}


def classes_of(codes: Collection[str]) -> list[str]:
    """Return the classes of drugs; every class where one of them is not in the list of drugs."""
    if any(code not in drugs() for code in codes):
        return sorted(AgentClass.values)
    targets = drug_targets(list(codes))
    found = set()
    if "CTLA-4" in targets:
        found.add(AgentClass.CTLA4.value)
    if len({CHECKPOINT_OF[t] for t in targets if t in CHECKPOINT_OF}) > 1:
        found.add(AgentClass.COMBINATION.value)
    return sorted(found)

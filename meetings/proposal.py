"""The facts of a case with the regimen that the board decides on, in place of the one that was proposed.

Guidance about a regimen has to be held against what is signed: a board that answers "same agent?" with a
CTLA-4 combination must see what is known about that. Pure.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cases.vocabulary import Regimen, drug_targets
from evidence.conditions.facts import Fact, FactState
from meetings.choices import RECHALLENGE, Outcome

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

AGAIN = ("irae_agent_again", "irae_class_again")
COMBINATIONS = frozenset(
    {Regimen.CHEMOTHERAPY, Regimen.ANTIANGIOGENIC, Regimen.BISPECIFIC, Regimen.CTLA4}
)


def as_decided(facts: Mapping[str, Fact], outcome: str, drugs: Sequence[str]) -> dict[str, Fact]:
    """Return the facts under the regimen of `outcome` and `drugs`; unchanged where none is given again."""
    if outcome not in RECHALLENGE:
        return dict(facts)
    targets = drug_targets(list(drugs))
    ctla4 = Fact.known("CTLA-4" in targets) if targets else Fact.absent(FactState.MISSING)
    regimen = _regimen(facts["proposed_regimen"], outcome, targets)
    # Whether it gives again what an irAE followed was asked of the proposal, and of nothing that is decided instead.
    again = {key: Fact.absent(FactState.MISSING) for key in AGAIN if key in facts}
    return {**facts, "proposed_regimen": regimen, "proposed_includes_ctla4": ctla4, **again}


def _regimen(proposed: Fact, outcome: str, targets: set[str]) -> Fact:
    if "CTLA-4" in targets:
        return Fact.known(Regimen.CTLA4.value)
    if outcome == Outcome.SAME_AGENT:
        return Fact.known(Regimen.SAME_AGENT.value)
    # Which other class or combination it is, the proposal says as far as it fits; else nobody has.
    fitting = (
        COMBINATIONS if outcome == Outcome.COMBINATION else {Regimen.SWITCH, Regimen.OTHER_AGENT}
    )
    return (
        proposed if proposed.value in fitting - {Regimen.CTLA4} else Fact.absent(FactState.MISSING)
    )

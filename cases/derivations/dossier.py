"""What follows from the dossiers of irAEs: how high a value was at its peak, over all of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cases.derivations.record import MISSING, Record, most_open
from cases.vocabulary import Organ
from evidence.conditions.facts import Fact, FactState

if TYPE_CHECKING:
    from collections.abc import Iterable

# Facts that liver items alone answer: ALT of a muscle event says nothing of the liver.
PEAKS: dict[str, str] = {
    "alt_ast_peak_x_uln": Organ.LIVER,
    "alt_ast_peak_x_baseline": Organ.LIVER,
    "bilirubin_peak_x_uln": Organ.LIVER,
}


def peak_facts(record: Record) -> dict[str, Fact]:
    """Return the peaks; not applicable where the organ was asked about and had no irAE."""
    return {key: _peak(record, key, organ) for key, organ in PEAKS.items()}


def _peak(record: Record, key: str, organ: str) -> Fact:
    if not any(event.organ == organ for event in record.iraes):
        asked = record.asked({organ})
        return Fact.absent(FactState.NOT_APPLICABLE) if asked else MISSING
    answers = [f.answer for f in record.findings if f.organ == organ and f.fact == key]
    return highest(answers, complete=record.asked({organ}))


def highest(answers: Iterable[Fact], *, complete: bool) -> Fact:
    """Return the highest of several values; one that is not known leaves the upper end open."""
    counted = [a for a in answers if a.state is not FactState.NOT_APPLICABLE]
    known = [a for a in counted if a.state is FactState.KNOWN]
    if not counted:
        return MISSING
    if not known:
        return Fact.absent(most_open(a.state for a in counted))
    low = max((a.low for a in known if a.low is not None), default=None)
    highs = [a.high for a in known]
    certain = complete and len(known) == len(counted) and None not in highs
    high = max(h for h in highs if h is not None) if certain else None
    return Fact.between(low, high) if (low, high) != (None, None) else MISSING

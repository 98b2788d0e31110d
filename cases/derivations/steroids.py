"""The steroid dose of today, in mg prednisone-equivalent a day."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from cases.derivations.record import Record, Steroid, most_open
from evidence.conditions.facts import Fact, FactState

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

# A dose of a month ago says nothing of today: after this long "no other steroid" has to be said anew.
STEROIDS_STAY_COMPLETE_DAYS = 14

# mg prednisone-equivalent a day; hydrocortisone 30 mg, above the usual 15 to 25 mg of replacement.
HIGHEST_REPLACEMENT = Decimal("7.5")

# mg that equal prednisone 10 mg (the product's clinical reference, table of steroid equivalents).
EQUALS_PREDNISONE_10 = {
    "prednisone": Decimal(10),
    "prednisolone": Decimal(10),
    "methylprednisolone": Decimal(8),
    "dexamethasone": Decimal("1.5"),
    "hydrocortisone": Decimal(40),
}


def prednisone_equivalent(drug: str, mg_per_day: Decimal) -> Decimal | None:
    """Return mg prednisone a day, to 0.1 mg; None for a drug without a known equivalent."""
    equal = EQUALS_PREDNISONE_10.get(drug)
    return (mg_per_day * 10 / equal).quantize(Decimal("0.1")) if equal else None


def recently(record: Record, as_of: date) -> bool:
    """Whether somebody said lately that the list of steroids is complete: a dose changes within days."""
    said = record.steroids_complete_on
    return said is not None and (as_of - said).days <= STEROIDS_STAY_COMPLETE_DAYS


def steroid_now(steroids: Iterable[Steroid], *, complete: bool) -> Fact:
    """Return the summed prednisone-equivalent of today; physiological replacement does not count.

    What is certain is a lower bound as long as a dose, or the list, is not complete; no dose is ever
    concluded from silence.
    """
    total, states = Decimal(0), []
    for steroid in steroids:
        if steroid.now_mg_per_day.state is FactState.NOT_APPLICABLE:
            continue
        dose, state = _equivalent(steroid)
        # What is called replacement but is more than the body makes is a dose all the same.
        if steroid.replacement and dose <= HIGHEST_REPLACEMENT:
            continue
        total += dose
        if state is not FactState.KNOWN:
            states.append(state)
    if complete and not states:
        return Fact.number(total)
    return Fact.between(total, None) if total else Fact.absent(most_open(states))


def _equivalent(steroid: Steroid) -> tuple[Decimal, FactState]:
    """Return the certain dose of one course, and whether it is all that is to be known."""
    dose = steroid.now_mg_per_day
    if dose.state is not FactState.KNOWN or dose.low is None:
        return Decimal(0), dose.state
    if dose.low == 0:
        return Decimal(0), FactState.KNOWN
    equivalent = prednisone_equivalent(steroid.drug, Decimal(dose.low))
    return (
        (equivalent, FactState.KNOWN) if equivalent is not None else (Decimal(0), FactState.UNKNOWN)
    )

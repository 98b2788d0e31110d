"""What follows from the tumour: its sites, its driver alterations, its biomarkers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cases.derivations.record import MISSING, Record, Result, Span, most_open
from evidence.conditions.facts import Fact, FactState

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

# Site of the list -> the fact that it answers.
SITES = {"liver": "liver_metastases", "brain": "brain_metastases"}
# The genes of the fact on actionable alterations; a positive one of them may be told without its name.
ACTIONABLE = ("EGFR", "ALK", "ROS1")
UNNAMED = "unnamed"
NO_DAY: Span = (None, None)
PER_MEGABASE = "mut_per_mb"


def site_facts(record: Record) -> dict[str, Fact]:
    """Return whether there are metastases in the sites that facts ask about.

    A site that nobody told of has none only where the list is called complete.
    """
    return {key: _site(record, site) for site, key in SITES.items()}


def _site(record: Record, site: str) -> Fact:
    said = record.metastases.get(site, MISSING)
    if said.state is FactState.MISSING and record.metastases_complete:
        return Fact.known(False)
    return said


def site_days(record: Record) -> dict[str, Span]:
    """Return for which day each of those facts was said: with the site alone, or since with the whole list."""
    found: dict[str, Span] = {}
    for site, key in SITES.items():
        days = (record.sites_said_on.get(site, NO_DAY), record.metastases_complete_on)
        told = [(first, last) for first, last in days if first is not None and last is not None]
        found[key] = max(told, default=NO_DAY)
    return found


def driver_facts(drivers: Mapping[str, Fact]) -> dict[str, Fact]:
    """Return whether EGFR, ALK or ROS1 is altered: "no" needs a result of each of the three.

    A gene that was not tested was asked about, and has no result.
    """
    named = [_gene(drivers.get(gene, MISSING)) for gene in ACTIONABLE]
    positive = [*named, _gene(drivers.get(UNNAMED, MISSING))]
    if any(fact.value == "positive" for fact in positive):
        return {"driver_mutation": Fact.known(True)}
    states = {fact.state for fact in named}
    if states == {FactState.NOT_APPLICABLE}:
        return {"driver_mutation": Fact.absent(FactState.NOT_APPLICABLE)}
    open_ = states - {FactState.KNOWN, FactState.NOT_APPLICABLE}
    found = Fact.absent(most_open(open_)) if open_ else Fact.known(False)
    return {"driver_mutation": found}


def _gene(result: Fact) -> Fact:
    return Fact.absent(FactState.UNKNOWN) if result.value == "not_tested" else result


SAMPLED = ("pdl1_tps_initial", "pdl1_tps_recent", "tmb")


def samples_by_fact(results: Iterable[Result]) -> dict[str, list[Result]]:
    """Return the samples that answer each of `SAMPLED`, those without any left out.

    TMB per exome is another measure than per megabase and does not answer the fact.
    """
    rows = list(results)
    tps = [row for row in rows if row.kind == "pdl1_tps"]
    found = {
        "pdl1_tps_initial": [row for row in tps if row.timing == "before"],
        "pdl1_tps_recent": [row for row in tps if row.timing == "after"],
        "tmb": [row for row in rows if row.kind == "tmb" and row.unit == PER_MEGABASE],
    }
    return {key: some for key, some in found.items() if some}


def biomarker_facts(results: Iterable[Result]) -> dict[str, Fact]:
    """Return the facts of PD-L1 and TMB, each over all samples of its kind."""
    return {key: of_samples(some) for key, some in samples_by_fact(results).items()}


def biomarker_days(results: Iterable[Result]) -> dict[str, Span]:
    """Return when the sample was taken that a fact is read from; where none decides it, no day."""
    return {
        key: newest.sampled if (newest := _newest(some)) else (None, None)
        for key, some in samples_by_fact(results).items()
    }


def _newest(rows: Iterable[Result]) -> Result | None:
    """Return the sample with a value that is certainly the newest, or the only one."""
    known = [row for row in rows if row.value.state is FactState.KNOWN]
    for row in known:
        if all(row is other or _before(other.sampled, row.sampled) for other in known):
            return row
    return None


def of_samples(results: Iterable[Result]) -> Fact:
    """Return what several samples say: the newest where their dates tell which it is, else the whole range."""
    rows = list(results)
    known = [row for row in rows if row.value.state is FactState.KNOWN]
    if not known:
        states = {row.value.state for row in rows}
        if states == {FactState.NOT_APPLICABLE}:
            return Fact.absent(FactState.NOT_APPLICABLE)
        return Fact.absent(most_open(states))
    newest = _newest(known)
    if newest is not None:
        return newest.value
    if len({row.value for row in known}) == 1:
        return known[0].value
    # What is measured is never below 0.
    lows = [row.value.low or 0 for row in known]
    highs = [row.value.high for row in known]
    return Fact.between(
        min(lows), None if None in highs else max(h for h in highs if h is not None)
    )


def _before(first: Span, second: Span) -> bool:
    """Whether one day certainly lies before another."""
    ended, began = first[1], second[0]
    return ended is not None and began is not None and ended < began

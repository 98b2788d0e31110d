"""What follows from the dossiers of irAEs, over all events of an organ: peaks, lowest values, the liver at the time."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Protocol

from cases.derivations.lately import with_result
from cases.derivations.record import MISSING, Finding, Record, Span, most_open
from cases.vocabulary import Organ
from evidence.conditions.facts import Fact, FactState, Number

if TYPE_CHECKING:
    from collections.abc import Iterable, Set


class Joining(Protocol):
    """How the answers of several items and events make one fact; `complete`: the organ was asked about."""

    def __call__(self, answers: Iterable[Fact], *, complete: bool) -> Fact:
        """Return the fact."""


LIVER, LUNG, HEART = frozenset({Organ.LIVER}), frozenset({Organ.LUNG}), frozenset({Organ.HEART})
# Facts that items of these organs alone answer: ALT of a muscle event says nothing of the liver.
PEAKS: dict[str, frozenset[Organ]] = {
    "alt_ast_peak_x_uln": LIVER,
    "alt_ast_peak_x_baseline": LIVER,
    "bilirubin_peak_x_uln": LIVER,
    "ck_peak_x_uln": HEART | {Organ.MUSCLE},
    "creatinine_now_x_baseline": frozenset({Organ.KIDNEY}),
    "calprotectin_now": frozenset({Organ.COLON}),
    "lipase_peak_x_uln": frozenset({Organ.PANCREAS}),
}
# The peak of one enzyme, of the limit and of the patient's baseline.
OF_ENZYMES = ("alt_ast_peak_x_uln", "alt_ast_peak_x_baseline")
# Of several events the lowest value counts: less is worse.
LOWEST: dict[str, frozenset[Organ]] = {"spo2_lowest": LUNG, "dlco": LUNG, "lvef_now": HEART}
LIVER_THEN, LIVER_BASELINE = "liver_tumour_at_hepatitis", "alt_ast_baseline_x_uln"
LIVER_WEEK = "alt_ast_rise_lasted_week"
# What counts if it was so at any event of the organ.
AT_ANY: dict[str, frozenset[Organ]] = {
    LIVER_WEEK: LIVER,
    "blood_transfused": frozenset({Organ.BLOOD}),
    "eye_active_now": frozenset({Organ.EYE}),
    "joint_erosions": frozenset({Organ.JOINT}),
    "pancreas_pain": frozenset({Organ.PANCREAS}),
    "vessel_threatened": frozenset({Organ.VESSEL}),
    "ketoacidosis_any": frozenset({Organ.ENDOCRINE_PANCREAS}),
}
# What an organ does now: it becomes another value, and one without a day tells nothing of today.
FOUND_NOW = frozenset(
    {"calprotectin_now", "creatinine_now_x_baseline", "dlco", "eye_active_now", "lvef_now"}
)
TENTH = Decimal("0.1")


def dossier_facts(record: Record) -> dict[str, Fact]:
    """Return what dossiers tell; not applicable where the organ was asked about and had no irAE."""
    return {
        **{key: _of_organs(record, key, organs, highest) for key, organs in PEAKS.items()},
        **{key: _of_organs(record, key, organs, lowest) for key, organs in LOWEST.items()},
        LIVER_THEN: _of_organs(record, LIVER_THEN, LIVER, at_each_event),
        LIVER_BASELINE: _liver_baseline(record),
        **{key: _of_organs(record, key, organs, at_any_event) for key, organs in AT_ANY.items()},
    }


def dossier_days(record: Record) -> dict[str, Span]:
    """Return when the oldest of the findings was made that a fact counts; without its day, none is known.

    A "yes" rests on the findings that say so, and on no other.
    """
    found = {key: _counting(record, key, of) for key, of in {**PEAKS, **LOWEST, **AT_ANY}.items()}
    return {key: _oldest(some) for key, some in found.items() if some}


def _counting(record: Record, key: str, organs: Set[str]) -> list[Finding]:
    found = _findings(record, key, organs)
    known = [f for f in found if f.answer.state is FactState.KNOWN]
    return [f for f in known if f.answer.value is True] or known


def _oldest(findings: Iterable[Finding]) -> Span:
    spans = [finding.found for finding in findings]
    firsts = [first for first, _last in spans if first is not None]
    lasts = [last for _first, last in spans if last is not None]
    told = len(firsts) == len(spans) == len(lasts)
    return (min(firsts), min(lasts)) if told else (None, None)


def _of_organs(record: Record, key: str, organs: Set[str], join: Joining) -> Fact:
    events = [event for event in record.iraes if event.organ in organs]
    if not events:
        asked = record.asked(organs)
        return Fact.absent(FactState.NOT_APPLICABLE) if asked else MISSING
    answers = [finding.answer for finding in _findings(record, key, organs)]
    return join(answers, complete=record.asked(organs, counted=events))


def _findings(record: Record, key: str, organs: Set[str]) -> list[Finding]:
    told = [f for f in record.findings if f.organ in organs and f.fact == key]
    return with_result(record, key, organs, told)


def _liver_baseline(record: Record) -> Fact:
    """Return from which multiple of the limit ALT or AST rose: the higher of the two, over all hepatitides.

    Each is the peak as a multiple of the limit over the peak as a multiple of the baseline, of the same enzyme.
    Hepatitides that rose from different baselines leave it between them.
    """
    events = [n for n, event in enumerate(record.iraes) if event.organ in LIVER]
    if not events:
        asked = record.asked(LIVER)
        return Fact.absent(FactState.NOT_APPLICABLE) if asked else MISSING
    each = [highest(_ratios(record, event), complete=True) for event in events]
    if any(fact.state is not FactState.KNOWN for fact in each):
        return Fact.absent(most_open(fact.state for fact in each))
    lows, highs = [fact.low for fact in each], [fact.high for fact in each]
    low = None if None in lows else min(x for x in lows if x is not None)
    high = None if None in highs else max(x for x in highs if x is not None)
    return Fact.between(low, high) if (low, high) != (None, None) else MISSING


def _ratios(record: Record, event: int) -> list[Fact]:
    """Return the baseline of each enzyme at one event, as a multiple of the limit."""
    told: dict[str, dict[str, Fact]] = {}
    for finding in record.findings:
        if finding.event == event and finding.fact in OF_ENZYMES:
            told.setdefault(finding.measure, {})[finding.fact] = finding.answer
    return [_ratio(*(pair.get(fact, MISSING) for fact in OF_ENZYMES)) for pair in told.values()]


def _ratio(of_limit: Fact, of_baseline: Fact) -> Fact:
    """Return one multiple over the other, to the one decimal to which both are told."""
    states = {of_limit.state, of_baseline.state} - {FactState.KNOWN}
    if FactState.NOT_APPLICABLE in states:
        return Fact.absent(FactState.NOT_APPLICABLE)
    if states:
        return Fact.absent(most_open(states))
    low, high = _over(of_limit.low, of_baseline.high), _over(of_limit.high, of_baseline.low)
    return Fact.between(low, high) if (low, high) != (None, None) else MISSING


def _over(above: Number | None, below: Number | None) -> Decimal | None:
    if above is None or not below:
        return None
    return (Decimal(above) / Decimal(below)).quantize(TENTH, ROUND_HALF_UP)


def at_each_event(answers: Iterable[Fact], *, complete: bool) -> Fact:
    """Return whether a flag was so at every event, at none, or at some; an open answer leaves it open."""
    del (
        complete
    )  # An event that nobody has entered yet is news when it comes, not a gap of this answer.
    found = list(answers)
    states = {a.state for a in found} - {FactState.KNOWN}
    if not found or states:
        settled = {FactState.UNKNOWN if s is FactState.NOT_APPLICABLE else s for s in states}
        return Fact.absent(most_open(settled))
    said = {a.value for a in found}
    return Fact.known("differed" if len(said) > 1 else "present" if True in said else "none")


def at_any_event(answers: Iterable[Fact], *, complete: bool) -> Fact:
    """Return whether a flag was so at any event; "no" needs every answer, and that no event is left out."""
    counted = [a for a in answers if a.state is not FactState.NOT_APPLICABLE]
    if any(a.value is True for a in counted):
        return Fact.known(True)
    states = {a.state for a in counted} - {FactState.KNOWN}
    if states:
        return Fact.absent(most_open(states))
    return Fact.known(False) if counted and complete else MISSING


def highest(answers: Iterable[Fact], *, complete: bool) -> Fact:
    """Return the highest of several values; one that is not known leaves the upper end open."""
    known, certain, without = _counted(answers, complete=complete)
    if not known:
        return without
    low = max((a.low for a in known if a.low is not None), default=None)
    highs = [a.high for a in known]
    high = max(h for h in highs if h is not None) if certain and None not in highs else None
    return Fact.between(low, high) if (low, high) != (None, None) else MISSING


def lowest(answers: Iterable[Fact], *, complete: bool) -> Fact:
    """Return the lowest of several values; one that is not known leaves the lower end open."""
    known, certain, without = _counted(answers, complete=complete)
    if not known:
        return without
    high = min((a.high for a in known if a.high is not None), default=None)
    lows = [a.low for a in known]
    low = min(x for x in lows if x is not None) if certain and None not in lows else None
    return Fact.between(low, high) if (low, high) != (None, None) else MISSING


def _counted(answers: Iterable[Fact], *, complete: bool) -> tuple[list[Fact], bool, Fact]:
    """Return the known values, whether they are all that may count, and the fact where there is none."""
    counted = [a for a in answers if a.state is not FactState.NOT_APPLICABLE]
    known = [a for a in counted if a.state is FactState.KNOWN]
    without = Fact.absent(most_open(a.state for a in counted)) if counted else MISSING
    return known, complete and len(known) == len(counted), without

"""Records and signs what a board decided on a planned case, through the services of the forms."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.utils import timezone

from accounts.acting import acting_as
from cases.models import Case
from evidence.choices import Signal
from evidence.conditions import Answer
from evidence.matching import match
from meetings.choices import RECHALLENGE, Outcome
from meetings.services.decisions import Draft, add_condition, note_dissent, record_decision
from meetings.services.signing import sign_decision

if TYPE_CHECKING:
    from demo.people import Bench
    from demo.plan import CasePlan
    from evidence.matching import Match
    from evidence.models import StatementVersion
    from meetings.models import AgendaItem

BEFORE_FIRST_DOSE = {
    "all": [
        {"fact": "steroid_now", "op": "<=", "value": 10},
        {"fact": "irae_grade_now", "op": "<=", "value": 1},
    ]
}
RATIONALE = {
    Outcome.SAME_AGENT: "Benefit from the first course, the event is over, and the watch can be kept close.",
    Outcome.OTHER_CLASS: "The event is over; a change of target is preferred to the same agent.",
    Outcome.COMBINATION: "Progression after a single agent; the combination adds what was not given yet.",
    Outcome.NO_RECHALLENGE: "The risk of a second event outweighs what an ICI could still add.",
    Outcome.DEFER: "The decision waits for a fact that changes it.",
}
BY_REGIMEN = {
    "same_agent": Outcome.SAME_AGENT,
    "other_agent_same_target": Outcome.SAME_AGENT,
    "switch_pd1_pdl1": Outcome.OTHER_CLASS,
    "bispecific": Outcome.OTHER_CLASS,
    "pd_ctla4_combination": Outcome.COMBINATION,
    "ici_chemotherapy": Outcome.COMBINATION,
}
# Days between doses, as the drugs are labelled; every three weeks for the others.
INTERVALS = {"nivolumab": 14, "durvalumab": 28, "avelumab": 14}
# What a careful board does not take up again where nothing in the report says that one did.
HARD_STOPS = {
    "myocarditis",
    "sjs",
    "ten",
    "dress",
    "guillain_barre",
    "encephalitis",
    "transverse_myelitis",
}
DISSENT = "Would wait for a second opinion of the organ's specialist."


def outcome_of(plan: CasePlan) -> Outcome:
    """Return what the board decides: as the report says, else as the case's place asks."""
    if "outcome" in plan.after:
        return Outcome(plan.after["outcome"])
    if plan.place in {"decided_no", "closed_no"}:
        return Outcome.NO_RECHALLENGE
    if plan.place == "deferred":
        return Outcome.DEFER
    if plan.place not in {
        "watch_waiting",
        "watch_active",
        "returned",
        "closed_watch",
    } and HARD_STOPS & {irae["entity"] for irae in plan.iraes}:
        return Outcome.NO_RECHALLENGE
    regimen = plan.question["proposed_regimen"]
    return BY_REGIMEN.get(regimen if isinstance(regimen, str) else "", Outcome.SAME_AGENT)


def decide(
    bench: Bench,
    item: AgendaItem,
    plan: CasePlan,
    statements: list[StatementVersion],
    *,
    dissenter: str,
    sign: bool,
) -> None:
    """Record the decision as the chair, and sign it unless the chair is still to do so.

    `dissenter` is the specialty that dissents, or "".
    """
    chair, outcome = bench["chair"], outcome_of(plan)
    case = Case.objects.select_related("facts").get(pk=item.case_id)
    applying = [m for m in match(statements, case.facts.as_facts()) if m.answer is Answer.TRUE]
    today = timezone.localdate()
    deferred = outcome == Outcome.DEFER
    drugs = plan.after.get("drugs", case.proposed_drugs) if outcome in RECHALLENGE else []
    draft = Draft(
        outcome=outcome,
        drugs=drugs,
        dose_interval_days=INTERVALS.get(drugs[0], 21) if drugs else None,
        rationale=_rationale(plan, outcome),
        patient_preference="Wishes further treatment if the watch is close."
        if outcome in RECHALLENGE
        else "",
        defer_fact="driver_mutation" if deferred else "",
        defer_owner=bench.sitting_for("pathology") if deferred else None,
        defer_on=today + timedelta(days=28) if deferred else None,
        statements={m.version.public_id: _deviation(m, outcome) for m in applying[:3]},
    )
    with acting_as(chair):
        decision = record_decision(by=chair, item=item, draft=draft, version=0)
        if outcome in RECHALLENGE:
            add_condition(
                by=chair,
                decision=decision,
                text="Before the first dose: prednisone-equivalent at most 10 mg/day, irAE at grade 1 or less",
                expires_on=today + timedelta(days=42),
                condition=BEFORE_FIRST_DOSE,
            )
        if dissenter:
            someone = bench.sitting_for(dissenter)
            note_dissent(by=chair, decision=decision, user=someone, reason=DISSENT)
        if sign:
            decision.refresh_from_db()
            sign_decision(by=chair, decision=decision, version=decision.version)


def _deviation(match: Match, outcome: Outcome) -> str:
    """Return why the decision goes against a statement by which a source stops for good, or ""."""
    against = outcome in RECHALLENGE and match.version.signal == Signal.STOP
    return "particular-case" if against else ""


def _rationale(plan: CasePlan, outcome: Outcome) -> str:
    """Return why; a decision on a published case is invented unless the report tells what followed."""
    if not plan.published:
        return RATIONALE[outcome]
    return f"{RATIONALE[outcome]} Invented decision of a demonstration. {plan.after.get('says', '')}".strip()

"""The patient bar and the row of a list. Both need `cases.selectors.cases_for_list` and nothing more."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext as _

from cases.derivations import age_fact
from cases.models import ACTIONABLE, Driver
from cases.presenters.bar import dose_words, short_line
from cases.presenters.drivers import driver_words
from cases.presenters.identity import died_words
from cases.presenters.words import state_words, text_words, value_words
from cases.readiness import Standing
from cases.rules import counts_of, readiness_of
from cases.states import CaseState
from cases.vocabulary import ProgressionTiming, Regimen, StopReason
from evidence.conditions import Fact, FactState
from evidence.conditions.words import interval_words
from ui import formatting

if TYPE_CHECKING:
    from cases.models import Case, PatientIdentity
    from cases.readiness import Readiness

STATE_COLOURS = {
    CaseState.REFERRED: "blue",
    CaseState.READY: "green",
    CaseState.LISTED: "purple",
    CaseState.DISCUSSED: "amber",
    CaseState.DECIDED: "green",
    CaseState.WATCHING: "outline",
    CaseState.RETURNED: "red",
    CaseState.CLOSED: "grey",
}


@dataclass(frozen=True)
class PatientBar:
    """Who a page is about; `items` are label and value, `short` the one line of a phone."""

    name: str
    died: str
    reference: str
    provenance: str
    citation: str
    items: tuple[tuple[str, str], ...]
    facts_text: str
    facts_colour: str
    short: str
    href: str


@dataclass(frozen=True)
class CaseRow:
    """One case in a list."""

    href: str
    reference: str
    name: str
    # By which one person is told from another who is written alike.
    identifiers: str
    provenance: str
    stopped: str
    proposed: str
    question: str
    for_irae: bool
    # The worst irAE known of; `worst_at_least` where a worse one cannot be excluded. None: no grade is known.
    worst_grade: int | None
    worst_at_least: bool
    urgent: bool
    state: str
    state_colour: str
    board: str
    settled: int
    required: int
    changed_at: datetime
    # What of the record a search found, where the row does not tell it.
    found: str = ""


def facts_of(case: Case) -> dict[str, Fact]:
    """Return the case's facts as its row holds them."""
    return case.facts.as_facts()


def patient_bar_of(case: Case, as_of: date, facts: dict[str, Fact] | None = None) -> PatientBar:
    """Return the bar that every page about this case carries."""
    # How far the case's own question is prepared, whatever `facts` suppose of a decision on it.
    ready = readiness_of(case)
    facts = facts or facts_of(case)
    patient, identity = case.patient, case.patient.identity
    born = formatting.date(identity.birth_date) if identity.birth_date else ""
    told = age_fact(identity.birth_date, as_of, identity.died_between) if born else facts["age"]
    age = value_words("age", told) if told.state is FactState.KNOWN else ""
    if born:
        # Of who died in a year or a month it is no one number.
        age = interval_words(told, _)
    died = died_words(identity)
    steroid = dose_words(case, facts["steroid_now"])
    items = [
        *([(_("Died"), formatting.partial_date(identity.died))] if died else []),
        (_("Born"), f"{born} ({age})" if born else age or text_words(case, state_words("missing"))),
        (_("Hospital no."), text_words(case, identity.hospital_number)),
        (_("Tumour"), tumour_words(case)),
        (_("PD-L1 TPS"), _pdl1(facts)),
        (_("Drivers"), _drivers(case, facts)),
        (_("ECOG"), _aged("ecog", ready, value_words("ecog", facts["ecog"]))),
        (_("Steroid now"), _aged("steroid_now", ready, steroid)),
    ]
    return PatientBar(
        name=identity.display_name,
        died=died,
        reference=case.reference,
        provenance=patient.provenance,
        citation=patient.citation,
        items=tuple(items),
        facts_text=_("%(n)s of %(m)s facts") % {"n": ready.settled, "m": ready.total},
        facts_colour="green" if ready.complete else "amber",
        short=short_line(died, age, tumour_words(case), steroid),
        href=reverse("cases:detail", args=[case.public_id]),
    )


def _aged(key: str, ready: Readiness, value: str) -> str:
    """Return a fact's value, and that it is stale, or may be, where it is."""
    one = ready.by_key.get(key)
    standing = one.standing if one is not None else Standing.CURRENT
    if standing is Standing.UNDATED:
        return _("%(value)s (may be stale)") % {"value": value}
    return _("%(value)s (stale)") % {"value": value} if standing is Standing.STALE else value


def tumour_words(case: Case) -> str:
    """Return histology and stage in short, or that they are not entered."""
    tumour = case.patient.tumour
    histology = str(tumour.get_histology_display()) if tumour.histology else ""
    stage = tumour.stage_text or tumour.stage_group or ""
    if stage and tumour.tnm_edition:
        stage = f"{stage} ({tumour.get_tnm_edition_display()})"
    return ", ".join(part for part in (histology, stage) if part) or state_words("missing")


def _drivers(case: Case, facts: dict[str, Fact]) -> str:
    """Return the genes where the record is at hand, else what follows from them."""
    patient: Any = case.patient
    if patient.record_is_fetched and (words := driver_words(patient.drivers.all())):
        return words
    fact = facts["driver_mutation"]
    if fact.state is FactState.KNOWN:
        return _("actionable driver") if fact.value else _three_negative()
    return state_words(fact.state)


def _three_negative() -> str:
    """Return which genes the fact is of; another gene may be altered."""
    names = ", ".join(str(Driver(gene).label) for gene in ACTIONABLE)
    return _("%(genes)s negative") % {"genes": names}


def _pdl1(facts: dict[str, Fact]) -> str:
    recent, initial = facts["pdl1_tps_recent"], facts["pdl1_tps_initial"]
    if recent.state is FactState.KNOWN:
        return _("%(value)s (after ICI)") % {"value": value_words("pdl1_tps_recent", recent)}
    value = value_words("pdl1_tps_initial", initial)
    return (
        _("%(value)s (before ICI)") % {"value": value}
        if initial.state is FactState.KNOWN
        else value
    )


def case_row(case: Case, *, found: str = "") -> CaseRow:
    """Return what a list shows of a case; `found`: what of its record a search found that the row does not tell."""
    settled, required = counts_of(case)
    identity, row = case.patient.identity, case.facts
    worst = row.of_organs("irae_worst_grade")
    return CaseRow(
        href=reverse("cases:detail", args=[case.public_id]),
        reference=case.reference,
        name=identity.display_name,
        identifiers=" · ".join(
            part for part in (identity.hospital_number, _born(identity)) if part
        ),
        provenance=case.patient.provenance,
        stopped=stop_words(case)
        if row.stop_reason or row.stop_reason_state == FactState.NOT_APPLICABLE
        else _("stop reason %(state)s") % {"state": state_words(row.stop_reason_state)},
        proposed=str(Regimen(case.proposed_regimen).label)
        if case.proposed_regimen
        else _("proposal %(state)s") % {"state": state_words(case.proposed_regimen_state)},
        question=text_words(case, case.question),
        for_irae=row.stop_reason == "irae",
        worst_grade=int(worst.low) if worst.low else None,
        worst_at_least=worst.low != worst.high,
        urgent=case.urgent,
        state=str(CaseState(case.state).label),
        state_colour=STATE_COLOURS[CaseState(case.state)],
        board=case.board.name,
        settled=settled,
        required=required,
        changed_at=case.changed_at,
        found=found,
    )


def _born(identity: PatientIdentity) -> str:
    day = identity.birth_date
    return _("born %(day)s") % {"day": formatting.date(day)} if day else ""


def stop_words(case: Case) -> str:
    """Return why the ICI course that is asked about was stopped, in short."""
    row = case.facts
    if row.stop_reason_state == FactState.NOT_APPLICABLE:
        return _("not stopped")
    if not row.stop_reason:
        return state_words(row.stop_reason_state)
    if row.stop_reason == StopReason.IRAE:
        return _("irAE")
    timing = row.progression_timing if row.stop_reason == StopReason.PROGRESSION else ""
    if timing == ProgressionTiming.ON_TREATMENT:
        return _("Progression on treatment")
    if timing == ProgressionTiming.AFTER_STOP:
        return _("Progression after stopping")
    return str(StopReason(row.stop_reason).label)

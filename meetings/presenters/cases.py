"""One case as a line or a card, wherever meetings show it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cases.eventnames import event_named
from cases.presenters.ages import age_words
from cases.presenters.words import fact_label, state_words, text_words
from cases.rules import counts_of, readiness_of, stale_of
from cases.vocabulary import drug_label
from followup.vocabulary import ReturnReason
from ui.formatting import days_from_today, short_date

if TYPE_CHECKING:
    from datetime import date

    from cases.models import Case, FactTask, IrAE
    from cases.readiness import Requirement


@dataclass(frozen=True)
class OwedLine:
    """A fact that is missing: who owes it and by when, or that nobody does."""

    label: str
    owner: str
    due: str
    tone: str


@dataclass(frozen=True)
class CaseLine:
    """What identifies a case and its question on one line, and how far it is prepared."""

    case_id: str
    name: str
    reference: str
    href: str
    question: str
    provenance: str
    urgent: bool
    irae: str
    grade: int | None
    # The other irAEs whose grade is not known: any of them may be worse than the worst of the known.
    ungraded: tuple[str, ...]
    # What an empty list of irAEs says; "none" only where every organ was asked about.
    no_irae: str
    proposed: str
    settled: int
    total: int
    # Facts that are known and too old, with their age; only where the page says them in full.
    stale: tuple[str, ...] = ()


def case_line(case: Case, *, ages: bool = False) -> CaseLine:
    """Return the line of a case whose identity, facts and irAEs are fetched; with `ages` what is stale."""
    settled, total = counts_of(case)
    worst = worst_irae(case)
    return CaseLine(
        case_id=str(case.public_id),
        name=case.patient.identity.display_name,
        reference=case.reference,
        href=reverse("cases:detail", args=[case.public_id]),
        question=text_words(case, case.question),
        provenance=case.patient.provenance,
        urgent=case.urgent,
        irae=event_named(worst) if worst else "",
        grade=worst.worst_grade if worst else None,
        ungraded=_ungraded(case, worst),
        no_irae="" if worst else _no_irae(case),
        proposed=proposed_words(case),
        settled=settled,
        total=total,
        stale=tuple(_stale(one) for one in stale_of(case)) if ages else (),
    )


def _stale(one: Requirement) -> str:
    return f"{fact_label(one.key)}, {age_words(one)}"


def worst_irae(case: Case) -> IrAE | None:
    """Return the irAE with the highest known grade, the first of them where several have it.

    Without a known grade it is the first of all.
    """
    events: list[IrAE] = list(case.patient.iraes.all())
    return max(events, key=lambda irae: irae.worst_grade or 0, default=None)


def _ungraded(case: Case, worst: IrAE | None) -> tuple[str, ...]:
    others = [irae for irae in case.patient.iraes.all() if irae != worst]
    return tuple(dict.fromkeys(event_named(e) for e in others if e.worst_grade is None))


def _no_irae(case: Case) -> str:
    none = case.facts.of_organs("irae_any").value is False
    return _("none") if none else _("none entered; not all organs asked")


def proposed_words(case: Case) -> str:
    """Return what is proposed, in short."""
    regimen = str(case.get_proposed_regimen_display()) if case.proposed_regimen else ""
    named = [*(drug_label(code) for code in case.proposed_drugs), case.proposed_text]
    drugs = " + ".join(name for name in named if name)
    if regimen and drugs:
        return f"{regimen}: {drugs}"
    words = _("proposal %(state)s")
    return regimen or drugs or words % {"state": state_words(case.proposed_regimen_state)}


def owed_lines(case: Case, today: date) -> tuple[OwedLine, ...]:
    """Return every missing fact of a case, with its task where somebody was given it.

    Those overdue first, then those that nobody owes.
    """
    tasks: dict[str, FactTask] = {task.fact: task for task in _tasks(case)}
    ready = readiness_of(case)
    lines = [_owed(ready.by_key[key], tasks.get(key), today) for key in ready.open]
    return tuple(sorted(lines, key=lambda line: (line.tone != "red", not line.due)))


def _tasks(case: Case) -> list[FactTask]:
    found: list[FactTask] = case.owed
    return found


def _owed(one: Requirement, task: FactTask | None, today: date) -> OwedLine:
    key = one.key
    if one.too_old:
        owner = task.owner.name if task is not None and task.owner else ""
        return OwedLine(fact_label(key), age_words(one), owner, "amber")
    if task is None or task.owner is None:
        return OwedLine(fact_label(key), _("no owner"), "", "red")
    if task.due_on is None:
        return OwedLine(fact_label(key), task.owner.name, _("no date"), "amber")
    late = task.due_on < today
    due = short_date(task.due_on)
    if late:
        due = f"{due}, {days_from_today(task.due_on, today)}"
    return OwedLine(fact_label(key), task.owner.name, due, "red" if late else "")


# No finding of monitoring, and so among none of its reasons.
GUIDANCE_CHANGED = "guidance_changed"


def returned_reason(case: Case) -> str:
    """Return the reason for which a case came back, in words; "" where none was given."""
    code = case.returned_reason
    if code == GUIDANCE_CHANGED:
        return _("guidance changed since the decision")
    return str(dict(ReturnReason.choices).get(code, code.replace("_", " ")))


def returned_words(case: Case) -> str:
    """Return that a case came back, and why."""
    reason = returned_reason(case)
    if not reason:
        return _("Came back")
    return _("Came back: %(reason)s") % {"reason": reason[:1].lower() + reason[1:]}


def short_day(day: date) -> str:
    """Return "Thu 3 December"."""
    return date_format(day, "D j F")


def waiting_words(case: Any, today: date) -> str:
    """Return how long a case has been waiting."""
    days = (today - case.referred_at.date()).days
    return ngettext("%(n)s day", "%(n)s days", days) % {"n": days}

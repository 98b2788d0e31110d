"""A decision as the live page, its own page and the conflict page show it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases.vocabulary import drug_label
from evidence.conditions import Answer, Facts, demanded, evaluate, read
from meetings.choices import RECHALLENGE, Deviation, Outcome, cause_label
from meetings.letters.content import ANSWER_WORDS, outcome_detail
from ui.formatting import date

if TYPE_CHECKING:
    from datetime import datetime

    from meetings.models import Decision

ANSWER_COLOURS = {Answer.TRUE: "green", Answer.FALSE: "red", Answer.UNDETERMINED: "amber"}
OUTCOME_COLOURS = {Outcome.NO_RECHALLENGE: "red", Outcome.DEFER: "amber"}


@dataclass(frozen=True)
class ConditionLine:
    """A condition with the rule it is checked by and how it stands today."""

    public_id: str
    text: str
    rule: str
    expires: str
    answer: str
    colour: str


@dataclass(frozen=True)
class StatementLine:
    """A pinned statement version."""

    code: str
    title: str
    href: str
    version: int
    deviation: str


@dataclass(frozen=True)
class DissentLine:
    """Somebody who does not agree."""

    user_id: str
    name: str
    reason: str


@dataclass(frozen=True)
class DecisionView:
    """A decision in words."""

    public_id: str
    signed: bool
    outcome: str
    colour: str
    detail: str
    rationale: tuple[str, ...]
    preference: tuple[str, ...]
    conditions: tuple[ConditionLine, ...]
    statements: tuple[StatementLine, ...]
    dissents: tuple[DissentLine, ...]
    recorded_by: str
    changed_at: datetime
    signed_by: str
    signed_at: datetime | None
    version: int
    number: int | None
    sha256: str
    opens_plan: bool


@dataclass(frozen=True)
class Change:
    """One field that somebody else changed: what it said in the form's version, and what it says now."""

    label: str
    was: str
    now: str


def decision_view(decision: Decision, facts: Facts) -> DecisionView:
    """Return a decision whose parts are fetched, its conditions held against `facts`."""
    return DecisionView(
        public_id=str(decision.public_id),
        signed=decision.is_signed,
        outcome=str(decision.get_outcome_display()) if decision.outcome else "",
        colour=OUTCOME_COLOURS.get(Outcome(decision.outcome), "green")
        if decision.outcome
        else "grey",
        detail=outcome_detail(decision),
        rationale=_lines(decision.rationale),
        preference=_lines(decision.patient_preference),
        conditions=tuple(_condition(row, facts) for row in decision.conditions.all()),
        statements=tuple(_statement(row) for row in decision.statements.all()),
        dissents=tuple(
            DissentLine(
                str(row.user.public_id),
                row.user.name,
                _("erased") if row.reason is None else row.reason,
            )
            for row in decision.dissents.all()
        ),
        recorded_by=decision.recorded_by.name,
        changed_at=decision.changed_at,
        signed_by=decision.signed_by.name if decision.signed_by else "",
        signed_at=decision.signed_at,
        version=decision.version,
        number=decision.number,
        sha256=decision.snapshot_sha256,
        opens_plan=decision.outcome in RECHALLENGE,
    )


def changes(before: Mapping[str, Any] | None, decision: Decision) -> tuple[Change, ...]:
    """Return which fields differ between an earlier version's columns and the decision now."""
    if before is None:
        return ()
    now = columns(decision)
    return tuple(
        Change(str(LABELS[name]), words(name, before[name]), words(name, now[name]))
        for name in LABELS
        if before[name] != now[name]
    )


LABELS = {
    "outcome": gettext_lazy("Outcome"),
    "drugs": gettext_lazy("Drug"),
    "dose_interval_days": gettext_lazy("Days between doses"),
    "rationale": gettext_lazy("Rationale"),
    "patient_preference": gettext_lazy("What the patient wants"),
    "defer_fact": gettext_lazy("Waits for"),
    "defer_on": gettext_lazy("By"),
}


def columns(row: Any) -> dict[str, Any]:
    """Return the columns that are compared, of a decision or of a row of its history."""
    return {name: getattr(row, name) for name in LABELS}


def words(name: str, value: Any) -> str:
    """Return a column's value in words."""
    if not value:
        return _("nothing")
    if name == "outcome":
        return str(Outcome(value).label)
    if name == "drugs":
        return ", ".join(drug_label(code) for code in value)
    if name == "defer_fact":
        return cause_label(value)
    return date(value) if name == "defer_on" else str(value)


def _lines(text: str | None) -> tuple[str, ...]:
    if text is None:
        return (_("erased"),)
    return tuple(line for line in (text or "").splitlines() if line.strip())


def _condition(row: Any, facts: Facts) -> ConditionLine:
    rule, answer, colour = "", _("a person checks it"), "grey"
    if row.condition is not None:
        node = read(row.condition)
        rule = demanded(node, _)
        found = evaluate(node, facts, as_of=timezone.localdate()).answer
        colour, answer = ANSWER_COLOURS[found], str(ANSWER_WORDS[found])
    return ConditionLine(
        str(row.public_id), row.text or _("erased"), rule, date(row.expires_on), answer, colour
    )


def _statement(row: Any) -> StatementLine:
    version = row.statement_version
    reason = str(Deviation(row.deviation_reason).label) if row.deviation_reason else ""
    return StatementLine(
        code=version.statement.code,
        title=version.title,
        href=version.statement.get_absolute_url(),
        version=version.number,
        deviation=reason,
    )


def statement_choices(
    cards: Iterable[Any], decision: Decision | None, attached: Iterable[Any]
) -> list[tuple[Any, str]]:
    """Return the versions that the record form offers: those that apply, are attached or are pinned."""
    found = {card.version_id: card.title for card in cards}
    for row in attached:
        if row.version is None:
            continue
        found.setdefault(row.version.public_id, row.version.title)
    for row in decision.statements.all() if decision else ():
        found.setdefault(row.statement_version.public_id, row.statement_version.title)
    return list(found.items())

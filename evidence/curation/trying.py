"""The try-out beside the editor: a condition held against cases and against values typed by hand. Saves nothing.

Curators see no patients as curators. Whoever also holds a role with patients may pick cases of those boards, as far
as they may open them; the application of cases registers how they are found. Published case reports and values typed
by hand are for everybody, and are about nobody here. Rows of rules are held against the same cases, beside what the
statement itself answers.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.translation import gettext as _

from evidence.choices import Action
from evidence.conditions import FACTS, Fact, Facts, FactSpec, evaluate, parse
from evidence.conditions.tree import fact_keys
from evidence.curation.reach import ANSWERS
from evidence.curation.reported import reported_cases
from evidence.rulings import Profile, Row, rows_of, ruled

if TYPE_CHECKING:
    from accounts.models import User
    from evidence.conditions import Node
    from evidence.curation.reported import ReportedCase
    from evidence.rulings import Marked

MOST_CASES = 10


@dataclass(frozen=True, slots=True)
class TriedCase:
    """A case that may be tried: its public id, its name, its facts once it was picked."""

    key: str
    label: str
    facts: Facts | None = None


@dataclass(frozen=True, slots=True)
class RowOutcome:
    """What one row of the rules answers: by its number, its source and its action, and why."""

    number: int
    source: str
    action: str
    answer: str
    words: str
    because: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """The answer of one case, and why: what settled it, or what is missing.

    `citation` and `url`: of a published case report. `rows` and `mark`: of rules alone.
    """

    label: str
    answer: str
    words: str
    because: tuple[str, ...]
    citation: str = ""
    url: str = ""
    rows: tuple[RowOutcome, ...] = ()
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One fact that the condition reads, as a field to type a value in."""

    name: str
    label: str
    kind: str
    unit: str
    choices: tuple[tuple[str, str], ...]
    value: str
    error: str


@dataclass(frozen=True, slots=True)
class Trial:
    """The whole try-out: what may be picked, what was, and the answers."""

    name: str
    cases: tuple[TriedCase, ...] = ()
    reports: tuple[TriedCase, ...] = ()
    picked: frozenset[str] = field(default_factory=frozenset)
    too_many: bool = False
    entries: tuple[Entry, ...] = ()
    outcomes: tuple[Outcome, ...] = ()


Lister = Callable[["User"], Sequence[TriedCase]]
Opener = Callable[["User", Sequence[str]], Sequence[TriedCase]]
_finders: dict[str, Any] = {}


def lends_cases_to_try(lister: Lister, opener: Opener) -> None:
    """Let the application of cases list the cases that a user may try, and open the picked ones."""
    _finders.update(lister=lister, opener=opener)


def tried(
    condition: Any, sent: Mapping[str, Any], name: str, user: User | None, rules: Sequence[Any] = ()
) -> Trial:
    """Hold `condition` (None while it cannot be read) and the rows of `rules` against what was picked and typed."""
    if condition is None:
        return Trial(name)
    node, rows = parse(condition), rows_of(rules)
    getlist = getattr(sent, "getlist", None)
    picked = list(dict.fromkeys(getlist(f"{name}-cases"))) if getlist else []
    keys = dict.fromkeys(
        key for part in (node, *(row.node for row in rows)) for key in fact_keys(part)
    )
    entries, typed = _entries(list(keys), sent, name)
    today, outcomes = timezone.localdate(), []
    if typed:
        outcomes.append(_outcome(_("The values typed here"), node, rows, typed, today))
    cases: Sequence[TriedCase] = ()
    if user is not None and _finders:
        cases = _finders["lister"](user)
        known = [key for key in picked if key in {case.key for case in cases}][:MOST_CASES]
        for case in _finders["opener"](user, known) if known else ():
            outcomes.append(_outcome(case.label, node, rows, case.facts or {}, today))
    for report in reported_cases():
        if report.key in picked and len(outcomes) <= MOST_CASES:
            found = _outcome(report.label, node, rows, report.facts, report.as_of)
            outcomes.append(replace(found, citation=_cited(report), url=report.url))
    return Trial(
        name=name,
        cases=tuple(cases),
        reports=tuple(TriedCase(one.key, one.label) for one in reported_cases()),
        picked=frozenset(picked),
        too_many=len(picked) > MOST_CASES,
        entries=entries,
        outcomes=tuple(outcomes),
    )


def _cited(report: ReportedCase) -> str:
    words = _("Published case report. %(citation)s. Read: %(read)s.")
    return words % {"citation": report.citation, "read": report.read}


def _outcome(label: str, node: Node, rows: Sequence[Row], facts: Facts, as_of: date) -> Outcome:
    found = evaluate(node, facts, as_of=as_of)
    because = tuple(reason.words(_) for reason in found.reasons)
    held = ruled(rows, found, facts, as_of=as_of)
    told = tuple(
        RowOutcome(
            number,
            one.row.source,
            str(Action(one.row.action).label),
            one.answer.value,
            str(ANSWERS[one.answer.value]),
            tuple(reason.words(_) for reason in one.reasons),
        )
        for number, one in enumerate(held.rulings, start=1)
    )
    words = str(ANSWERS[found.answer.value])
    mark = mark_words(held.marked(Profile())) if rows else ""
    return Outcome(label, found.answer.value, words, because, rows=told, mark=mark)


def mark_words(marked: Marked) -> str:
    """The mark that the strictest of all sources sets, in words."""
    if not marked.action:
        return _("no mark")
    action = str(Action(marked.action).label)
    return _("%(action)s?, cannot tell") % {"action": action} if marked.is_open else action


def _entries(
    keys: Sequence[str], sent: Mapping[str, Any], name: str
) -> tuple[tuple[Entry, ...], dict[str, Fact]]:
    entries, facts = [], {}
    for key in keys:
        spec, field_name = FACTS[key], f"{name}-{key}"
        text, error = str(sent.get(field_name, "")).strip(), ""
        if text:
            fact = _fact(spec, text)
            if fact is None:
                error = _("This is no value of this fact.")
            else:
                facts[key] = fact
        choices = tuple((code, _(label)) for code, label in spec.offered)
        if spec.kind == "flag":
            choices = (("true", _("yes")), ("false", _("no")))
        unit = _(spec.unit) if spec.unit else ""
        entries.append(Entry(field_name, _(spec.label), spec.kind, unit, choices, text, error))
    return tuple(entries), facts


def _fact(spec: FactSpec, text: str) -> Fact | None:
    """The fact that was typed; None where it is none."""
    if spec.kind == "flag":
        return Fact.known(text == "true") if text in ("true", "false") else None
    if spec.kind == "choice":
        return Fact.known(text) if text in dict(spec.offered) else None
    if spec.kind == "date":
        try:
            day = date.fromisoformat(text)
        except ValueError:
            return None
        return Fact.day(day, day)
    if spec.kind != "number":
        return None
    try:
        value = Decimal(text)
    except InvalidOperation:
        return None
    within = value.is_finite() and value >= (spec.lowest or 0)
    return (
        Fact.number(value) if within and (spec.highest is None or value <= spec.highest) else None
    )

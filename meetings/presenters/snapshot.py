"""What a signed decision's snapshot says, for reading: the facts, guidance and quorum of that moment."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from accounts.models import Specialty
from cases.presenters.words import fact_label, value_words
from cases.vocabulary import version_words
from evidence.conditions import FACTS, Fact, FactState
from meetings.presenters.marks_then import MarkThen, marks_then
from meetings.presenters.said import Said, said_line
from meetings.snapshot import keeps_marks
from ui.formatting import date

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cases.models import AttachedGuidance
    from evidence.models import StatementVersion
    from meetings.models import Decision


@dataclass(frozen=True)
class SeatThen:
    """A seat as it was taken then."""

    label: str
    who: str
    state: str


@dataclass(frozen=True)
class SnapshotView:
    """The moment of the signature."""

    as_of: str
    facts: tuple[tuple[str, str], ...]
    open_facts: tuple[tuple[str, str], ...]
    applied: int
    undetermined: int
    quorate: bool
    seats: tuple[SeatThen, ...]
    ctcae: str
    said: tuple[Said, ...]
    # Rules and warnings for the regimen: those that applied, and those that could not be judged.
    marks: tuple[MarkThen, ...] = ()
    open_marks: tuple[MarkThen, ...] = ()
    # Why no mark stands there; empty where one does.
    no_marks: str = ""


def snapshot_view(
    decision: Decision,
    attached: Iterable[AttachedGuidance],
    versions: Iterable[StatementVersion],
) -> SnapshotView:
    """Return the readable part of a signed decision's snapshot; `attached` and `versions`: the rows that it names."""
    data = json.loads(decision.snapshot)
    # In the order of the vocabulary; the snapshot itself is sorted by key.
    facts = {key: _fact(key, data["facts"][key]) for key in FACTS if key in data["facts"]}
    words = {key: (fact_label(key), value_words(key, fact)) for key, fact in facts.items()}
    settled = {FactState.KNOWN, FactState.NOT_APPLICABLE}
    answers = [row["answer"] for row in data["evaluations"]]
    marks = marks_then(data, versions)
    told = tuple(mark for mark in marks if mark.told)
    return SnapshotView(
        as_of=date(dt.date.fromisoformat(data["facts_as_of"])),
        facts=tuple(words[key] for key, fact in facts.items() if fact.state in settled),
        open_facts=tuple(words[key] for key, fact in facts.items() if fact.state not in settled),
        applied=answers.count("true"),
        undetermined=answers.count("undetermined"),
        quorate=data["quorum"]["quorate"],
        seats=tuple(_seat(row) for row in data["quorum"]["seats"]),
        ctcae=", ".join(version_words(v) for v in data["ctcae_versions"])
        or _("no version, as no irAE is graded"),
        said=tuple(said_line(row, erased=decision.salt is None) for row in attached),
        marks=told,
        open_marks=tuple(mark for mark in marks if not mark.told),
        no_marks="" if told else _no_marks(data, erased=decision.salt is None),
    )


def _no_marks(data: dict[str, Any], *, erased: bool) -> str:
    """Why no rule or warning is shown as one that applied. The letter of an erased patient is gone."""
    if keeps_marks(data):
        # One that applied may say that the ICI may be resumed.
        return _("No rule or warning applied that stops, withholds or warns.")
    if erased:
        return _("Which rules and warnings were marked was not kept in this form then.")
    return _("Which rules and warnings were marked was not kept in this form then; see the letter.")


def _fact(key: str, row: dict[str, Any]) -> Fact:
    state = FactState(row["state"])
    if state is not FactState.KNOWN:
        return Fact.absent(state)
    if "value" in row:
        return Fact.known(row["value"])
    low, high = row["low"], row["high"]
    if FACTS[key].kind == "date":
        return Fact.day(*(dt.date.fromisoformat(end) if end else None for end in (low, high)))
    return Fact.between(Decimal(low) if low else None, Decimal(high) if high else None)


def _seat(row: dict[str, Any]) -> SeatThen:
    label = " / ".join(str(Specialty(code).label) for code in row["specialties"])
    return SeatThen(label, row["who"], row["state"])

"""What a row of a statement's rules must look like, wherever it comes from. No ORM."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from evidence.choices import PUBLISHABLE_MARKS, PUBLISHABLE_ROW_MARKS, Action, Mark, RowMark, Signal
from evidence.conditions import ConditionError, parse
from evidence.rulings import ACTIONS, PRODUCT, is_row

KEYS = frozenset({"source", "action", "says", "condition", "mark"})
OPTIONAL = frozenset({"agents"})
# The mark that a list shows for a statement: the strictest that its rows may come to.
SIGNALS: dict[str, tuple[str, ...]] = {
    Action.STOP: (Signal.STOP,),
    Action.WITHHOLD: (Signal.WITHHOLD, Signal.NOT_YET, Signal.WARNING),
    Action.RESUME: (Signal.NONE,),
    Action.CONTINUE: (Signal.NONE,),
}


# How far a mark vouches for what it stands at.
VOUCHES = {
    Mark.GENERAL.value: 0,
    Mark.REVIEW_ONLY.value: 1,
    RowMark.READ_ONCE.value: 1,
    RowMark.SUMMARY.value: 2,
    Mark.SEEN.value: 2,
    Mark.CONFIRMED.value: 2,
}


def row_faults(
    rows: Sequence[Any], mark: str, sources: Mapping[str, str] | None = None
) -> Iterator[str]:
    """Everything wrong with the rows of a statement whose own mark is `mark`, in words.

    `sources`: the marks of sources by their codes, as far as they are known.
    """
    for number, row in enumerate(rows, start=1):
        if not isinstance(row, Mapping) or not set(row) <= KEYS | OPTIONAL or not set(row) >= KEYS:
            keys = ", ".join([*sorted(KEYS), *sorted(OPTIONAL)])
            yield _("item %(n)s has the keys %(keys)s.") % {"n": number, "keys": keys}
            continue
        for fault in (*_faults(row, mark), *_mark_faults(row, mark, sources or {})):
            yield _("item %(n)s: %(fault)s") % {"n": number, "fault": fault}


def _faults(row: Mapping[str, Any], mark: str) -> Iterator[str]:
    if row["action"] not in Action.values:
        yield _("its action is one of %(actions)s.") % {"actions": ", ".join(ACTIONS)}
    if not str(row["says"] or "").strip():
        yield _("what it says is empty.")
    agents = row.get("agents", [])
    if not isinstance(agents, list) or not all(isinstance(agent, str) for agent in agents):
        yield _("its agents are a list of names.")
    try:
        parse(row["condition"])
    except ConditionError as error:
        yield error.words(_)


def _mark_faults(row: Mapping[str, Any], mark: str, sources: Mapping[str, str]) -> Iterator[str]:
    """What is wrong with how well a row is said to be attested."""
    own, source = row["mark"], row["source"]
    if own not in RowMark.values:
        marks = ", ".join(RowMark.values)
        yield _("how well it is attested is one of %(marks)s.") % {"marks": marks}
    elif (own == RowMark.OWN) is not (source == PRODUCT):
        yield _("what this product sets itself is marked as its own, and nothing else is.")
    elif own == RowMark.OWN:
        return
    elif mark in PUBLISHABLE_MARKS and own not in PUBLISHABLE_ROW_MARKS:
        yield _(
            "it still waits to be read or confirmed, so the statement is not marked as if it were."
        )
    elif VOUCHES[own] > VOUCHES.get(sources.get(source, own), VOUCHES[own]):
        words = _("it is marked “%(row)s”, and its source %(source)s only “%(mark)s”.")
        yield words % {
            "row": RowMark(own).label,
            "source": source,
            "mark": Mark(sources[source]).label,
        }


def signal_fault(rows: Any, signal: str) -> str:
    """Why the mark of a statement does not agree with its rows; empty where it does, or has none."""
    said = {row.get("action") for row in rows if is_row(row)} if isinstance(rows, list) else set()
    strictest = next((action for action in ACTIONS if action in said), None)
    if strictest is None or signal in SIGNALS[strictest]:
        return ""
    allowed = ", ".join(str(Signal(each).label) for each in SIGNALS[strictest])
    return _("its strictest row asks for: %(signals)s.") % {"signals": allowed}

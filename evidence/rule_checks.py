"""What a row of a statement's rules must look like, wherever it comes from. No ORM."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from evidence.choices import PUBLISHABLE_MARKS, Action, Mark, Signal
from evidence.conditions import ConditionError, parse
from evidence.rulings import ACTIONS, is_row

KEYS = frozenset({"source", "action", "says", "condition", "mark"})
OPTIONAL = frozenset({"agents"})
# The mark that a list shows for a statement: the strictest that its rows may come to.
SIGNALS: dict[str, tuple[str, ...]] = {
    Action.STOP: (Signal.STOP,),
    Action.WITHHOLD: (Signal.WITHHOLD, Signal.NOT_YET, Signal.WARNING),
    Action.RESUME: (Signal.NONE,),
    Action.CONTINUE: (Signal.NONE,),
}


def row_faults(rows: Sequence[Any], mark: str) -> Iterator[str]:
    """Everything wrong with the rows of a statement whose own mark is `mark`, in words."""
    for number, row in enumerate(rows, start=1):
        if not isinstance(row, Mapping) or not set(row) <= KEYS | OPTIONAL or not set(row) >= KEYS:
            keys = ", ".join([*sorted(KEYS), *sorted(OPTIONAL)])
            yield _("item %(n)s has the keys %(keys)s.") % {"n": number, "keys": keys}
            continue
        for fault in _faults(row, mark):
            yield _("item %(n)s: %(fault)s") % {"n": number, "fault": fault}


def _faults(row: Mapping[str, Any], mark: str) -> Iterator[str]:
    if row["action"] not in Action.values:
        yield _("its action is one of %(actions)s.") % {"actions": ", ".join(ACTIONS)}
    if row["mark"] not in Mark.values:
        yield _("how well it is attested is one of %(marks)s.") % {"marks": ", ".join(Mark.values)}
    elif mark in PUBLISHABLE_MARKS and row["mark"] not in PUBLISHABLE_MARKS:
        yield _("it was not read or confirmed, so the statement is not marked as if it were.")
    if not str(row["says"] or "").strip():
        yield _("what it says is empty.")
    agents = row.get("agents", [])
    if not isinstance(agents, list) or not all(isinstance(agent, str) for agent in agents):
        yield _("its agents are a list of names.")
    try:
        parse(row["condition"])
    except ConditionError as error:
        yield error.words(_)


def signal_fault(rows: Any, signal: str) -> str:
    """Why the mark of a statement does not agree with its rows; empty where it does, or has none."""
    said = {row.get("action") for row in rows if is_row(row)} if isinstance(rows, list) else set()
    strictest = next((action for action in ACTIONS if action in said), None)
    if strictest is None or signal in SIGNALS[strictest]:
        return ""
    allowed = ", ".join(str(Signal(each).label) for each in SIGNALS[strictest])
    return _("its strictest row asks for: %(signals)s.") % {"signals": allowed}

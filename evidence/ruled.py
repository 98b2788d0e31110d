"""What the pages show of the rules of a statement: rows, marks and profiles in words. No queries, no HTML."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from evidence.choices import Action, RowMark, Signal
from evidence.conditions import FACTS, Answer, readable, widened_words
from evidence.rulings import (
    ACTIONS,
    LOCAL,
    PRODUCT,
    STRICTEST,
    Marked,
    Profile,
    Ruled,
    is_row,
    publisher,
    rows_of,
)

if TYPE_CHECKING:
    from evidence.conditions import Reason
    from evidence.matching import Match
    from evidence.models import StatementVersion
    from evidence.rulings import Ruling

ACTION_COLOURS = {
    Action.STOP: "red",
    Action.WITHHOLD: "amber",
    Action.RESUME: "outline",
    Action.CONTINUE: "outline",
}
# The signals that a row which withholds keeps as they are written on the statement.
_OF_NOW = (Signal.NOT_YET, Signal.WARNING)


@dataclass(frozen=True, slots=True)
class RuleRow:
    """What one source rules, or one side of a contradiction.

    Until release 7 a rule was a source and its words alone: then `action`, `when` and `mark` are empty. `state` is
    "holds", "open" or "not" where the row was held against a case; `missing` are the facts without which it is open.
    """

    source: str
    says: str
    action: str = ""
    colour: str = ""
    when: str = ""
    mark: str = ""
    agents: str = ""
    state: str = ""
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RuleMark:
    """The mark of a rule on one case: the signal, and by whose rules, in words.

    `stricter`: a source that the profile leaves out stops, or may. `own`, `certain_own` and `stricter_own`: this
    product's default alone sets the signal, holds what is certain, or is what stops or may stop. Where `is_open` and
    `certain` is as strict as what the mark may come to, the signal is what is certain.
    """

    signal: Signal
    by: str = ""
    stricter: bool = False
    is_open: bool = False
    differ: str = ""
    does_differ: bool = False
    # What a source holds for certain where the mark is laxer, or cannot be told; of several the strictest.
    certain: Signal = Signal.NONE
    waits_for: tuple[str, ...] = ()
    # Where others stop for certain and whoever the board goes by is certain of less: who stops, and what the board's
    # own says, each with its name, so that nobody reads the second for the first.
    stopped_by: str = ""
    board_says: str = ""
    own: bool = False
    certain_own: bool = False
    stricter_own: bool = False


def publisher_words(code: str, names: Mapping[str, str] | None = None) -> str:
    """The name of a publisher; of any other source the short name among `names`."""
    words = {
        "us_label": _("US label"),
        "eu_smpc": _("EU text"),
        "asco": "ASCO",
        "esmo": "ESMO",
        "nccn": "NCCN",
        "sitc": "SITC",
        PRODUCT: _("this product's default"),
    }
    return words.get(code) or (names or {}).get(code, code)


def profile_words(profile: Profile) -> str:
    """By whose rules a board has its marks set, in words."""
    if profile.kind == STRICTEST:
        return _("Mark by: strictest of all sources")
    if profile.kind == LOCAL:
        order = ", ".join(publisher_words(code) for code in profile.order)
        return _("Mark by: the first that says something of %(order)s") % {"order": order}
    return _("Mark by: %(source)s") % {"source": publisher_words(profile.kind)}


def rule_mark(
    match: Match[StatementVersion], profile: Profile, names: Mapping[str, str]
) -> RuleMark:
    """The mark of a statement for one case. Without rows of its own it is the one written on it."""
    written = Signal(match.version.signal)
    if not match.ruled.rulings or match.answer is Answer.FALSE:
        # In the fold of what does not apply stands what the statement may come to.
        return RuleMark(written, own=_by_product(_pairs(match.ruled), written))
    return mark_of(match.ruled, match.ruled.marked(profile), written, profile, names)


def mark_of(
    ruled: Ruled, marked: Marked, written: Signal, profile: Profile, names: Mapping[str, str]
) -> RuleMark:
    """A mark that is set in words: of a case now, or as a signed decision kept it."""
    differ = ruled.differ
    words = _differ_words(ruled, names) if differ or ruled.cannot_compare else ""
    others = (*marked.stricter, *marked.may_be_stricter)
    certain = _certain(ruled, marked)
    overruled = certain == Action.STOP and not marked.is_open
    strict = certain and ACTIONS.index(certain) <= ACTIONS.index(marked.action)
    covers = strict and marked.is_open
    stands = [(stand.publisher, stand.action) for stand in ruled.stands]
    certain_own = _by_product(stands, certain)
    return RuleMark(
        _signal(certain if covers else marked.action, written),
        _beside_a_stop(marked, profile, names) if overruled else _by_words(marked, profile, names),
        any(action == Action.STOP for _code, action in others),
        marked.is_open,
        words,
        differ,
        _signal(certain, written),
        lacking_words(ruled.waiting(marked)),
        _stopped_by(marked, names) if overruled else "",
        _board_says(marked, names) if overruled else "",
        certain_own if covers else set(marked.by) == {PRODUCT},
        certain_own,
        _by_product(others, Action.STOP),
    )


def _pairs(ruled: Ruled) -> Iterator[tuple[str, str]]:
    return ((publisher(each.row.source), each.row.action) for each in ruled.rulings)


def _by_product(said: Iterable[tuple[str, str]], action: str) -> bool:
    """Whether of those who say something only this product's default says `action`."""
    return {code for code, each in said if each == action} == {PRODUCT}


def _beside_a_stop(marked: Marked, profile: Profile, names: Mapping[str, str]) -> str:
    """Who else is stricter, or may be. Who stops, and whom the board goes by, have tags of their own."""
    rest = tuple(pair for pair in marked.stricter if pair[1] != Action.STOP)
    if not rest and not marked.may_be_stricter:
        return ""
    return _by_words(replace(marked, stricter=rest), profile, names)


def _stopped_by(marked: Marked, names: Mapping[str, str]) -> str:
    who = _listed((code for code, action in marked.stricter if action == Action.STOP), names)
    return _("%(source)s: stop for good (certain)") % {"source": who}


def _board_says(marked: Marked, names: Mapping[str, str]) -> str:
    words = _("Board's profile (%(source)s): %(action)s")
    action = Action(marked.action).label.lower()
    return words % {"source": _listed(marked.by, names), "action": action}


def _certain(found: Ruled, marked: Marked) -> str:
    """What a source holds for certain that the mark does not: a stop, or that the ICI is withheld."""
    held = (Action.STOP.value, Action.WITHHOLD.value)
    if marked.is_open:
        return found.certain if found.certain in held else ""
    said = dict(marked.stricter).values()
    return next((action for action in held if action in said), "")


def _signal(action: str, written: Signal) -> Signal:
    if action == Action.STOP:
        return Signal.STOP
    if action == Action.WITHHOLD:
        return written if written in _OF_NOW else Signal.WITHHOLD
    return Signal.NONE


def _by_words(marked: Marked, profile: Profile, names: Mapping[str, str]) -> str:
    if profile.kind == STRICTEST or not marked.action:
        return ""
    words = _may_words(marked.action) if marked.is_open else _("by %(source)s")
    by = words % {"source": _listed(marked.by, names)}
    if marked.ended:
        words = _("%(by)s; no row of %(asked)s holds here now")
        return words % {"by": by, "asked": publisher_words(marked.ended, names)}
    if marked.fallback:
        return _("%(by)s; what this board goes by says nothing here") % {"by": by}
    return "; ".join((by, *_outside(marked, names)))


def _may_words(action: str) -> str:
    """By whom a mark is set that cannot be told, and what it may come to."""
    words = {
        Action.STOP: _("by %(source)s, which may stop for good and cannot be told yet"),
        Action.WITHHOLD: _("by %(source)s, which may withhold and cannot be told yet"),
        Action.RESUME: _("by %(source)s, which may let it resume and cannot be told yet"),
        Action.CONTINUE: _("by %(source)s, which may let it continue and cannot be told yet"),
    }
    return words[Action(action)]


def _outside(marked: Marked, names: Mapping[str, str]) -> Iterator[str]:
    """What sources say that the profile leaves out: those that are stricter, then those that may be."""
    if marked.stricter:
        certain = _("certain by another source: %(said)s")
        words = certain if marked.is_open else _("another source is stricter: %(said)s")
        yield words % {"said": _said(marked.stricter, names)}
    if marked.may_be_stricter:
        words = _("another source may be stricter: %(said)s")
        yield words % {"said": _said(marked.may_be_stricter, names)}


def _said(found: Iterable[tuple[str, str]], names: Mapping[str, str]) -> str:
    return "; ".join(
        f"{publisher_words(code, names)}: {Action(action).label.lower()}" for code, action in found
    )


def _differ_words(ruled: Ruled, names: Mapping[str, str]) -> str:
    parts = []
    for stand in ruled.stands:
        if stand.open_action and stand.action:
            said = _("%(action)s at least, cannot tell whether more")
            said %= {"action": Action(stand.action).label.lower()}
        else:
            said = Action(stand.action).label.lower() if stand.action else _("cannot tell")
        parts.append(f"{publisher_words(stand.publisher, names)}: {said}")
    return " · ".join(parts)


def _listed(codes: Iterable[str], names: Mapping[str, str]) -> str:
    return ", ".join(publisher_words(code, names) for code in codes)


def rule_rows(rules: Iterable[Any], names: Mapping[str, str]) -> tuple[RuleRow, ...]:
    """The rules of a version as a table, with the condition of each row in words; those of old releases too."""
    return tuple(
        _row(item, names)
        if is_row(item)
        else RuleRow(names.get(item["source"], item["source"]), item["says"])
        for item in rules
    )


def _row(item: Any, names: Mapping[str, str]) -> RuleRow:
    (row,) = rows_of([item])
    return RuleRow(
        source=names.get(row.source, row.source),
        says=row.says,
        action=str(Action(row.action).label),
        colour=ACTION_COLOURS[Action(row.action)],
        when=readable(row.node, _),
        mark=str(RowMark(row.mark).label),
        agents=", ".join(row.agents),
    )


STATES = ("holds", "open", "not")


def held_rows(
    match: Match[StatementVersion], names: Mapping[str, str], given: Collection[str] = ()
) -> tuple[RuleRow, ...]:
    """The rules of a statement as they stand for one case, those that hold first, then those that cannot be told.

    `given`: the agents that are proposed, or were given; a row about others is shown as read for another agent.
    """
    if not match.ruled.rulings:
        return rule_rows(match.version.rules, names)
    speaks = {stand.publisher: stand.action for stand in match.ruled.stands}
    held = [(_state(ruling, speaks), ruling) for ruling in match.ruled.rulings]
    held.sort(key=lambda one: (STATES.index(one[0]), ACTIONS.index(one[1].row.action)))
    return tuple(_held(ruling, state, names, given) for state, ruling in held)


def _state(ruling: Ruling, speaks: Mapping[str, str]) -> str:
    """Whether a row speaks for its source: one that a stricter row of the same source takes the place of does not."""
    if ruling.answer is Answer.FALSE:
        return "not"
    stricter = speaks[publisher(ruling.row.source)]
    if stricter and ACTIONS.index(stricter) < ACTIONS.index(ruling.row.action):
        return "not"
    return "holds" if ruling.answer is Answer.TRUE else "open"


def _held(ruling: Ruling, state: str, names: Mapping[str, str], given: Collection[str]) -> RuleRow:
    action = Action(ruling.row.action)
    lacking = lacking_words(ruling.reasons)
    source = names.get(ruling.row.source, ruling.row.source)
    if given and ruling.row.agents and not set(given) & set(ruling.row.agents):
        source = _("%(source)s, read for another agent") % {"source": source}
    return RuleRow(
        source=source,
        says=ruling.row.says,
        action=str(action.label),
        colour=ACTION_COLOURS[action] if state == "holds" else "outline",
        mark=str(RowMark(ruling.row.mark).label),
        agents=", ".join(ruling.row.agents),
        state=state,
        missing=lacking if state == "open" else (),
    )


def lacking_words(reasons: Iterable[Reason]) -> tuple[str, ...]:
    """The facts without which something cannot be told, and why a number is not certain enough."""
    return tuple(_(FACTS[r.key].label) + widened_words(r.fact, _) for r in reasons)


def chips(rows: Iterable[RuleRow]) -> tuple[tuple[str, str], ...]:
    """Source and action of what holds, then of what cannot be told: one line for a reader in a hurry."""
    found: dict[tuple[str, str], None] = {}
    for row in rows:
        if row.state == "holds":
            found[(f"{row.source}: {row.action.lower()}", row.colour)] = None
        elif row.state == "open":
            words = _("%(source)s: %(action)s?") % {
                "source": row.source,
                "action": row.action.lower(),
            }
            found[(words, "outline")] = None
    return tuple(found)


def ruled_data(match: Match[Any], profile: Profile) -> dict[str, Any]:
    """What the rows of one statement said, as plain values for the snapshot of a decision; empty without rows."""
    if not match.ruled.rulings:
        return {}
    marked = match.ruled.marked(profile)
    return {
        "rows": [
            {
                "source": ruling.row.source,
                "action": ruling.row.action,
                "answer": ruling.answer.value,
                "missing": list(ruling.missing),
            }
            for ruling in match.ruled.rulings
        ],
        "mark": {
            "action": marked.action,
            "by": list(marked.by),
            "open": marked.is_open,
            "stricter": _outside_data(marked.stricter),
            "may_be_stricter": _outside_data(marked.may_be_stricter),
        },
    }


def _outside_data(found: Iterable[tuple[str, str]]) -> list[dict[str, str]]:
    return [{"source": code, "action": action} for code, action in found]

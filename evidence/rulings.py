"""What each source's rule rows say of one case: which of them hold now, and which source sets the mark.

A row of a statement's `rules` is one answer of one source with its own condition. It is held against the same facts
as the statement, in three values, and only where the statement itself concerns the case. Texts of one publisher count
as one source: the strictest of its rows that holds speaks for it. Pure: no reads, nothing recommended or ranked.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from evidence.conditions import Answer, Days, Evaluation, Facts, Node, Reason, evaluate, read

STRICTEST, LOCAL = "strictest", "local"
PUBLISHERS = ("us_label", "eu_smpc", "asco", "esmo", "nccn", "sitc")
"""The publishers that a board may go by, in the order that is offered."""
PRODUCT = "product-default"
"""The source of what this product itself sets, stricter than what was read."""
ACTIONS = ("stop", "withhold", "resume", "continue")
"""What a row may say, the strictest first."""

# Until release 7 one source stood for the organ tables of four guidelines; it is nobody's.
_OF_SEVERAL = ("asco-esmo-organ",)


@dataclass(frozen=True, slots=True)
class Profile:
    """By whose rules a board has its mark set; `order` is read where the board has an order of its own."""

    kind: str = STRICTEST
    order: tuple[str, ...] = ()

    @property
    def asked(self) -> tuple[str, ...]:
        """The publishers it goes by, in their order; none where the strictest of all sets the mark."""
        if self.kind == STRICTEST:
            return ()
        return self.order if self.kind == LOCAL else (self.kind,)


@dataclass(frozen=True, slots=True)
class Row:
    """One answer of one source, with its condition as a tree."""

    source: str
    action: str
    says: str
    node: Node
    mark: str
    agents: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Ruling:
    """One row held against one case."""

    row: Row
    answer: Answer
    reasons: tuple[Reason, ...]
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Stand:
    """What one publisher says now: the strictest row that holds, and whether a stricter one cannot be told."""

    publisher: str
    sources: tuple[str, ...]
    action: str
    open_action: str = ""

    @property
    def certain(self) -> bool:
        """Whether a row of it holds and nothing that is not known could make it stricter."""
        return bool(self.action) and not self.open_action


@dataclass(frozen=True, slots=True)
class Marked:
    """The mark of a statement on one case: the action, who set it, and who says more.

    `fallback`: the source that the profile names says nothing here, so the strictest of all sets the mark. `ended`:
    the publisher it names has rows in this rule, and none of them holds any more.
    `stricter`: publishers outside the profile that hold a stricter row; `may_be_stricter`: those of whom that cannot
    be told. `is_open`: whoever the profile goes by may yet come to the action, which cannot be told.
    """

    action: str = ""
    by: tuple[str, ...] = ()
    fallback: bool = False
    stricter: tuple[tuple[str, str], ...] = ()
    is_open: bool = False
    ended: str = ""
    may_be_stricter: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Ruled:
    """All rows of a statement for one case. `differ` and `cannot_compare` are about different publishers only."""

    rulings: tuple[Ruling, ...] = ()
    stands: tuple[Stand, ...] = field(default=())

    @property
    def differ(self) -> bool:
        """Whether two publishers lead to different actions now."""
        return len({stand.action for stand in self.stands if stand.certain}) > 1

    @property
    def cannot_compare(self) -> bool:
        """Whether a row holds, and a stricter one of its publisher, or what another says, cannot be told."""
        settled = all(stand.certain for stand in self.stands)
        return any(stand.action for stand in self.stands) and not settled and not self.differ

    @property
    def certain(self) -> str:
        """The strictest action that a row of any source comes to for certain."""
        return _first(stand.action for stand in self.stands)

    def waiting(self, marked: Marked) -> tuple[Reason, ...]:
        """Why a mark that is open cannot be told, each fact once; nothing for one that is certain."""
        if not marked.is_open:
            return ()
        reasons = (
            reason
            for ruling in self.unsettled
            if ruling.row.action == marked.action and publisher(ruling.row.source) in marked.by
            for reason in ruling.reasons
        )
        return tuple({reason.key: reason for reason in reasons}.values())

    @property
    def unsettled(self) -> tuple[Ruling, ...]:
        """The rows that cannot be told and could make stricter what their publisher says now."""
        says = {stand.publisher: _level(stand.action) for stand in self.stands}
        return tuple(
            ruling
            for ruling in self.rulings
            if ruling.answer is Answer.UNDETERMINED
            and _level(ruling.row.action) < says[publisher(ruling.row.source)]
        )

    def marked(self, profile: Profile) -> Marked:
        """The mark that `profile` sets. A source that it leaves out is never hidden: a stricter one is named.

        Where the source that is asked cannot be told the mark is open, whatever another holds: once it is known it
        may be laxer, and no mark that was certain is ever softened by what is filled in.
        """
        asked = [
            stand for code in profile.asked for stand in self.stands if stand.publisher == code
        ]
        if not asked:
            found = self._strictest(self.stands, fallback=bool(profile.asked) and bool(self.stands))
            return replace(found, ended=self._ended(profile)) if found.fallback else found
        found = self._strictest(asked[:1])
        others = [stand for stand in self.stands if stand is not asked[0]]
        level = _level(asked[0].action)
        holding = tuple((s.publisher, s.action) for s in others if _level(s.action) < level)
        open_ = tuple((s.publisher, s.open_action) for s in others if _level(s.open_action) < level)
        return replace(found, stricter=holding, may_be_stricter=open_)

    def _ended(self, profile: Profile) -> str:
        """The first publisher that the profile asks and that has rows here, none of which holds."""
        have = {publisher(ruling.row.source) for ruling in self.rulings}
        return next((code for code in profile.asked if code in have), "")

    @staticmethod
    def _strictest(stands: Sequence[Stand], *, fallback: bool = False) -> Marked:
        """The strictest action of these: one that cannot be told stands before a laxer one that holds, as open."""
        action = _first(stand.action for stand in stands)
        unsettled = _first(stand.open_action for stand in stands)
        if _level(unsettled) < _level(action):
            by = tuple(stand.publisher for stand in stands if stand.open_action == unsettled)
            return Marked(unsettled, by, fallback, (), True)
        by = tuple(stand.publisher for stand in stands if action and stand.action == action)
        return Marked(action, by, fallback)


def publisher(source: str) -> str:
    """Whose text a source is: one of `PUBLISHERS` by the beginning of its code, else the source alone."""
    if source not in _OF_SEVERAL:
        for code in PUBLISHERS:
            if source.startswith(code.replace("_", "-")):
                return code
    return source


def is_row(value: Any) -> bool:
    """Whether an item of `rules` has an answer of its own; until release 7 it was a source and its words."""
    return isinstance(value, Mapping) and "condition" in value


def rows_of(rules: Iterable[Any]) -> tuple[Row, ...]:
    """The rows among the `rules` of a version. Raises ConditionError where a draft's cannot be read."""
    return tuple(
        Row(
            row["source"],
            row["action"],
            row["says"],
            read(row["condition"]),
            row["mark"],
            tuple(row.get("agents") or ()),
        )
        for row in rules
        if is_row(row)
    )


def ruled(
    rows: Iterable[Row],
    concerns: Evaluation,
    facts: Facts,
    *,
    as_of: date | None = None,
    said: Mapping[str, Days] | None = None,
) -> Ruled:
    """Hold the rows of a statement against a case; `concerns` is what the statement's own condition answered."""
    rulings = tuple(
        _ruling(row, concerns, evaluate(row.node, facts, as_of=as_of, said=said)) for row in rows
    )
    return standing(rulings)


def standing(rulings: tuple[Ruling, ...]) -> Ruled:
    """What rows that were held against a case come to: what each publisher says now."""
    return Ruled(rulings, _stands(rulings))


def _ruling(row: Row, concerns: Evaluation, own: Evaluation) -> Ruling:
    """Both have to hold, by Kleene's "and": the case is one the statement is about, and the row's condition is met."""
    found = next((e for e in (concerns, own) if e.answer is Answer.FALSE), None)
    if found is None and own.answer is Answer.TRUE and concerns.answer is not Answer.TRUE:
        found = concerns
    found = found or own
    return Ruling(row, found.answer, found.reasons, found.missing)


def _stands(rulings: Sequence[Ruling]) -> tuple[Stand, ...]:
    """What each publisher says, of those with a row that holds or cannot be told, in the order of the rows."""
    by: dict[str, list[Ruling]] = {}
    for ruling in rulings:
        if ruling.answer is not Answer.FALSE:
            by.setdefault(publisher(ruling.row.source), []).append(ruling)
    found = []
    for code, held in by.items():
        action = _first(r.row.action for r in held if r.answer is Answer.TRUE)
        unsettled = _first(r.row.action for r in held if r.answer is Answer.UNDETERMINED)
        sources = tuple(dict.fromkeys(r.row.source for r in held))
        stricter = unsettled if _level(unsettled) < _level(action) else ""
        found.append(Stand(code, sources, action, stricter))
    return tuple(found)


def _first(actions: Iterable[str]) -> str:
    return min(actions, key=_level, default="")


def _level(action: str) -> int:
    """The place of an action, the strictest 0; nothing said is laxer than all."""
    return ACTIONS.index(action) if action else len(ACTIONS)

"""What a new version changes in the rules by source: row by row, and for cases by what each condition answers of them.

Pure. Cases are told apart by their *answers*: a letter (`LETTERS`) for each condition that is asked, in the order of
`Compared.nodes`. Whoever counts the cases has to ask each condition once, and everything else follows from the letters.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from evidence.choices import Action
from evidence.conditions import Answer, Node
from evidence.curation.reach import ANSWERS, NOT_SHOWN
from evidence.curation.trying import mark_words
from evidence.differing import in_words
from evidence.rulings import Profile, Row, Ruling, is_row, standing

if TYPE_CHECKING:
    from django.utils.functional import Promise

    from evidence.models import StatementVersion

LETTERS = {"t": Answer.TRUE, "f": Answer.FALSE, "u": Answer.UNDETERMINED}
ADDED, REMOVED, CHANGED, SAME = "added", "removed", "changed", "same"
KINDS: dict[str, str | Promise] = {
    ADDED: gettext_lazy("added"),
    REMOVED: gettext_lazy("removed"),
    CHANGED: gettext_lazy("changed"),
    SAME: gettext_lazy("unchanged"),
}
LABELS: dict[str, str | Promise] = {
    "source": gettext_lazy("Source"),
    "action": gettext_lazy("Action"),
    "says": gettext_lazy("What it says"),
    "condition": gettext_lazy("When it says so"),
    "mark": gettext_lazy("How well attested"),
    "agents": gettext_lazy("Drugs"),
}


@dataclass(frozen=True, slots=True)
class Part:
    """One field of a row that differs, in words."""

    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class RowChange:
    """One row of the rules in both versions; `before` or `after` is None where it stands in one of them alone."""

    kind: str
    before: Row | None
    after: Row | None
    parts: tuple[Part, ...] = ()

    @property
    def name(self) -> str:
        """The row by its source and what it asks for."""
        row: Any = self.after or self.before
        return f"{row.source}: {Action(row.action).label}"

    @property
    def kind_words(self) -> str:
        """Whether it was added, removed or changed."""
        return str(KINDS[self.kind])


@dataclass(frozen=True, slots=True)
class Told:
    """What one combination of answers comes to: of the statement, of each row, and the strictest mark; before, after.

    Answers are keys of `ANSWERS`; `rows` in the order of `Compared.rows`.
    """

    statement: tuple[str, str]
    rows: tuple[tuple[str, str], ...]
    marks: tuple[str, str]

    @property
    def is_changed(self) -> bool:
        """Whether anything of it differs that stands on a page."""
        return self.rules_change or differs(*self.statement)

    @property
    def rules_change(self) -> bool:
        """Whether a row is answered otherwise, or another mark is set."""
        return self.marks[0] != self.marks[1] or any(differs(*pair) for pair in self.rows)


@dataclass(frozen=True)
class Side:
    """One of the two versions: its condition and rows by their places among the conditions that are asked."""

    statement: int
    rows: tuple[tuple[Row, int], ...]


@dataclass(frozen=True)
class Compared:
    """Two versions made ready to be compared: `nodes` are the conditions to ask, each once."""

    nodes: tuple[Node, ...]
    before: Side | None
    after: Side | None
    rows: tuple[RowChange, ...]
    _known: dict[str, Told] = field(default_factory=dict, compare=False)

    def told(self, answers: str) -> Told:
        """What these answers come to."""
        if answers not in self._known:
            self._known[answers] = self._tell([LETTERS[letter] for letter in answers])
        return self._known[answers]

    def _tell(self, answers: Sequence[Answer]) -> Told:
        sides = [_held(side, answers) for side in (self.before, self.after)]
        pairs = [
            tuple(
                _row_answer(held, row)
                for held, row in zip(sides, (one.before, one.after), strict=True)
            )
            for one in self.rows
        ]
        marks = tuple("" if held is None else _mark(held) for held in sides)
        statement = tuple(NOT_SHOWN if held is None else held.concerns.value for held in sides)
        return Told(statement, tuple(pairs), marks)  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class _Held:
    concerns: Answer
    rulings: Mapping[int, Ruling]


def compared(before: StatementVersion | None, after: StatementVersion | None) -> Compared:
    """Make two versions ready; None where none is published before, or none will be."""
    places: dict[Node, int] = {}
    sides = [_side(version, places) for version in (before, after)]
    return Compared(tuple(places), sides[0], sides[1], row_changes(before, after, sides))


def _side(version: StatementVersion | None, places: dict[Node, int]) -> Side | None:
    if version is None:
        return None

    def place(node: Node) -> int:
        return places.setdefault(node, len(places))

    own = place(version.node)
    return Side(own, tuple((row, place(row.node)) for row in version.rule_rows))


def row_changes(
    before: StatementVersion | None,
    after: StatementVersion | None,
    sides: Sequence[Side | None],
) -> tuple[RowChange, ...]:
    """Each row of both versions once: those that stayed, then what changed, was added and was removed.

    A row goes on as the one that is equal, else as one of the same source and action, else of the same source.
    """
    old, new = (_plain(version, side) for version, side in zip((before, after), sides, strict=True))
    found: list[RowChange] = []
    for same in (_all_of, _source_and_action, _source):
        for raw, row in list(new):
            partner = next((one for one in old if same(one[0]) == same(raw)), None)
            if partner is not None:
                old.remove(partner)
                new.remove((raw, row))
                found.append(_change(partner, (raw, row)))
    found += [RowChange(ADDED, None, row) for _raw, row in new]
    found += [RowChange(REMOVED, row, None) for _raw, row in old]
    return tuple(found)


def _plain(version: StatementVersion | None, side: Side | None) -> list[tuple[Any, Row]]:
    if version is None or side is None:
        return []
    raw = [item for item in version.rules if is_row(item)]
    return list(zip(raw, (row for row, _place in side.rows), strict=True))


def _all_of(raw: Any) -> Any:
    return {**raw, "agents": raw.get("agents") or []}


def _source_and_action(raw: Any) -> Any:
    return raw["source"], raw["action"]


def _source(raw: Any) -> Any:
    return raw["source"]


def _change(old: tuple[Any, Row], new: tuple[Any, Row]) -> RowChange:
    (before, row_before), (after, row_after) = old, new
    parts = tuple(
        Part(str(label), _field(name, before.get(name)), _field(name, after.get(name)))
        for name, label in LABELS.items()
        if (before.get(name) or None) != (after.get(name) or None)
    )
    return RowChange(CHANGED if parts else SAME, row_before, row_after, parts)


def _field(name: str, value: Any) -> str:
    return str(Action(value).label) if name == "action" else in_words(name, value)


def _held(side: Side | None, answers: Sequence[Answer]) -> _Held | None:
    """What a version answers: a row holds where its statement's condition and its own do."""
    if side is None:
        return None
    own = answers[side.statement]
    rulings = {id(row): Ruling(row, both(own, answers[place]), (), ()) for row, place in side.rows}
    return _Held(own, rulings)


def both(one: Answer, other: Answer) -> Answer:
    """Kleene's "and"."""
    if Answer.FALSE in (one, other):
        return Answer.FALSE
    return Answer.UNDETERMINED if Answer.UNDETERMINED in (one, other) else Answer.TRUE


def _row_answer(held: _Held | None, row: Row | None) -> str:
    if held is None or row is None:
        return NOT_SHOWN
    return held.rulings[id(row)].answer.value


def _mark(held: _Held) -> str:
    """The mark that the strictest of all sources sets, in words; empty for none."""
    marked = standing(tuple(held.rulings.values())).marked(Profile())
    return mark_words(marked) if marked.action else ""


def differs(before: str, after: str) -> bool:
    """Whether two answers differ on a page: what is not shown and what does not apply say the same."""
    silent = {NOT_SHOWN, Answer.FALSE.value}
    return before != after and not {before, after} <= silent


def words(pair: tuple[str, str]) -> str:
    """A change of answers in words."""
    return f"{ANSWERS[pair[0]]} → {ANSWERS[pair[1]]}"


def marks_in_words(pair: tuple[str, str]) -> str:
    """A change of marks in words."""
    none = _("no mark")
    return f"{pair[0] or none} → {pair[1] or none}"

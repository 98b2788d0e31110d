"""A condition as it stands in a form: what was typed, whether it can be read or not, and what is wrong where.

A node is a group (`all`, `any`, `not`), a row (`fact`) or `always`. Nothing that was typed is thrown away: a
number that is none stays in its field, with the fault beside it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from evidence.conditions import FACTS, ConditionError, parse
from evidence.conditions.checking import DEEPEST, MOST_PARTS
from evidence.conditions.tree import DEEPEST_READ, ITEM, OPERATORS

GROUPS = ("all", "any", "not")
# As deep as anything stored can be; it bounds what one request makes the server do. More is said to be wrong, not cut.
DEEPEST_SENT = 2 * DEEPEST_READ
_WHOLE, _COUNT = re.compile(r"[+-]?\d{1,9}"), re.compile(r"\d{1,9}")


@dataclass(slots=True)
class TypedNode:
    """One node as typed. `path` names it among its siblings: "0", "0_2"."""

    kind: str
    path: str = "0"
    parts: list[TypedNode] = field(default_factory=list)
    fact: str = ""
    op: str = ""
    values: list[str] = field(default_factory=list)
    error: str = ""
    is_new: bool = False
    # Fewer parts arrived than the form said it has.
    is_cut: bool = False

    @property
    def is_group(self) -> bool:
        """Whether it holds other nodes."""
        return self.kind in GROUPS

    @property
    def spec(self) -> Any:
        """The vocabulary's entry of the row's fact, None before one was chosen."""
        return FACTS.get(self.fact)

    @property
    def shape(self) -> str:
        """How the value is typed: flag, choice, date, or as a number or so many days."""
        if self.spec is None:
            return ""
        return {"known": "flag", "within": "days"}.get(self.op, self.spec.kind)

    @property
    def value(self) -> str:
        """The one value of a row that takes one."""
        return self.values[0] if self.values else ""


ALWAYS = {"always": True}


def from_condition(data: Any) -> TypedNode:
    """The form of a stored condition; what cannot be read becomes an empty group."""
    root = _node_of(data)
    if not root.is_group and root.kind != "always":
        root = TypedNode("all", parts=[root])
    return _numbered(root)


def from_post(data: Mapping[str, Any], name: str) -> TypedNode:
    """The form of what was sent under `name`, however incomplete."""
    return _numbered(_sent(data, f"{name}-0", 0))


def to_condition(root: TypedNode) -> Any:
    """The JSON of what was typed; each fault is noted at its node. None where there is a fault."""
    faults = _Faults()
    value = _json(root, faults)
    if faults.number:
        return None
    top = root
    if root.kind == "all" and len(root.parts) == 1:
        value, top = value["all"][0], root.parts[0]
    try:
        parse(value)
    except ConditionError as error:
        _meant(top, error.path).error = error.problem(_)
        return None
    return value


def has_fault(node: TypedNode) -> bool:
    """Whether something is wrong with a node or inside it, but for a row that was only just added."""
    return bool(node.error and not node.is_new) or any(has_fault(part) for part in node.parts)


def _meant(node: TypedNode, path: tuple[str, ...]) -> TypedNode:
    """Return the node that the place of a fault names: the group or row that has it."""
    for step in path:
        if step == "not":
            node = node.parts[0]
        elif step.startswith(ITEM):
            node = node.parts[int(step.removeprefix(ITEM)) - 1]
    return node


def edited(root: TypedNode, action: str, path: str) -> TypedNode:
    """The form after a button: add-row, add-group or remove, at the node of `path`."""
    node, above = _find(root, path)
    if action == "remove" and above is not None and node is not None:
        above.parts.remove(node)
    elif node is not None and node.is_group and action in ("add-row", "add-group"):
        node.error = _no_more(node, action)
        if not node.error:
            _add(node, action)
    return _numbered(root)


def _add(node: TypedNode, action: str) -> None:
    row = TypedNode("fact", is_new=True)
    if action == "add-group":
        row = TypedNode("any" if node.kind == "all" else "all", parts=[row])
    node.parts.append(row)


def _no_more(node: TypedNode, action: str) -> str:
    """Why nothing can be added to a group; empty where it can."""
    if len(node.parts) >= MOST_PARTS:
        return _too_many(len(node.parts) + 1)
    if action == "add-group" and node.path.count("_") + 2 > DEEPEST:
        return _("Groups stand at most %(n)s levels deep in one another.") % {"n": DEEPEST}
    return ""


def _too_many(count: int) -> str:
    words = _("A group holds at most %(n)s rows, not %(count)s: put some into groups of their own.")
    return words % {"n": MOST_PARTS, "count": count}


@dataclass(slots=True)
class _Faults:
    number: int = 0

    def note(self, node: TypedNode, words: str) -> None:
        """Put the fault beside its node."""
        node.error = words
        self.number += 1


def _node_of(data: Any) -> TypedNode:
    if data == ALWAYS or data in ({"all": []}, {"always": True}):
        return TypedNode("always")
    if isinstance(data, dict) and "fact" in data:
        value = data.get("value")
        values = value if isinstance(value, list) else [value]
        return TypedNode(
            "fact",
            fact=str(data["fact"]),
            op=str(data.get("op", "")),
            values=[_text(value) for value in values],
        )
    if isinstance(data, dict) and len(data) == 1:
        kind, inner = next(iter(data.items()))
        if kind == "not":
            return TypedNode("not", parts=[_node_of(inner)])
        if kind in GROUPS and isinstance(inner, list):
            return TypedNode(kind, parts=[_node_of(part) for part in inner])
    return TypedNode("all")


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)


def _sent(data: Mapping[str, Any], name: str, depth: int) -> TypedNode:
    kind = str(data.get(f"{name}-kind", "all"))
    if kind == "fact":
        getlist = getattr(data, "getlist", None)
        sent = getlist(f"{name}-value") if getlist else data.get(f"{name}-value", [])
        return TypedNode(
            "fact",
            fact=str(data.get(f"{name}-fact", "")),
            op=str(data.get(f"{name}-op", "")),
            values=[value for value in sent if value != ""],
        )
    node = TypedNode(kind if kind in (*GROUPS, "always") else "all")
    number = str(data.get(f"{name}-n", "0"))
    count = int(number) if _COUNT.fullmatch(number) else -1
    if depth < DEEPEST_SENT:
        places = (f"{name}_{index}" for index in range(min(count, len(data))))
        node.parts = [_sent(data, at, depth + 1) for at in places if f"{at}-kind" in data]
    node.is_cut = len(node.parts) != count
    return node


def _numbered(node: TypedNode, path: str = "0") -> TypedNode:
    node.path = path
    if node.kind == "fact":
        _fit(node)
    for index, part in enumerate(node.parts):
        _numbered(part, f"{path}_{index}")
    return node


def _fit(node: TypedNode) -> None:
    """Give a row an operator that its fact knows, and no code of a fact that it was before."""
    if node.spec is None:
        return
    allowed = OPERATORS[node.spec.kind]
    if node.op not in allowed:
        node.op = allowed[0]
    if node.shape == "choice":
        node.values = [value for value in node.values if value in node.spec.codes]
    elif node.shape == "flag":
        node.values = [value for value in node.values if value in ("true", "false")][:1]


def _find(
    node: TypedNode, path: str, above: TypedNode | None = None
) -> tuple[TypedNode | None, TypedNode | None]:
    if node.path == path:
        return node, above
    for part in node.parts:
        if path == part.path or path.startswith(f"{part.path}_"):
            return _find(part, path, node)
    return None, None


def _json(node: TypedNode, faults: _Faults) -> Any:
    if node.kind == "fact":
        return _row(node, faults)
    parts = [_json(part, faults) for part in node.parts]
    if fault := _fault_of_group(node):
        faults.note(node, fault)
    if node.kind == "always":
        return ALWAYS
    if node.kind == "not" and parts:
        return {"not": parts[0]}
    return {node.kind: parts}


def _fault_of_group(node: TypedNode) -> str:
    """What is wrong with a group whatever its parts say; empty where nothing is."""
    if node.is_cut:
        return _("Not all of its rows arrived. Look what is missing before you save again.")
    if node.kind == "always":
        if node.parts or "_" in node.path:
            return _("“Every case” stands alone: take the rows away, or choose how they count.")
        return ""
    if not node.parts:
        return _("Add at least one row, or take the group away.")
    if node.kind == "not" and len(node.parts) > 1:
        return _("This takes one row or one group: put several into a group.")
    return _too_many(len(node.parts)) if len(node.parts) > MOST_PARTS else ""


def _row(node: TypedNode, faults: _Faults) -> Any:
    if fault := _fault_of_row(node):
        faults.note(node, fault)
        return None
    row = {"fact": node.fact, "op": node.op, "value": _value(node)}
    try:
        parse(row)
    except ConditionError as error:
        faults.note(node, error.problem(_))
    return row


def _fault_of_row(node: TypedNode) -> str:
    """What keeps a row from being read, in the words of the form; empty where nothing does."""
    if node.spec is None:
        return _("Choose a fact.")
    if not node.values:
        return _("Give a value.")
    if node.shape == "choice" and node.op == "=" and len(node.values) > 1:
        return _("Choose one value, or compare with “in”.")
    if node.op == "known" and node.value != "true":
        return _("“Is known” takes yes; for the opposite put the row into “But not when”.")
    return ""


def _value(node: TypedNode) -> Any:
    """What was typed as a plain value; what is no number stays a text, which is refused beside it."""
    text = node.value.strip()
    if node.shape == "flag":
        return text == "true"
    if node.shape == "date":
        return text
    if node.shape == "choice":
        return list(node.values) if node.op == "in" else text
    if _WHOLE.fullmatch(text):
        return int(text)
    try:
        return float(text)
    except ValueError:
        return text

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
from evidence.conditions.tree import OPERATORS

GROUPS = ("all", "any", "not")
# Beyond this nobody reads a condition; it bounds what one request makes the server build.
MOST_PARTS, DEEPEST = 40, 8
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
    if root.kind == "all" and len(root.parts) == 1:
        value = value["all"][0]
    try:
        parse(value)
    except ConditionError as error:
        root.error = error.words(_)
        return None
    return value


def edited(root: TypedNode, action: str, path: str) -> TypedNode:
    """The form after a button: add-row, add-group or remove, at the node of `path`."""
    node, above = _find(root, path)
    if action == "remove" and above is not None and node is not None:
        above.parts.remove(node)
    elif node is not None and node.is_group and len(node.parts) < MOST_PARTS:
        if action == "add-row":
            node.parts.append(TypedNode("fact", is_new=True))
        elif action == "add-group" and path.count("_") < DEEPEST:
            rows = [TypedNode("fact", is_new=True)]
            node.parts.append(TypedNode("any" if node.kind == "all" else "all", parts=rows))
    return _numbered(root)


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
    if depth < DEEPEST and _COUNT.fullmatch(number):
        node.parts = [
            _sent(data, f"{name}_{index}", depth + 1)
            for index in range(min(int(number), MOST_PARTS))
        ]
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
    if node.kind == "always":
        return ALWAYS
    if node.kind == "fact":
        return _row(node, faults)
    parts = [_json(part, faults) for part in node.parts]
    if not parts:
        faults.note(node, _("Add at least one row, or take the group away."))
    elif node.kind == "not":
        if len(parts) > 1:
            faults.note(node, _("This takes one row or one group: put several into a group."))
        return {"not": parts[0]}
    return {node.kind: parts}


def _row(node: TypedNode, faults: _Faults) -> Any:
    if node.spec is None:
        faults.note(node, _("Choose a fact."))
        return None
    if not node.values:
        faults.note(node, _("Give a value."))
        return None
    row = {"fact": node.fact, "op": node.op, "value": _value(node)}
    try:
        parse(row)
    except ConditionError as error:
        words = _(error.template)
        faults.note(node, words % error.params if error.params else words)
    return row


def _value(node: TypedNode) -> Any:
    """What was typed as a plain value; what is no number stays a text, which is refused beside it."""
    text = node.value.strip()
    if node.shape == "flag":
        return text == "true"
    if node.shape == "date":
        return text
    if node.shape == "choice":
        return list(node.values) if node.op == "in" else text if len(node.values) == 1 else None
    if _WHOLE.fullmatch(text):
        return int(text)
    try:
        return float(text)
    except ValueError:
        return text

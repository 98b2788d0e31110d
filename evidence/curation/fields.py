"""Fields of a draft that hold structure: a condition, lists of rows. Edited as a form, with or without a script.

A button of such a field posts `_edit` = "field:action:place". With htmx the field alone is rendered anew, otherwise
the whole form is, and nothing is saved either way.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django import forms
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from evidence.conditions import FACTS, outline, parse
from evidence.conditions.tree import OPERATORS
from evidence.curation import typed_rows, typed_tree
from evidence.curation.condition_count import condition_count
from evidence.curation.trying import Trial, tried
from evidence.curation.typed_rows import Row
from evidence.curation.typed_tree import TypedNode
from evidence.models import Source
from evidence.rule_checks import row_faults

if TYPE_CHECKING:
    from collections.abc import Callable

EDIT = "_edit"
OPERATOR_WORDS = {
    "<": "<", "<=": "≤", "=": "=", ">=": "≥", ">": ">", "in": "in", "is": "is",
    "within": gettext_lazy("within so many days before today"), "known": gettext_lazy("is known"),
}  # fmt: skip


@dataclass(slots=True)
class Typed:
    """What stands in one of these fields; `is_judged`: it was sent to be saved, so faults are told."""

    content: Any
    is_judged: bool = False
    sent: Any = None


def edit_of(data: Any, name: str) -> tuple[str, str] | None:
    """Which button of the field `name` was pressed: its action and its place; None for another field's."""
    field, _colon, rest = str(data.get(EDIT, "")).partition(":")
    action, _colon, place = rest.partition(":")
    return (action, place) if field == name else None


class StructureWidget(forms.Widget):
    """A field that is rendered from a template of its own."""

    template = ""
    user: Any = None
    # By each widget: what its template needs, by the field's name and value.
    shown: Callable[[str, Any], dict[str, Any]]

    class Media:
        js = ("django_htmx/htmx-2.min.js",)

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> Any:
        """The field as it stands, with its buttons."""
        return render_to_string(self.template, self.shown(name, value), using="django")

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        """Never: a field without rows is an answer as well."""
        return False

    def id_for_label(self, id_: str) -> str:
        """No single input bears the label."""
        return ""


class ConditionWidget(StructureWidget):
    """Nested groups with rows of fact, operator and value; the condition in words and its try-out below."""

    template = "admin/evidence/editor/condition.html"

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Typed:
        """What was typed, after the button that was pressed."""
        root = typed_tree.from_post(data, name)
        pressed = edit_of(data, name)
        if pressed is not None:
            root = typed_tree.edited(root, *pressed)
        return Typed((root, data))

    def shown(self, name: str, value: Any) -> dict[str, Any]:
        """The tree, its words as far as it can be read, the answers of the try-out."""
        sent: Any = {}
        if isinstance(value, Typed):
            root, sent = value.content
        else:
            root = typed_tree.from_condition(value)
        condition = None if _is_untouched(root) else typed_tree.to_condition(root)
        lines: Any = ()
        count = None
        if condition is not None:
            lines = outline(parse(condition), _)
            if self.user is not None and edit_of(sent, name) == ("count", ""):
                count = condition_count(self.user, condition)
        return {
            "name": name,
            "root": _described(root, name),
            "is_wrong": typed_tree.has_fault(root),
            "count": count,
            "may_count": self.user is not None and bool(self.user.boards_with("case.view")),
            "facts": _facts(),
            "lines": lines,
            "trial": tried(condition, sent, f"{name}-try", self.user),
        }


class RowsWidget(StructureWidget):
    """A list of rows, each with its fields and a button that takes it away.

    Rows of rules have a try-out below; `condition` is that of the stored version, before anything was sent.
    """

    condition: Any = None
    template = "admin/evidence/editor/rows.html"

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Typed:
        """What was typed, after the button that was pressed."""
        rows = typed_rows.from_post(data, name)
        pressed = edit_of(data, name)
        if pressed is not None:
            rows = typed_rows.edited(rows, name, *pressed)
        return Typed(rows, is_judged=EDIT not in data, sent=data)

    def shown(self, name: str, value: Any) -> dict[str, Any]:
        """The rows with the sources that may be chosen."""
        rows: list[Row] = (
            value.content if isinstance(value, Typed) else typed_rows.from_stored(name, value)
        )
        if isinstance(value, Typed) and value.is_judged:
            typed_rows.to_stored(rows)
        for cell in (cell for row in rows for cell in row.cells):
            if cell.tree is not None:
                place = f"{cell.name}{typed_rows.WITHIN}"
                cell.shown = _described(cell.tree, cell.name, place)
        sources = dict(Source.objects.order_by("code", "revision").values_list("code", "short"))
        return {
            "name": name,
            "rows": rows,
            "sources": list(sources.items()),
            "facts": _facts(),
            "trial": self._trial(name, rows, value) if name == "rules" else None,
        }

    def _trial(self, name: str, rows: list[Row], value: Any) -> Trial:
        """Hold the rows against what was picked, together with the condition as it is typed in the same form."""
        sent: Any = value.sent if isinstance(value, Typed) else {}
        condition = self.condition
        if sent:
            root = typed_tree.from_post(sent, "condition")
            condition = None if _is_untouched(root) else typed_tree.to_condition(root)
        # Of a copy: a row that is being typed is not scolded for what it still lacks.
        stored = typed_rows.to_stored(copy.deepcopy(rows))
        if not stored or any(True for _fault in row_faults(stored, "")):
            return Trial(f"{name}-try")
        return tried(condition, sent, f"{name}-try", self.user, stored)


class StructureField(forms.Field):
    """A field of plain JSON that is typed as structure; a fault is told beside its row or group."""

    # By each field: the JSON of what was typed, or None where something is wrong.
    to_stored: Callable[[Any], Any]

    def clean(self, value: Any) -> Any:
        """The JSON. Raises ValidationError with a pointer to the rows, which say what is wrong."""
        stored = self.to_stored(value.content)
        if stored is None:
            raise forms.ValidationError(
                _("Not saved yet: what is wrong is said beside its row or group.")
            )
        return stored

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Whether it is to be saved; the form compares nothing else."""
        return bool(self.to_stored(data.content) != initial)


class ConditionField(StructureField):
    """A condition."""

    widget = ConditionWidget

    def to_stored(self, typed: Any) -> Any:
        """The condition as JSON."""
        return typed_tree.to_condition(typed[0])


class RowsField(StructureField):
    """A list of rows."""

    widget = RowsWidget

    def to_stored(self, typed: Any) -> Any:
        """The rows as plain values."""
        return typed_rows.to_stored(typed)


def _is_untouched(root: TypedNode) -> bool:
    """A form that was just opened, or only grew by a row: nothing in it is wrong yet."""
    return not root.parts and root.kind != "always"


def _facts() -> list[tuple[str, str]]:
    return [(key, _(spec.label)) for key, spec in FACTS.items()]


def _described(node: TypedNode, name: str, within: str = "") -> dict[str, Any]:
    """A node for the template, with its names, its operators and the values that it may take.

    `within`: what its buttons name before its place, where it is one of several conditions in a field.
    """
    spec = node.spec
    gone = set(spec.never) - set(node.values) if spec else set()
    return {
        "node": node,
        "field": name,
        "name": f"{name}-{node.path}",
        "where": f"{within}{node.path}",
        "depth": node.path.count("_"),
        "parts": [_described(part, name, within) for part in node.parts],
        "operators": [(op, OPERATOR_WORDS.get(op, op)) for op in OPERATORS[spec.kind]]
        if spec
        else [],
        # One that a condition was once written with stays to be seen, and taken out.
        "choices": [(code, _(label)) for code, label in spec.choices if code not in gone]
        if spec
        else [],
        "unit": _("days") if node.shape == "days" else _(spec.unit) if spec and spec.unit else "",
        # A row that was only just added is not scolded for being empty.
        "error": "" if node.is_new else node.error,
    }

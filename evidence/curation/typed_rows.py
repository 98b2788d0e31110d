"""Lists of a draft as they stand in a form: reasons, rules by source, contradictions, corrections."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from evidence.choices import Action, RowMark
from evidence.content import MOST_ROWS, too_many
from evidence.curation import typed_tree
from evidence.curation.typed_tree import TypedNode

WITHIN = "/"
"""Between a cell and the part of its condition that a button is about."""
_COUNT = re.compile(r"\d{1,9}")


@dataclass(frozen=True, slots=True)
class Column:
    """One field of a row; `kind` is text, line, source, choice, names, condition or rows (with `columns`)."""

    name: str
    label: str | Promise
    kind: str = "text"
    columns: tuple[Column, ...] = ()
    choices: tuple[tuple[str, str | Promise], ...] = ()


_SIDE = (
    Column("source", gettext_lazy("Source"), "source"),
    Column("says", gettext_lazy("What it says")),
)
COLUMNS: dict[str, tuple[Column, ...]] = {
    # A list of plain sentences: one column without a name.
    "certainty_reasons": (Column("", gettext_lazy("Reason")),),
    "rules": (
        Column("source", gettext_lazy("Source"), "source"),
        Column("action", gettext_lazy("Action"), "choice", choices=tuple(Action.choices)),
        Column("says", gettext_lazy("What it says")),
        Column("condition", gettext_lazy("When it says so"), "condition"),
        Column("mark", gettext_lazy("How well attested"), "choice", choices=tuple(RowMark.choices)),
        Column("agents", gettext_lazy("About these drugs alone, with commas"), "names"),
    ),
    "contradictions": (
        Column("question", gettext_lazy("Question"), "line"),
        Column("sides", gettext_lazy("Sides"), "rows", _SIDE),
    ),
    "corrections": (
        Column("erratum", gettext_lazy("Erratum"), "line"),
        Column("printed", gettext_lazy("What is printed")),
        Column("source_says", gettext_lazy("What the source says")),
        Column("shown", gettext_lazy("What is shown")),
    ),
}


@dataclass(slots=True)
class Cell:
    """One field of a row as typed, or the rows inside it."""

    column: Column
    name: str
    value: str = ""
    rows: list[Row] = field(default_factory=list)
    tree: TypedNode | None = None
    # The condition as its template needs it.
    shown: Any = None


@dataclass(slots=True)
class Row:
    """One row as typed; `number` counts from 1 for whoever reads it."""

    name: str
    number: int
    cells: list[Cell]
    error: str = ""
    is_new: bool = False

    @property
    def is_empty(self) -> bool:
        """Whether nothing was typed in it."""
        return not any(
            cell.value.strip()
            or any(not row.is_empty for row in cell.rows)
            or (cell.tree is not None and (cell.tree.parts or cell.tree.kind == "always"))
            for cell in self.cells
        )


def from_stored(name: str, value: Any) -> list[Row]:
    """The form of a stored list; what has another shape than the field's is left out."""
    items = value if isinstance(value, list) else []
    return [_stored(name, index, item, COLUMNS[name]) for index, item in enumerate(items)]


def from_post(data: Mapping[str, Any], name: str) -> list[Row]:
    """The form of what was sent under `name`."""
    return _sent(data, name, COLUMNS[name])


def to_stored(rows: list[Row]) -> list[Any] | None:
    """The list that was typed, empty rows left out; each fault is noted at its row, and then None."""
    faults = int(_overlong(rows))
    found = []
    for row in rows:
        if row.is_empty:
            continue
        faults += sum(_overlong(cell.rows) for cell in row.cells)
        lacking = [str(cell.column.label) for cell in row.cells if _lacks(cell)]
        if lacking:
            row.error = _("Still empty: %(names)s.") % {"names": ", ".join(lacking)}
            faults += 1
        for cell in row.cells:
            if cell.tree is not None and typed_tree.to_condition(cell.tree) is None:
                faults += 1
        found.append(_plain(row))
    return None if faults else found


def edited(rows: list[Row], name: str, action: str, path: str) -> list[Row]:
    """The form after a button: `add` at the end of the list named by `path`, `remove` of the row so named."""
    _edit(rows, name, COLUMNS[name], action, path)
    return _renamed(rows, name)


def _overlong(rows: list[Row]) -> bool:
    """Say at the first row that is one too many how many there are."""
    if len(rows) <= MOST_ROWS:
        return False
    rows[MOST_ROWS].error = capfirst(too_many(len(rows)))
    return True


def _edit(rows: list[Row], name: str, columns: tuple[Column, ...], action: str, path: str) -> None:
    if action == "add" and path == name:
        if len(rows) < MOST_ROWS:
            rows.append(_new(columns))
        else:
            rows[-1].error = capfirst(too_many(len(rows) + 1))
    for row in list(rows):
        if action == "remove" and row.name == path:
            rows.remove(row)
        for cell in row.cells:
            if cell.tree is not None and path.startswith(f"{cell.name}{WITHIN}"):
                cell.tree = typed_tree.edited(cell.tree, action, path.partition(WITHIN)[2])
            if cell.column.kind == "rows":
                _edit(cell.rows, cell.name, cell.column.columns, action, path)


def _new(columns: tuple[Column, ...], is_new: bool = True) -> Row:
    cells = [
        # What is told from two sides begins with two.
        Cell(
            column,
            "",
            rows=[_new(column.columns, False) for _n in "ab" if column.kind == "rows"],
            tree=typed_tree.from_condition(None) if column.kind == "condition" else None,
        )
        for column in columns
    ]
    return Row("", 0, cells, is_new=is_new)


def _renamed(rows: list[Row], name: str) -> list[Row]:
    for index, row in enumerate(rows):
        row.name, row.number = f"{name}-{index}", index + 1
        for cell in row.cells:
            cell.name = f"{row.name}-{cell.column.name}"
            _renamed(cell.rows, cell.name)
    return rows


def _stored(name: str, index: int, item: Any, columns: tuple[Column, ...]) -> Row:
    held = item if isinstance(item, dict) else {"": item}
    cells = []
    for column in columns:
        value, here = held.get(column.name, ""), f"{name}-{index}-{column.name}"
        if column.kind == "rows":
            inner = value if isinstance(value, list) else []
            rows = [_stored(here, n, part, column.columns) for n, part in enumerate(inner)]
            cells.append(Cell(column, here, rows=rows))
        elif column.kind == "condition":
            cells.append(Cell(column, here, tree=typed_tree.from_condition(value)))
        elif column.kind == "names":
            names = value if isinstance(value, list) else []
            cells.append(Cell(column, here, value=", ".join(map(str, names))))
        else:
            cells.append(Cell(column, here, value=str(value)))
    return Row(f"{name}-{index}", index + 1, cells)


def _sent(data: Mapping[str, Any], name: str, columns: tuple[Column, ...]) -> list[Row]:
    number = str(data.get(f"{name}-n", "0"))
    rows: list[Row] = []
    # More of them than were sent are none; more than may be are said to be too many, not cut.
    for index in range(min(int(number), len(data)) if _COUNT.fullmatch(number) else 0):
        if not any(_is_sent(data, f"{name}-{index}-{column.name}") for column in columns):
            continue
        cells = []
        for column in columns:
            here = f"{name}-{index}-{column.name}"
            if column.kind == "rows":
                cells.append(Cell(column, here, rows=_sent(data, here, column.columns)))
            elif column.kind == "condition":
                cells.append(Cell(column, here, tree=typed_tree.from_post(data, here)))
            else:
                cells.append(Cell(column, here, value=str(data.get(here, ""))))
        rows.append(Row(f"{name}-{index}", len(rows) + 1, cells))
    return rows


def _is_sent(data: Mapping[str, Any], name: str) -> bool:
    return name in data or f"{name}-n" in data or f"{name}-0-kind" in data


def _lacks(cell: Cell) -> bool:
    if cell.column.kind == "rows":
        full = [row for row in cell.rows if not row.is_empty]
        return len(full) < 2 or any(_lacks(inner) for row in full for inner in row.cells)
    # A condition tells its faults beside the part that is wrong.
    return cell.column.kind not in ("names", "condition") and not cell.value.strip()


def _plain(row: Row) -> Any:
    if [cell.column.name for cell in row.cells] == [""]:
        return row.cells[0].value.strip()
    found = {cell.column.name: _plain_cell(cell) for cell in row.cells}
    # Most rows are about no drug of their own.
    return {name: value for name, value in found.items() if name != "agents" or value}


def _plain_cell(cell: Cell) -> Any:
    if cell.column.kind == "rows":
        return [_plain(inner) for inner in cell.rows if not inner.is_empty]
    if cell.tree is not None:
        return typed_tree.to_condition(cell.tree)
    if cell.column.kind == "names":
        return [name.strip() for name in cell.value.split(",") if name.strip()]
    return cell.value.strip()

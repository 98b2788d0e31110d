"""Workbooks (.xlsx): read without computing anything, written with text alone."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from itertools import repeat, zip_longest
from typing import Any
from xml.etree.ElementTree import ParseError

from defusedxml import DefusedXmlException
from django.utils.translation import gettext as _
from openpyxl import Workbook, load_workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException

from cases.bulk.cells import BrokenCell, cell_text
from cases.bulk.columns import SHEETS, Sheet, plain
from cases.bulk.escaping import escaped
from cases.bulk.files import MOST_COLUMNS, MOST_ROWS, Book, FileRefused, take_rows

DAMAGED = (
    InvalidFileException, zipfile.BadZipFile, DefusedXmlException, ParseError,
    KeyError, ValueError, TypeError, AttributeError, IndexError, OverflowError, EOFError,
)  # fmt: skip
# Rows of formatting without a word that Excel leaves below a table.
MOST_EMPTY = 2_000


def read_workbook(data: bytes, book: Book) -> None:
    """Add the rows of the sheets of the template to `book`. Raises FileRefused."""
    try:
        values = load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
        # Few sheets of data compute anything: the second reading is for those that do.
        again = io.BytesIO(data)
        formulas = (
            load_workbook(again, read_only=True, keep_links=False) if _computes(data) else None
        )
        merged = _merging(data, values.worksheets)
        for sheet in values.worksheets:
            alone = len(values.worksheets) == 1
            _read_sheet(sheet, formulas, book, merged, alone=alone)
    except FileRefused:
        raise
    except DAMAGED as error:
        raise FileRefused(
            _("The workbook is damaged: open it and save it anew as .xlsx")
        ) from error


def _computes(data: bytes) -> bool:
    """Whether any sheet of a workbook has a formula."""
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        sheets = [n for n in packed.namelist() if n.startswith("xl/worksheets/")]
        return any(b"<f" in packed.read(name) for name in sheets)


def _merging(data: bytes, sheets: Iterable[Any]) -> set[str]:
    """Return the titles of sheets with merged cells."""
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        return {s.title for s in sheets if b"<mergeCell " in packed.read(s._worksheet_path)}


def _read_sheet(sheet: Any, formulas: Any, book: Book, merged: set[str], *, alone: bool) -> None:
    """Add the rows of a sheet; one that is `alone` in its workbook is known by its headings, whatever its name."""
    kind = next(
        (s for s in SHEETS.values() if plain(sheet.title) in {s.code, plain(s.title)}), None
    )
    if sheet.sheet_state != "visible":
        words = _("The sheet “%(name)s” is hidden and was not read")
        book.notes.append(words % {"name": sheet.title[:40]})
    elif kind is None and not alone:
        words = _("The sheet “%(name)s” is none of the template and was not read")
        if plain(sheet.title) != plain(WORDS):
            book.notes.append(words % {"name": sheet.title[:40]})
    else:
        if sheet.title in merged:
            words = _(
                "The sheet “%(name)s” has merged cells: of each, the first alone has a value. Unmerge them and"
                " repeat the value in every row that it is meant for"
            )
            book.notes.append(words % {"name": sheet.title[:40]})
        # What a workbook says of its own size may be wrong.
        sheet.reset_dimensions()
        beside = formulas[sheet.title] if formulas is not None else None
        if beside is not None:
            beside.reset_dimensions()
        take_rows(_lines(sheet, beside), book, kind, sheet.title[:40])


def _lines(sheet: Any, formulas: Any) -> Iterator[tuple[int, list[Any]]]:
    empty = 0
    typed_rows = formulas.iter_rows() if formulas is not None else repeat(())
    both = zip(sheet.iter_rows(), typed_rows, strict=False)
    for number, (cells, typed) in enumerate(both, start=1):
        if number > MOST_ROWS + MOST_EMPTY:
            raise FileRefused(_("The file has more than 50 000 rows: divide it"))
        told = [
            _told(c, t)
            for c, t in zip_longest(
                cells[: MOST_COLUMNS * 2], typed[: min(len(cells), MOST_COLUMNS * 2)]
            )
        ]
        empty = 0 if any(told) else empty + 1
        if empty > MOST_EMPTY:
            return
        yield number, told


def _told(cell: Any, typed: Any) -> str | BrokenCell:
    if cell.data_type == "e":
        return BrokenCell(_("An error of Excel stands here: %(what)s") % {"what": str(cell.value)})
    if cell.value is None and typed is not None and typed.data_type == "f":
        return BrokenCell(
            _("A formula without a saved result stands here: put its value in its place")
        )
    return cell_text(cell.value, getattr(cell, "number_format", "General") or "General")


WORDS = "Words"
_HEAD = PatternFill("solid", fgColor="E8EDEE")


def written_workbook(
    rows: Mapping[str, Iterable[Mapping[str, str]]], words: Iterable[tuple[str, ...]] = ()
) -> bytes:
    """Return a workbook with every sheet of the template and the given rows, text in every cell."""
    book = Workbook(write_only=True)
    for sheet in SHEETS.values():
        _write(book, sheet, rows.get(sheet.code, ()))
    told = list(words)
    if told:
        page = book.create_sheet(WORDS)
        for place, width in zip("ABCD", (12, 28, 60, 70), strict=True):
            page.column_dimensions[place].width = width
        for line in told:
            cells = [_cell(page, text, bold=line is told[0]) for text in line]
            page.append(cells)
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


def _write(book: Any, sheet: Sheet, rows: Iterable[Mapping[str, str]]) -> None:
    page = book.create_sheet(sheet.title)
    page.freeze_panes = "B2"
    for place, column in enumerate(sheet.columns, start=1):
        page.column_dimensions[get_column_letter(place)].width = max(14, len(column.heading) + 3)
    page.append([_cell(page, c.heading, bold=True) for c in sheet.columns])
    for row in rows:
        page.append([_cell(page, escaped(row.get(c.field, ""))) for c in sheet.columns])


def _cell(page: Any, text: str, *, bold: bool = False) -> Any:
    # Signs that no workbook can hold do not come in by the forms either.
    cell = WriteOnlyCell(page, value=re.sub(ILLEGAL_CHARACTERS_RE, " ", text) or None)
    cell.number_format = "@"
    if bold:
        cell.font, cell.fill = Font(bold=True), _HEAD
        cell.alignment = Alignment(wrap_text=True, vertical="top")
    return cell

"""From an uploaded file to rows of text: workbooks, files of text, and several of these in a zip.

Nothing is computed and nothing is fetched: a formula counts for the value that was saved with it. Everything that is
doubtful about a file is refused in words.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from cases.bulk.cells import BrokenCell
from cases.bulk.columns import DAYS, SHEETS, Column, Sheet, plain
from cases.bulk.escaping import unescaped

if TYPE_CHECKING:
    from typing import Any

MOST_BYTES = 10 * 1024 * 1024
MOST_UNPACKED = 80 * 1024 * 1024
MOST_PARTS = 300
# Of what is read whole, into objects of a hundred times its size: formats, and everything but sheets and their texts.
MOST_FORMATS = 1024 * 1024
MOST_OF_A_PART = 3 * 1024 * 1024
FORMATS_PART = "xl/styles.xml"
# What the others cost goes by their elements: 50 000 rows of all columns have fewer than these.
MOST_ELEMENTS = {"xl/worksheets/": 3_000_000, "xl/sharedstrings.xml": 1_500_000}
MOST_ROWS = 50_000
MOST_COLUMNS = 100
MOST_CELL = 4_000
WORKBOOK_PART = "xl/workbook.xml"
SEPARATORS = ",;\t"
# So many rows may stand above the headings: a title, and what is empty.
MOST_ABOVE = 10
_SEPARATOR = re.compile(r'"?sep=(.)"?', re.IGNORECASE)
TICK_EVERY = 200
_DAY_OR_MONTH = re.compile(r"(?<!\d)(\d{1,2})/(\d{1,2})/(?=\d{4}(?!\d))")


class FileRefused(ValueError):
    """A file that cannot be read as what it should be; says why in words."""


@dataclass
class Row:
    """One row of a file: the text of each column, as far as it says something.

    `number` is the row as the spreadsheet counts it. `broken` says of columns why their cell cannot be read, `unread`
    what stands in those that have a text.
    """

    sheet: Sheet
    number: int
    cells: dict[str, str] = field(default_factory=dict)
    broken: dict[str, str] = field(default_factory=dict)
    unread: dict[str, str] = field(default_factory=dict)

    def __getitem__(self, name: str) -> str:
        return self.cells.get(name, "")


@dataclass
class Book:
    """All rows of a file in its order, and what was left aside."""

    rows: list[Row] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    # Whether 03/04/2024 is 3 April in all of the file, as its sender said.
    day_first: bool = False
    # Called now and then while the file is read: a sign of life.
    tick: Callable[[], None] = lambda: None

    def of(self, sheet: Sheet) -> list[Row]:
        """Return the rows of one kind."""
        return [row for row in self.rows if row.sheet is sheet]


def read(data: bytes, tick: Callable[[], None] = lambda: None, *, day_first: bool = False) -> Book:
    """Return the rows of a file, calling `tick` every few hundred of them. Raises FileRefused.

    `day_first`: dates such as 03/04/2024 are day/month/year; else one that could be either is a broken cell.
    """
    if not data:
        raise FileRefused(_("The file is empty"))
    if len(data) > MOST_BYTES:
        raise FileRefused(_("The file is larger than 10 MB: divide it"))
    if data[:4] == b"\xd0\xcf\x11\xe0":
        raise FileRefused(
            _("This is an old or a protected Excel file: save it as .xlsx without a password")
        )
    _refuse_other_kinds(data)
    book = Book(tick=tick, day_first=day_first)
    if data[:2] == b"PK":
        _packed(data, book)
    else:
        _text(data, book)
    if not book.rows:
        raise FileRefused(". ".join([_("The file has no rows below its headings"), *book.notes]))
    return book


def _refuse_other_kinds(data: bytes) -> None:
    """Say of what is no table of text or workbook what it is, as far as its first bytes tell."""
    if data[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        raise FileRefused(
            _("This is Unicode text of Excel: save it as “CSV UTF-8” or as .xlsx instead")
        )
    if data[:256].lstrip().lower().startswith((b"<html", b"<!doctype", b"<?xml", b"<table")):
        raise FileRefused(_("This is a web page or XML, whatever it is called: save it as .xlsx"))
    if data[:4] == b"%PDF" or (data[:2] != b"PK" and b"\x00" in data[:1024]):
        raise FileRefused(_("This is neither a workbook (.xlsx) nor a file of text (.csv)"))


def _packed(data: bytes, book: Book) -> None:
    """Read a workbook, or files of text in a zip; first what it would unpack to."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            parts = packed.infolist()
            if len(parts) > MOST_PARTS or sum(p.file_size for p in parts) > MOST_UNPACKED:
                raise FileRefused(_("The file unpacks to far more than a spreadsheet would"))
            names = {p.filename for p in parts}
            if WORKBOOK_PART in names:
                _weigh(packed, book)
            else:
                _texts(packed, book)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError) as error:
        raise FileRefused(_("The file is damaged, or protected by a password")) from error
    if WORKBOOK_PART in names:
        from cases.bulk.workbooks import read_workbook

        read_workbook(data, book)


def _weigh(packed: zipfile.ZipFile, book: Book) -> None:
    """Refuse a workbook that would cost far more to read than its rows are worth."""
    elements: Counter[str] = Counter()
    for part in packed.infolist():
        name = part.filename.lower()
        large = next((start for start in MOST_ELEMENTS if name.startswith(start)), "")
        if large:
            elements[large] += _elements(packed, part)
            book.tick()
            if elements[large] > MOST_ELEMENTS[large]:
                raise FileRefused(
                    _("The workbook has far more cells than a table needs: divide it")
                )
        elif part.file_size > (MOST_FORMATS if name == FORMATS_PART else MOST_OF_A_PART):
            raise FileRefused(
                _(
                    "The workbook holds far more formatting or pictures than a table needs: copy the rows"
                    " into a new template, as values alone"
                )
            )


def _elements(packed: zipfile.ZipFile, part: zipfile.ZipInfo) -> int:
    found = 0
    with packed.open(part) as opened:
        while piece := opened.read(1024 * 1024):
            found += piece.count(b"<") - piece.count(b"</")
    return found


def _texts(packed: zipfile.ZipFile, book: Book) -> None:
    found = [p for p in packed.infolist() if p.filename.lower().endswith(".csv")]
    if not found:
        raise FileRefused(_("Send a workbook (.xlsx), a file of text (.csv), or a zip of these"))
    for part in found:
        stem = plain(part.filename.rsplit("/", 1)[-1][:-4])
        named = next((s for s in SHEETS.values() if stem in {s.code, plain(s.title)}), None)
        if named is None:
            book.notes.append(_("%(name)s was not read") % {"name": part.filename[:60]})
            continue
        _text(packed.read(part), book, named)


def _text(data: bytes, book: Book, sheet: Sheet | None = None) -> None:
    """Read one file of comma-, semicolon- or tab-separated text."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        if data[:2] in {b"\xff\xfe", b"\xfe\xff"}:
            text = data.decode("utf-16", errors="replace")
        else:
            raise FileRefused(
                _("The file is not in UTF-8: in Excel, save it as “CSV UTF-8” or as .xlsx")
            ) from error
    if "\x00" in text:
        raise FileRefused(_("This is neither a workbook (.xlsx) nor a file of text (.csv)"))
    first, _end, below = text.partition("\n")
    told = _SEPARATOR.fullmatch(first.strip())
    # What Excel writes for itself into the first line counts as a line.
    skipped = 1 if told else 0
    if told:
        text, separator = below, told[1]
    else:
        above = text.split("\n", MOST_ABOVE)[:MOST_ABOVE]
        # A title may stand above the headings, which are told apart by the first line that has any of them.
        said = next((line for line in above if any(map(line.count, SEPARATORS))), "")
        separator = max(SEPARATORS, key=said.count)
    try:
        lines = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
        take_rows(enumerate(lines, start=1 + skipped), book, sheet)
    except csv.Error as error:
        raise FileRefused(_("The file is damaged: a quotation mark is open to its end")) from error


def kind_of(headings: Iterable[str]) -> Sheet | None:
    """Return the kind of rows that headings belong to: the one of which they hold all that is required."""
    given = {plain(h) for h in headings}
    fitting = [
        s
        for s in SHEETS.values()
        if all(plain(c.heading) in given for c in s.columns if c.required)
    ]
    return max(fitting, key=lambda s: len(given & set(s.by_heading)), default=None)


def take_rows(
    lines: Iterable[tuple[int, list[Any]]], book: Book, sheet: Sheet | None, where: str = ""
) -> None:
    """Add the rows below the headings to `book`; `sheet` None: what the headings say. Raises FileRefused."""
    numbered = iter(lines)
    names = _headings(numbered, sheet)
    if names is None:
        return
    kind = sheet or kind_of(names)
    where = where or (kind.title if kind else "")
    if kind is None:
        raise FileRefused(_("The headings are those of no sheet of the template"))
    columns = _columns(kind, names, where)
    for number, cells in numbered:
        if not number % TICK_EVERY:
            book.tick()
        row = _row(kind, number, columns, cells)
        if not book.day_first:
            _refuse_two_readings(row)
        if row.cells or row.broken:
            book.rows.append(row)
        if len(book.rows) > MOST_ROWS:
            raise FileRefused(_("The file has more than 50 000 rows: divide it"))


def _headings(lines: Iterator[tuple[int, list[Any]]], sheet: Sheet | None) -> list[str] | None:
    """Return the row of headings: a title may stand above it. Where none is one, the first row that says anything."""
    first: list[str] | None = None
    for number, cells in lines:
        if not any(_said(cell) for cell in cells):
            continue
        names = [str(cell or "") for cell in cells]
        first = first or names
        found = kind_of(names)
        if found is not None and sheet in (None, found):
            return names
        # Several cells beside each other are headings, wrong as they may be.
        if sum(map(_said, cells)) > 1:
            return names
        if number >= MOST_ABOVE:
            break
    return first


def _refuse_two_readings(row: Row) -> None:
    """Take cells for broken whose date has two readings: nobody said which comes first, day or month."""
    for name in DAYS & row.cells.keys():
        pairs = (pair.groups() for pair in _DAY_OR_MONTH.finditer(row.cells[name]))
        if any(one != other and max(int(one), int(other)) <= 12 for one, other in pairs):
            words = _(
                "“%(typed)s” can be read as day/month or as month/day: write it as 2024-04-03 or 3 April 2024, or"
                " say when you send the file that its dates are day/month/year"
            )
            row.unread[name] = row.cells.pop(name)
            row.broken[name] = words % {"typed": row.unread[name][:60]}


def _columns(kind: Sheet, names: list[str], where: str) -> list[Column | None]:
    """Return the column of each heading. Raises FileRefused for all that are unknown, double or missing."""
    if len([n for n in names if n.strip()]) > MOST_COLUMNS:
        raise FileRefused(_("%(sheet)s has more than 100 columns") % {"sheet": where})
    found: list[Column | None] = []
    wrong: list[str] = []
    for name in names:
        column = kind.by_heading.get(plain(name))
        if column is None and name.strip():
            words = _("%(sheet)s: the heading “%(heading)s” is not one of the template")
            wrong.append(words % {"sheet": where, "heading": name.strip()[:60]})
        if column is not None and column in found:
            words = _("%(sheet)s: the heading “%(heading)s” stands there twice")
            wrong.append(words % {"sheet": where, "heading": column.heading})
        found.append(column)
    words = _("%(sheet)s: the column “%(heading)s” is missing")
    lacking = [c.heading for c in kind.columns if c.required and c not in found]
    wrong += [words % {"sheet": where, "heading": heading} for heading in lacking]
    if wrong:
        raise FileRefused("; ".join(wrong))
    return found


def _said(cell: Any) -> bool:
    return isinstance(cell, BrokenCell) or bool(str(cell or "").strip())


def _row(kind: Sheet, number: int, columns: list[Column | None], cells: list[Any]) -> Row:
    row = Row(kind, number)
    for place, cell in enumerate(cells):
        if not _said(cell):
            continue
        column = columns[place] if place < len(columns) else None
        if column is None:
            row.broken[""] = _("Something stands in a column without a heading")
        elif isinstance(cell, BrokenCell):
            row.broken[column.field] = cell.words
        elif len(cell) > MOST_CELL:
            row.broken[column.field] = _("The text is longer than can be kept")
        else:
            row.cells[column.field] = unescaped(cell.strip())
    return row

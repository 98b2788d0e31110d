"""Rows as files in the format of the import: a workbook, or files of text in a zip."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable, Mapping

from django.utils import translation
from django.utils.translation import gettext as _

from cases.bulk.columns import SHEETS, Column, Sheet
from cases.bulk.escaping import escaped
from cases.bulk.workbooks import written_workbook
from cases.forms.fields import SHOWN_WORDS

XLSX, CSV = "xlsx", "csv"
TYPES = {
    XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    CSV: "application/zip",
}
SUFFIXES = {XLSX: "xlsx", CSV: "zip"}
Rows = Mapping[str, Iterable[Mapping[str, str]]]


def written(rows: Rows, form: str) -> bytes:
    """Return rows by the codes of their sheets, each a text by field, as a file."""
    return written_workbook(rows) if form == XLSX else written_texts(rows)


def written_texts(rows: Rows, words: Iterable[tuple[str, ...]] = ()) -> bytes:
    """Return a zip with one file of comma-separated text for each sheet, in UTF-8 as Excel knows it."""
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as packed:
        for sheet in SHEETS.values():
            lines = [[c.heading for c in sheet.columns]]
            for row in rows.get(sheet.code, ()):
                lines.append([escaped(row.get(c.field, "")) for c in sheet.columns])
            packed.writestr(f"{sheet.code}.csv", _lines(lines))
        told = [list(line) for line in words]
        if told:
            packed.writestr("words.csv", _lines(told))
    return kept.getvalue()


def _lines(lines: Iterable[list[str]]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, quoting=csv.QUOTE_ALL).writerows(lines)
    return text.getvalue().encode("utf-8-sig")


def template(form: str, analytes: Iterable[tuple[str, str, str]]) -> bytes:
    """Return an empty file with all headings, and what may stand below them.

    `analytes`: code, label and units of each.
    """
    with translation.override(None):
        words = [
            *_words(),
            *(("Labs", "Analyte", label, f"{code}: {units}") for code, label, units in analytes),
        ]
    return written_workbook({}, words) if form == XLSX else written_texts({}, words)


def _words() -> list[tuple[str, ...]]:
    states = ", ".join(str(word) for word in SHOWN_WORDS.values())
    lines: list[tuple[str, ...]] = [
        (_("Sheet"), _("Column"), _("What stands there"), _("Words")),
        ("", "", _("An empty cell says nothing: nothing is taken out of the record by it"), ""),
        (
            "",
            "",
            _("Where a value is asked for and cannot be had, one of these words says why"),
            states,
        ),
        ("", "", _("Several values of one cell have ; between them"), ""),
    ]
    for sheet in SHEETS.values():
        lines += [(sheet.title, c.heading, _what(c), _choices(c)) for c in sheet.columns]
    return lines


def _what(column: Column) -> str:
    told = [str(column.says)] if column.says else []
    if column.required:
        told.append(_("always needed"))
    if column.many:
        told.append(_("one or several"))
    if column.stated:
        told.append(_("or a word for why there is none"))
    return "; ".join(told)


def _choices(column: Column) -> str:
    if column.choices is None:
        return ""
    pairs = [(str(code), str(label)) for code, label in column.choices()]
    return "; ".join(c if c.casefold() == n.casefold() else f"{c} ({n})" for c, n in pairs)


__all__ = ["CSV", "SUFFIXES", "TYPES", "XLSX", "Sheet", "template", "written", "written_texts"]

"""Text that a spreadsheet would take for a formula: one escape on the way out, exactly one taken off on the way in.

Pure. `unescaped(escaped(text)) == text` for every text: an apostrophe counts as such a beginning itself.

Not only the cell begins: Excel splits files of text at semicolons where the comma is for decimals, whatever quotation
marks say, and what stands after a separator or a line's end within a text would begin a cell there.
"""

from __future__ import annotations

import re

# What makes spreadsheets compute, the full-width signs included, and the sign of the escape.
_SIGNS = r"[=+\-@＝＋－＠']"
# How a formula may begin, in a cell or where a spreadsheet may divide one; blanks and quotation marks hide none.
_BEGINS = re.compile(rf"[\t\r\n]|[ \"]*{_SIGNS}")
_INNER = re.compile(rf"([;,\t\r\n])(?=[ \"]*{_SIGNS})")
_ESCAPED = re.compile(rf"([;,\t\r\n])'(?=[ \"]*{_SIGNS})")


def escaped(text: str) -> str:
    """Return a text as it stands in a cell: with an apostrophe before whatever could be a formula."""
    inner = _INNER.sub(r"\1'", text)
    return f"'{inner}" if _BEGINS.match(inner) else inner


def unescaped(text: str) -> str:
    """Return what a cell says: without the apostrophes that an escape put there, if one did."""
    inner = text[1:] if text.startswith("'") and _BEGINS.match(text[1:]) else text
    return _ESCAPED.sub(r"\1", inner)

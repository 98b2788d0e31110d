"""Text that a spreadsheet would take for a formula: one escape on the way out, exactly one taken off on the way in.

Pure. `unescaped(escaped(text)) == text` for every text: an apostrophe counts as such a beginning itself.
"""

from __future__ import annotations

# What makes spreadsheets compute, the full-width signs included, and the sign of the escape.
STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠", "'")


def escaped(text: str) -> str:
    """Return a text as it stands in a cell: with an apostrophe before what could be a formula."""
    return f"'{text}" if text.startswith(STARTS) else text


def unescaped(text: str) -> str:
    """Return what a cell says: without the one apostrophe that an escape put there, if one did."""
    return text[1:] if text.startswith("'") and text[1:].startswith(STARTS) else text

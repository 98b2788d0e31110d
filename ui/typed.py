"""Numbers that a button or a hidden field sends, outside any form."""

from __future__ import annotations

LARGEST = 2_147_483_647


def whole_number(text: str | None, otherwise: int = 0) -> int:
    """Return the number that `text` says in plain figures, or `otherwise`."""
    if text and text.isascii() and text.isdigit() and len(text) <= 10 and int(text) <= LARGEST:
        return int(text)
    return otherwise

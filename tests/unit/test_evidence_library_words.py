"""How a word is searched for however its parts are put together, and which numbers are another's."""

from __future__ import annotations

import re

import pytest

from evidence.library import _put_together


def finds(word: str, text: str) -> bool:
    """Whether the pattern finds a text; where a word begins the database writes otherwise."""
    pattern = _put_together(word)
    assert pattern.startswith(r"\m")
    return bool(re.search(pattern.replace(r"\m", r"\b"), text, re.IGNORECASE))


@pytest.mark.parametrize(
    ("word", "text"),
    [
        ("KEYNOTE-24", "KEYNOTE-024"),
        ("KEYNOTE-024", "KEYNOTE-24"),
        ("keynote10", "KEYNOTE 010"),
        ("KEYNOTE-010", "KEYNOTE-010"),
        ("60%", "60 %"),
        ("100mg", "100 mg"),
        ("CTLA4", "CTLA-4"),
        ("BTCRC-LUN15-029", "BTCRC-LUN15-29"),
    ],
)
def test_what_is_put_together_otherwise_is_found(word: str, text: str) -> None:
    assert finds(word, text)


@pytest.mark.parametrize(
    ("word", "text"),
    [
        ("60%", "6 %"),
        ("50%", "below 5 %"),
        ("KEYNOTE-010", "KEYNOTE-189"),
        ("KEYNOTE-010", "KEYNOTE-158"),
        ("KEYNOTE-010", "KEYNOTE-1"),
        ("100mg", "1 mg"),
        ("100mg", "10 mg"),
        ("20/40", "2/41"),
    ],
)
def test_another_number_is_not_found(word: str, text: str) -> None:
    assert not finds(word, text)

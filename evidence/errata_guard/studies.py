"""The studies that an erratum of severity critical or high is about: what goes with citing one, and its names."""

from __future__ import annotations

import re
from collections.abc import Iterable

from evidence.errata_guard.delivered import tumours

REVIEW = "zhang-2024"
DIRECT = ("nsclc", "nsclc_squamous")
# Both lung cancer and others in one study: its part with NSCLC may be told as such.
MIXED = "mixed"

ERRATA_OF: dict[str, tuple[str, ...]] = {
    "checkmate-153": ("E03",),
    "checkmate-172": ("E02", "E01"),
    "pollack-2018": ("E04",),
    "s1400f": ("E06",),
    "abu-sbeih-2019": ("E07",),
    "guo-2022": ("E08",),
    "salous-2023": ("E11",),
    "sheth-2020": ("E18",),
    "keynote-010-2020": ("E19",),
    "keynote-010-5y": ("E19",),
    "keynote-024": ("E19",),
}
"""What the review prints wrongly of a study: whoever cites it carries these corrections, with a finding or without."""

# How a text names them, in plain spelling.
_NAMES = {
    "checkmate-153": r"\bcheck ?mate ?153\b|\bwaterhouse\b",
    "checkmate-172": r"\bcheck ?mate ?172\b",
    "pollack-2018": r"\bpollack\b",
    "s1400f": r"\bs1400f\b",
    "abu-sbeih-2019": r"\babu sbeih\b",
    "guo-2022": r"\bguo\b",
    "salous-2023": r"\bsalous\b|\bbtcrc\b|\blun15 029\b",
    "sheth-2020": r"\bsheth\b|\bnct01693562\b",
    "keynote-010-2020": r"\bkeynote ?010\b",
    "keynote-010-5y": r"\bkeynote ?010\b",
    "keynote-024": r"\bkeynote ?024\b",
}
_NAMED = {code: re.compile(pattern) for code, pattern in _NAMES.items()}


def named_in(sentence: str) -> list[str]:
    """Return the studies of an erratum that a sentence in plain spelling names."""
    return [code for code, pattern in _NAMED.items() if pattern.search(sentence)]


def errata_of(sources: Iterable[str]) -> dict[str, str]:
    """Return each erratum that these sources bring along, with the first source that does."""
    found: dict[str, str] = {}
    for source in sources:
        for number in ERRATA_OF.get(source, ()):
            found.setdefault(number, source)
    return found


def tumour_of(source: str, entered: str = "") -> str:
    """Return in whom a source was made: as it was delivered, else as it was entered here."""
    return tumours().get(source) or entered

"""How a name, a number or a word of a list is written when one finger slips. Pure.

A database index holds names as they are written, so the ways in which one may have been meant are listed here and
looked up: a letter left out, one too many, a wrong one, two swapped. Trigrams miss most of these in short names
("Smtih"), and call every number of the same year alike.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher

from cases.folding import foldings

LETTERS = "abcdefghijklmnopqrstuvwxyz"
# Names are compared without their accents: no sign has one.
NAME_SIGNS = LETTERS + "'- "
NUMBER_SIGNS = "0123456789" + LETTERS + "-/"
# A shorter word is one slip away from half of the others; a longer one is no name.
SHORTEST, SHORTEST_PART, LONGEST = 4, 3, 40
# As difflib counts: "pneumonits" and "pneumonitis" have 0.95, "neuritis" and "nephritis" 0.82.
ALIKE, AS_GOOD = 0.8, 0.06


@dataclass(frozen=True)
class Spelt:
    """What was typed, each way it may have been meant: as one name or number, and as two names."""

    alone: tuple[str, ...] = ()
    one: tuple[str, ...] = ()
    other: tuple[str, ...] = ()


def slips(word: str, shortest: int = SHORTEST) -> set[str]:
    """Return the word as it is folded and all that one slip makes of it; a short word stands for itself alone."""
    found: set[str] = set()
    for plain in foldings(word):
        found |= _one_slip(plain, NAME_SIGNS, shortest)
    return found


def _one_slip(typed: str, signs: str, shortest: int = SHORTEST) -> set[str]:
    found = {typed}
    if not shortest <= len(typed) <= LONGEST:
        return found
    for at in range(len(typed) + 1):
        before, after = typed[:at], typed[at:]
        found.update([before + sign + after for sign in signs])
        if after:
            rest = after[1:]
            found.add(before + rest)
            found.update([before + sign + rest for sign in signs])
        if len(after) > 1:
            found.add(before + after[1] + after[0] + after[2:])
    return found


def spelt(words: str) -> Spelt:
    """Return what the words of a search may have been meant to be: a number, a name, or two names in either order."""
    typed = [word for word in re.split(r"[\s,]+", words.lower()) if word]
    if any(sign.isdigit() for sign in words):
        return Spelt(alone=tuple(_one_slip("".join(typed), NUMBER_SIGNS)))
    one: set[str] = set()
    other: set[str] = set()
    for at in range(1, len(typed)) if len(typed) <= LONGEST // 10 else ():
        one |= slips(" ".join(typed[:at]), shortest=SHORTEST_PART)
        other |= slips(" ".join(typed[at:]), shortest=SHORTEST_PART)
    whole = " ".join(typed)
    alone = slips(whole) if len(whole) >= SHORTEST else set()
    return Spelt(tuple(alone), tuple(one), tuple(other))


def likeness(typed: str, meant: str) -> float:
    """Return how alike a typed word is to one of a list or to its beginning, from 0 to 1; 0 unless nearly the same."""
    begins = 6 <= len(typed) < len(meant)
    return max(_ratio(typed, meant), _ratio(typed, meant[: len(typed)]) if begins else 0.0)


def _ratio(typed: str, meant: str) -> float:
    """Return difflib's ratio, 0 where it is below `ALIKE`: most words are too long or of other letters at a glance."""
    # No more letters agree than the shorter has, and none that the other lacks: told far sooner than difflib tells it.
    shared = min(len(typed) - _lacking(typed, meant), len(meant) - _lacking(meant, typed))
    if 2 * shared < ALIKE * (len(typed) + len(meant)):
        return 0.0
    compared = SequenceMatcher(None, typed, meant, autojunk=False)
    if compared.quick_ratio() < ALIKE:
        return 0.0
    ratio = compared.ratio()
    return ratio if ratio >= ALIKE else 0.0


def _lacking(one: str, other: str) -> int:
    """Return how many signs of one word do not stand in the other at all."""
    return len(one.translate(str.maketrans("", "", other)))

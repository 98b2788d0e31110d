"""Figures as people type them: a comma or a point before decimals, and what can be read in two ways."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from collections.abc import Callable

# "1,500" is one and a half to one reader and fifteen hundred to another.
_GROUPED = re.compile(r"(?P<whole>[1-9][0-9]{0,2})(?P<mark>[.,])(?P<group>[0-9]{3})")
_PER_MICROLITRE = ("/ul", "/µl", "/μl")


def is_count(unit: str) -> bool:
    """Whether a unit counts cells per microlitre: its usual values are thousands, so a point may part them."""
    low = str(unit).strip().lower()
    return low.startswith(_PER_MICROLITRE)


def two_readings(digits: str, unit: str = "") -> tuple[str, ...]:
    """Return the ways to write what "1,200" may be, without a doubt: "1200" and "1.2"; empty where it is plain.

    A point is in doubt for counts alone. A count has no thousandths: of "1.234" per microlitre one reading is left.
    """
    match = _GROUPED.fullmatch(digits.strip())
    count = is_count(unit)
    if match is None or (match["mark"] == "." and not count):
        return ()
    decimal = f"{match['whole']}.{match['group']}".rstrip("0").rstrip(".")
    whole = match["whole"] + match["group"]
    return (whole,) if count and _GROUPED.fullmatch(decimal) else (whole, decimal)


def thousands_of(digits: str) -> tuple[str, str] | None:
    """Return what "1.000" is where its point parts thousands, and what it is as a decimal; None where it is plain.

    A point is read as the decimal sign. Where both could be meant, `thousands_words` asks for it.
    """
    match = _GROUPED.fullmatch(digits.strip())
    if match is None or match["mark"] != ".":
        return None
    decimal = f"{match['whole']}.{match['group']}".rstrip("0").rstrip(".")
    return match["whole"] + match["group"], decimal


def parted_in(text: str, can_be: Callable[[Decimal], bool]) -> str:
    """Return the first number of a text, "<1.250" or "0.5-1.250", whose point may part thousands; empty where none is.

    `can_be`: whether a number can be what is meant.
    """
    for digits in re.findall(r"[0-9.,]+", text):
        ways = thousands_of(digits)
        if ways is not None and can_be(Decimal(ways[0])):
            return str(digits)
    return ""


def thousands_words(digits: str, unit: Any = "") -> str:
    """Return the question how "1.000" is meant, with how it was read; empty where it is plain."""
    ways = thousands_of(digits)
    if ways is None:
        return ""
    read = f"{ways[1]} {unit}".strip()
    given = {"text": digits.strip(), "read": read, "whole": ways[0]}
    return _("“%(text)s” is read as %(read)s, not as %(whole)s. Is it right?") % given


def doubt_words(digits: str, unit: str = "") -> str:
    """Return how to write a number that can be read in two ways; empty where it is plain."""
    ways = two_readings(digits, unit)
    if not ways:
        return ""
    given = {"text": digits.strip(), "whole": ways[0], "decimal": ways[-1]}
    if len(ways) == 1:
        return _("“%(text)s” can be read in two ways. Write %(whole)s") % given
    return _("“%(text)s” can be read in two ways. Write %(whole)s, or %(decimal)s") % given

"""National patient numbers: which kinds there are, how each is checked and written. Pure.

A country's kind is one entry of `SCHEMES`: what is typed becomes one canonical text, or a sentence that says
what is wrong with it. The code of a kind is stored beside the number and must stay what it is.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Words = str | Promise


class NotANumber(ValueError):
    """What was typed is no number of its kind; `words` is the sentence to show."""

    def __init__(self, words: Words) -> None:
        self.words = words
        super().__init__(str(words))


@dataclass(frozen=True)
class Scheme:
    """One kind of national number.

    `canonical` turns what was typed into the text that is stored, or raises NotANumber; `shown` writes that
    text as people read it.
    """

    label: Words
    hint: Words
    canonical: Callable[[str], str]
    shown: Callable[[str], str]


TEN_DIGITS = re.compile(r"[0-9]{10}")


def nhs_check_digit(nine: str) -> int | None:
    """Return the tenth digit of an NHS number; None where these nine digits begin none.

    Modulus 11 with the weights 10 to 2, as the NHS Data Dictionary defines it: a remainder that would need
    the digit 10 is never issued.
    """
    total = sum(int(digit) * weight for digit, weight in zip(nine, range(10, 1, -1), strict=True))
    digit = (11 - total % 11) % 11
    return None if digit == 10 else digit


def nhs_number(typed: str) -> str:
    """Return an NHS number as ten digits. Raises NotANumber; spaces and hyphens do not count."""
    digits = re.sub(r"[\s-]", "", typed)
    if not TEN_DIGITS.fullmatch(digits):
        raise NotANumber(_("An NHS number has ten digits, such as 943 476 5919"))
    if nhs_check_digit(digits[:9]) != int(digits[9]):
        raise NotANumber(
            _("This is not an NHS number: its last digit does not fit the others. Check each digit")
        )
    return digits


def _in_threes(digits: str) -> str:
    return f"{digits[:3]} {digits[3:6]} {digits[6:]}"


SCHEMES: dict[str, Scheme] = {
    "nhs": Scheme(_("NHS number"), _("ten digits, such as 943 476 5919"), nhs_number, _in_threes),
}


def shown_number(scheme: str, number: str) -> str:
    """Return a stored number as people read it; one of a kind that is no longer offered as it is."""
    known = SCHEMES.get(scheme)
    return known.shown(number) if known and number else number


def scheme_label(scheme: str) -> str:
    """Return what a kind of number is called."""
    known = SCHEMES.get(scheme)
    return str(known.label) if known else scheme

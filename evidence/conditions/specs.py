"""What is said of one fact of the vocabulary, and the ways to say it in short."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["number", "flag", "choice", "date"]
# Units that are not printed behind a figure.
UNSPOKEN_UNITS = {"ratio", "index"}


def gettext_noop(text: str) -> str:
    """Mark a label for translation; this package knows no Django, the page translates."""
    return text


@dataclass(frozen=True, slots=True)
class FactSpec:
    """One fact: `label` names it in a sentence, `question` asks a person for it.

    `choices` are (code, label) pairs, of which no case can have those in `never`: they are still read in conditions
    that were written with them, and no longer offered. `decimals` is how many places a number is kept to;
    `lowest` and `highest` are the limits of what a person may enter.
    """

    key: str
    kind: Kind
    label: str
    question: str
    unit: str | None = None
    choices: tuple[tuple[str, str], ...] = ()
    never: tuple[str, ...] = ()
    decimals: int = 0
    lowest: int | None = None
    highest: int | None = None

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes a choice may take, in the order they are shown."""
        return tuple(code for code, _label in self.choices)

    @property
    def offered(self) -> tuple[tuple[str, str], ...]:
        """The choices that a case can have, in the order they are shown."""
        return tuple(pair for pair in self.choices if pair[0] not in self.never)

    def choice_label(self, code: str) -> str:
        """The words for one code. Raises KeyError for a code that is not in the vocabulary."""
        return dict(self.choices)[code]


def flag(key: str, label: str, question: str) -> FactSpec:
    """Return a fact that is yes or no."""
    return FactSpec(key, "flag", label, question)


def choice(
    key: str,
    label: str,
    question: str,
    *choices: tuple[str, str],
    never: tuple[str, ...] = (),
) -> FactSpec:
    """Return a fact that is one of several codes."""
    return FactSpec(key, "choice", label, question, choices=choices, never=never)


def number(
    key: str, label: str, question: str, unit: str | None, decimals: int, highest: int
) -> FactSpec:
    """Return a number of at least 0, kept to so many decimals."""
    return FactSpec(
        key, "number", label, question, unit=unit, decimals=decimals, lowest=0, highest=highest
    )


def grade(key: str, label: str, question: str) -> FactSpec:
    """Return a CTCAE grade, 0 to 5."""
    return number(key, label, question, None, 0, 5)


def day(key: str, label: str, question: str) -> FactSpec:
    """Return a day."""
    return FactSpec(key, "date", label, question)

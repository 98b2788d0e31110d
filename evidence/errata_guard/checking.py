"""Reads texts against the errata: in which field which of them would come back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from evidence.errata_guard.harm import MISPRINT_NOTE
from evidence.errata_guard.table import BY_NUMBER, ERRATA
from evidence.errata_guard.wording import plain, sentences

# Codes and choices, which say nothing themselves.
_CODES = frozenset({"code", "condition", "findings", "sources", "erratum", "source", "errata"})
# Of findings whose print is shown as wrong beside what is right.
_QUOTING_STATES = ("corrected", "not_interpretable")
# What `Ban.excused` looks for in the whole of a statement whose sources disagree.
_CONTRADICTED = "contradicted below"

# Of errata that no words are read for, and a finding alone is held by.
_OF_NO_TEXT = {
    "E24": gettext_noop(
        "The 13 % of five-year survival is of an adjuvant targeted drug, from a study that nobody has identified: it "
        "says nothing of an ICI and stands as print without a figure."
    )
}


@dataclass(frozen=True, slots=True)
class Breach:
    """An erratum that would come back: its number, the field, and the refusal in words."""

    erratum: str
    field: str
    message: str


def refusal(number: str) -> str:
    """Return the sentence that refuses an erratum, its number first."""
    why = BY_NUMBER[number].refusal if number in BY_NUMBER else _OF_NO_TEXT[number]
    return _("Erratum %(number)s: %(why)s") % {"number": number, "why": _(why)}


def breach(number: str, field: str) -> Breach:
    """Return the breach of an erratum in a field."""
    return Breach(number, field, refusal(number))


def errata_in(text: str, *, whole: str = "", except_for: frozenset[str] = frozenset()) -> list[str]:
    """Return the numbers of the errata that a text repeats, in order.

    `whole` is what stands around it: the other fields, the sources. What quotes the print of an erratum as
    wrong is read `except_for` its number.
    """
    return list(_errata_in(text, whole, except_for))


# What is delivered is read again at every load and publication.
@lru_cache(maxsize=4096)
def _errata_in(text: str, whole: str, except_for: frozenset[str]) -> tuple[str, ...]:
    around = f"{plain(text)} {plain(whole)}"
    read = [sentence.replace(MISPRINT_NOTE, "") for sentence in sentences(text)]
    found = []
    for erratum in ERRATA:
        if erratum.number in except_for:
            continue
        if any(ban.is_broken_by(sentence, around) for sentence in read for ban in erratum.bans):
            found.append(erratum.number)
    return tuple(found)


def breaches(content: Mapping[str, Any], *, around: Iterable[str] = ()) -> list[Breach]:
    """Return every erratum that plain content would bring back, field by field.

    Content is what `StatementVersion`, `Finding`, `Source` or a protocol holds, as plain values. The print that a
    correction quotes is read as a quotation of its own erratum.
    """
    read = list(_read(content))
    whole = " \n ".join(
        [*(text for _field, text, quoted in read if not quoted), *_named(content), *around]
    )
    if content.get("contradictions"):
        whole = f"{whole} \n {_CONTRADICTED}"
    found = [
        (number, field)
        for field, text, quoted in read
        for number in errata_in(text, whole=whole, except_for=quoted)
    ]
    return [breach(number, field) for number, field in dict.fromkeys(found)]


def texts_of(content: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return every text of plain content with its field, but for what quotes the print of an erratum as wrong."""
    return [(field, text) for field, text, quoted in _read(content) if not quoted]


def _read(content: Mapping[str, Any]) -> Iterator[tuple[str, str, frozenset[str]]]:
    """Every text with its field and the errata it quotes."""
    # What a finding quotes of the print as wrong, and why it is.
    named = content.get("errata")
    corrects = frozenset(
        number for number in (named if isinstance(named, list) else []) if isinstance(number, str)
    ) - {"E01"}
    quoting = corrects if content.get("state") in _QUOTING_STATES else frozenset()
    for field, value in content.items():
        if field in _CODES:
            continue
        if field in ("printed", "correction"):
            yield from ((field, text, quoting) for text in _texts(value))
            continue
        if field == "corrections":
            yield from _corrections(value)
            continue
        for text in _texts(value):
            yield field, text, frozenset()


def _corrections(rows: Any) -> Iterator[tuple[str, str, frozenset[str]]]:
    for row in rows if isinstance(rows, list) else []:
        if not isinstance(row, Mapping):
            continue
        for key, value in row.items():
            if key == "erratum":
                continue
            # Of E01 the print has words of its own, which hold everywhere.
            own = {str(row.get("erratum"))} - {"E01"} if key == "printed" else set()
            for text in _texts(value):
                yield "corrections", text, frozenset(own)


def _named(content: Mapping[str, Any]) -> Iterator[str]:
    """The codes of sources that stand around a text: the trial is often named by them alone."""
    for name in ("sources", "source"):
        value = content.get(name) or []
        for code in [value] if isinstance(value, str) else value:
            yield str(code)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            if key not in _CODES:
                yield from _texts(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _texts(inner)

"""What the content of a statement must look like, wherever it comes from.

The loader, the curator's form and publication all ask here, so that nothing can be
published by one way that another would refuse. No ORM.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from evidence.conditions import ConditionError, parse
from evidence.errata_guard import Known, Rests, breaches, errata_in, of_finding, of_statement
from evidence.rule_checks import row_faults, signal_fault

TEXTS = ("title", "says", "does_not_say", "mark_note", "change_note")

MISPRINT = "aspirin"
"""What the review prints where ipilimumab is meant (erratum E01)."""

# Statements whose source asks for more than the vocabulary can tell. Their conditions are wider
# than the source, so published they would speak of patients they do not mean: they stay drafts,
# whatever their mark, until the fact named here exists and the condition asks for it.
LACKING = {
    "R20": gettext_noop("systemic immunosuppression when an irAE came back"),
    "R28": gettext_noop("whether a haematological irAE is acquired haemophilia"),
    "S24": gettext_noop("the drug that is given with the ICI"),
}

MOST_ROWS = 60
"""So many rows each list of a statement holds at most, in its form and in a file."""

_SIDE = frozenset({"source", "says"})
_SHAPES: dict[str, frozenset[str]] = {
    "corrections": frozenset({"erratum", "printed", "source_says", "shown"}),
    "contradictions": frozenset({"question", "sides"}),
}


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong with one field, in words for whoever wrote it."""

    field: str
    message: str
    of_sources: bool = False

    def __str__(self) -> str:
        return f"{self.field}: {self.message}"


def problems(
    content: Mapping[str, Any],
    rests_on: Iterable[Rests] = (),
    marks: Mapping[str, str] | None = None,
    known: Known | None = None,
) -> list[Problem]:
    """Everything wrong with the content of a version; empty when it may be published.

    `content` maps the field names of `StatementVersion` to plain values, with `sources` as
    the codes of all sources it cites, those of its findings included; `rests_on` are those findings.
    `marks`: how well sources are attested, by their codes; `known`: what else is known of them.
    """
    found = [*_condition(content), *_shapes(content, marks), *_sources(content)]
    found += _errata(content, rests_on, known)
    for field in ("title", "says", "does_not_say"):
        if not str(content.get(field) or "").strip():
            found.append(Problem(field, _("it is empty.")))
    indirect = content.get("indirect")
    reasons = content.get("certainty_reasons") or []
    if indirect and not any("indirect" in str(reason).lower() for reason in reasons):
        found.append(
            Problem("certainty_reasons", _("indirect evidence is downgraded: say so in a reason."))
        )
    return found


def lacking(code: str) -> list[Problem]:
    """Why the statement of this code may not be published; empty for nearly all."""
    fact = LACKING.get(code)
    if fact is None:
        return []
    words = _("it is wider than its source: there is no fact for %(fact)s.")
    return [Problem("condition", words % {"fact": _(fact)})]


def uninterpretable(codes: Iterable[str]) -> list[Problem]:
    """Why a statement may not rest on these findings, which cannot be interpreted."""
    words = _("%(code)s cannot be interpreted: no statement rests on it.")
    return [Problem("findings", words % {"code": code}) for code in codes]


def texts(value: Any) -> Iterator[str]:
    """Every string inside a plain value, however deep."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from texts(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from texts(inner)


def names_misprint_as_drug(text: str) -> bool:
    """Whether a text uses the misprinted name otherwise than as a misprint, or as a drug taken for another reason."""
    return "E01" in errata_in(text)


def basis_problems(row: Mapping[str, Any]) -> list[Problem]:
    """Every erratum that a source or finding would bring back, and errata that are no list; `source` is a code."""
    found = [Problem(x.field, x.message) for x in (*breaches(row), *of_finding(row))]
    numbers = row.get("errata") or []
    if not isinstance(numbers, list) or not all(isinstance(number, str) for number in numbers):
        found.append(Problem("errata", _("it is a list of numbers as in E12.")))
    return found


def _condition(content: Mapping[str, Any]) -> Iterator[Problem]:
    try:
        parse(content.get("condition"))
    except ConditionError as error:
        yield Problem("condition", error.words(_))


def _shapes(content: Mapping[str, Any], marks: Mapping[str, str] | None) -> Iterator[Problem]:
    yield from _lengths(content)
    reasons = content.get("certainty_reasons") or []
    if not isinstance(reasons, list) or not all(isinstance(reason, str) for reason in reasons):
        yield Problem("certainty_reasons", _("it is a list of sentences."))
    rules = content.get("rules") or []
    if isinstance(rules, list):
        mark = str(content.get("mark") or "")
        yield from (Problem("rules", words) for words in row_faults(rules, mark, marks))
    else:
        yield Problem("rules", _("it is a list."))
    if words := signal_fault(rules, str(content.get("signal") or "")):
        yield Problem("signal", words)
    for field, keys in _SHAPES.items():
        rows = content.get(field) or []
        if not isinstance(rows, list):
            yield Problem(field, _("it is a list."))
            continue
        for number, row in enumerate(rows, start=1):
            if not isinstance(row, dict) or set(row) != keys:
                yield Problem(field, _keys_of(number, keys))
            elif field == "contradictions":
                yield from _sides(row["sides"], number)


def _lengths(content: Mapping[str, Any]) -> Iterator[Problem]:
    for field in ("certainty_reasons", "rules", *_SHAPES):
        rows = content.get(field)
        if isinstance(rows, list):
            sides = [row["sides"] for row in rows if isinstance(row, dict) and "sides" in row]
            longest = max(len(each) for each in (rows, *sides) if isinstance(each, list))
            if longest > MOST_ROWS:
                yield Problem(field, too_many(longest))


def too_many(count: int) -> str:
    """That a list has more rows than it may hold."""
    return _("it has %(count)s rows, and may hold %(n)s.") % {"count": count, "n": MOST_ROWS}


def _keys_of(number: int, keys: frozenset[str]) -> str:
    return _("item %(n)s has the keys %(keys)s.") % {"n": number, "keys": ", ".join(sorted(keys))}


def _sides(sides: Any, number: int) -> Iterator[Problem]:
    keys = _SIDE
    well_formed = isinstance(sides, list) and all(
        isinstance(side, dict) and set(side) == keys for side in sides
    )
    if not well_formed or len(sides) < 2:
        yield Problem(
            "contradictions",
            _("item %(n)s has at least two sides, each with %(keys)s.")
            % {"n": number, "keys": ", ".join(sorted(keys))},
        )


def cited(content: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Every (field, source code) that rules and contradictions name."""
    for row in content.get("rules") or []:
        if isinstance(row, dict) and "source" in row:
            yield "rules", row["source"]
    for row in content.get("contradictions") or []:
        sides = row.get("sides") if isinstance(row, dict) else None
        for side in sides if isinstance(sides, list) else []:
            if isinstance(side, dict) and "source" in side:
                yield "contradictions", side["source"]


def _sources(content: Mapping[str, Any]) -> Iterator[Problem]:
    known = set(content.get("sources") or [])
    if not known:
        yield Problem("sources", _("a statement rests on at least one source."))
    for field, code in cited(content):
        if code not in known:
            yield Problem(
                field,
                _("%(code)s is not among the sources of this statement.") % {"code": code},
                of_sources=True,
            )


def _errata(
    content: Mapping[str, Any], rests_on: Iterable[Rests], known: Known | None
) -> Iterator[Problem]:
    for found in (*breaches(content), *of_statement(content, rests_on, known)):
        yield Problem(found.field, found.message)

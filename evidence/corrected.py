"""Which corrections of the review's print a version has to carry: those of what it rests on, and those it had before.

The guard knows wordings; a slip can be said in others. So the correction itself stays beside a statement that needs
one, whatever its words have become. No ORM.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from evidence.content import Problem
from evidence.errata_guard import BY_NUMBER
from evidence.errata_guard.studies import errata_of

# In whom a figure was found is said by "indirect", which has a check of its own.
_SAID_OTHERWISE = frozenset({"E23"})


@dataclass(frozen=True, slots=True)
class Gone:
    """A correction that stood in the version before: its number, and what it showed instead of the print."""

    erratum: str
    shown: str
    guarded: bool


def corrections_problems(
    corrections: Any,
    findings: Mapping[str, Iterable[str]],
    before: Any = (),
    sources: Iterable[str] = (),
) -> list[Problem]:
    """Return what keeps a version from publication: a correction of severity critical or high that it lacks.

    `findings`: the errata of each finding it rests on, by its code. `before`: the corrections of the version before.
    `sources`: what it cites, those of its findings included: a study that the review prints wrongly needs the
    correction where nothing but itself is cited.
    """
    there = {row["erratum"] for row in _rows(corrections) if _speaks(row)}
    resting: dict[str, str] = {}
    for code, numbers in findings.items():
        for number in numbers:
            if number in BY_NUMBER and number not in _SAID_OTHERWISE:
                resting.setdefault(number, code)
    for number, source in errata_of(sources).items():
        resting.setdefault(number, source)
    had = [row["erratum"] for row in _rows(before) if row["erratum"] in BY_NUMBER]
    found = []
    for number in dict.fromkeys([*had, *resting]):
        if number in there:
            continue
        if number in had:
            words = _(
                "Erratum %(number)s: the version before carries its correction, which has to stay."
            )
        else:
            words = _(
                "Erratum %(number)s: %(code)s, on which it rests, needs its correction beside it."
            )
        found.append(
            Problem("corrections", words % {"number": number, "code": resting.get(number, "")})
        )
    return found


def gone(corrections: Any, before: Any) -> list[Gone]:
    """Return the corrections of the version before that are there no more, of whatever severity."""
    there = {row["erratum"] for row in _rows(corrections)}
    return [
        Gone(row["erratum"], str(row.get("shown") or ""), row["erratum"] in BY_NUMBER)
        for row in _rows(before)
        if row["erratum"] not in there
    ]


def _rows(value: Any) -> list[Mapping[str, Any]]:
    """The corrections among a draft's value, which may be anything."""
    rows = value if isinstance(value, list | tuple) else ()
    return [
        row
        for row in rows
        if isinstance(row, Mapping) and isinstance(row.get("erratum"), str) and row["erratum"]
    ]


def _speaks(row: Mapping[str, Any]) -> bool:
    """Whether a correction says what is right, not its number alone."""
    return bool(str(row.get("source_says") or "").strip() or str(row.get("shown") or "").strip())

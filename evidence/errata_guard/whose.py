"""Whose figure it is: the delivered findings looked up by the review's reference, by n and N, by share and median.

So a figure filed under another source, or told without its study, is still known by its number.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from functools import lru_cache
from math import inf
from typing import Any

from evidence.errata_guard.delivered import findings, of_several, patients, references
from evidence.errata_guard.shares import shares_in
from evidence.errata_guard.studies import DIRECT, REVIEW, tumour_of
from evidence.errata_guard.wording import plain

Row = Mapping[str, Any]
FIGURE = ("numerator", "denominator", "value", "figure", "interval")
OUTCOMES = frozenset({"ORR", "CR", "PR", "SD", "DCR", "PD"})
AGAIN = frozenset({
    "recurrence_same", "recurrence_any", "grade_3_or_more", "grade_3_or_4", "grade_4", "death"
})  # fmt: skip
FEW = 20
"""Under so many patients the same n of N comes by chance."""

_TOLD = ("value", "printed", "label", "definition", "population")
_MONTHS = re.compile(
    r"(?<![\d.])(\d+(?:\.\d+)?)(?: months?\b| (?:against|and|or|to) \d+(?:\.\d+)? months?\b)"
)
# What is counted or chosen is no result.
_NO_RESULT = ("patients", "sites", "years", "p", "ratio")


def studies_under(row: Row) -> list[str]:
    """Return the studies whose figure a finding says it is: its source, and those of its reference in the review."""
    named = re.findall(r"\d+", str(row.get("reference") or ""))
    by_reference = [code for number in named for code in references().get(number, ())]
    return [
        code
        for code in dict.fromkeys([str(row.get("source") or ""), *by_reference])
        if code != REVIEW
    ]


def studies_of(row: Row) -> list[str]:
    """Return the same, and under the review also those that have its figure, where no study named has it."""
    named = studies_under(row)
    if row.get("source") != REVIEW:
        return named
    if any(_shares_a_figure(row, other) for code in named for other in findings().get(code, ())):
        return named
    alike = [other["source"] for other in _all() if _shares_a_figure(row, other)]
    return [code for code in dict.fromkeys([*named, *alike]) if code != REVIEW]


def pairs_of(row: Row) -> frozenset[tuple[int, int]]:
    """Return each n of N that a finding gives, in whichever field."""
    told = [share for text in _TOLD for share in shares_in(plain(str(row.get(text) or "")))]
    found = {
        (share.events, share.total) for share in told if share.events is not None and share.total
    }
    events, total = row.get("numerator"), row.get("denominator")
    if isinstance(events, int) and isinstance(total, int) and total > 0:
        found.add((events, total))
    return frozenset(found)


def of_others(row: Row) -> str:
    """Return the field in which a finding of NSCLC gives a figure that only findings of other tumours have."""
    if any(_is_of_others(pair, row) for pair in pairs_of(row)):
        return "numerator"
    theirs, ours = _rows(False), _rows(True)
    if row.get("source") != REVIEW:
        # The figure of another endpoint comes by chance; in a single study so does a whole per cent.
        theirs = tuple(one for one in theirs if one["endpoint"] == row.get("endpoint"))
    for unit, amount in _amounts(row):
        by_chance = row.get("source") not in of_several() and amount == round(amount)
        if not (by_chance or _is_its_own(amount, unit, row)) and _apart(
            amount, unit, theirs
        ) < _apart(amount, unit, ours):
            return "figure"
    return ""


def has_own_number(codes: Iterable[str], total: int) -> bool:
    """Whether one of these studies of NSCLC has itself so many patients."""
    return any(
        total == patients().get(code) or any(total == row["denominator"] for row in findings().get(code, ()))
        for code in codes
        if tumour_of(code) in DIRECT
    )  # fmt: skip


def pairs_of_others() -> frozenset[tuple[int, int]]:
    """Return each n of N that delivered findings of other tumours alone have, and what is left of each."""
    return _pairs(False) - _pairs(True)


def nearer_to_others(amount: float, unit: str) -> bool:
    """Whether a share or median is one of another tumour, not of NSCLC, of the findings that the review prints."""
    theirs, ours = (_rows(lung, printed=True) for lung in (False, True))
    return _apart(amount, unit, theirs) < _apart(amount, unit, ours)


def months_in(sentence: str) -> Iterator[float]:
    """Yield the months of a sentence in plain spelling."""
    yield from (float(found[1]) for found in _MONTHS.finditer(sentence))


def _is_of_others(pair: tuple[int, int], row: Row) -> bool:
    if pair not in pairs_of_others():
        return False
    studies = studies_under(row)
    # By chance a study of NSCLC has it too: then of another outcome or organ.
    delivered = row.get("source") == REVIEW or any(tumour_of(code) for code in studies)
    if pair[1] < FEW and not delivered:
        return False
    if delivered and pair[1] >= FEW and not has_own_number(studies, pair[1]):
        return True
    return any(_is_alike(row, other) for other in _rows(False) if pair in _with_the_rest(other))


def _is_its_own(amount: float, unit: str, row: Row) -> bool:
    """Whether a share outside the review is that of the finding's own n of N, which is held as such."""
    if row.get("source") == REVIEW or unit != "%":
        return False
    shares = (100 * n / total for events, total in pairs_of(row) for n in (events, total - events))
    return any(abs(amount - share) <= _rounding(amount, unit) for share in shares)


def _is_alike(row: Row, other: Row) -> bool:
    organs = {str(row.get("irae") or ""), str(other["irae"])} - {""}
    return _kind(str(row.get("endpoint") or "")) == _kind(other["endpoint"]) and len(organs) < 2


def _kind(endpoint: str) -> str:
    if endpoint in OUTCOMES:
        return "effect"
    return "irae" if endpoint in AGAIN or endpoint == "new_irae" else endpoint


def _shares_a_figure(row: Row, other: Row) -> bool:
    return bool(pairs_of(row) & pairs_of(other)) or any(
        _apart(amount, unit, (other,)) < inf for unit, amount in _amounts(row)
    )


def _apart(amount: float, unit: str, rows: Iterable[Row]) -> float:
    """How far the nearest figure of findings lies from one as it is written; endless where none has it."""
    within = _rounding(amount, unit)
    gaps = (abs(amount - exact) for row in rows for of, exact in _amounts_of(row) if of == unit)
    return min((gap for gap in gaps if gap <= within), default=inf)


def _rounding(amount: float, unit: str) -> float:
    return (0.5 if amount == round(amount) else 0.051) if unit == "%" else 0.001


def _amounts(row: Row) -> frozenset[tuple[str, float]]:
    """Shares, medians and ratios of a finding, each with its unit."""
    found: set[tuple[str, float]] = set()
    unit, figure = str(row.get("unit") or "%"), row.get("figure")
    if isinstance(figure, int | float | Decimal) and unit not in _NO_RESULT:
        found.add((unit, float(figure)))
    for name in ("value", "printed"):
        text = plain(str(row.get(name) or ""))
        found |= {("%", share.per_cent) for share in shares_in(text)}
        found |= {("months", months) for months in months_in(text)}
    events, total = row.get("numerator"), row.get("denominator")
    if (
        isinstance(events, int)
        and isinstance(total, int)
        and total > 0
        and row.get("endpoint") != "patients"
    ):
        found.add(("%", 100 * events / total))
    return frozenset(found)


@lru_cache(maxsize=512)
def _amounts_by_code(code: str) -> frozenset[tuple[str, float]]:
    return next(_amounts(row) for row in _all() if row["code"] == code)


def _amounts_of(row: Row) -> frozenset[tuple[str, float]]:
    return _amounts_by_code(row["code"])


def _with_the_rest(row: Row) -> frozenset[tuple[int, int]]:
    pairs = pairs_of(row)
    return pairs | {(total - events, total) for events, total in pairs}


@lru_cache(maxsize=2)
def _pairs(lung: bool) -> frozenset[tuple[int, int]]:
    return frozenset(pair for row in _rows(lung) for pair in _with_the_rest(row))


@lru_cache(maxsize=4)
def _rows(lung: bool, printed: bool = False) -> tuple[Row, ...]:
    """The delivered findings of NSCLC, or those of others; those alone that the review refers to."""
    return tuple(
        row for row in _all() if (row["tumour"] in DIRECT) == lung and (row["reference"] or not printed)
    )  # fmt: skip


def _all() -> Iterator[Row]:
    yield from (row for rows in findings().values() for row in rows)

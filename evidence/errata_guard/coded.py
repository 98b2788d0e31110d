"""How findings of the studies of an erratum may be coded, by study, population and figure, whatever their code."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from evidence.errata_guard.checking import Breach, breach
from evidence.errata_guard.whose import AGAIN, OUTCOMES, studies_of
from evidence.errata_guard.wording import plain

Row = Mapping[str, Any]
_NUMBER = re.compile(r"(?<![\d.])\d+(?:\.\d+)?")
_HEPATITIS = re.compile(r"\bhepati|\bliver\b|\balt\b|\btransaminas")
_COLITIS = re.compile(r"\bcolitis\b|\bdiarrhoea\b")
_NOT_COLITIS_ALONE = re.compile(
    r"\bdiarrhoea\b|\bstools?\b|\bbowel\b|\bgut\b|\bgi\b|\bintestin|\benter"
)
AGAINST = re.compile(r"\bagainst\b|\bversus\b|\bvs\b|\bhr\b|\bhazard\b")
_OF_UNKNOWN_MANY = "kn024-dcr"


def of_coded(row: Row) -> Iterator[Breach]:
    """Yield the errata that a finding of one of these studies brings back by its data."""
    if row.get("state") != "not_interpretable":
        rules = dict.fromkeys(_RULES[code] for code in studies_of(row) if code in _RULES)
        yield from dict.fromkeys(each for rule in rules for each in rule(row))


def share_of(row: Row) -> float | None:
    """The share that a finding gives, in per cent, in whichever field; none where it gives none."""
    events, total = row.get("numerator"), row.get("denominator")
    if isinstance(events, int) and isinstance(total, int) and total > 0:
        return 100 * events / total
    figure = row.get("figure")
    if isinstance(figure, int | float) and row.get("unit", "%") in ("", "%"):
        return float(figure)
    text = plain(str(row.get("value") or ""))
    found = _NUMBER.search(text)
    return float(found[0]) if found and "%" in text else None


def _words(row: Row) -> str:
    return plain(f"{row.get('label') or ''} ; {row.get('definition') or ''}")


def _pollack(row: Row) -> Iterator[Breach]:
    """Hepatitis came back in 7 %, as printed, of no known n; the second entry, of any organ, is none of it."""
    if not _of_liver(row) or row.get("endpoint") not in AGAIN:
        return
    share = share_of(row)
    if row.get("numerator") is not None:
        yield breach("E04", "numerator")
    elif share is not None and share != 7:
        yield breach("E04", "figure" if row.get("figure") is not None else "value")
    if row.get("endpoint") != "recurrence_same":
        yield breach("E04", "endpoint")


def _of_liver(row: Row) -> bool:
    """Whether it is coded as of the liver, or its label tells of it and not of what it is coded as."""
    irae, label = str(row.get("irae") or ""), plain(str(row.get("label") or ""))
    return irae == "hepatitis" or (
        bool(_HEPATITIS.search(label)) and not (irae and plain(irae) in label)
    )


def _checkmate_172(row: Row) -> Iterator[Breach]:
    """None is right of colitis of grade 3 or more, and of nothing wider."""
    if share_of(row) != 0 or row.get("endpoint") not in (*AGAIN, "new_irae"):
        return
    label = plain(str(row.get("label") or ""))
    if "colitis" not in label or _NOT_COLITIS_ALONE.search(label):
        yield breach("E02", "label")
    elif row.get("endpoint") != "grade_3_or_more":
        yield breach("E02", "endpoint")


def _keynote(row: Row) -> Iterator[Breach]:
    """A share of second courses has its n and N."""
    if row.get("code") == _OF_UNKNOWN_MANY or row.get("endpoint") not in OUTCOMES:
        return
    if row.get("numerator") is None and share_of(row) is not None:
        yield breach("E19", "numerator")


def _abu_sbeih(row: Row) -> Iterator[Breach]:
    """All had diarrhoea or colitis, and that is what came back."""
    if row.get("endpoint") not in AGAIN:
        return
    if row.get("irae") != "colitis":
        yield breach("E07", "irae")
    if not _COLITIS.search(_words(row)):
        yield breach("E07", "label")


def _s1400f(row: Row) -> Iterator[Breach]:
    """It took patients who had progressed."""
    if row.get("setting") == "irae":
        yield breach("E06", "setting")


def _salous(row: Row) -> Iterator[Breach]:
    """One arm compares with nothing."""
    told = plain(f"{row.get('value') or ''} {row.get('label') or ''}")
    if row.get("endpoint") in ("PFS", "OS") and (
        row.get("unit") in ("HR", "OR") or AGAINST.search(told)
    ):
        yield breach("E11", "endpoint")


def _egfr(row: Row) -> Iterator[Breach]:
    """The 13 % at five years are of an adjuvant targeted drug, and stand as print alone."""
    share = share_of(row)
    if row.get("endpoint") in ("OS", "PFS", "other") and share is not None and round(share) == 13:
        yield breach("E24", "figure" if row.get("figure") is not None else "value")


_RULES: dict[str, Callable[[Row], Iterator[Breach]]] = {
    "pollack-2018": _pollack,
    "checkmate-172": _checkmate_172,
    "keynote-010-2020": _keynote,
    "keynote-010-5y": _keynote,
    "keynote-024": _keynote,
    "abu-sbeih-2019": _abu_sbeih,
    "s1400f": _s1400f,
    "salous-2023": _salous,
    "egfr-adjuvant": _egfr,
}

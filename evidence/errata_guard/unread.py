"""What cannot be read as the outcome of anything, and stays without a figure whichever field or code it comes under."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from evidence.errata_guard.checking import Breach, breach
from evidence.errata_guard.studies import REVIEW, tumour_of
from evidence.errata_guard.whose import FIGURE, OUTCOMES, has_own_number, pairs_of, studies_under
from evidence.errata_guard.wording import plain, sentences

# Findings whose print is the outcome of nothing, by the erratum that says so.
_NOT_INTERPRETABLE = {
    "cm153-target": "E03",
    "cm153-new-lesions": "E03",
    "cm153-rest": "E03",
    "pollack-hepatitis-second": "E04",
    "egfr-adjuvant-5y": "E24",
}

# CheckMate 153: 34 were given nivolumab again; the shares printed of them, what is left of each, and two thirds.
_SOURCE, _GIVEN_AGAIN = "checkmate-153", 34
_SHARES = frozenset({35, 41, 59, 65, 66, 67})
# Hazard ratios, months and numbers of patients are no shares.
_SHARE_UNITS = ("", "%", "percent", "ratio")
_PER_CENT = re.compile(r"(?<![\d.])(\d+(?:\.\d+)?) (?:%|per 100\b)")
_OF = re.compile(r"(?<![\d.])(\d+)(?: \w+){0,3}? of(?: (?:the|all|these|those))* (\d+)\b(?!\.\d)")
_DECIMAL = re.compile(r"(?<![\d.])0[.,]\d+\b")
_BARE = re.compile(r"^(?:(?:about|around|circa|nearly|roughly|some|over) )?(\d+(?:\.\d+)?)$")
_NO_SHARE = re.compile(r"\b(?:hr|or|ror|p|hazard|odds|ratio|ci|months?|days?|weeks?|years?)\b")
# In prose a share is of these patients where the sentence says so.
_PROSE = ("label", "definition", "population", "note")
_REGIMENS = ("initial_regimen", "rechallenge_regimen")
_OF_THEM = re.compile(
    r"\bagain\b|\bretreat|\bre treat|\brechalleng|\bresum|\blesion|\bbenefi|\bcontrol|\brespon|\b34\b"
)
_NIVOLUMAB = re.compile(r"\bnivolumab|\bcheck ?mate ?153\b")


def unread(row: Mapping[str, Any]) -> Iterator[Breach]:
    """Yield what is wrong with a finding that has to stay without a figure, or that brings such a one back."""
    known = _NOT_INTERPRETABLE.get(str(row.get("code") or ""))
    given = any(row.get(field) not in (None, "") for field in FIGURE)
    if known and (given or row.get("state") != "not_interpretable"):
        yield breach(known, "state")
    if not known:
        field = next(_shares_again(row) if _SOURCE in studies_under(row) else _elsewhere(row), "")
        if field:
            yield breach("E03", field)


def _elsewhere(row: Mapping[str, Any]) -> Iterator[str]:
    """The fields of a finding under another source in which a share of the 34 stands."""
    studies = studies_under(row)
    of_them = [pair for pair in pairs_of(row) if pair[1] == _GIVEN_AGAIN]
    if of_them and row.get("endpoint") in OUTCOMES and not has_own_number(studies, _GIVEN_AGAIN):
        # A study that was entered here may have 34 patients of its own.
        ours = row.get("source") != REVIEW and not any(tumour_of(code) for code in studies)
        if not ours or any(_is_share(100 * events / total) for events, total in of_them):
            yield "numerator"
    told = plain(" ; ".join(str(row.get(field) or "") for field in (*_PROSE, *_REGIMENS)))
    if row.get("source") == REVIEW and _NIVOLUMAB.search(told) and _OF_THEM.search(told):
        yield from _by_number(row)


def _shares_again(row: Mapping[str, Any]) -> Iterator[str]:
    """The fields in which a share of those who were given nivolumab again stands, by number."""
    told = {field: str(row.get(field) or "") for field in _PROSE}
    again = any(_OF_THEM.search(plain(text)) for text in told.values())
    endpoint, total = row.get("endpoint"), row.get("denominator")
    # That they were 34 may be told; none of the 34 is known to have had anything.
    of_them = total == _GIVEN_AGAIN and endpoint != "patients"
    if endpoint in OUTCOMES or of_them:
        yield from (field for field in FIGURE if row.get(field) not in (None, ""))
    # Of all who were randomised, and of those who went on, the same shares are told of other things.
    if again or total == _GIVEN_AGAIN:
        yield from _by_number(row)
    for field, text in told.items():
        if any(_OF_THEM.search(one) and _has_share(one) for one in sentences(text)):
            yield field


def _by_number(row: Mapping[str, Any]) -> Iterator[str]:
    events, unit, figure = row.get("numerator"), str(row.get("unit") or ""), row.get("figure")
    if isinstance(events, int) and _is_of_them(events, row.get("denominator")):
        yield "numerator"
    shares = unit in _SHARE_UNITS and row.get("measure") not in ("ratio", "median")
    if shares and isinstance(figure, int | float) and _is_share(figure):
        yield "figure"
    for field in ("value", "interval"):
        text = plain(str(row.get(field) or ""))
        bare = _BARE.match(text) if shares else None
        if _has_share(text) or (bare and _is_share(float(bare[1]))):
            yield field


def _has_share(text: str) -> bool:
    """Whether a text in plain spelling has one of the shares, however it is written."""
    if any(_is_share(float(found)) for found in _PER_CENT.findall(text)):
        return True
    if any(_is_of_them(int(events), int(total)) for events, total in _OF.findall(text)):
        return True
    decimals = () if _NO_SHARE.search(text) else _DECIMAL.findall(text)
    return any(_is_share(float(found.replace(",", "."))) for found in decimals)


def _is_of_them(events: int, total: Any) -> bool:
    if not isinstance(total, int) or not 0 <= events <= total or not total:
        return False
    return total == _GIVEN_AGAIN or _is_share(100 * events / total)


def _is_share(figure: float) -> bool:
    """Whether a figure is one of the shares, in per cent or as a part of one."""
    return round(100 * figure if 0 < figure < 1 else figure) in _SHARES

"""In whom a figure was found: no figure of another tumour is one of NSCLC (erratum E23), by study and by number."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from evidence.errata_guard.bans import ban
from evidence.errata_guard.checking import Breach, breach
from evidence.errata_guard.delivered import findings
from evidence.errata_guard.fragments import LUNG, NAMED_TUMOUR
from evidence.errata_guard.shares import given, has, shares_in, without_intervals
from evidence.errata_guard.studies import DIRECT, MIXED, REVIEW, tumour_of
from evidence.errata_guard.wording import sentences

_LUNG = ban(LUNG)
_OF_LUNG_ALONE = ban(LUNG, unless=(NAMED_TUMOUR,))


def says_lung(text: str) -> bool:
    """Whether a text speaks of lung cancer."""
    return any(_LUNG.is_broken_by(sentence, sentence) for sentence in sentences(text))


def in_whom(row: Mapping[str, Any]) -> list[Breach]:
    """Return what is wrong with in whom a finding is said to have been made.

    `row` has `source` as a code and, where the source was entered here, `source_tumour`.
    """
    source = str(row.get("source") or "")
    known = tumour_of(source, str(row.get("source_tumour") or ""))
    tumour = str(row.get("tumour") or "")
    lung = tumour in DIRECT
    found = []
    if row.get("direct") and not lung:
        found.append(breach("E23", "direct"))
    if not lung or known in ("", *DIRECT):
        return found
    # Of a study of several tumours its part with NSCLC may be told as such: the 21 of Sheth 2020, of 70.
    part = known == MIXED and source not in ALL_TOLD_TOGETHER
    told = says_lung(f"{row.get('population') or ''} {row.get('label') or ''}")
    if (
        not part
        or not told
        or row.get("denominator") not in (None, PART.get(source, row.get("denominator")))
    ):
        found.append(breach("E23", "tumour"))
    return found


PART = {"sheth-2020": 21}
"""How many of a mixed study had NSCLC."""
ALL_TOLD_TOGETHER = frozenset({
    "abu-sbeih-2019", "zhao-2021", "meta-896", "meta-16485", "dolladille-2020", "allouchery-2020", "simonaggio-2019",
    "kn046-review", "kn046-phase1",
})  # fmt: skip
"""Mixed studies of which no part with NSCLC was read."""


def studies_of(content: Mapping[str, Any], entered: Mapping[str, str]) -> dict[str, str]:
    """Return in whom each study was made that a statement cites; labels and the review itself are none."""
    cited = content.get("sources") or []
    known = {str(code): tumour_of(str(code), entered.get(str(code), "")) for code in cited}
    return {code: tumour for code, tumour in known.items() if tumour and code != REVIEW}


def cited_of_others(
    content: Mapping[str, Any], direct: bool | None, entered: Mapping[str, str], accepted: Iterable[Mapping[str, Any]]
) -> Iterator[Breach]:  # fmt: skip
    """Yield E23 where a statement takes what it cites for more than it is.

    `direct`: whether a finding under it was made in NSCLC, none where it rests on no finding.
    """
    studies = studies_of(content, entered)
    others = [code for code, tumour in studies.items() if tumour not in DIRECT]
    alone = bool(others) and len(others) == len(studies) and not PART.keys() & others
    if direct is False or (direct is None and alone):
        yield from _speaks_of_others(content)
    elif others:
        yield from _takes_a_figure(content, studies, accepted)


def _speaks_of_others(content: Mapping[str, Any]) -> Iterator[Breach]:
    indirect = str(content.get("indirect") or "")
    if not indirect.strip() or says_lung(indirect):
        yield breach("E23", "indirect")
    for field in ("title", "says"):
        if says_lung(str(content.get(field) or "")):
            yield breach("E23", field)


def _takes_a_figure(
    content: Mapping[str, Any], studies: Mapping[str, str], accepted: Iterable[Mapping[str, Any]]
) -> Iterator[Breach]:  # fmt: skip
    """A sentence on lung cancer gives a share that only a study of another tumour has."""
    rows = [*accepted, *(row for code in (*studies, REVIEW) for row in findings().get(code, ()))]
    theirs = given(row for row in rows if row.get("tumour") not in DIRECT)
    ours = given(row for row in rows if row.get("tumour") in DIRECT)
    for field in ("title", "says"):
        for sentence in sentences(str(content.get(field) or "")):
            if _OF_LUNG_ALONE.is_broken_by(sentence, sentence) and any(
                has(theirs, share) and not has(ours, share)
                for share in shares_in(without_intervals(sentence, ours))
            ):
                yield breach("E23", field)

"""In whom a figure was found: no figure of another tumour is one of NSCLC (erratum E23), by study and by number."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _

from evidence.errata_guard.bans import ban
from evidence.errata_guard.checking import Breach, breach, refusal
from evidence.errata_guard.delivered import findings
from evidence.errata_guard.fragments import LUNG, NAMED_TUMOUR
from evidence.errata_guard.shares import Told, given, has, shares_in, without_intervals
from evidence.errata_guard.studies import DIRECT, MIXED, REVIEW, tumour_of
from evidence.errata_guard.whose import (
    FEW,
    FIGURE,
    has_own_number,
    months_in,
    nearer_to_others,
    of_others,
    pairs_of_others,
    studies_under,
)
from evidence.errata_guard.wording import sentences

_LUNG = ban(LUNG)
_OF_LUNG_ALONE = ban(LUNG, unless=(NAMED_TUMOUR,))
# Who is spoken of from there on: other tumours, or reports of all.
_OTHERS = re.compile(
    rf"{NAMED_TUMOUR}|\bhcc\b|\brcc\b|\bdatabase|\b(?:safety|spontaneous) reports\b"
)
_MEDIAN = re.compile(r"\bmedian\b|\bpfs\b|\bsurviv|\bos\b|\bprogress")
_NUMBER = re.compile(r"\d")


def says_lung(text: str) -> bool:
    """Whether a text speaks of lung cancer."""
    return any(_LUNG.is_broken_by(sentence, sentence) for sentence in sentences(text))


def in_whom(row: Mapping[str, Any]) -> list[Breach]:
    """Return what is wrong with in whom a finding is said to have been made.

    `row` has `source` as a code and, where the source was entered here, `source_tumour`.
    """
    lung = str(row.get("tumour") or "") in DIRECT
    found = []
    if row.get("direct") and not lung:
        found.append(breach("E23", "direct"))
    if lung and not all(_may_be_lung(row, code) for code in studies_under(row)):
        found.append(breach("E23", "tumour"))
    elif lung and (field := of_others(row)):
        found.append(breach("E23", field))
    if (
        row.get("source") == REVIEW
        and _has_figure(row)
        and not _NUMBER.search(str(row.get("reference") or ""))
    ):
        words = _("%(refusal)s A figure under the review has the number of its reference there.")
        found.append(Breach("E23", "reference", words % {"refusal": refusal("E23")}))
    return found


def _has_figure(row: Mapping[str, Any]) -> bool:
    return any(
        _NUMBER.search(str(value)) for name in FIGURE if (value := row.get(name)) is not None
    )


def _may_be_lung(row: Mapping[str, Any], source: str) -> bool:
    """Whether a finding of a study may be one of NSCLC."""
    known = tumour_of(source, str(row.get("source_tumour") or ""))
    if known in ("", *DIRECT):
        return True
    # Of a study of several tumours its part with NSCLC may be told as such: the 21 of Sheth 2020, of 70.
    part = known == MIXED and source not in ALL_TOLD_TOGETHER
    told = says_lung(f"{row.get('population') or ''} {row.get('label') or ''}")
    total = row.get("denominator")
    return part and told and total in (None, PART.get(source, total))


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
    content: Mapping[str, Any], direct: bool | None, entered: Mapping[str, str], accepted: Iterable[Mapping[str, Any]],
    told: Iterable[Told] = (),
) -> Iterator[Breach]:  # fmt: skip
    """Yield E23 where a statement takes what it cites for more than it is.

    `direct`: whether a finding under it was made in NSCLC, none where it rests on no finding. `told`: its words.
    """
    studies = studies_of(content, entered)
    others = [code for code, tumour in studies.items() if tumour not in DIRECT]
    alone = bool(others) and len(others) == len(studies) and not PART.keys() & others
    if direct is False or (direct is None and alone):
        yield from _speaks_of_others(content)
        return
    accepted = list(accepted)
    if others:
        yield from _takes_a_figure(content, studies, accepted)
    yield from _takes_a_number(content, studies, accepted, told)


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


def _takes_a_number(
    content: Mapping[str, Any], studies: Mapping[str, str], accepted: Iterable[Mapping[str, Any]],
    words: Iterable[Told],
) -> Iterator[Breach]:  # fmt: skip
    """What is said of lung cancer gives an n of N of other tumours alone, or a share or median of theirs in the review.

    Whatever is cited: a figure of them is none of NSCLC under a source of NSCLC either.
    """
    lung = [code for code, tumour in studies.items() if tumour in DIRECT]
    rows = [*accepted, *(row for code in lung for row in findings().get(code, ()))]
    ours = [row for row in rows if row.get("tumour") in DIRECT]
    shares = given(ours)
    medians = {
        float(row["figure"]) for row in ours if row.get("unit") == "months" and row.get("figure")
    }
    review = REVIEW in (content.get("sources") or [])
    for field, sentence in _on_lung(words):
        told = list(shares_in(without_intervals(sentence, shares)))
        pairs = {(share.events, share.total) for share in told if share.total}
        foreign = {
            pair
            for pair in pairs & pairs_of_others()
            if pair[1] >= FEW and pair not in shares and not has_own_number(lung, pair[1])
        }
        # The share of an n of N beside it is that one's.
        beside = given({"numerator": n, "denominator": total} for n, total in pairs - foreign)
        taken = review and (
            any(
                nearer_to_others(share.per_cent, "%")
                for share in told
                if not share.total and not has(shares, share) and not has(beside, share)
            )
            or (
                _MEDIAN.search(sentence)
                and any(
                    nearer_to_others(one, "months")
                    for one in months_in(sentence)
                    if one not in medians
                )
            )
        )
        if foreign or taken:
            yield breach("E23", field)


def _on_lung(words: Iterable[Told]) -> Iterator[tuple[str, str]]:
    """The sentences on lung cancer, and those after one that name no other patients, by field; the title leads in."""
    on_lung = False
    for field, text, _source in words:
        if field == "does_not_say":
            continue
        on_lung = on_lung and field == "says"
        for sentence in sentences(text):
            if _OF_LUNG_ALONE.is_broken_by(sentence, sentence):
                on_lung = True
            elif _OTHERS.search(sentence):
                on_lung = False
            if on_lung:
                yield field, sentence

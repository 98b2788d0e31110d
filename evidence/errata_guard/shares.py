"""Shares in words: near a study of an erratum there stands none that no accepted finding of the study gives.

So the wording of a slip need not be foreseen: what is wrong with it is its number.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from evidence.errata_guard.checking import Breach, refusal, texts_of
from evidence.errata_guard.delivered import findings
from evidence.errata_guard.studies import ERRATA_OF, named_in
from evidence.errata_guard.wording import plain, sentences
from evidence.intervals import exact_interval


class Share(NamedTuple):
    """A share as it is written: events of a total, or per cent."""

    events: int | None
    total: int | None
    per_cent: float
    words: str


class Told(NamedTuple):
    """A text with the field it stands in, and the source of the row that it is said under, where it is."""

    field: str
    text: str
    source: str = ""


# Not the upper end of a range, whose middle is read.
_PER_CENT = re.compile(r"(?<![\d.])(?<!\d to )(?<!\d-)(\d+(?:\.\d+)?) (?:%|per 100\b)")
_OF = re.compile(
    r"(?<![\d.])(\d+)(?: (?!(?:and|or|but)\b)[a-z]+){0,3}? of(?: (?:the|all|these|those))* (\d+)\b(?!\.\d| %)"
)
# "Of the 34 given it again about 22 were stable."
_OF_THEM = re.compile(
    r"(?<!\d )\bof(?: (?:the|all|these|those))* (\d+)\b(?:,? [a-z]+){0,9}?,? (\d+)\b"
    r"(?!\.\d| (?:%|of|months?|weeks?|days?|years?|cycles|courses|mg|times)\b| to \d)"
)
# The ends of an interval, each in per cent.
_ENDS = re.compile(r"(?<![\d.])(\d+(?:\.\d+)?) % to (\d+(?:\.\d+)?) %")
# The width of an interval, by how much PD-L1 was expressed, and what is measured in one patient are shares of nobody.
_NO_SHARE = re.compile(
    r"\b(?:spo2|saturation|lvef|ejection fraction|fev1|fvc|dlco)\b(?: [a-z]+){0,3}? (?:[<>]=? ?)?\d+ %"
    r"|\b95 % (?:ci|confidence|interval)\w*|\bpd l1(?: [a-z]+){0,4}? (?:>= ?)?\d+ %"
    r"|\btps(?: [a-z]+){0,3}? (?:>= ?)?\d+ %"
    r"|\d+ % (?:tps|pd l1)\b"
)


# The number of a target, a grade or a trial counts nobody.
_NAMING = re.compile(
    r"\b(ctla|pd(?: l)?|lag|tim|grades?|keynote|checkmate|phase|cycles?|day|weeks?|section|ref\w*) \d+"
    r"(?:(?: (?:or|to|and) |-)\d+)*"
)


def shares_in(sentence: str) -> Iterator[Share]:
    """Yield the shares of a sentence in plain spelling."""
    read = _NAMING.sub(r"\1", _NO_SHARE.sub(" ", sentence))
    for found in _PER_CENT.finditer(read):
        yield Share(None, None, float(found[1]), found[0])
    pairs = [(int(m[1]), int(m[2]), m[0]) for m in _OF.finditer(read)]
    pairs += [(int(m[2]), int(m[1]), m[0]) for m in _OF_THEM.finditer(read)]
    for events, total, words in pairs:
        if total > 0 and events <= total:
            yield Share(events, total, 100 * events / total, words)


@lru_cache(maxsize=512)
def _given_by(
    events: int | None, total: int | None, figure: float | None, unit: str, told: str
) -> frozenset[tuple[Any, ...]]:
    """What a finding gives: pairs, their shares, and what is left of each."""
    given: set[tuple[Any, ...]] = set()
    for share in [*shares_in(plain(told))]:
        given.add((share.events, share.total) if share.total else (share.per_cent,))
    if unit in ("%", "percent") and figure is not None:
        given.add((float(figure),))
    if events is not None and total:
        for n in (events, total - events):
            given |= {(n, total), (100 * n / total,)}
    return frozenset(given)


def given(rows: Iterable[Mapping[str, Any]]) -> frozenset[tuple[Any, ...]]:
    """Return every share that findings give."""
    found: frozenset[tuple[Any, ...]] = frozenset()
    for row in rows:
        told = " ; ".join(str(row.get(name) or "") for name in ("value", "interval"))
        found |= _given_by(
            row.get("numerator"), row.get("denominator"), row.get("figure"), str(row.get("unit") or ""), told
        )  # fmt: skip
    return found


def delivered(sources: Iterable[str]) -> frozenset[tuple[Any, ...]]:
    """Return every share that the delivered findings of sources give."""
    return given(row for source in sources for row in findings().get(source, ()))


def has(shares: frozenset[tuple[Any, ...]], share: Share) -> bool:
    """Whether a share is among those given, as exactly as it is written."""
    if share.total is not None and share.events is not None:
        return (share.events, share.total) in shares
    return any(len(one) == 1 and _is_as_written(one[0], share.per_cent) for one in shares)


def _is_as_written(exact: float, written: float) -> bool:
    # 2.5 is 3 to whoever rounds by hand.
    return abs(exact - written) <= (0.5 if written == round(written) else 0.051)


def without_intervals(sentence: str, shares: frozenset[tuple[Any, ...]]) -> str:
    """Return a plain sentence without the two ends of the exact interval of any n of N given: they are no shares."""

    def left(ends: re.Match[str]) -> str:
        low, high = float(ends[1]), float(ends[2])
        found = (exact_interval(*one) for one in shares if len(one) == 2)
        of_one = any(
            _is_as_written(100 * one.low, low) and _is_as_written(100 * one.high, high)
            for one in found
        )
        return " " if of_one else ends[0]

    return _ENDS.sub(left, sentence)


def unfounded(
    told: Iterable[Told], sources: Iterable[str] = (), accepted: Iterable[Mapping[str, Any]] = ()
) -> list[Breach]:
    """Return each share in texts that cite or name a study of an erratum and that no accepted finding gives.

    `sources`: what they cite. `accepted`: findings beside those delivered that were published here, or on which the
    statement itself rests. What is said under a study of an erratum is held against the findings of that study alone.
    """
    cited, rows = list(dict.fromkeys(sources)), list(accepted)
    of_all = given(rows)
    found = []
    for field, text, source in told:
        own = source in ERRATA_OF
        under = [source] if own else cited
        more = given(row for row in rows if row.get("source") == source) if own else of_all
        for sentence in sentences(text):
            near = [*named_in(sentence), *(code for code in under if code in ERRATA_OF)]
            if not near:
                continue
            known = delivered({*near, *under}) | more
            for share in shares_in(without_intervals(sentence, known)):
                if not has(known, share):
                    found.append(_breach(near[0], field, share))
    return list(dict.fromkeys(found))


def unfounded_in(content: Mapping[str, Any], *, around: Iterable[str] = ()) -> list[Breach]:
    """Return the same of content without sources by their codes, such as a protocol: it cites what its words name.

    `around`: the words that stand beside it.
    """
    told = [Told(field, text) for field, text in texts_of(content)]
    whole = [*(text for _field, text, _source in told), *around]
    return unfounded(told, [code for text in whole for code in named_in(plain(text))])


def _breach(source: str, field: str, share: Share) -> Breach:
    number = ERRATA_OF[source][0]
    words = _("%(refusal)s No accepted finding of %(source)s gives “%(share)s”.") % {
        "refusal": refusal(number),
        "source": source,
        "share": share.words,
    }
    return Breach(number, field, words)

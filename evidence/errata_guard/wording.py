"""How a text is read by the guard: one spelling for what can be written in many ways."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_UNITS = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine",
    "ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_NUMBER_WORDS = {
    **{word: number for number, word in enumerate(_UNITS)},
    **{word: 20 + 10 * number for number, word in enumerate(_TENS)},
}
_NUMBER = re.compile(
    rf"\b(?:({'|'.join(_TENS)})(?: ({'|'.join(_UNITS[1:10])}))?|({'|'.join(_UNITS)}))\b"
)

# Each in turn: what is written, and the one way in which the patterns have it.
_SPELLINGS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), to)
    for pattern, to in (
        (r"[\u00ad\u200b-\u200d\u2060\ufeff]", ""),  # what is invisible inside a word
        (r"[\u2044\u2215]", "/"),
        (r"[‐‑‒–—―−_]", "-"),
        (r"[\"'“”„‟‘’‚«»`*()\[\]{}]", " "),
        (r"(?<=[^\W\d])-|-(?=[^\W\d])", " "),
        (r"≥", ">="),
        (r"\bper ?cent\b|\bpct\b|\bprocent\b", "%"),
        (r"(?<=\d),(?=\d{1,2}\s*%)", "."),
        (r"\s*%", " %"),
        (r"(?<=\d)\.0+(?= %)", ""),
        (r"\bdiarrhea\b", "diarrhoea"),
        (r"\btumor(s?)\b", r"tumour\1"),
        (r"\bctla ?4\b", "ctla 4"),
        (r"\bpd ?(l?1)\b", r"pd \1"),
        (r"\bimmune (?:related|mediated) (?:adverse|side) (event|reaction|effect)(s?)\b", r"irae\2"),
        (r"\b(?:non small cell lung (?:cancer|carcinoma)|nsclc)s?\b", "nsclc"),
    )
)  # fmt: skip
# After number words are figures: fractions and counts, all as "n of N".
_COUNTS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), to)
    for pattern, to in (
        (r"\b2 third(?:s)?\b", "2 of 3"),
        (r"\b([23]) quarters?\b(?! of the year)", r"\1 of 4"),
        (r"\b([2-4]) fifths?\b", r"\1 of 5"),
        (r"\b([2-9]) tenths?\b", r"\1 of 10"),
        (r"(?<![\d./])(\d+) ?/ ?(\d+)(?![\d/])", r"\1 of \2"),
        (r"\b(\d+) (?:out of|in|of)(?: (?:every|each|the|all))? (\d+)\b", r"\1 of \2"),
        (r"\s+", " "),
    )
)

# Words that turn what follows them into its denial, and those in which they do not.
_DENYING = re.compile(
    r"\b(?:no|not|never|nor|neither|none|nothing|cannot|without|nobody|\w+n t|lacks?|fail(?:s|ed)? to|far from)\b"
)
_NOT_DENYING = re.compile(
    r"\b(?:not (?:only|just|merely|without|surprising\w*)|no (?:doubt|less|wonder|matter)|cannot but"
    r"|never fails?(?: to)?)\b"
)
# Who says that nobody shows it has not said it, however far off; nor has who asks.
_NOBODY_SHOWS = re.compile(
    r"\bno (?:\w+ )?(?:study|studies|trial|trials|source|sources|series|report|reports|finding|figure|data|evidence)"
    r"(?: \w+){0,2}? (?:shows?|showed|shown|says?|said|proves?|proved|suggests?|suggested|finds?|found|tells?|supports?"
    r"|that)\b[^,;:]*$"
    r"|\b(?:nobody|nothing) (?:(?:has|have) (?:ever )?)?(?:shows?|showed|shown|knows?|proves?|proven|says?|said"
    r"|tells?|told)\b[^,;:]*$|\bwhether\b(?! or not)[^,;:]*$"
)
# What is said is taken back right after it.
_TAKEN_BACK = re.compile(
    r"^(?:(?! (?:and|but|while|so|because|when|if) )[^.,;:]){0,60}? (?:"
    r"(?:was|is|were|are|has been|have been|could be|can be) (?:not|never|nowhere)"
    r" (?:yet )?(?:shown|seen|found|proven|proved|settled|known|established|demonstrated|confirmed|observed)"
    r"|(?:was|were|has|have|could|can) (?:not|never) (?:yet )?(?:been|be) "
    r"(?:shown|seen|found|proven|proved|settled|established|demonstrated|confirmed|observed)"
    r"|(?:is|are|remains?|stays?) (?:unproven|unknown|unsettled|open|unclear|disputed|contradicted|an open question))\b"
)
_TURN = re.compile(r"\b(?:but|however|yet|although|though|whereas|while|nevertheless)\b|[:,] and\b")
WORDS_BACK = 7
"""A denial reaches this many words forward."""

_SENTENCE_END = re.compile(r"(?<=[.!?;])\s+|\n+")


# A whole is read again for every text inside it.
@lru_cache(maxsize=256)
def plain(text: str) -> str:
    """Return a text in the one spelling that the patterns are written in: lower case, figures, "n of N"."""
    found = unicodedata.normalize("NFKC", text).casefold().replace("\n", " \n ")
    for pattern, to in _SPELLINGS:
        found = pattern.sub(to, found)
    found = re.sub(r" +", " ", found)
    found = _NUMBER.sub(_figure, found)
    for pattern, to in _COUNTS:
        found = pattern.sub(to, found)
    return found.strip()


def sentences(text: str) -> list[str]:
    """Return the sentences of a text, each in plain spelling."""
    parts = _SENTENCE_END.split(unicodedata.normalize("NFKC", text))
    return [found for part in parts if (found := plain(part))]


def is_denied(sentence: str, start: int, end: int) -> bool:
    """Whether what stands from `start` to `end` of a plain sentence is denied there, before it or inside it."""
    before = _TURN.split(_NOT_DENYING.sub(" ", sentence[:start]))[-1]
    near = " ".join(before.split()[-WORDS_BACK:])
    inside = _NOT_DENYING.sub(" ", sentence[start:end])
    return bool(
        _DENYING.search(near)
        or _DENYING.search(inside)
        or _NOBODY_SHOWS.search(before)
        or _TAKEN_BACK.search(sentence[end:])
    )


def _figure(found: re.Match[str]) -> str:
    tens, unit, small = found.groups()
    if small is not None:
        return str(_NUMBER_WORDS[small])
    return str(_NUMBER_WORDS[tens] + (_NUMBER_WORDS[unit] if unit else 0))

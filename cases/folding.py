"""How a name is written on a keyboard that lacks its accents. Pure.

The database has the same in `rechallenge_folded`, by which names are compared and found; a test holds the two together.
"""

from __future__ import annotations

import re
import unicodedata

# Put over or under a letter; what Unicode takes for letters of their own stands in `LETTERS`.
MARKS = re.compile("[\u0300-\u036f]")
LETTERS = str.maketrans("øØłŁđĐðÐħĦŧŦıςẞÆŒÞ\u2010\u2013", "oollddddhhttiσßæœþ--")
# What stands for an apostrophe, the accents that stand alone among it: those are a space and a mark once decomposed.
APOSTROPHES = dict.fromkeys(
    map(
        ord,
        "\u2018\u2019\u201b\u2032\u02b9\u02bb\u02bc\u02bd\u02ca\u02cb\u0374\u0384\u00b4\u1ffd`\u1fef",
    ),
    "'",
)
SEVERAL = str.maketrans({"ß": "ss", "æ": "ae", "œ": "oe", "þ": "th"})
# One vowel of German and the Nordic languages in two letters.
SHORT = (("ae", "a"), ("oe", "o"), ("ue", "u"))
LONG = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa"})


def folded(text: str) -> str:
    """Return a text in lower case and without accents: "Dvořáková" and "DVORAKOVA" are one."""
    plain = MARKS.sub("", unicodedata.normalize("NFKD", text.translate(APOSTROPHES)))
    return "".join(map(str.lower, plain)).translate(LETTERS).translate(SEVERAL)


def foldings(text: str) -> list[str]:
    """Return the folded text, and how it reads with "ue" for "u", or for "ü", written the other way."""
    plain = short = folded(text)
    for two, one in SHORT:
        short = short.replace(two, one)
    long = folded(unicodedata.normalize("NFC", text).lower().translate(LONG))
    return list(dict.fromkeys((plain, short, long)))

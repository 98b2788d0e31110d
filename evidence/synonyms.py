"""What a searched word is also called: abbreviations, everyday names, American spelling, and the brands of drugs."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from evidence.alike import alike

# Names of one thing. Whoever types one of a row also finds the others.
SAME: tuple[tuple[str, ...], ...] = (
    ("TMB", "tumour mutational burden", "mutational burden"),
    ("NLR", "neutrophil-to-lymphocyte", "neutrophil lymphocyte ratio"),
    ("LMR", "lymphocyte-to-monocyte", "lymphocyte monocyte ratio"),
    ("PLR", "platelet-to-lymphocyte", "platelet lymphocyte ratio"),
    ("multidisciplinary", "interdisciplinary", "several disciplines"),
    ("perioperative", "adjuvant", "neoadjuvant", "around an operation"),
    ("anti-angiogenic", "antiangiogenic", "VEGF"),
    ("bispecific", "bispecific antibody", "KN046"),
    ("hypothyroidism", "underactive thyroid"),
    ("hyperthyroidism", "overactive thyroid"),
    ("Guillain-Barré", "Guillain-Barre", "GBS"),
    ("treg", "tregs", "regulatory T cell", "regulatory T cells"),
    ("microbiome", "microbiota", "gut flora", "gut bacteria"),
    ("diarrhoea", "diarrhea"),
    ("tumour", "tumor"),
    ("haemolysis", "hemolysis", "haemolytic"),
    ("hypophysitis", "pituitary"),
    ("SJS", "Stevens-Johnson", "Stevens-Johnson syndrome"),
    ("TTP", "thrombotic thrombocytopenic purpura"),
    ("HUS", "haemolytic uraemic syndrome"),
    ("steroid", "steroids", "prednisone", "prednisolone", "glucocorticoid"),
    ("neutrophil", "neutrophils"),
)
# What finds more than itself, one way: of whoever asks for the enzymes, hepatitis is meant too.
ALSO: Mapping[str, tuple[str, ...]] = {
    "liver enzymes": ("ALT", "AST", "hepatitis"),
    "transaminases": ("ALT", "AST", "hepatitis"),
    "microbiome": ("gut", "antibiotics"),
    "microbiota": ("gut", "antibiotics"),
    "bevacizumab": ("anti-angiogenic",),
    "rash": ("skin", "dermatitis"),
    "kidney": ("nephritis",),
    # The share that the review works out of CheckMate 153 is printed nowhere here: its correction is found.
    "two thirds": ("E03",),
    # Of an agent that few statements name, what is said of its target is meant too.
    **dict.fromkeys(("atezolizumab", "durvalumab", "avelumab", "sugemalimab"), ("PD-L1",)),
}
LONGEST = 4
"""So many words a name has at most."""

Brands = Callable[[], Mapping[str, str]]


@dataclass(slots=True)
class _Lent:
    brands: Brands | None = None


_lent = _Lent()


def lends_brands(brands: Brands) -> None:
    """Let the application of cases, which has the list of drugs, say which drug a brand is."""
    _lent.brands = brands


@dataclass(frozen=True, slots=True)
class Term:
    """What was typed, as one word or a name of several, and what else it is called."""

    typed: str
    also: tuple[str, ...] = ()

    @property
    def words(self) -> tuple[str, ...]:
        """The words that were typed."""
        return tuple(self.typed.split())


def folded(text: str) -> str:
    """A text in small letters, without accents, hyphens and doubled blanks."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(one for one in plain if not unicodedata.combining(one))
    return " ".join(re.sub(r"[-‐‑–]", " ", plain).split())


def terms(words: list[str]) -> Iterator[Term]:
    """Return the terms among typed words, each name as long as it can be."""
    names = _names()
    place = 0
    while place < len(words):
        longest = min(LONGEST, len(words) - place)
        for count in range(longest, 0, -1):
            typed = " ".join(words[place : place + count])
            also = _named(folded(typed), names)
            if also is not None or count == 1:
                break
        yield Term(typed, tuple(name for name in also or () if folded(name) != folded(typed)))
        place += count


def _named(typed: str, names: Mapping[str, tuple[str, ...]]) -> tuple[str, ...] | None:
    """Return the other names of what was typed, or of the name that is written nearly so."""
    if typed in names:
        return names[typed]
    near = [name for name in names if alike(typed, name)]
    return (near[0], *names[near[0]]) if near else None


def _names() -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {folded(name): row for row in SAME for name in row}
    for name, more in ALSO.items():
        found[name] = (*found.get(name, ()), *more)
    brands = _lent.brands() if _lent.brands is not None else {}
    for brand, drug in brands.items():
        found[folded(brand)] = (drug, *ALSO.get(drug.casefold(), ()))
    return found

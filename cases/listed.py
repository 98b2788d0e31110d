"""By which names the lists have an irAE or a drug: an irAE that is typed so is chosen from the list instead."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from cases.lists import current
from cases.vocabulary import Entity, drugs, entities

# What CTCAE calls an event for which it has no term of its own names no disease.
_NO_TERM = "other, specify"


def plain_name(text: str) -> str:
    """Return a name as it is compared: without capitals, accents, hyphens, dots, commas and needless spaces."""
    letters = unicodedata.normalize("NFKD", text).casefold()
    kept = "".join(
        " " if unicodedata.category(c) in ("Pd", "Po", "Ps", "Pe") else c
        for c in letters
        if not unicodedata.combining(c)
    )
    return " ".join(kept.split())


@lru_cache(maxsize=1)
def _names(_number: int) -> dict[str, Entity]:
    found: dict[str, Entity] = {}
    general = {term for e in entities().values() if e.unspecified for term, _c in e.terms.values()}
    for entity in entities().values():
        # What is not offered cannot be chosen: it is another event then, under its name.
        if entity.unspecified or not entity.offered:
            continue
        terms = own_terms(term for term, _code in entity.terms.values() if term not in general)
        for name in (entity.label, *entity.synonyms, *terms):
            found.setdefault(plain_name(name), entity)
    return found


def own_terms(terms: Iterable[str]) -> list[str]:
    """Return the CTCAE terms that name a disease."""
    return sorted({term for term in terms if _NO_TERM not in term.casefold()})


def listed_as(name: str) -> Entity | None:
    """Return the event of the list that a typed name is a label, a synonym or the CTCAE term of; None: of none."""
    return _names(current().number).get(plain_name(name))


def drugs_by_brand() -> dict[str, str]:
    """Return the drugs of the list by the names under which they are sold."""
    return {brand: drug.label for drug in drugs().values() for brand in drug.brands}

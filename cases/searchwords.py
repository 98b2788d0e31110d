"""What the words of one search may mean: drugs and irAEs by code, and all that one slip makes of a name.

What somebody types may be a patient's name: each search has a `Words` of its own, and nothing of it is kept after.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache, cached_property

from cases.eventnames import ORGANS, event_asked_for, organ_names
from cases.folding import folded
from cases.spelling import AS_GOOD, likeness, spelt
from cases.vocabulary import Organ, drug_label, drugs, entities, is_unspecified

SHORTEST, SHORTEST_ALIKE = 3, 5
MARKS = "(),"
# The codes of drugs and those of irAEs, and what tells which of them a word is part of.
Found = tuple[list[str], list[str]]
Codes = Callable[[str], Found]
Named = dict[str, list[str]]


class Words:
    """Reads the words of one search; what it has worked out for one of them it does not work out again."""

    def __init__(self) -> None:
        self.codes_for: Codes = cache(self._codes_for)
        self.codes_like: Codes = cache(self._codes_like)
        self.spelt = cache(spelt)

    @cached_property
    def _named(self) -> tuple[Named, Named]:
        return named()

    @cached_property
    def _parts(self) -> set[str]:
        return {part for of in self._named for parts in of.values() for part in parts}

    def _codes_for(self, words: str) -> Found:
        asked = typed(folded(words))
        if not asked:
            return [], []
        begun = [{part for part in self._parts if part.startswith(word)} for word in asked]
        of_drugs, of_entities = (
            [
                code
                for code, parts in of.items()
                if not any(fitting.isdisjoint(parts) for fitting in begun)
            ]
            for of in self._named
        )
        return of_drugs, _each_once(of_entities)

    def _codes_like(self, words: str) -> Found:
        asked = typed(folded(words))
        if not any(len(word) >= SHORTEST_ALIKE for word in asked):
            return [], []
        near = [{part: _near(word, part) for part in self._parts} for word in asked]
        of_drugs, of_entities = (
            {
                code: min(max(of_part[part] for part in parts) for of_part in near)
                for code, parts in of.items()
            }
            for of in self._named
        )
        least = max(max(of_drugs.values()), max(of_entities.values())) - AS_GOOD
        return (
            [code for code, value in of_drugs.items() if value and value >= least],
            _each_once([code for code, value in of_entities.items() if value and value >= least]),
        )

    def codes_for_or_like(self, read_as: list[str]) -> Codes:
        """Return what finds the codes of a word as it is written, else as it may be meant; `read_as` learns which."""

        def codes(word: str) -> Found:
            exact = self.codes_for(word)
            if any(exact):
                return exact
            near_drugs, near_entities = self.codes_like(word)
            read_as.extend([*map(drug_label, near_drugs), *map(event_asked_for, near_entities)])
            return near_drugs, near_entities

        return codes


def codes_for(words: str) -> Found:
    """Return the codes of the drugs and of the irAEs that the words name, by their beginnings.

    Every word must be part of the name; an organ's name stands for all its irAEs.
    """
    return Words().codes_for(words)


def codes_like(words: str) -> Found:
    """Return the codes of the drugs and of the irAEs whose names are written nearly like the words.

    Only those that are as near as the nearest: who mistypes one drug does not ask for all that sound like it.
    """
    return Words().codes_like(words)


def typed(words: str) -> list[str]:
    """Return the words that are long enough to name a drug or an irAE."""
    found = (word.strip(MARKS) for word in words.lower().split())
    return [word for word in found if len(word) >= SHORTEST]


def named() -> tuple[Named, Named]:
    """Return the words in the names of each drug and of each irAE, by code.

    A class names all its drugs, and an organ all its irAEs. Those outside the list are looked for by the code of the
    organ that was told of them: no code is of both kinds, and the functions of the database take either.
    """
    unlisted = [n for e in entities().values() if e.unspecified for n in (e.label, e.name)]
    return (
        {
            d.code: _words([d.label, d.name, d.code, *d.brands, *_classes(d.target)])
            for d in drugs().values()
        },
        {
            **{
                e.code: _words([e.label, e.name, Organ(e.organ).label]) for e in entities().values()
            },
            **{
                organ: _words([*of, *unlisted])
                for organ in sorted(ORGANS)
                if (of := organ_names(organ))
            },
        },
    )


def _words(names: Iterable[object]) -> list[str]:
    return [part.strip(MARKS) for part in folded(" ".join(map(str, names))).split()]


def _near(word: str, part: str) -> float:
    if part.startswith(word):
        return 1.0
    return likeness(word, part) if len(word) >= SHORTEST_ALIKE else 0.0


def _each_once(codes: list[str]) -> list[str]:
    """Return codes of irAEs without the organs of events that are among them whatever their organ."""
    whole = any(is_unspecified(code) for code in codes)
    return [code for code in codes if not (whole and code in ORGANS)]


def _classes(target: str) -> list[str]:
    """Return how the class of a drug may be written: "PD-1", "PD1", "anti-PD-1", "anti PD-1"."""
    found = []
    for one in target.split("+"):
        found += [one, one.replace("-", ""), f"anti-{one}", f"anti-{one.replace('-', '')}"]
    return [*found, "anti"]

"""Finding cases by words: names and numbers through one database function, drugs and irAEs by code."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from django.db import connection

from cases.eventnames import ORGANS, event_asked_for, event_named, organ_names
from cases.models import Case, IrAE
from cases.selectors import cases_listed
from cases.spelling import AS_GOOD, likeness, spelt
from cases.vocabulary import Organ, drug_label, drugs, entities, is_unspecified

if TYPE_CHECKING:
    from accounts.models import User

SHORTEST, SHORTEST_ALIKE = 3, 5
MOST = 50
MARKS = "(),"
# A reference is found however its parts are kept apart.
REFERENCE = re.compile(r"\s*rc[\s/-]*(20\d\d)[\s/-]*(\d{1,6})\s*", re.IGNORECASE)
# Without its letters it may be a hospital number too, so that both are looked for.
BARE_REFERENCE = re.compile(r"\s*(20\d\d)[\s/-]+(\d{1,6})\s*")
# One among other words is told by its letters.
REFERENCE_WITHIN = re.compile(r"(?<!\S)rc[\s/-]*(20\d\d)[\s/-]*(\d{1,6})(?!\S)", re.IGNORECASE)
# What tells the codes of the drugs and of the irAEs that a word is part of.
Codes = Callable[[str], tuple[list[str], list[str]]]


# What the functions of the database hand out: keys, whether a name is only alike, and in which order.
WRITTEN = (
    "case_id, false AS alike, ordinality FROM rechallenge_search_cases(%s, %s, %s) WITH ORDINALITY"
)
ALIKE = (
    "case_id, true AS alike, ordinality"
    " FROM rechallenge_search_cases(%s, %s, %s, %s, %s, %s) WITH ORDINALITY"
)
TOGETHER = (
    "case_id, alike, ordinality"
    " FROM rechallenge_search_together(%s, %s, %s, %s, %s, %s, %s) WITH ORDINALITY"
)


# None where a function is to do without: it then looks for nothing that is only alike.
Value = str | list[str] | None


class Asked(NamedTuple):
    """One question to the database, and what is put into it."""

    sql: str
    values: list[Value]
    # At which places of the values codes of irAEs stand.
    events: tuple[int, ...] = (2,)


@dataclass(frozen=True)
class Found:
    """The cases that a search found, the best first.

    `names_alike`: nobody is written as it was typed, and somebody alike; `read_as`: the drugs and irAEs that the
    words were taken for, since none is written so; `beside`: by a case's key the events outside the list that the
    words found, since no code of the list tells what they were.
    """

    cases: list[Case]
    names_alike: bool = False
    read_as: tuple[str, ...] = ()
    beside: dict[int, str] = field(default_factory=dict)


def _named() -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    """Return the words in the names of each drug and of each irAE, by code.

    A class names all its drugs, and an organ all its irAEs. Those outside the list are looked for by the code of the
    organ that was told of them: no code is of both kinds, and the functions of the database take either.
    """

    def words(*names: object) -> list[str]:
        return [part.strip(MARKS) for name in names for part in str(name).lower().split()]

    unlisted = [n for e in entities().values() if e.unspecified for n in (e.label, e.name)]
    return (
        {
            d.code: words(d.label, d.name, d.code, *d.brands, *_classes(d.target))
            for d in drugs().values()
        },
        {
            **{e.code: words(e.label, e.name, Organ(e.organ).label) for e in entities().values()},
            **{
                organ: words(*of, *unlisted)
                for organ in sorted(ORGANS)
                if (of := organ_names(organ))
            },
        },
    )


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


def _typed(words: str) -> list[str]:
    typed = (word.strip(MARKS) for word in words.lower().split())
    return [word for word in typed if len(word) >= SHORTEST]


def codes_for(words: str) -> tuple[list[str], list[str]]:
    """Return the codes of the drugs and of the irAEs that the words name, by their beginnings.

    Every word must be part of the name; an organ's name stands for all its irAEs.
    """
    typed = _typed(words)
    if not typed:
        return [], []

    def named(parts: list[str]) -> bool:
        return all(any(part.startswith(word) for part in parts) for word in typed)

    of_drugs, of_entities = _named()
    return (
        [code for code, parts in of_drugs.items() if named(parts)],
        _each_once([code for code, parts in of_entities.items() if named(parts)]),
    )


def codes_like(words: str) -> tuple[list[str], list[str]]:
    """Return the codes of the drugs and of the irAEs whose names are written nearly like the words.

    Only those that are as near as the nearest: who mistypes one drug does not ask for all that sound like it.
    """
    typed = _typed(words)
    if not any(len(word) >= SHORTEST_ALIKE for word in typed):
        return [], []

    def near(word: str, parts: list[str]) -> float:
        if any(part.startswith(word) for part in parts):
            return 1.0
        if len(word) < SHORTEST_ALIKE:
            return 0.0
        return max(likeness(word, part) for part in parts)

    of_drugs, of_entities = (
        {code: min(near(word, parts) for word in typed) for code, parts in named.items()}
        for named in _named()
    )
    least = max(max(of_drugs.values()), max(of_entities.values())) - AS_GOOD
    return (
        [code for code, value in of_drugs.items() if value and value >= least],
        _each_once([code for code, value in of_entities.items() if value and value >= least]),
    )


def search_cases(user: User, words: str) -> Found:
    """Return at most 50 cases of the user's boards that the words find.

    What is written exactly so comes first, then what begins so, then what holds the words, each by its newest
    change. Only when there is none of these, what is written alike.
    """
    words = unicodedata.normalize("NFC", words)
    reference = REFERENCE.fullmatch(words)
    if reference:
        words = _reference(reference)
    exact = codes_for(words)
    bare = BARE_REFERENCE.fullmatch(words)
    whole = [Asked(WRITTEN, [_reference(bare), [], []])] if bare else []
    whole.append(Asked(WRITTEN, [words, *exact]))
    each = [] if reference else _together(words, codes_for)
    # A code is not looked for in words so short: beside one, they would be passed over.
    _stage, found, _alike = _first(each, whole) if _short(words) else _first(whole, each)
    if found or reference:
        cases = _cases(user, found)
        return Found(cases, beside=_beside(cases, _asked_for(each, whole)))
    meant = spelt(words)
    ways = [list(meant.alone), list(meant.one), list(meant.other)]
    nearly = [Asked(ALIKE, [words, [], [], *ways])]
    # A drug that nobody was given is no slip.
    near_drugs, near_entities = ([], []) if any(exact) else codes_like(words)
    if near_drugs or near_entities:
        nearly.append(Asked(WRITTEN, ["", near_drugs, near_entities]))
    read: list[str] = []
    together = _together(words, codes_for_or_like(read), slips=True)
    stage, ids, alike = _first(nearly, together)
    read_as = (
        read if stage else [*map(drug_label, near_drugs), *map(event_asked_for, near_entities)]
    )
    cases = _cases(user, ids)
    beside = _beside(cases, _asked_for(together if stage else nearly))
    return Found(cases, alike, tuple(dict.fromkeys(read_as)), beside)


def _beside(cases: list[Case], codes: set[str]) -> dict[int, str]:
    """Return by case the events outside the list that were asked for by their organ, or whatever their organ."""
    whole = [code for code in codes if is_unspecified(code)]
    organs = codes & ORGANS
    if not (cases and (whole or organs)):
        return {}
    kept = {case.pk: case.patient.kept.pk for case in cases}
    others = [e.code for e in entities().values() if e.unspecified]
    rows = IrAE.objects.filter(patient__in=set(kept.values()), entity__in=others)
    named: dict[int, list[str]] = defaultdict(list)
    for row in rows if whole else rows.filter(organ__in=organs):
        named[row.patient_id].append(event_named(row))
    return {
        key: "; ".join(dict.fromkeys(named[patient]))
        for key, patient in kept.items()
        if patient in named
    }


def _asked_for(*stages: list[Asked]) -> set[str]:
    """Return the codes of irAEs that were asked for."""
    lists = (one.values[place] for asked in stages for one in asked for place in one.events)
    return {code for codes in lists for part in codes or () for code in part.split(",")}


def codes_for_or_like(read_as: list[str]) -> Codes:
    """Return what finds the codes of a word as it is written, else as it may be meant; `read_as` learns which."""

    def codes(word: str) -> tuple[list[str], list[str]]:
        exact = codes_for(word)
        if any(exact):
            return exact
        near_drugs, near_entities = codes_like(word)
        read_as.extend([*map(drug_label, near_drugs), *map(event_asked_for, near_entities)])
        return near_drugs, near_entities

    return codes


def _together(words: str, codes: Codes, *, slips: bool = False) -> list[Asked]:
    """Return what asks for the cases for which every word holds, each by its own kind; nothing for words of one kind.

    A reference, words in the names of drugs and of irAEs by their codes, and all others as parts of a name; with
    `slips` also of a name that is written nearly so, where nobody's is written so.
    """
    within = REFERENCE_WITHIN.search(words)
    others = REFERENCE_WITHIN.sub(" ", words)
    rest = [*_typed(others), *_short(others)]
    coded = {word: found for word in rest if any(found := codes(word))}
    names = " ".join(word for word in rest if word not in coded)
    if not (within or coded) or len(rest) + bool(within) < 2:
        return []
    drugs_of, entities_of = ([",".join(found[n]) for found in coded.values()] for n in (0, 1))
    meant = spelt(names) if slips and names else None
    # Without a list the function takes the name as it stands.
    ways: list[Value] = (
        [list(meant.alone), list(meant.one), list(meant.other)] if meant else [None, [], []]
    )
    return [
        Asked(
            TOGETHER,
            [names, _reference(within) if within else "", drugs_of, entities_of, *ways],
            events=(3,),
        )
    ]


def _short(words: str) -> list[str]:
    """Return the words too short for a code, which may be names."""
    return [word for part in words.lower().split() if 1 < len(word := part.strip(MARKS)) < SHORTEST]


def _reference(parts: re.Match[str]) -> str:
    return f"RC-{parts[1]}-{int(parts[2]):04d}"


def _first(*stages: list[Asked]) -> tuple[int, list[int], bool]:
    """Return the first stage in which the database finds cases, their keys in its order, and whether names are alike.

    In one query: what is asked in a stage is not looked for where one before it has found something. Without cases
    the stage is 0.
    """
    parts: list[str] = []
    rows: list[str] = []
    values: list[Value] = []
    for stage, asked in enumerate(stages):
        none = " AND ".join(f"NOT EXISTS (TABLE {name})" for name in rows) or "true"
        names = [f"f{len(rows) + n}" for n in range(len(asked))]
        for name, one in zip(names, asked, strict=True):
            parts.append(
                f"{name} AS MATERIALIZED (SELECT {stage}, {len(parts)}, {one.sql} WHERE {none})"
            )
            values += one.values
        rows += names
    every = " UNION ALL ".join(f"TABLE {name}" for name in rows)
    with connection.cursor() as cursor:
        cursor.execute(f"WITH {', '.join(parts)} {every} ORDER BY 2, 5", values)
        found = cursor.fetchall()
    ids = list(dict.fromkeys(row[2] for row in found))[:MOST]
    return (found[0][0] if found else 0), ids, any(row[3] for row in found)


def _cases(user: User, ids: list[int]) -> list[Case]:
    by_id = {case.pk: case for case in cases_listed(user).filter(pk__in=ids)}
    return [by_id[pk] for pk in ids if pk in by_id]

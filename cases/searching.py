"""Finding cases by words: names and numbers through one database function, drugs and irAEs by code."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from django.db import connection
from django.utils.translation import gettext as _

from cases.eventnames import ORGANS, event_asked_for, event_named
from cases.folding import folded, foldings
from cases.models import Case, IrAE
from cases.searchwords import MARKS, SHORTEST, Codes, Words, typed
from cases.selectors import cases_listed
from cases.vocabulary import drug_label, entities, is_unspecified

if TYPE_CHECKING:
    from accounts.models import User

MOST = 50
# A reference is found however its parts are kept apart.
REFERENCE = re.compile(r"\s*rc[\s/-]*(20\d\d)[\s/-]*(\d{1,6})\s*", re.IGNORECASE)
# Without its letters it may be a hospital number too, so that both are looked for.
BARE_REFERENCE = re.compile(r"\s*(20\d\d)[\s/-]+(\d{1,6})\s*")
# One among other words is told by its letters.
REFERENCE_WITHIN = re.compile(r"(?<!\S)rc[\s/-]*(20\d\d)[\s/-]*(\d{1,6})(?!\S)", re.IGNORECASE)
# Between the words of a text that somebody typed, as `rechallenge_begun` of the database has it.
BETWEEN = re.compile(r"[\s!-/:-@[-`{-~\u2010-\u201f]+")
# Before what stands in such a text: among codes it tells the two apart.
BEGUN = "~"
# Of more words each is taken for one of an event or of an agent, none for one of a name.
MOST_NAMES, MOST_WORDS, MOST_READ = 4, 8, 3


# What the functions of the database hand out: keys, whether a name is only alike, and in which order.
WRITTEN = (
    "case_id, false AS alike, ordinality, NULL::text AS meant"
    " FROM rechallenge_search_cases(%s, %s, %s) WITH ORDINALITY"
)
# Each of thousands of ways to write a name: one text, since each element of a list is quoted by itself.
LISTS = ", ".join(3 * [r"string_to_array(%s, E'\n')"])
ALIKE = (
    "case_id, true AS alike, ordinality, NULL::text AS meant"
    f" FROM rechallenge_search_cases(%s, %s, %s, {LISTS}) WITH ORDINALITY"
)
TOGETHER = (
    "case_id, alike, ordinality, NULL::text AS meant"
    f" FROM rechallenge_search_together(%s, %s, %s, %s, {LISTS}) WITH ORDINALITY"
)
# No case: the place of a word, and what stands in a typed text that begins as the word does or with one slip.
MEANT = "NULL::bigint AS case_id, false AS alike, place, meant FROM rechallenge_words_meant(%s)"


# None where a function is to do without: it then looks for nothing that is only alike.
Value = str | list[str] | None
# Without a list the function takes a name as it stands.
AS_IT_STANDS: tuple[Value, ...] = (None, "", "")


class Asked(NamedTuple):
    """One question to the database, and what is put into it."""

    sql: str
    values: list[Value]
    # At which places of the values codes of irAEs stand.
    events: tuple[int, ...] = (2,)


class Hits(NamedTuple):
    """What the database found: in which stage, which questions found something, and which cases.

    Without cases the stage is 0. `meant`: where it was asked for, what each word may mean in a text, by its place.
    """

    stage: int
    asked: list[Asked]
    ids: list[int]
    alike: bool
    meant: dict[int, list[str]]


@dataclass(frozen=True)
class Found:
    """The cases that a search found, the best first.

    `names_alike`: nobody is written as it was typed, and somebody alike; `read_as`: the drugs and irAEs that the
    words were taken for, since none is written so; `beside`: by a case's key the events and the agents outside the
    lists that the words found, since no code tells what they were.
    """

    cases: list[Case]
    names_alike: bool = False
    read_as: tuple[str, ...] = ()
    beside: dict[int, str] = field(default_factory=dict)


def search_cases(user: User, words: str) -> Found:
    """Return at most 50 cases of the user's boards that the words find.

    What is written exactly so comes first, then what begins so, then what holds the words, each by its newest
    change. Only when there is none of these, what is written alike.
    """
    words = unicodedata.normalize("NFC", words)
    reference = REFERENCE.fullmatch(words)
    if reference:
        words = _reference(reference)
    read = Words()
    exact = read.codes_for(words)
    bare = BARE_REFERENCE.fullmatch(words)
    whole = [Asked(WRITTEN, [_reference(bare), [], []])] if bare else []
    whole.append(Asked(WRITTEN, [words, *exact]))
    each = [] if reference else _together(words, read, read.codes_for)
    if not reference:
        (each if _several(words) else whole).extend(_by_text(words, read))
    # A code is not looked for in words so short: beside one, they would be passed over.
    stages = [each, whole] if _short(words) else [whole, each]
    # Worked out once, and only where the words find nothing as they stand.
    every = [] if reference else _words_of_text(words)
    hits = _first(*stages, [Asked(MEANT, [[*map(_folded, every)]], events=())] if every else [])
    if hits.ids or reference:
        cases = _cases(user, hits.ids)
        return Found(cases, beside=_beside(cases, hits))
    return _alike(user, words, read, hits.meant)


def _alike(user: User, words: str, read: Words, meant: dict[int, list[str]]) -> Found:
    """Return the cases of the user's boards that are written nearly as the words are.

    `meant`: what each word may mean in a text that somebody typed.
    """
    nearly = [Asked(ALIKE, [words, [], [], *_lists(words, read)])]
    # A drug that nobody was given is no slip.
    near_drugs, near_entities = ([], []) if any(read.codes_for(words)) else read.codes_like(words)
    if near_drugs or near_entities:
        nearly.append(Asked(WRITTEN, ["", near_drugs, near_entities]))
    read_as: list[str] = []
    together = _together(words, read, read.codes_for_or_like(read_as), slip=True)
    texts = _by_text_meant(words, read, meant)
    (together if _several(words) else nearly).extend(texts)
    hits = _first(nearly, together)
    cases = _cases(user, hits.ids)
    beside = _beside(cases, hits)
    # By a text alone, and no code, the words were read as what stands in it.
    by_text = bool(hits.asked) and all(one in texts for one in hits.asked)
    if by_text:
        read_as = list(dict.fromkeys(beside.values()))[:MOST_READ]
    elif not hits.stage:
        read_as = [*map(drug_label, near_drugs), *map(event_asked_for, near_entities)]
    return Found(cases, hits.alike, tuple(dict.fromkeys(read_as)), beside)


def _beside(cases: list[Case], hits: Hits) -> dict[int, str]:
    """Return by case the events and agents outside the lists that were asked for by their text or their organ."""
    lists = (one.values[place] for one in hits.asked for place in one.events)
    codes = {code for found in lists for part in found or () for code in part.split(",")}
    whole = any(is_unspecified(code) for code in codes)
    organs, texts = codes & ORGANS, {code for code in codes if code.startswith(BEGUN)}
    if not (cases and (whole or organs or texts)):
        return {}
    kept = {case.pk: case.patient.kept.pk for case in cases}
    others = [e.code for e in entities().values() if e.unspecified]
    named: dict[int, list[str]] = defaultdict(list)
    for row in IrAE.objects.filter(patient__in=set(kept.values()), entity__in=others):
        if whole or row.organ in organs or texts & begun(row.entity_text):
            named[row.patient_id].append(event_named(row))
    words = {case.pk: list(named[kept[case.pk]]) for case in cases}
    for case in cases:
        if texts & begun(case.proposed_text):
            words[case.pk].append(_("proposed: %(agent)s") % {"agent": case.proposed_text})
    return {key: "; ".join(dict.fromkeys(found)) for key, found in words.items() if found}


def begun(text: str) -> set[str]:
    """Return the beginnings of the words of a text, as the database keeps them."""
    words = filter(None, BETWEEN.split(folded(text)))
    return {
        BEGUN + word[:n] for word in words for n in range(min(SHORTEST, len(word)), len(word) + 1)
    }


def _words_of_text(words: str) -> list[str]:
    return [*filter(None, BETWEEN.split(REFERENCE_WITHIN.sub(" ", words).lower()))][:MOST_WORDS]


def _several(words: str) -> bool:
    return len(_words_of_text(words)) > 1 or bool(REFERENCE_WITHIN.search(words))


def _by_text(words: str, read: Words) -> list[Asked]:
    """Return what asks for cases by what somebody typed: an event, or an agent proposed, that no list has.

    Every word begins one of such a text, or is that of a drug or an irAE of the lists; those of no list may, at either
    end, be a name.
    """
    every = _words_of_text(words)
    unlisted = [word for word in every if not any(read.codes_for(word))]
    ways = {word: [BEGUN + way] for word in every if _one_word(way := folded(word))}
    return [_text_and_name(words, read, ways, names) for names in _names_among(unlisted) if every]


def _by_text_meant(words: str, read: Words, meant: dict[int, list[str]]) -> list[Asked]:
    """Return what asks for a text whose words are written nearly so, at most one question however many the words.

    Words that stand in no text and in no list are a name, which may have a slip too.
    """
    every = _words_of_text(words)
    ways = {word: meant.get(place, []) for place, word in enumerate(every, 1)}
    names = tuple(word for word in every if not (ways[word] or any(read.codes_for(word))))
    if not any(ways.values()) or len(names) >= MOST_NAMES:
        return []
    return [_text_and_name(words, read, ways, names, slip=True)]


def _text_and_name(
    words: str,
    read: Words,
    ways: dict[str, list[str]],
    names: tuple[str, ...],
    *,
    slip: bool = False,
) -> Asked:
    """Return what asks for a name, and for each other word by its codes and its ways in a text."""
    within = REFERENCE_WITHIN.search(words)
    asked = [word for word in _words_of_text(words) if word not in names]
    coded = [read.codes_for(word) for word in asked]
    drugs_of = [",".join(drugs) for drugs, _events in coded]
    events_of = [
        ",".join([*events, *ways.get(word, [])])
        for word, (_drugs, events) in zip(asked, coded, strict=True)
    ]
    name = " ".join(names)
    meant = _lists(name, read) if slip and names else AS_IT_STANDS
    reference = _reference(within) if within else ""
    return Asked(TOGETHER, [name, reference, drugs_of, events_of, *meant], events=(3,))


def _names_among(words: list[str]) -> list[tuple[str, ...]]:
    """Return which of the words may be a name beside the others: none, some of the first, or some of the last."""
    some = range(1, len(words)) if len(words) <= MOST_NAMES else ()
    found = [(), *(tuple(words[:n]) for n in some), *(tuple(words[-n:]) for n in some)]
    return list(dict.fromkeys(found))


def _lists(name: str, read: Words) -> tuple[str, str, str]:
    """Return the lists of what a name, a number or two names may have been meant to be, each as one text."""
    meant = read.spelt(name)
    return "\n".join(meant.alone), "\n".join(meant.one), "\n".join(meant.other)


def _folded(word: str) -> str:
    """Return the ways in which a word may be folded, as the function takes them that looks for it in texts."""
    return ",".join(filter(_one_word, foldings(word)))


def _one_word(way: str) -> bool:
    """Whether a word is still one when it is folded, as those of a text are."""
    return bool(way) and not BETWEEN.search(way)


def _together(words: str, read: Words, codes: Codes, *, slip: bool = False) -> list[Asked]:
    """Return what asks for the cases for which every word holds, each by its own kind; nothing for words of one kind.

    A reference, words in the names of drugs and of irAEs by their codes, and all others as parts of a name; with
    `slip` also of a name that is written nearly so, where nobody's is written so.
    """
    within = REFERENCE_WITHIN.search(words)
    others = REFERENCE_WITHIN.sub(" ", words)
    rest = [*typed(others), *_short(others)]
    coded = {word: found for word in rest if any(found := codes(word))}
    names = " ".join(word for word in rest if word not in coded)
    if not (within or coded) or len(rest) + bool(within) < 2:
        return []
    drugs_of, entities_of = ([",".join(found[n]) for found in coded.values()] for n in (0, 1))
    ways = _lists(names, read) if slip and names else AS_IT_STANDS
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


def _first(*stages: list[Asked]) -> Hits:
    """Return what the database finds in the first stage in which it finds cases, in its order.

    In one query: what is asked in a stage is not looked for where one before it has found something, nor where what
    was asked before it in its own stage fills the page.
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
            none += f" AND (SELECT count(*) FROM {name}) < {MOST}"  # noqa: S608
            values += one.values
        rows += names
    every = " UNION ALL ".join(f"TABLE {name}" for name in rows)
    with connection.cursor() as cursor:
        cursor.execute(f"WITH {', '.join(parts)} {every} ORDER BY 2, 5", values)
        found = cursor.fetchall()
    meant: dict[int, list[str]] = defaultdict(list)
    for _stage, _asked, case, _alike_too, place, text in found:
        if case is None:
            meant[place].append(text)
    found = [row for row in found if row[2] is not None]
    ids = list(dict.fromkeys(row[2] for row in found))[:MOST]
    every_one = [one for asked in stages for one in asked]
    hit = [every_one[n] for n in sorted({row[1] for row in found})]
    return Hits(found[0][0] if found else 0, hit, ids, any(row[3] for row in found), meant)


def _cases(user: User, ids: list[int]) -> list[Case]:
    by_id = {case.pk: case for case in cases_listed(user).filter(pk__in=ids)}
    return [by_id[pk] for pk in ids if pk in by_id]

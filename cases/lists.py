"""The curated lists of ICIs and of irAEs: as the product's files have them, and as curators keep them in tables.

Read from the tables once and kept in the process. Whoever changes them leaves a mark in the cache (`changed`); each
process asks for the mark once a second at most and reads the tables again when it is another one. While the cache
does not answer they are read again every ten seconds. What a file has and no row answers for is taken from the file.
"""

from __future__ import annotations

import itertools
import json
import time
import uuid
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import structlog
from django.apps import apps
from django.core.cache import cache as shared
from django.db import DatabaseError, transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from cases.organs import Organ
from evidence.errata_guard import of_drug

log = structlog.get_logger(__name__)

DATA = Path(__file__).parent / "data"
KEY = "cases.lists"
# Seconds: how often the mark is asked for, how often the tables are read while nobody answers, how long a mark stays.
ASK_EVERY, READ_EVERY, MARK_STAYS = 1.0, 10.0, 600
_numbers = itertools.count(1)


@dataclass(frozen=True)
class Drug:
    """An ICI: code, target and WHO ATC code (empty where none is assigned).

    `dose` is the usual one in NSCLC, empty where it is not known; `dose_mark` says how it is known. `brands` are the
    names under which it is sold, as far as they are known with certainty.
    """

    code: str
    label: str
    target: str
    atc: str
    dose: str = ""
    dose_mark: str = ""
    brands: tuple[str, ...] = ()
    # Whether the class alone is known: it may be any agent against the target.
    unnamed: bool = False
    offered: bool = True

    @property
    def drug_class(self) -> str:
        """The class by what the drug is directed against."""
        return (
            _("bispecific %(targets)s") % {"targets": self.target.replace("+", " x ")}
            if ("+" in self.target)
            else _("anti-%(target)s") % {"target": self.target}
        )

    @property
    def name(self) -> str:
        """The name in the page's language; the label is the code list's own English."""
        return pgettext("drug", self.label)

    @property
    def dose_words(self) -> str:
        """The usual dose in the page's language."""
        return pgettext("drug dose", self.dose) if self.dose else ""

    @property
    def dose_mark_words(self) -> str:
        """How the usual dose is known, in the page's language."""
        return pgettext("drug dose", self.dose_mark) if self.dose_mark else ""


@dataclass(frozen=True)
class Entity:
    """An irAE of the product's own list and the CTCAE terms by which it is graded.

    `terms` maps a CTCAE version to (term, MedDRA LLT code); a version without a term is not there.
    `family` is the disease: recurrent colitis may be entered as diarrhoea, hepatitis by ALT or by AST.
    `grades` maps a CTCAE version to the lowest and the highest grade of the term; `may_be` maps one to what a grade
    of it may be at most by the version that the rules read.
    """

    code: str
    label: str
    organ: Organ
    terms: dict[str, tuple[str, str]]
    family: str
    grades: dict[str, tuple[int, int]]
    may_be: dict[str, dict[int, int]]
    # Whether it is no one disease: what it was has to be said in words.
    unspecified: bool = False
    # What else it is called: whoever types such a name means it.
    synonyms: tuple[str, ...] = ()
    offered: bool = True
    # Whether curators have added it: no fact and no rule of this release goes by its name.
    added: bool = False

    @property
    def name(self) -> str:
        """The name in the page's language; the label is the code list's own English."""
        return pgettext("irAE", self.label)


@dataclass(frozen=True)
class Lists:
    """Both lists by code; `number` is another one whenever they were read anew."""

    drugs: dict[str, Drug]
    entities: dict[str, Entity]
    number: int = 0


class _Held(NamedTuple):
    """The lists that this process holds, under which mark, and until when nobody is asked."""

    lists: Lists
    mark: str | None
    until: float


_held: _Held | None = None


def current() -> Lists:
    """Return the lists as they are now."""
    held = _held
    if held is not None and time.monotonic() < held.until:
        return held.lists
    return _asked(held)


def changed() -> None:
    """Read the lists anew here, and have every other process do so. To be called once the change is committed."""
    mark = uuid.uuid4().hex
    shared.set(KEY, mark, MARK_STAYS)
    _hold(_held, mark)


def _asked(held: _Held | None) -> Lists:
    mark = _mark()
    if mark is None:
        # The first process to miss it sets it: one that was lost with the cache is not missed for long.
        shared.add(KEY, uuid.uuid4().hex, MARK_STAYS)
        mark = _mark()
    return _hold(held, mark)


def _hold(held: _Held | None, mark: str | None) -> Lists:
    """Hold the lists as of `mark`, read anew unless those held are; return them.

    Where they cannot be read, what was held stays under the mark that it had, else the files under none: they are
    read again before long.
    """
    global _held
    wait = READ_EVERY if mark is None else ASK_EVERY
    if held is not None and mark is not None and mark == held.mark:
        lists = held.lists
    elif (read := _read()) is not None:
        lists = read
    else:
        lists, mark = (held.lists, held.mark) if held is not None else (delivered(), None)
        wait = READ_EVERY
    _held = _Held(lists, mark, time.monotonic() + wait)
    return lists


def _mark() -> str | None:
    """Return the mark of the last change; None where nobody has left one, or the cache shared by all is away."""
    found: str | None = shared.get(KEY)
    return None if getattr(shared, "is_away", False) else found


def _read() -> Lists | None:
    """Return the lists from the tables; None where they cannot be read."""
    try:
        # Within a transaction a refused query would take everything else with it.
        with transaction.atomic():
            drugs = list(apps.get_model("cases", "ListedDrug")._default_manager.settled())
            events = list(apps.get_model("cases", "ListedEvent")._default_manager.settled())
    except DatabaseError as error:
        log.warning("lists.not_read", error=type(error).__name__)
        return None
    return Lists(_with_drugs(drugs), _with_events(events), next(_numbers))


@cache
def delivered() -> Lists:
    """Return both lists as the files of this release have them."""
    return Lists(delivered_drugs(), delivered_entities())


@cache
def delivered_drugs() -> dict[str, Drug]:
    """Return the ICI drugs of the file. Source: WHO ATC/DDD index 2026.

    Raises ValueError where it names as an ICI what is none (erratum E01).
    """
    rows = json.loads((DATA / "drugs.json").read_text())["drugs"]
    listed = (Drug(**{**row, "brands": tuple(row.get("brands", ()))}) for row in rows)
    found = {drug.code: drug for drug in listed}
    if refused := drug_problems(found.values()):
        raise ValueError("\n".join(refused))
    return found


@cache
def delivered_entities() -> dict[str, Entity]:
    """Return the irAE entities of the file. Source of terms and codes: CTCAE 5.0 and 6.0, MedDRA LLT."""
    rows = json.loads((DATA / "irae_entities.json").read_text())["entities"]
    return {
        row["code"]: Entity(
            row["code"],
            row["label"],
            Organ(row["organ"]),
            _terms(row["terms"]),
            row["family"],
            _grades(row["grades"]),
            {
                version: {int(grade): highest for grade, highest in moved.items()}
                for version, moved in row.get("may_be", {}).items()
            },
            row.get("unspecified", False),
            tuple(row.get("synonyms", ())),
        )
        for row in rows
    }


def _terms(stored: dict[str, list[str]]) -> dict[str, tuple[str, str]]:
    return {version: (term, code) for version, (term, code) in stored.items()}


def _grades(stored: dict[str, list[int]]) -> dict[str, tuple[int, int]]:
    return {version: (low, high) for version, (low, high) in stored.items()}


def _with_drugs(rows: Iterable[Any]) -> dict[str, Drug]:
    """Return the file's drugs as the rows call them, and those of the rows, each after others of its target."""
    found = dict(delivered_drugs())
    for row in rows:
        words = {
            "label": row.label,
            "atc": row.atc,
            "dose": row.dose,
            "dose_mark": row.dose_mark,
            "brands": tuple(row.brands),
            "offered": row.is_offered,
        }
        ours = found.get(row.code) if row.delivered else None
        drug = replace(ours, **words) if ours else Drug(code=row.code, target=row.target, **words)
        if refused := drug_problems([drug]):
            # Written past the service. A page without it is better than no page.
            log.error("lists.no_ici", problems=refused)
        else:
            found[row.code] = drug
    places: dict[str, int] = {}
    for drug in found.values():
        places.setdefault(drug.target, len(places))
    in_order = sorted(found.values(), key=lambda d: (d.unnamed, places[d.target]))
    return {drug.code: drug for drug in in_order}


def _with_events(rows: Iterable[Any]) -> dict[str, Entity]:
    """Return the file's irAEs as the rows call them, and those of the rows behind them."""
    found = dict(delivered_entities())
    for row in rows:
        words = {
            "label": row.label,
            "synonyms": tuple(row.synonyms),
            "offered": row.is_offered,
        }
        ours = found.get(row.code) if row.delivered else None
        found[row.code] = (
            replace(ours, **words)
            if ours
            else Entity(
                code=row.code,
                organ=Organ(row.organ),
                terms=_terms(row.terms),
                family=row.family,
                grades=_grades(row.grades),
                may_be={},
                added=True,
                **words,
            )
        )
    return found


def drug_problems(list_of_icis: Iterable[Drug]) -> list[str]:
    """Return in words which drugs of a list are no ICI; a patient may take them all the same."""
    return [
        f"{drug.code}: {each.message}"
        for drug in list_of_icis
        for each in of_drug(drug.code, drug.label, drug.target, drug.atc)
    ]

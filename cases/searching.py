"""Finding cases by words: names and numbers through one database function, drugs and irAEs by code."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import connection

from cases.models import Case
from cases.selectors import cases_listed
from cases.vocabulary import Organ, drugs, entities

if TYPE_CHECKING:
    from accounts.models import User

SHORTEST = 3


def codes_for(words: str) -> tuple[list[str], list[str]]:
    """Return the codes of the drugs and of the irAEs that the words name, by their beginnings.

    Every word must be part of the name; an organ's name stands for all its irAEs.
    """
    typed = [word for word in words.lower().split() if len(word) >= SHORTEST]
    if not typed:
        return [], []

    def named(*names: str) -> bool:
        parts = [part.strip("(),") for name in names for part in name.lower().split()]
        return all(any(part.startswith(word) for part in parts) for word in typed)

    return (
        [d.code for d in drugs().values() if named(d.label, d.name, d.code)],
        [e.code for e in entities().values() if named(e.label, e.name, str(Organ(e.organ).label))],
    )


def found_by(user: User, words: str) -> list[Case]:
    """Return at most 50 cases of the user's boards that the words find, newest change first."""
    found_drugs, found_entities = codes_for(words)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT case_id FROM rechallenge_search_cases(%s, %s, %s)",
            [words, found_drugs, found_entities],
        )
        ids = [pk for (pk,) in cursor.fetchall()]
    return list(cases_listed(user).filter(pk__in=ids).order_by("-changed_at", "-id"))

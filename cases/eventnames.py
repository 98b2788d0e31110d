"""How an irAE of the record is named by itself: one outside the list with the organ that was told of it."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from cases.vocabulary import (
    ELSEWHERE,
    ORGANS_OF_UNLISTED,
    UNTOLD,
    entities,
    entity_in_words,
    entity_label,
    event_name,
    has_no_organ,
    is_unspecified,
    organ_label,
)

ORGANS = frozenset(code for code, _label in ORGANS_OF_UNLISTED)


def organ_words(entity: str, organ: str) -> str:
    """Return the organ of an irAE of the record, or that nobody told it."""
    if has_no_organ(entity, organ):
        several = _("several organs, or cannot be told")
        told = organ == UNTOLD or not is_unspecified(entity)
        return several if told else _("organ not asked")
    return _("another organ") if organ == ELSEWHERE else organ_label(organ)


def _placed(name: str, entity: str, organ: str) -> str:
    where = _("several organs, or not known which") if organ == UNTOLD else ""
    words = _("%(event)s (%(organ)s)")
    return words % {"event": name, "organ": where or organ_words(entity, organ)}


def event_named(row: Any) -> str:
    """Return the name of an irAE of the record: of one outside the list what it was, with its organ."""
    if not is_unspecified(row.entity):
        return event_name(row)
    return _placed(row.entity_text or entity_label(row.entity), row.entity, row.organ)


def event_in_words(row: Any) -> str:
    """Return the name of an irAE of the record within a sentence; one that was typed stays as it is."""
    if not is_unspecified(row.entity):
        return entity_in_words(row.entity)
    name = row.entity_text or entity_in_words(row.entity)
    return _placed(name, row.entity, row.organ)


def event_asked_for(code: str) -> str:
    """Return in words what a search looks for by a code: an irAE of the list, or one outside it of an organ."""
    if code not in ORGANS:
        return entity_label(code)
    other = next(e for e in entities().values() if e.unspecified)
    return _placed(other.name, other.code, code)


def organ_names(code: str) -> tuple[str, ...]:
    """Return the names by which an event outside the list is looked for of one organ."""
    if code == ELSEWHERE:
        # What it is not is no name of it.
        return ()
    if code == UNTOLD:
        return (_("several organs"),)
    return (str(dict(ORGANS_OF_UNLISTED)[code]),)

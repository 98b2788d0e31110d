"""What stands beside the sections of a record and has a history too: owed facts, and guidance laid beside a case."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from cases import changewords
from cases.changewords import Facets
from cases.models import AttachedGuidance, FactTask
from cases.presenters.asked import task_words

_BESIDE: dict[str, Facets] = {
    "FactTask": Facets(
        FactTask,
        ("due_on", "done_at"),
        special=((lambda: _("Given to"), lambda row: row.owner.name if row.owner else ""),),
        subject=lambda row: task_words(row),
    ),
    "AttachedGuidance": Facets(
        AttachedGuidance,
        ("comment", "detached_at", "kept_at"),
        special=((lambda: _("Attached"), lambda row: _pinned(row)),),
        subject=lambda row: row.version.title if row.version else row.finding.label,
    ),
}


def _pinned(row: Any) -> str:
    if row.version is None:
        return _("revision %(n)s of the figure") % {"n": row.finding.revision}
    return _("version %(n)s") % {"n": row.version.number}


def facets_of(name: str) -> Facets:
    """Return what rows of the model `name` say, of the record or beside it."""
    return _BESIDE[name] if name in _BESIDE else changewords.facets_of(name)

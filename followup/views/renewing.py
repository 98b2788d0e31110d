"""A form sent for a row that somebody else has changed since: what was typed, with the row's version now."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.http import QueryDict


def renewed(typed: QueryDict, version: int) -> QueryDict:
    """Return what was sent with the version that is shown beside it, so that it can be sent again."""
    data = typed.copy()
    data["version"] = str(version)
    return data

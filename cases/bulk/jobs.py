"""What the pages of imports and exports read."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from cases.lab_entry import unit_words
from cases.lists import DATA
from cases.models import Analyte, BulkJob

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from accounts.models import User

SAMPLE = DATA / "sample_spreadsheet.json"


def jobs_of(user: User) -> QuerySet[BulkJob]:
    """Return the imports and exports of a user, the newest first, without their files."""
    rows = BulkJob.objects.filter(user=user).select_related("board", "owed_by").defer("content")
    return rows.order_by("-id")


def template_analytes() -> list[tuple[str, str, str]]:
    """Return code, name and units of each analyte that is offered."""
    rows = Analyte.objects.filter(active=True)
    return [(a.code, a.label, ", ".join(unit_words(u) for u in a.units)) for a in rows]


def sample_rows() -> dict[str, list[dict[str, str]]]:
    """Return the rows of the demonstration's file: invented patients whom nobody entered yet."""
    rows: dict[str, list[dict[str, str]]] = json.loads(SAMPLE.read_text())
    return rows

"""What names a row by its public id follows, once that row stays behind, to the one that says the same.

Facts that somebody owes, and what somebody types. What was signed, sent or is in the history names what it named.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import connection
from django.utils import timezone

from cases.askable import item_of
from cases.models import FactTask, Patient

if TYPE_CHECKING:
    from cases.services.twins import Twins

# Of the row that stays behind -> of the one that says the same.
Ids = dict[UUID, UUID]


def ids_of(twins: Twins) -> Ids:
    """Return by which id each row is named from now on."""
    found: Ids = {}
    for model, same in twins.items():
        rows: dict[int, Any] = model._default_manager.in_bulk([*same, *same.values()])
        found |= {rows[other].public_id: rows[mine].public_id for other, mine in same.items()}
    return found


def tasks_follow(absorb: Patient, ids: Ids) -> None:
    """Ask in the other row for what is owed of one that stays behind; what a case asks for there already is closed."""
    keys = {old.hex: new.hex for old, new in ids.items()}
    for task in FactTask.objects.filter(patient=absorb, done_at=None).order_by("pk"):
        item = item_of(task.fact)
        old = item.irae if item is not None else ""
        if old not in keys:
            continue
        fact = task.fact.replace(old, keys[old])
        there = FactTask.objects.filter(case=task.case_id, fact=fact, done_at=None)
        changed = {"done_at": timezone.now()} if there.exists() else {"fact": fact}
        FactTask.objects.filter(pk=task.pk).update(**changed)


def drafts_follow(keep: Patient, absorb: Patient, ids: Ids) -> None:
    """Let what anybody types into the form of such a row be typed into that of the other; once they are merged."""
    same = [{"old": str(old), "new": str(new)} for old, new in ids.items()]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT rechallenge_drafts_follow(%s, %s, %s)", [keep.pk, absorb.pk, json.dumps(same)]
        )

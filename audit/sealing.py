"""Seals the trail: an HMAC over each run of entries, its key kept outside the database.

The database's owner could still rewrite rows; the seals then no longer fit, which `verify_trail` tells.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import connection, transaction
from django.db.models.functions import Now

from audit.models import Seal, TrailEntry

if TYPE_CHECKING:
    from collections.abc import Iterable

# Longer than any request's transaction, so that no entry with a lower id can still appear.
SETTLED_AFTER = timedelta(minutes=2)
BATCH = 5_000


def digest(previous: str, entries: Iterable[TrailEntry]) -> str:
    """Return the hexadecimal HMAC-SHA256 over the entries' canonical lines and the seal before."""
    mac = hmac.new(settings.SEAL_KEY.encode(), previous.encode(), hashlib.sha256)
    for e in entries:
        line = [
            e.pk, e.at.isoformat(), e.kind, e.actor_id, e.board_id, e.patient_id,
            e.subject_type, e.subject_id, e.request_id, e.detail,
        ]  # fmt: skip
        mac.update(json.dumps(line, sort_keys=True, separators=(",", ":")).encode() + b"\n")
    return mac.hexdigest()


@transaction.atomic
def seal() -> int:
    """Seal the settled entries since the last seal, at most one batch; return how many."""
    with connection.cursor() as cursor:
        # One sealer at a time: two chains from one seal could not both be right.
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('audit.seal'))")
    last = Seal.objects.order_by("-last_entry").first()
    rows = list(
        TrailEntry.objects.filter(
            pk__gt=last.last_entry if last else 0, at__lt=Now() - SETTLED_AFTER
        ).order_by("pk")[:BATCH]
    )
    if not rows:
        return 0
    previous = last.digest if last else ""
    Seal.objects.create(
        first_entry=rows[0].pk,
        last_entry=rows[-1].pk,
        entries=len(rows),
        previous=previous,
        digest=digest(previous, rows),
    )
    return len(rows)


@dataclass(frozen=True)
class Head:
    """The end of the chain: how many seals there are, what the last one covers, and its digest."""

    seals: int
    last_entry: int
    digest: str


def head() -> Head | None:
    """Return the end of the chain, or None before the first seal."""
    last = Seal.objects.order_by("-last_entry").first()
    if last is None:
        return None
    return Head(Seal.objects.count(), last.last_entry, last.digest)


def is_in_chain(of_head: str) -> bool:
    """Whether a head that was noted elsewhere is still in the chain; if not, its end was cut off."""
    return Seal.objects.filter(digest=of_head).exists()


def sees_every_entry() -> bool:
    """Whether the login role of this process is let see the whole trail by row-level security."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT 1 FROM pg_policies WHERE tablename = 'audit_trailentry'"
            " AND cmd IN ('SELECT', 'ALL') AND qual = 'true' AND current_user = ANY (roles))"
        )
        (sees,) = cursor.fetchone()
    return bool(sees)


def broken_seals() -> list[Seal]:
    """Return the seals whose entries or chain no longer fit; empty when the trail is whole."""
    broken, previous = [], ""
    for one in Seal.objects.order_by("last_entry").iterator():
        entries = TrailEntry.objects.filter(pk__range=(one.first_entry, one.last_entry)).order_by(
            "pk"
        )
        rows = list(entries)
        fits = len(rows) == one.entries and one.previous == previous
        if not fits or not hmac.compare_digest(digest(previous, rows), one.digest):
            broken.append(one)
        previous = one.digest
    return broken

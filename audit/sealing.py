"""Seals the trail: an HMAC over each run of entries, its key kept outside the database.

The database's owner could still rewrite rows; the seals then no longer fit, which `verify_trail` tells.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

import structlog
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import connection, transaction
from django.db.models.functions import Now

from audit.models import Seal, TrailEntry

if TYPE_CHECKING:
    from collections.abc import Iterable

log = structlog.get_logger(__name__)
# Between taking its number and holding a lock on the table an entry is seen by nobody: moments, not minutes.
SETTLED_AFTER = timedelta(minutes=2)
BATCH = 5_000
# How long to wait for transactions that have written entries and not committed.
PATIENCE, PAUSE = 5.0, 0.1
# Whoever has inserted holds this lock to the end of the transaction. Every login role sees the locks.
WRITERS = """
SELECT virtualtransaction FROM pg_locks
WHERE relation = 'audit_trailentry'::regclass AND mode = 'RowExclusiveLock' AND granted
  AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
  AND pid <> pg_backend_pid()
"""


def require_key() -> None:
    """Refuse, in words, a process that was not given the key: one worker seals, and no other process needs it."""
    if not settings.SEAL_KEY:
        raise ImproperlyConfigured(
            "RECHALLENGE_SEAL_KEY is not set: without it this process can neither seal the trail nor verify it."
        )


def digest(previous: str, entries: Iterable[TrailEntry]) -> str:
    """Return the hexadecimal HMAC-SHA256 over the entries' canonical lines and the seal before."""
    require_key()
    mac = hmac.new(settings.SEAL_KEY.encode(), previous.encode(), hashlib.sha256)
    for e in entries:
        line = [
            e.pk, e.at.isoformat(), e.kind, e.actor_id, e.board_id, e.patient_id,
            e.subject_type, e.subject_id, e.request_id, e.detail,
        ]  # fmt: skip
        mac.update(json.dumps(line, sort_keys=True, separators=(",", ":")).encode() + b"\n")
    return mac.hexdigest()


def _writers() -> set[str]:
    """Return the transactions that have written entries and not ended."""
    with connection.cursor() as cursor:
        cursor.execute(WRITERS)
        return {name for (name,) in cursor.fetchall()}


def _all_ended(writers: set[str]) -> bool:
    """Wait for these transactions; False where one is open for longer than we are patient."""
    until = time.monotonic() + PATIENCE
    while writers and (writers := writers & _writers()):
        if time.monotonic() > until:
            return False
        time.sleep(PAUSE)
    return True


@transaction.atomic
def seal() -> int:
    """Seal the settled entries since the last seal, at most one batch; return how many.

    An entry takes its number when it is written and is seen when its transaction commits: none may appear
    below a number that is sealed already. Behind a transaction that stays open, sealing waits for the next run.
    """
    with connection.cursor() as cursor:
        # One sealer at a time: two chains from one seal could not both be right.
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('audit.seal'))")
    last = Seal.objects.order_by("-last_entry").first()
    unsealed = TrailEntry.objects.filter(pk__gt=last.last_entry if last else 0).order_by("pk")
    settled = list(
        unsealed.filter(at__lt=Now() - SETTLED_AFTER).values_list("pk", flat=True)[:BATCH]
    )
    if not settled:
        return 0
    if not _all_ended(_writers()):
        log.warning("trail.sealing_waits", after=last.last_entry if last else 0)
        return 0
    rows = list(unsealed.filter(pk__lte=settled[-1]))
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

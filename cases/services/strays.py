"""Removes uploaded files that no record names: what a transaction left that failed after the file was written.

No erasure would reach them. Which names are known is asked across boards, by a function of the database that tells
nothing else.
"""

from __future__ import annotations

import time
from datetime import timedelta
from typing import TYPE_CHECKING

import structlog
from django.core.files.storage import default_storage
from django.db import connection
from django.utils import timezone

if TYPE_CHECKING:
    from datetime import datetime

log = structlog.get_logger(__name__)
FOLDER = "reports"
# No transaction is open for that long: whatever wrote such a file has ended.
SETTLED_AFTER = timedelta(days=1)
EVERY = SETTLED_AFTER.total_seconds()
AT_ONCE = 1000
_swept_at: list[float] = []


def remove_strays() -> int:
    """Delete the uploaded files older than a day that no report and no history of one names; return how many."""
    try:
        _folders, names = default_storage.listdir(FOLDER)
    except FileNotFoundError:
        return 0
    settled = timezone.now() - SETTLED_AFTER
    paths = [f"{FOLDER}/{name}" for name in sorted(names)]
    old = [path for path in paths if _written_before(path, settled)]
    removed = 0
    for start in range(0, len(old), AT_ONCE):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT rechallenge_stray_files(%s::text[])", [old[start : start + AT_ONCE]]
            )
            strays = [path for (path,) in cursor.fetchall()]
        for path in strays:
            default_storage.delete(path)
        removed += len(strays)
    if removed:
        log.warning("files.strays_removed", count=removed)
    return removed


def _written_before(path: str, settled: datetime) -> bool:
    """Whether the file is there and older; another process may have deleted it since the folder was listed."""
    try:
        return default_storage.get_modified_time(path) < settled
    except FileNotFoundError:
        return False


def remove_strays_daily() -> None:
    """Do so, at most once a day in this process; called where files come in, since no other process has them."""
    now = time.monotonic()
    if not _swept_at or now - _swept_at[-1] >= EVERY:
        _swept_at[:] = [now]
        remove_strays()

"""What a long import says while its own transaction is open: how far it is, and whether to go on.

By a connection of its own, whose every word is committed at once. What the import itself writes is seen by nobody
until the end; the two never write the same row at the same time.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Self

from django.db import connection

if TYPE_CHECKING:
    from types import TracebackType

    from cases.models import BulkJob

EVERY = 0.5


class Cancelled(Exception):
    """Somebody asked to end the job."""


class Outside:
    """Tells how far a job is; open as long as the job runs."""

    def __init__(self, job: BulkJob) -> None:
        self.job = job
        self.told_at = 0.0

    def __enter__(self) -> Self:
        self.line = connection.copy()
        with self.line.cursor() as cursor:
            # For this connection alone, which is closed with the job.
            cursor.execute("SELECT set_config('app.user_id', %s, false)", [str(self.job.user_id)])
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.line.close()

    def tick(self, done: int, total: int | None = None) -> None:
        """Say how many rows are done, at most twice a second. Raises Cancelled."""
        now = time.monotonic()
        if total is None and now - self.told_at < EVERY:
            return
        self.told_at = now
        with self.line.cursor() as cursor:
            cursor.execute(
                "UPDATE cases_bulkjob SET done_rows = %s, total_rows = coalesce(%s, total_rows),"
                " alive_at = now() WHERE id = %s AND state = 'running' RETURNING cancel",
                [done, total, self.job.pk],
            )
            row = cursor.fetchone()
        if row is not None and row[0]:
            raise Cancelled

    def next_number(self, year: int) -> int:
        """Take the next number of a case: within the import's transaction it would make every referral wait."""
        with self.line.cursor() as cursor:
            cursor.execute("SELECT rechallenge_next_reference(%s)", [year])
            (number,) = cursor.fetchone()
        return int(number)

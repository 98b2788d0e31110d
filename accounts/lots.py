"""Rows that a migration fills in while they are in use: few at a time, and those that somebody holds at the end."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import OperationalError, transaction
from psycopg.errors import DeadlockDetected, LockNotAvailable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.db.backends.base.base import BaseDatabaseWrapper

# Few enough that whoever saves one of them waits no longer than for another save.
AT_ONCE = 500
# How often in a row none of the rows that are left can be had, about a second each, before the migration fails.
TRIES = 120
# Seconds until the next try where none could be had: what holds a row need not be what the first of them waits for.
PAUSE = 1.0
# Whoever waits for a lock stands in the way of all who come after.
WAIT = "SET LOCAL lock_timeout = '1s'"
# Nobody holds a row that was removed, and nobody can fill it.
THERE = "SELECT id FROM {} WHERE id = ANY(%s) ORDER BY id"
# What an UPDATE takes that changes no key: rows that point at these can be written meanwhile.
LOCK = "SELECT id FROM {} WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE"


@dataclass(frozen=True)
class Filling:
    """What is filled in: `rows` returns up to %s ids after %s in their order, `statement` fills those of the last %s.

    `values` stand before the ids in the statement. `reason` is what the owner gives to see the rows.
    """

    table: str
    rows: str
    statement: str
    reason: str
    values: tuple[Any, ...] = ()


def fill_in_lots(connection: BaseDatabaseWrapper, filling: Filling) -> None:
    """Fill the rows, each lot in a transaction of its own; run again after a failure it goes on with what is left.

    Rows that somebody holds are passed over and tried again once all others are filled. Raises OperationalError
    when nobody lets go of them.
    """
    left: list[int] = []
    last = 0
    while lot := _after(connection, filling, last):
        left += _fill(connection, filling, lot)
        last = lot[-1]
    tries = TRIES
    while left:
        _wait_for(connection, filling, left[0])
        before = len(left)
        left = _still_there(connection, filling, _fill_all(connection, filling, left))
        if len(left) < before:
            tries = TRIES
            continue
        tries -= 1
        if not tries:
            raise OperationalError(
                f"{len(left)} rows of {filling.table} are held all the time. Migrate again."
            )
        time.sleep(PAUSE)


def _after(connection: BaseDatabaseWrapper, filling: Filling, last: int) -> list[int]:
    with transaction.atomic(connection.alias):
        return _ids(connection, filling, filling.rows, [last, AT_ONCE])


def _fill_all(connection: BaseDatabaseWrapper, filling: Filling, rows: Sequence[int]) -> list[int]:
    """Fill those rows that can be had by now, lot by lot, and return the others."""
    return [
        row
        for first in range(0, len(rows), AT_ONCE)
        for row in _fill(connection, filling, [*rows[first : first + AT_ONCE]])
    ]


def _still_there(
    connection: BaseDatabaseWrapper, filling: Filling, rows: Sequence[int]
) -> list[int]:
    """Return those rows that nobody removed meanwhile."""
    with transaction.atomic(connection.alias):
        return _ids(connection, filling, THERE.format(filling.table), [[*rows]])


def _fill(connection: BaseDatabaseWrapper, filling: Filling, lot: list[int]) -> list[int]:
    """Fill those rows of a lot that can be had at once, and return the others."""
    try:
        with transaction.atomic(connection.alias), connection.cursor() as cursor:
            lock = f"{LOCK.format(filling.table)} SKIP LOCKED"
            held = _ids(connection, filling, lock, [lot])
            cursor.execute(filling.statement, [*filling.values, held])
            # What is put off to the end of the transaction still needs the reason.
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    except OperationalError as refused:
        _only_of_locks(refused)
        return lot
    return sorted({*lot} - {*held})


def _wait_for(connection: BaseDatabaseWrapper, filling: Filling, row: int) -> None:
    """Wait for one row, a second at most, holding no other meanwhile."""
    try:
        with transaction.atomic(connection.alias):
            _ids(connection, filling, LOCK.format(filling.table), [[row]])
    except OperationalError as refused:
        _only_of_locks(refused)


def _ids(
    connection: BaseDatabaseWrapper, filling: Filling, query: str, values: Sequence[Any]
) -> list[int]:
    """Return the ids that a query finds as the owner, whose reason ends with the transaction."""
    with connection.cursor() as cursor:
        cursor.execute(WAIT)
        cursor.execute("SELECT set_config('app.owner_reason', %s, true)", [filling.reason])
        cursor.execute(query, values)
        return [row for (row,) in cursor.fetchall()]


def _only_of_locks(refused: OperationalError) -> None:
    if not isinstance(refused.__cause__, (LockNotAvailable, DeadlockDetected)):
        raise refused

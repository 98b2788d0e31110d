"""Which tables of the record the pages read from one end to the other: none, at the size of a full database.

The record alone is copied until it is big: a plan, a meeting or the trail is not, and is not looked for.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from accounts.models import User

# What grows with the patients. A plan names a table that it scans sequentially so, in parallel or not.
BIG = r"cases_\w+"
# Tables of a full database that hold a handful of rows whoever is treated.
SMALL = {"cases_analyte", "cases_dossieritem", "cases_readinessversion", "cases_readinessrule"}


class Explaining:
    """Asks the database how it will answer each query before it is put, as whoever asks.

    `tables` is the pattern of the tables to look for.
    """

    def __init__(self, connection: Any, tables: str = BIG) -> None:
        self.connection = connection
        self.seen = re.compile(rf"Seq Scan on ({tables})")
        self.scanned: set[str] = set()
        self.asked = 0

    def __call__(
        self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any
    ) -> Any:
        """Explain a query, then put it."""
        if sql.lstrip().startswith(("SELECT", "WITH")) and not many:
            with self.connection.connection.cursor() as cursor:
                cursor.execute(f"EXPLAIN {sql}", params)
                plan = "\n".join(line for (line,) in cursor.fetchall())
            self.asked += 1
            self.scanned |= set(self.seen.findall(plan)) - SMALL
        return execute(sql, params, many, context)


def scanned(user: User, paths: list[str], least: int) -> dict[str, set[str]]:
    """Return, by path, the tables with at least `least` rows that the page's queries scan sequentially."""
    from django.db import connection
    from django.test import Client

    client = Client()
    client.force_login(user)
    rows = _rows()
    found = {}
    for path in paths:
        explaining = Explaining(connection)
        with connection.execute_wrapper(explaining):
            answer = client.get(path, headers={"host": "127.0.0.1"})
        if answer.status_code != 200 or not explaining.asked:
            raise AssertionError(
                f"{path} answered {answer.status_code}, {explaining.asked} queries"
            )
        found[path] = {table for table in explaining.scanned if rows.get(table, 0) >= least}
    return found


def _rows() -> dict[str, int]:
    """Return how many rows the planner takes each table to hold."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT relname, reltuples::bigint FROM pg_class WHERE relkind = 'r'")
        return dict(cursor.fetchall())

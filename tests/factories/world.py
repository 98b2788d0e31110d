"""A board with one plan under way, committed, as the workers' sweeps find it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import psycopg
from django.db import connection, transaction

from accounts.acting import acting_as
from cases.models import Case
from followup.models import Check
from tests.conftest import superuser_url
from tests.factories.monitoring import day, make_plan
from tests.factories.people import make_board, make_user

if TYPE_CHECKING:
    from accounts.models import User


class World:
    """A board with its people and one plan under way. Tests that make one use `committed_db`.

    As if the first dose had been entered on its day: the checks were dated before they were due. `late`: it
    was entered today.
    """

    def __init__(self, dosed: int | None = 7, *, late: bool = False) -> None:
        with transaction.atomic():
            self.board = make_board()
            self.nurse, self.chair, self.coordinator = (
                make_user(role, self.board) for role in ("nurse", "chair", "coordinator")
            )
            self.plan = make_plan(self.nurse, self.board, dosed=dosed)
        if not late:
            self.update(Check.objects.filter(dated_on__isnull=False), dated_on=day(-400))

    def update(self, rows: Any, **values: Any) -> int:
        """Change rows as the nurse."""
        with transaction.atomic(), acting_as(self.nurse):
            changed: int = rows.update(**values)
            return changed

    def seen(self, user: User, rows: Any) -> list[Any]:
        """Return what `user` sees, as a list."""
        with transaction.atomic(), acting_as(user):
            return list(rows)

    @property
    def case_state(self) -> Any:
        """The state of the case, and why it came back."""
        return self.seen(self.nurse, Case.objects.values_list("state", "returned_reason"))[0]


def superuser_sql(sql: str, *params: Any) -> psycopg.Cursor[Any]:
    """Run SQL as the superuser, on a connection of its own."""
    url = superuser_url(connection.settings_dict["NAME"])
    with psycopg.connect(url, autocommit=True) as server:
        return server.execute(sql, params)


def make_due(hours: int = 1) -> None:
    """Let every pending reminder be due, whatever the time of day."""
    superuser_sql(
        "UPDATE followup_reminder SET due_at = now() - make_interval(hours => %s),"
        " next_attempt_at = now() - make_interval(hours => %s) WHERE state = 'pending'",
        hours, hours,
    )  # fmt: skip

"""Tells the database who is acting, for row-level security.

The setting lives as long as the transaction (`set_config(..., is_local => true)`): a pooled or persistent
connection can never hand one user's identity to the next request.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from django.db import connection
from django.db.models import Func, TextField, Value

if TYPE_CHECKING:
    from collections.abc import Iterator

    from accounts.models import User


class NoTransaction(RuntimeError):
    """An acting user was set outside a transaction, where it would be lost at once."""


def set_acting(user: User | None) -> None:
    """Make `user` (None: nobody) the acting user until the transaction ends."""
    if not connection.in_atomic_block:
        raise NoTransaction("The acting user can be set inside a transaction only.")
    value = str(user.pk) if user is not None and user.pk else ""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('app.user_id', %s, true)", [value])


def act(user: User) -> None:
    """Make `user` the acting user and load the memberships in force: one query, as every request needs both."""
    if not connection.in_atomic_block:
        raise NoTransaction("The acting user can be set inside a transaction only.")
    acting = Func(
        Value("app.user_id"),
        Value(str(user.pk)),
        Value(True),
        function="set_config",
        output_field=TextField(),
    )
    user.active_memberships = list(user.memberships_in_force().annotate(acting=acting))
    if not user.active_memberships:
        set_acting(user)


@contextmanager
def acting_as(user: User | None) -> Iterator[None]:
    """Act as `user` within the block, then as before."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('app.user_id', true)")
        (before,) = cursor.fetchone()
    set_acting(user)
    yield
    # After an error the transaction is broken or rolled back, and the setting with it.
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('app.user_id', %s, true)", [before or ""])

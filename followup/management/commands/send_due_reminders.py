"""Delivers due reminders without a broker: once, or in a loop."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import structlog
from django.core.management.base import BaseCommand, CommandError
from django.db import Error, connection

from accounts.rowsecurity import WORKER
from followup.services.delivery import drain
from followup.services.reviews import remind_of_reviews
from followup.services.sweep import open_due_checks

if TYPE_CHECKING:
    from argparse import ArgumentParser
    from collections.abc import Callable

log = structlog.get_logger(__name__)


class Command(BaseCommand):
    """What beat and worker do for reminders, in one plain process."""

    help = (
        "Opens due checks and sends their reminders, as the Celery tasks do, without Redis. "
        "Run it with RECHALLENGE_DB_ROLE=worker; many at once are harmless."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add --loop and --every."""
        parser.add_argument("--loop", action="store_true", help="go on until stopped")
        parser.add_argument("--every", type=float, default=30.0, help="seconds between sweeps")

    def handle(self, *args: Any, **options: Any) -> None:
        """Sweep once, or again and again."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_user")
            (role,) = cursor.fetchone()
        if role != WORKER:
            raise CommandError(
                f"This process is connected as {role}: set RECHALLENGE_DB_ROLE=worker."
            )
        while True:
            self._sweep(keep_on=options["loop"])
            if not options["loop"]:
                return
            time.sleep(options["every"])

    def _sweep(self, *, keep_on: bool) -> None:
        opened = self._take(lambda: open_due_checks().opened, keep_on=keep_on)
        handled = self._take(drain, keep_on=keep_on)
        handled += self._take(remind_of_reviews, keep_on=keep_on)
        if opened or handled:
            self.stdout.write(f"{opened} checks opened, {handled} reminders handled")

    def _take(self, step: Callable[[], int], *, keep_on: bool) -> int:
        """Take one of the steps; in a loop a fault of the database ends neither the others nor the loop."""
        try:
            return step()
        except Error as error:
            if not keep_on:
                raise
            connection.close()
            log.exception("sweep.database_fault")
            self.stderr.write(f"The database refuses or does not answer, trying again: {error}")
            return 0

"""`manage.py load_demo`: the demonstration's boards, people, cases, meetings and monitoring."""

from __future__ import annotations

import time
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from demo.build import is_loaded, load


class Command(BaseCommand):
    """Loads the demonstration once; does nothing where it is there already."""

    help = (
        "Load the demonstration's data, where RECHALLENGE_DEMO is set and they are not there yet."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        """Refuse outside demonstrations; print what was loaded, with counts."""
        if not settings.DEMO:
            raise CommandError(
                "Demonstration data are loaded only where RECHALLENGE_DEMO is true: "
                "this system may hold real patients."
            )
        if is_loaded():
            self.stdout.write("The demonstration's data are there already.")
            return
        started = time.monotonic()
        load(self.stdout.write)
        self.stdout.write(f"Loaded in {time.monotonic() - started:.0f} s.")

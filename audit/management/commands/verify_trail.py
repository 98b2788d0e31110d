"""Check that nobody has changed the trail since it was sealed."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from audit.models import Seal
from audit.sealing import broken_seals


class Command(BaseCommand):
    """Compares every seal with the entries it covers."""

    help = "Compares every seal of the trail with its entries; fails if one does not fit. Run it as the worker."

    def handle(self, *args: Any, **options: Any) -> None:
        """Say how many seals fit, or which do not."""
        with transaction.atomic():
            broken, count = broken_seals(), Seal.objects.count()
        if broken:
            names = ", ".join(str(seal) for seal in broken)
            raise CommandError(f"The trail was changed after sealing: entries {names}.")
        self.stdout.write(f"{count} seals fit their entries.")

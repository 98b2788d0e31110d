"""Loads the shipped monitoring protocols."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from followup.services.protocols import ProtocolRefused, load_protocols


class Command(BaseCommand):
    """Publish the repository's protocols; again does nothing."""

    help = "Publishes the shipped monitoring protocols; running it again changes nothing."

    def handle(self, *args: Any, **options: Any) -> None:
        """Load and say what was published."""
        try:
            loaded = load_protocols()
        except ProtocolRefused as refused:
            raise CommandError("\n".join(refused.problems)) from refused
        for name in loaded.published:
            self.stdout.write(f"published {name}")
        self.stdout.write(f"{len(loaded.published)} published, {loaded.unchanged} unchanged")

"""Load the record's curated data that is delivered with the product."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from cases.loading import load
from cases.loading_lists import differing


class Command(BaseCommand):
    """`manage.py load_record_data`: idempotent; what curators have changed stays."""

    help = "Load ICIs, irAEs, analytes, dossier items and rules of readiness; leave what is there."

    def handle(self, *args: Any, **options: Any) -> None:
        """Load and say what was added."""
        added = load()
        self.stdout.write("Added: " + ", ".join(f"{n} {what}" for what, n in added.items()))
        for line in differing():
            self.stdout.write(f"Not as delivered: {line}")

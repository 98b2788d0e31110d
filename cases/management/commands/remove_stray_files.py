"""Removes uploaded files that no record names."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from cases.services.strays import remove_strays


class Command(BaseCommand):
    """As the web does by itself once a day, where the files are."""

    help = "Delete uploaded files older than a day that no report names. Run it in the web's container."

    def handle(self, *args: Any, **options: Any) -> None:
        """Say how many there were."""
        self.stdout.write(f"{remove_strays()} files that no report names were removed.")

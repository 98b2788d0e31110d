"""Print how the review is coded, for a second reader."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from evidence.loading import DATA, DeliveryError, read
from evidence.report import as_json, as_lines


class Command(BaseCommand):
    """`manage.py evidence_report`: reads the delivered files alone, so that it needs no database."""

    help = "Print every figure with its printed form, and every erratum with where it is applied."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Let the report be read by a machine, or be about another folder."""
        parser.add_argument("--json", action="store_true", help="print JSON")
        parser.add_argument("--folder", type=Path, default=DATA, help="where the files are")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the report."""
        try:
            delivery = read(options["folder"])
        except DeliveryError as error:
            raise CommandError("\n".join(error.problems)) from error
        if options["json"]:
            self.stdout.write(json.dumps(as_json(delivery), ensure_ascii=False, indent=1))
            return
        for line in as_lines(delivery):
            self.stdout.write(line)

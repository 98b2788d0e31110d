"""Write the guidance into files that can live in version control."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from evidence.curation import files


class Command(BaseCommand):
    """`manage.py export_evidence DIR`: one YAML file for each source, finding and statement."""

    help = "Write sources, findings and statements as YAML files into a folder."

    def add_arguments(self, parser: CommandParser) -> None:
        """The folder."""
        parser.add_argument("folder", type=Path, help="where the files go")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write the files, and say which deliveries wait; what else is in the folder stays."""
        try:
            written = files.write(options["folder"])
        except files.FilesRefused as refused:
            raise CommandError(str(refused)) from refused
        for line in written.waiting if options["verbosity"] else ():
            self.stdout.write(f"waits      {line}")
        self.stdout.write(f"{written.number} files written.")

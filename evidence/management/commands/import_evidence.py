"""Take guidance from files as drafts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from accounts.acting import acting_as
from accounts.models import User
from evidence.curation import files, importing


class Command(BaseCommand):
    """`manage.py import_evidence DIR --by ADDRESS [--dry-run]`: makes drafts, writes over nothing."""

    help = "Take sources, findings and statements from YAML files: new ones as drafts, nothing is written over."

    def add_arguments(self, parser: CommandParser) -> None:
        """The folder, the curator in whose name drafts are made, and whether to write at all."""
        parser.add_argument("folder", type=Path, help="where the files are")
        parser.add_argument(
            "--by", required=True, help="address of the curator who writes the drafts"
        )
        parser.add_argument("--dry-run", action="store_true", help="say what would come of it")

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        """Import, and print one line for each thing that was made, kept back or refused."""
        by = User.objects.filter(email__iexact=options["by"], is_active=True).first()
        if by is None or not by.can_anywhere("evidence.curate"):
            raise CommandError("--by has to be the address of a curator.")
        try:
            found = files.read(options["folder"])
        except files.FilesRefused as refusal:
            raise CommandError(
                "Nothing was taken:\n" + "\n".join(f"- {line}" for line in refusal.problems)
            ) from refusal
        with acting_as(by):
            report = importing.take(found, by=by, dry_run=options["dry_run"])
        for title, lines in (
            ("made", report.made),
            ("conflict", report.conflicts),
            ("refused", report.refused),
        ):
            for line in lines:
                self.stdout.write(f"{title}: {line}")
        self.stdout.write(
            f"{len(report.made)} made, {report.unchanged} unchanged, {len(report.conflicts)} in "
            f"conflict, {len(report.refused)} refused."
            + (" Nothing was written." if options["dry_run"] else "")
        )

"""Load the guidance that is delivered with the product."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db.models import Count

from evidence.loading import DATA, DeliveryError, check, load, read
from evidence.models import StatementVersion
from evidence.states import VersionState


class Command(BaseCommand):
    """`manage.py load_evidence`: idempotent; prints what changed, and what curators have made otherwise."""

    help = "Load sources, findings and statements delivered with the product; print what changed."

    def add_arguments(self, parser: CommandParser) -> None:
        """Let the files be checked alone, or come from another folder."""
        parser.add_argument("--check", action="store_true", help="check the files, write nothing")
        parser.add_argument("--folder", type=Path, default=DATA, help="where the files are")

    def handle(self, *args: Any, **options: Any) -> None:
        """Load, or say what is wrong with the files and load nothing."""
        try:
            delivery = read(options["folder"])
            if options["check"]:
                found = check(delivery)
                if found:
                    raise DeliveryError(found)
                self.stdout.write("The files are fit to be loaded.")
                return
            report = load(delivery)
        except DeliveryError as error:
            raise CommandError(
                "Nothing was loaded:\n" + "\n".join(f"- {line}" for line in error.problems)
            ) from error
        width = max((len(change.code) for change in report.changes), default=0)
        for change in report.changes if options["verbosity"] else ():
            self.stdout.write(f"{change.kind:<10} {change.code:<{width}}  {change.what}")
        for words in report.conflicts if options["verbosity"] else ():
            self.stdout.write(f"conflict   {words}")
        self.stdout.write(
            f"Release {delivery.release}: {len(report.changes)} changed, "
            f"{report.unchanged} unchanged. {_counts()}"
        )


def _counts() -> str:
    rows = StatementVersion.objects.values("state").annotate(number=Count("pk"))
    numbers = {row["state"]: row["number"] for row in rows}
    return "Statement versions: " + ", ".join(
        f"{numbers.get(state, 0)} {state.label.lower()}" for state in VersionState
    )

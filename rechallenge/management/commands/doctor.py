"""`manage.py doctor`: says of each part whether it is well, and what to do if it is not."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from rechallenge import parts


class Command(BaseCommand):
    """Looks at each part in turn, from the database to the assets; exit code 1 on a fault."""

    help = "Check every part the product needs and say what to do about a fault."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Offer to look at some parts only."""
        names = [check.part for check in parts.EVERYTHING]
        parser.add_argument("--only", nargs="+", choices=names, help="look at these parts only")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print one line for each part, and a remedy below one that is not well.

        What can only be looked at through a part that is not well is not blamed.
        """
        faults = []
        wanted = options["only"] or [check.part for check in parts.EVERYTHING]
        through = {check.needs for check in parts.EVERYTHING if check.part in wanted}
        for check in parts.EVERYTHING:
            if check.part not in wanted and check.part not in through:
                continue
            if check.needs in faults:
                self.stdout.write(f"{'-':<5}  {check.part:<11} not looked at: {check.needs} first")
                continue
            found = check()
            self.stdout.write(f"{'ok   ' if found.ok else 'FAULT'}  {found.part:<11} {found.says}")
            if not found.ok:
                faults.append(found.part)
                self.stdout.write(f"{'':20}{found.remedy}")
        if faults:
            raise CommandError(f"Not well: {', '.join(faults)}.", returncode=1)
        self.stdout.write("Everything is well.")

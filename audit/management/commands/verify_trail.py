"""Check that nobody has changed the trail since it was sealed."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from audit import sealing


class Command(BaseCommand):
    """Compares every seal with the entries it covers, and the chain with heads that were noted elsewhere."""

    help = (
        "Compares every seal of the trail with its entries; fails if one does not fit. Run it as the worker:"
        " RECHALLENGE_DB_ROLE=worker."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Take heads from the log."""
        parser.add_argument(
            "--head",
            action="append",
            default=[],
            metavar="DIGEST",
            help="the digest of a line 'trail.head' of the log; fails if the chain no longer holds it",
        )

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        """Say how many seals fit, or which do not."""
        try:
            sealing.require_key()
        except ImproperlyConfigured as missing:
            raise CommandError(str(missing)) from None
        if not sealing.sees_every_entry():
            raise CommandError(
                "This login role does not see every entry, so nothing can be said of the trail."
                " Run it as the worker: RECHALLENGE_DB_ROLE=worker."
            )
        broken = sealing.broken_seals()
        if broken:
            names = ", ".join(str(seal) for seal in broken)
            raise CommandError(f"The trail was changed after sealing: entries {names}.")
        cut = [digest for digest in options["head"] if not sealing.is_in_chain(digest)]
        if cut:
            raise CommandError(
                "The end of the trail was cut off: no seal has the digest"
                f" {', '.join(cut)}, which was noted before."
            )
        found = sealing.head()
        if found is None:
            self.stdout.write("No seal has been made yet.")
            return
        self.stdout.write(f"{found.seals} seals fit their entries.")
        self.stdout.write(f"The last has the digest {found.digest}.")

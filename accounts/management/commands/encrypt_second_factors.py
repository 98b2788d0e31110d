"""Encrypts the secrets of second factors with the secret key of now, after it was changed."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.services.second_factors import encrypt_anew


class Command(BaseCommand):
    """`manage.py encrypt_second_factors`: as often as one likes; afterwards an earlier secret key can be left out."""

    help = (
        "Encrypt second factors with the secret key where one of RECHALLENGE_SECRET_KEY_FALLBACKS did. "
        "Run it in the web's container, once every process has the new key."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Take whether to look only."""
        parser.add_argument("--dry-run", action="store_true", help="say how many there are alone")

    def handle(self, *args: Any, **options: Any) -> None:
        """Say how many there were; fail when some cannot be read, since an earlier key may still be needed."""
        found = encrypt_anew(keep=options["dry_run"])
        done = "would be" if options["dry_run"] else "were"
        self.stdout.write(
            f"{found.earlier} second factors {done} encrypted anew, {found.current} had the secret key already."
        )
        if found.unreadable:
            raise CommandError(
                f"{found.unreadable} second factors are opened by none of the keys: name the key that they were made "
                "with in RECHALLENGE_SECRET_KEY_FALLBACKS, or have a superuser remove them."
            )

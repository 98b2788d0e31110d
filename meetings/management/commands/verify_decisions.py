"""`manage.py verify_decisions`: does every signed decision still say what was signed?"""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction
from django.utils.translation import gettext as _

from meetings.models import ChainHead
from meetings.verification import faults


class Command(BaseCommand):
    """Checks hashes, chain, letters and the trail's entries; exits with 1 when something was changed."""

    help = "Check that no signed decision was changed. Runs as owner (RECHALLENGE_DB_ROLE=owner)."

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        """Print what was found."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_user")
            (role,) = cursor.fetchone()
            if role != "rechallenge_owner":
                raise CommandError(
                    _(
                        "Run this with RECHALLENGE_DB_ROLE=owner: another role does not see all rows."
                    )
                )
            cursor.execute("SELECT set_config('app.owner_reason', 'verify_decisions', true)")
        found = faults()
        for fault in found:
            self.stderr.write(f"{fault.decision}: {fault.what}")
        if found:
            raise CommandError(_("%(count)s faults were found.") % {"count": len(found)})
        total = sum(ChainHead.objects.values_list("number", flat=True))
        self.stdout.write(
            _("%(count)s signed decisions are as they were signed.") % {"count": total}
        )

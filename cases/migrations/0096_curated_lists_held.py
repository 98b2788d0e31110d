"""What a row of the curated lists means stays once it is delivered or confirmed, and no row is deleted."""

from django.db import migrations

from accounts.rowsecurity import Freeze, GrantWorker, GuardHistory
from accounts.samepatient import SHORT_WAIT

FIXED = {
    "cases_listeddrug": ("code", "target"),
    "cases_listedevent": ("code", "organ", "family", "terms", "grades"),
}
SETTLED = "(OLD.delivered OR OLD.confirmed_by_id IS NOT NULL)"


def same(columns):
    """Return the condition under which a row means what it meant, and came from where it came."""
    kept = (*columns, "added_by_id", "confirmed_by_id", "confirmed_at")
    alike = " AND ".join(f"NEW.{name} IS NOT DISTINCT FROM OLD.{name}" for name in kept)
    return f"{alike} AND (NEW.delivered OR NOT OLD.delivered)"


class Migration(migrations.Migration):
    dependencies = [("cases", "0095_curated_lists")]
    operations = [
        migrations.RunSQL(SHORT_WAIT, migrations.RunSQL.noop),
        *(
            operation
            for table, columns in FIXED.items()
            for operation in (
                Freeze(table, when=SETTLED, allow=same(columns)),
                GuardHistory(f"{table}event"),
                # What they derive rests on both lists.
                GrantWorker(table, "SELECT"),
            )
        ),
    ]

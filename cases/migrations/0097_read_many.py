"""The facts of very many cases are read against the patients gathered once, where a statement says so."""

from django.db import migrations

from accounts.rowsecurity import visible_in_force, visible_many_in_force
from accounts.samepatient import SHORT_WAIT

TABLE, COLUMN = "cases_casefacts", "patient_id"


def policy(using: str) -> str:
    """Return the statement that sets what is seen; what is written is asked row by row as before."""
    return f"ALTER POLICY patient_scope ON {TABLE} USING ({using});"


class Migration(migrations.Migration):
    dependencies = [("cases", "0093_search_together_alike")]
    operations = [
        migrations.RunSQL(SHORT_WAIT, migrations.RunSQL.noop),
        migrations.RunSQL(
            policy(visible_many_in_force(TABLE, COLUMN)), policy(visible_in_force(TABLE, COLUMN))
        ),
    ]

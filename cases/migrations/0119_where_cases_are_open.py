"""Fills in, lot by lot, on which board each open case is, and makes the index by which they are found."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models, transaction
from django.db.utils import OperationalError

from accounts.samepatient import SHORT_WAIT

# Few enough that whoever saves a case waits no longer than for another save.
AT_ONCE = 500
TRIES = 20
# The trigger says which board; closed cases keep their rows as they are.
TOUCHED = """
UPDATE cases_casefacts f SET open_board_id = NULL FROM cases_case c
WHERE c.id = f.case_id AND c.state <> 'closed' AND f.open_board_id IS NULL AND f.id > %s AND f.id <= %s
"""


def fill(apps, schema_editor):
    """Write the board of the open cases that are there, in lots that hold nobody up."""
    connection = schema_editor.connection

    def lot(statement, values=()):
        with transaction.atomic(connection.alias), connection.cursor() as cursor:
            cursor.execute("SELECT set_config('app.owner_reason', 'open_board', true)")
            cursor.execute(SHORT_WAIT)
            cursor.execute(statement, values)
            return cursor.fetchone() if cursor.description else None

    (last,) = lot("SELECT COALESCE(max(id), 0) FROM cases_casefacts")
    for first in range(0, last, AT_ONCE):
        for again in reversed(range(TRIES)):
            try:
                lot(TOUCHED, [first, first + AT_ONCE])
                break
            except OperationalError:
                # Somebody is saving one of these cases: their rows are let go, and tried again.
                if not again:
                    raise


class Migration(migrations.Migration):
    # Each lot is a transaction of its own, and the index is built while the table is in use.
    atomic = False
    dependencies = [("cases", "0118_where_a_case_is_open")]
    operations = [
        migrations.RunPython(fill, migrations.RunPython.noop),
        AddIndexConcurrently(
            "casefacts",
            models.Index(
                fields=["open_board"],
                condition=models.Q(("open_board__isnull", False)),
                name="facts_of_open_cases",
            ),
        ),
    ]

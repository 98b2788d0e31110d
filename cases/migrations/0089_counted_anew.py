"""The counts of the cases that are there are made anew: a fact whose day nobody knows is not current any more."""

from django.db import migrations, transaction
from django.db.utils import OperationalError

from accounts.samepatient import SHORT_WAIT

# Few enough that whoever saves a case waits no longer than for another save.
AT_ONCE = 500
TRIES = 20
ANEW = """
UPDATE cases_casefacts SET counts_until = as_of - 1
WHERE id > %s AND id <= %s AND counts_until IS DISTINCT FROM as_of - 1
"""


def forget(apps, schema_editor):
    """Let every count be made when it is read next, in lots that hold nobody up."""
    connection = schema_editor.connection

    def lot(statement, values=()):
        with transaction.atomic(connection.alias), connection.cursor() as cursor:
            cursor.execute("SELECT set_config('app.owner_reason', 'counts', true)")
            cursor.execute(SHORT_WAIT)
            cursor.execute(statement, values)
            return cursor.fetchone() if cursor.description else None

    (last,) = lot("SELECT COALESCE(max(id), 0) FROM cases_casefacts")
    for first in range(0, last, AT_ONCE):
        for again in reversed(range(TRIES)):
            try:
                lot(ANEW, [first, first + AT_ONCE])
                break
            except OperationalError:
                # Somebody is saving one of these cases: their rows are let go, and tried again.
                if not again:
                    raise


class Migration(migrations.Migration):
    # Each lot is a transaction of its own.
    atomic = False
    dependencies = [("cases", "0088_days_told")]

    operations = [migrations.RunPython(forget, migrations.RunPython.noop)]

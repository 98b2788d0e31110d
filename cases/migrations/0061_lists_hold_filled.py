"""Until which day the lists of the cases that are there count: two weeks, as it was for everybody until now."""

from django.db import migrations, transaction

AT_ONCE = 5000
TWO_WEEKS = """
UPDATE cases_casefacts f
SET steroids_until = kept.steroids_complete_as_of + 14, second_line_until = kept.second_line_complete_as_of + 14
FROM cases_patient p JOIN cases_patient kept ON kept.id = COALESCE(p.merged_into_id, p.id)
WHERE p.id = f.patient_id AND f.id > %s AND f.id <= %s
  AND COALESCE(kept.steroids_complete_as_of, kept.second_line_complete_as_of) IS NOT NULL
  AND f.steroids_until IS NULL AND f.second_line_until IS NULL
"""


def fill(apps, schema_editor):
    """Write the days of the rows that are there, in lots that hold nobody up."""
    connection = schema_editor.connection

    def lot(statement, values=()):
        with transaction.atomic(connection.alias), connection.cursor() as cursor:
            cursor.execute("SELECT set_config('app.owner_reason', 'lists', true)")
            cursor.execute(statement, values)
            return cursor.fetchone() if cursor.description else None

    (last,) = lot("SELECT COALESCE(max(id), 0) FROM cases_casefacts")
    for first in range(0, last, AT_ONCE):
        lot(TWO_WEEKS, [first, first + AT_ONCE])


class Migration(migrations.Migration):
    # Each lot is a transaction of its own.
    atomic = False
    dependencies = [("cases", "0060_lists_hold_by_rule")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]

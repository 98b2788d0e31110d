"""Says of the cases that are there already that what did not come back has no grade of a return.

The rest follow at their next save, or all at once by `verify_case_facts --repair`; until then their grade is missing.
"""

from django.db import migrations

SAY = """
UPDATE cases_casefacts SET {0}_recurrence_grade_state = 'not_applicable'
WHERE {0}_recurrent_state = 'known' AND NOT {0}_recurrent
"""


def say(apps, schema_editor):
    """Update the rows with a reason, as row-level security asks of the owner."""
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT set_config('app.owner_reason', 'grades of returns', true)")
        for disease in ("colitis", "pneumonitis"):
            cursor.execute(SAY.format(disease))
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SELECT set_config('app.owner_reason', '', true)")


class Migration(migrations.Migration):
    dependencies = [("cases", "0030_grade_of_the_return")]
    operations = [migrations.RunPython(say, migrations.RunPython.noop, elidable=True)]

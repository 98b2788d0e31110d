"""Gives the cases that are there already their new sections, and holds the keys of all sections to the list."""

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations

ADD = """
INSERT INTO cases_casesection (patient_id, case_id, key, version, changed_by_id, changed_at)
SELECT patient_id, id, added.key, 1, referred_by_id, referred_at
FROM cases_case CROSS JOIN (VALUES ('treatment'), ('responses')) added (key)
ON CONFLICT DO NOTHING
"""
# A list that was filled in was asked about.
ASKED = "UPDATE cases_icicourse SET contributing_reasons_state = 'known' WHERE contributing_reasons <> '{}'"
TAKE = "DELETE FROM cases_casesection WHERE key IN ('treatment', 'responses')"


def run(statement):
    """Return what runs a statement with a reason, as row-level security asks of the owner."""

    def with_reason(apps, schema_editor):
        with schema_editor.connection.cursor() as cursor:
            cursor.execute("SELECT set_config('app.owner_reason', 'sections', true)")
            cursor.execute(statement)
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SELECT set_config('app.owner_reason', '', true)")

    return with_reason


class Migration(migrations.Migration):
    dependencies = [("cases", "0018_question_and_sections")]
    operations = [
        migrations.RunPython(run(ADD), run(TAKE), elidable=True),
        migrations.RunPython(run(ASKED), migrations.RunPython.noop, elidable=True),
        ValidateConstraint("casesection", "section_is_known"),
        ValidateConstraint("icicourse", "contributing_reasons_have_a_state"),
        ValidateConstraint("icicourse", "icicourse_contributing_reasons_state_valid"),
    ]

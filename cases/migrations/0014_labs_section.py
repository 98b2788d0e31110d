"""The section of laboratory results for every case there is, and which analytes a sample's form offers."""

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations

USUAL = [
    "leukocytes", "neutrophils", "lymphocytes", "monocytes", "eosinophils", "platelets", "haemoglobin", "alt",
    "ast", "bilirubin", "ldh", "albumin", "creatinine", "crp", "tsh",
]  # fmt: skip

SECTIONS = """
INSERT INTO cases_casesection (case_id, patient_id, key, version, changed_by_id, changed_at)
SELECT c.id, c.patient_id, 'labs', 1, c.referred_by_id, c.referred_at FROM cases_case c
WHERE NOT EXISTS (SELECT 1 FROM cases_casesection s WHERE s.case_id = c.id AND s.key = 'labs')
"""


def give_sections(apps, schema_editor):
    """Let every case have the section."""
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT set_config('app.owner_reason', 'labs section', true)")
        cursor.execute(SECTIONS)
        cursor.execute("SELECT set_config('app.owner_reason', '', true)")


def mark_usual(apps, schema_editor):
    """Mark the blood count and the chemistry of a usual sample."""
    apps.get_model("cases", "Analyte").objects.filter(code__in=USUAL).update(usual=True)


class Migration(migrations.Migration):
    dependencies = [("cases", "0013_labs")]
    operations = [
        ValidateConstraint("casesection", "section_is_known"),
        migrations.RunPython(give_sections, migrations.RunPython.noop, elidable=True),
        migrations.RunPython(mark_usual, migrations.RunPython.noop, elidable=True),
    ]

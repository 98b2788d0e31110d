"""Indexes by which names and numbers are found as they are written, by their beginnings, and one slip away."""

from django.db import migrations

# By bytes, so that beginnings go by them whatever the collation; no name enters one before it is in lower case.
EXPRESSIONS = {
    "identity_family": "lower(family_name)",
    "identity_given": "lower(given_name)",
    "identity_number": "upper(replace(hospital_number, ' ', ''))",
}


class Migration(migrations.Migration):
    # Indexes are built while the table is in use.
    atomic = False
    dependencies = [("cases", "0037_bulk_row_security")]
    operations = [
        migrations.RunSQL(
            [f"CREATE INDEX CONCURRENTLY {name} ON cases_patientidentity (({by}) text_pattern_ops)"],
            [f"DROP INDEX CONCURRENTLY {name}"],
        )
        for name, by in EXPRESSIONS.items()
    ]

"""A hospital number is one patient's within its hospital."""

from django.db import migrations, models
from django.db.models.functions import Lower, Replace, Upper

NUMBER = """CREATE UNIQUE INDEX CONCURRENTLY hospital_number_is_unique ON cases_patientidentity
    (lower(hospital), upper(replace(hospital_number, ' ', '')))
    WHERE holds_number AND NOT (hospital_number = '') AND NOT (hospital = '')"""


class Migration(migrations.Migration):
    # The index is built while the table is in use; run again after a failure it begins anew.
    atomic = False
    dependencies = [("cases", "0026_death_once")]
    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    ["DROP INDEX CONCURRENTLY IF EXISTS hospital_number_is_unique", NUMBER],
                    ["DROP INDEX CONCURRENTLY IF EXISTS hospital_number_is_unique"],
                )
            ],
            state_operations=[
                migrations.AddConstraint(
                    model_name="patientidentity",
                    constraint=models.UniqueConstraint(
                        Lower("hospital"),
                        Upper(Replace("hospital_number", models.Value(" "))),
                        condition=models.Q(holds_number=True)
                        & ~models.Q(hospital_number="")
                        & ~models.Q(hospital=""),
                        name="hospital_number_is_unique",
                    ),
                )
            ],
        )
    ]

"""A finding is attached to a case once; which index says so is built while the table is in use."""

from django.db import migrations, models

NAME = "finding_attached_once"
MADE = [
    f"DROP INDEX CONCURRENTLY IF EXISTS {NAME}",
    f"CREATE UNIQUE INDEX CONCURRENTLY {NAME} ON cases_attachedguidance (case_id, finding_id)"
    " WHERE detached_at IS NULL",
]


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("cases", "0071_attached_with_words")]
    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(MADE, [f"DROP INDEX CONCURRENTLY IF EXISTS {NAME}"])
            ],
            state_operations=[
                migrations.AddConstraint(
                    model_name="attachedguidance",
                    constraint=models.UniqueConstraint(
                        condition=models.Q(detached_at__isnull=True),
                        fields=["case", "finding"],
                        name=NAME,
                    ),
                )
            ],
        )
    ]

"""A decision says at which version its form was saved last: conditions and dissent are saved apart from it."""

from django.db import migrations, models

# What is being recorded now counts as saved whole: nobody writes over what somebody else has saved since.
DRAFTS = """
SELECT set_config('app.owner_reason', 'migration', true);
UPDATE meetings_decision SET form_version = version WHERE state = 'draft';
SELECT set_config('app.owner_reason', '', true);
"""


class Migration(migrations.Migration):
    dependencies = [("meetings", "0009_dose_interval_valid")]
    operations = [
        migrations.AddField(
            "decision", "form_version", models.PositiveIntegerField(default=0, db_default=0)
        ),
        migrations.RunSQL(DRAFTS, migrations.RunSQL.noop),
    ]

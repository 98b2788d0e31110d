"""What can hardly be true in a file is imported once its sender says that it is right."""

from django.db import migrations, models

from accounts.samepatient import SHORT_WAIT


class Migration(migrations.Migration):

    dependencies = [
        ("cases", "0091_drafts_of_windows"),
    ]

    operations = [
        migrations.RunSQL(SHORT_WAIT, migrations.RunSQL.noop),
        migrations.AddField(
            model_name="bulkjob",
            name="doubts",
            field=models.CharField(blank=True, db_default="", default="", max_length=16),
        ),
    ]

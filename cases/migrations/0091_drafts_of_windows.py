"""What is typed into one form in two windows is kept for each: a draft knows its window."""

from django.db import migrations, models

from accounts.samepatient import SHORT_WAIT


class Migration(migrations.Migration):

    dependencies = [
        ("cases", "0089_counted_anew"),
    ]

    operations = [
        migrations.RunSQL(SHORT_WAIT, migrations.RunSQL.noop),
        migrations.AddField(
            model_name="draft",
            name="window",
            field=models.CharField(blank=True, db_default="", default="", max_length=16),
        ),
        migrations.AlterField(
            model_name="draft",
            name="key",
            field=models.CharField(max_length=160),
        ),
    ]

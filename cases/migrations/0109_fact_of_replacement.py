"""A fact of its own says whether the same irAE came back, endocrine irAEs on replacement left out."""

from django.db import migrations, models

from accounts.samepatient import SHORT_WAIT

STATES = [
    ("known", "Known"),
    ("not_yet", "Not yet"),
    ("unknown", "Unknown"),
    ("not_applicable", "Not applicable"),
    ("missing", "Missing"),
]


class Migration(migrations.Migration):
    dependencies = [("cases", "0105_what_was_not_written_anew")]

    operations = [
        migrations.RunSQL(SHORT_WAIT, migrations.RunSQL.noop),
        migrations.AddField(
            model_name="casefacts",
            name="irae_recurrent_unreplaced",
            field=models.BooleanField(null=True),
        ),
        migrations.AddField(
            model_name="casefacts",
            name="irae_recurrent_unreplaced_state",
            field=models.CharField(choices=STATES, default="missing", max_length=16),
        ),
        # What is written by processes that do not know the fact yet says that nothing is known of it.
        migrations.RunSQL(
            "ALTER TABLE cases_casefacts ALTER COLUMN irae_recurrent_unreplaced_state SET DEFAULT 'missing'",
            migrations.RunSQL.noop,
        ),
    ]

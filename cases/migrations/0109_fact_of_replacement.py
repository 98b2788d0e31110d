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
    dependencies = [("cases", "0094_organs_of_unlisted_several")]

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
    ]

"""Whoever watched a patient is told when a death is taken back."""

from django.db import migrations, models

from accounts.samepatient import SHORT_WAIT

KINDS = [
    ("due", "A safety check is due"),
    ("overdue", "A safety check is overdue"),
    ("escalation", "A safety check has not been done in time"),
    ("reassigned", "A safety check was passed on to you"),
    ("abnormal", "A safety check was abnormal"),
    ("returned", "A case came back to the triage list"),
    ("irae", "An irAE under monitoring, in a case that is before the board already"),
    ("missed", "A critical safety check was missed, in a case that is before the board"),
    ("conditions", "A first dose was given with conditions not met or not judged"),
    ("expired", "A condition of the decision ran out before the first dose"),
    ("died", "The patient died: the monitoring plan is closed"),
    ("reopened", "A death was taken back: the monitoring goes on, see what fell due"),
    ("unplanned", "Plan the first dose of a decision, or say that none is given"),
]


class Migration(migrations.Migration):
    dependencies = [("followup", "0017_done_too_early")]
    operations = [
        migrations.RunSQL(SHORT_WAIT, migrations.RunSQL.noop),
        # No statement: the words are the application's alone.
        migrations.AlterField(
            model_name="notice",
            name="kind",
            field=models.CharField(choices=KINDS, max_length=12),
        ),
    ]

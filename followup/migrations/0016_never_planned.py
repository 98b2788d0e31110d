"""A first dose that nobody plans is told of once; what was not ordered or was lost is a reason for not done."""

from django.db import migrations, models

from accounts.rowsecurity import GrantWorker
from accounts.samepatient import SHORT_WAIT

REASONS = [
    ("done_elsewhere", "Done elsewhere, result not available"),
    ("not_reached", "Patient could not be reached"),
    ("patient_wish", "Patient's wish"),
    ("too_unwell", "Patient too unwell"),
    ("no_capacity", "No appointment or no staff"),
    ("dose_not_given", "Dose not given"),
    ("not_ordered", "Not ordered this time"),
    ("sample", "Sample lost or not usable"),
    ("other", "Other"),
]
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
    ("unplanned", "Plan the first dose of a decision, or say that none is given"),
]


class Migration(migrations.Migration):
    dependencies = [("followup", "0015_erased_limits")]
    operations = [
        migrations.RunSQL(SHORT_WAIT, migrations.RunSQL.noop),
        migrations.AddField(
            model_name="monitoringplan",
            name="unplanned_told_on",
            field=models.DateField(null=True),
        ),
        GrantWorker("followup_monitoringplan", "UPDATE (unplanned_told_on)"),
        migrations.AlterField(
            model_name="check",
            name="reason",
            field=models.CharField(
                blank=True, choices=REASONS, max_length=20, verbose_name="reason"
            ),
        ),
        migrations.AlterField(
            model_name="checkevent",
            name="reason",
            field=models.CharField(
                blank=True, choices=REASONS, max_length=20, verbose_name="reason"
            ),
        ),
        migrations.AlterField(
            model_name="notice",
            name="kind",
            field=models.CharField(choices=KINDS, max_length=12),
        ),
    ]

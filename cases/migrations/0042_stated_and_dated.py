"""A grade has the CTCAE version by which it was given; without a grade none is assumed. And how a file writes dates."""

from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models

from accounts.samepatient import SHORT_WAIT


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0041_items_answer_facts'),
    ]

    operations = [
        migrations.RunSQL(SHORT_WAIT, migrations.RunSQL.noop),
        migrations.RemoveConstraint(
            model_name='irae',
            name='ctcae_version_is_known',
        ),
        migrations.AddField(
            model_name='bulkjob',
            name='day_first',
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AlterField(
            model_name='irae',
            name='ctcae_version',
            field=models.CharField(blank=True, choices=[('5.0', 'CTCAE 5.0'), ('6.0', 'CTCAE 6.0')], max_length=4, verbose_name='graded by'),
        ),
        migrations.AlterField(
            model_name='iraeevent',
            name='ctcae_version',
            field=models.CharField(blank=True, choices=[('5.0', 'CTCAE 5.0'), ('6.0', 'CTCAE 6.0')], max_length=4, verbose_name='graded by'),
        ),
        AddConstraintNotValid(
            model_name='irae',
            constraint=models.CheckConstraint(condition=models.Q(('ctcae_version__in', ['5.0', '6.0']), models.Q(('ctcae_version', ''), ('onset_grade__isnull', True), ('worst_grade__isnull', True), models.Q(('grade_now__isnull', True), ('grade_now', 0), _connector='OR')), _connector='OR'), name='grades_have_their_ctcae_version'),
        ),
    ]

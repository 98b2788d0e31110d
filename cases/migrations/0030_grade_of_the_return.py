"""The grade that colitis and pneumonitis had when they came back."""

from django.db import migrations, models

from accounts.together import Together


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0029_steroid_total'),
    ]

    operations = [
        Together([
            migrations.AddField(
                model_name='casefacts',
                name='colitis_recurrence_grade_high',
                field=models.DecimalField(decimal_places=2, max_digits=10, null=True),
            ),
            migrations.AddField(
                model_name='casefacts',
                name='colitis_recurrence_grade_low',
                field=models.DecimalField(decimal_places=2, max_digits=10, null=True),
            ),
            migrations.AddField(
                model_name='casefacts',
                name='colitis_recurrence_grade_state',
                field=models.CharField(choices=[('known', 'Known'), ('not_yet', 'Not yet'), ('unknown', 'Unknown'), ('not_applicable', 'Not applicable'), ('missing', 'Missing')], default='missing', max_length=16),
            ),
            migrations.AddField(
                model_name='casefacts',
                name='pneumonitis_recurrence_grade_high',
                field=models.DecimalField(decimal_places=2, max_digits=10, null=True),
            ),
            migrations.AddField(
                model_name='casefacts',
                name='pneumonitis_recurrence_grade_low',
                field=models.DecimalField(decimal_places=2, max_digits=10, null=True),
            ),
            migrations.AddField(
                model_name='casefacts',
                name='pneumonitis_recurrence_grade_state',
                field=models.CharField(choices=[('known', 'Known'), ('not_yet', 'Not yet'), ('unknown', 'Unknown'), ('not_applicable', 'Not applicable'), ('missing', 'Missing')], default='missing', max_length=16),
            ),
        ]),
    ]

"""A dose keeps two decimals: 0.75 mg of dexamethasone and 40.05 Gy are doses, and were rounded."""

from django.db import migrations, models

from accounts.samepatient import SHORT_WAIT


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0102_search_together_by_rounds'),
    ]

    operations = [
        migrations.RunSQL(SHORT_WAIT, migrations.RunSQL.noop),
        migrations.AlterField(
            model_name='othertreatment',
            name='dose_gy',
            field=models.DecimalField(blank=True, decimal_places=2, max_digits=6, null=True, verbose_name='dose, Gy'),
        ),
        migrations.AlterField(
            model_name='othertreatmentevent',
            name='dose_gy',
            field=models.DecimalField(blank=True, decimal_places=2, max_digits=6, null=True, verbose_name='dose, Gy'),
        ),
        migrations.AlterField(
            model_name='steroidcourse',
            name='now_mg_per_day',
            field=models.DecimalField(blank=True, decimal_places=2, max_digits=7, null=True),
        ),
        migrations.AlterField(
            model_name='steroidcourse',
            name='peak_mg_per_day',
            field=models.DecimalField(blank=True, decimal_places=2, max_digits=7, null=True),
        ),
        migrations.AlterField(
            model_name='steroidcourseevent',
            name='now_mg_per_day',
            field=models.DecimalField(blank=True, decimal_places=2, max_digits=7, null=True),
        ),
        migrations.AlterField(
            model_name='steroidcourseevent',
            name='peak_mg_per_day',
            field=models.DecimalField(blank=True, decimal_places=2, max_digits=7, null=True),
        ),
        migrations.AlterField(
            model_name='steroiddose',
            name='mg_per_day',
            field=models.DecimalField(decimal_places=2, max_digits=7, verbose_name='mg a day'),
        ),
        migrations.AlterField(
            model_name='steroiddoseevent',
            name='mg_per_day',
            field=models.DecimalField(decimal_places=2, max_digits=7, verbose_name='mg a day'),
        ),
    ]

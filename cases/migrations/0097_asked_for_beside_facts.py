"""What somebody is asked for may be an item of the record beside the facts, whose key is longer; no row is rewritten."""

from django.db import migrations, models

from accounts.samepatient import SHORT_WAIT


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0096_curated_lists_held'),
    ]

    operations = [
        migrations.RunSQL(SHORT_WAIT, migrations.RunSQL.noop),
        migrations.AlterField(
            model_name='facttask',
            name='fact',
            field=models.CharField(max_length=100),
        ),
        migrations.AlterField(
            model_name='facttaskevent',
            name='fact',
            field=models.CharField(max_length=100),
        ),
    ]

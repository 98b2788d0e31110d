"""That two records were one patient's."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0024_alike'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='PatientMerge',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('taken', models.JSONField(default=list)),
                ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('absorbed', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='absorption', to='cases.patient')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('patient', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cases.patient')),
            ],
            options={
                'verbose_name': 'merge of two records',
                'verbose_name_plural': 'merges of two records',
                'indexes': [models.Index(fields=['patient'], name='merges_of_patient')],
                'constraints': [models.CheckConstraint(condition=models.Q(('patient', models.F('absorbed')), _negated=True), name='nobody_is_merged_with_themselves')],
            },
        ),
    ]

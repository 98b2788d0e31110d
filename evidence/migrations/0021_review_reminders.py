"""Curators are reminded by mail that guidance is to be read again; the workers write and send the mails."""

import django.db.models.deletion
import django.db.models.functions.datetime
import uuid
from django.conf import settings
from django.db import migrations, models

from accounts.rowsecurity import GrantWorker
from accounts.samepatient import SHORT_WAIT


class Migration(migrations.Migration):

    dependencies = [
        ('evidence', '0020_vocabulary_of_diseases'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunSQL(SHORT_WAIT, migrations.RunSQL.noop),
        migrations.CreateModel(
            name='ReviewMail',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('state', models.CharField(choices=[('pending', 'Waiting to be sent'), ('sent', 'Sent'), ('failed', 'Failed'), ('cancelled', 'No longer needed')], default='pending', max_length=10, verbose_name='state')),
                ('attempts', models.PositiveSmallIntegerField(default=0, verbose_name='attempts')),
                ('next_attempt_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('last_error', models.CharField(blank=True, max_length=40, verbose_name='last error')),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False, verbose_name='written')),
                ('sent_at', models.DateTimeField(null=True, verbose_name='sent')),
                ('recipient', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='recipient')),
            ],
            options={
                'verbose_name': 'reminder of review',
                'verbose_name_plural': 'reminders of review',
                'ordering': ['-created_at', '-id'],
            },
        ),
        migrations.CreateModel(
            name='ReviewMailItem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('review_by', models.DateField()),
                ('mail', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='items', to='evidence.reviewmail')),
                ('recipient', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='evidence.statementversion')),
            ],
            options={
                'verbose_name': 'version in a reminder of review',
                'verbose_name_plural': 'versions in a reminder of review',
            },
        ),
        migrations.AddIndex(
            model_name='reviewmail',
            index=models.Index(condition=models.Q(('state', 'pending')), fields=['next_attempt_at', 'id'], name='review_mail_due'),
        ),
        migrations.AddConstraint(
            model_name='reviewmail',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['pending', 'sent', 'failed', 'cancelled'])), name='review_mail_state_known'),
        ),
        migrations.AddConstraint(
            model_name='reviewmail',
            constraint=models.CheckConstraint(condition=models.Q(('state', 'sent'), ('sent_at__isnull', True), _connector='XOR'), name='review_mail_sent_iff_dated'),
        ),
        migrations.AddConstraint(
            model_name='reviewmailitem',
            constraint=models.UniqueConstraint(fields=('version', 'recipient', 'review_by'), name='review_reminded_once'),
        ),
        GrantWorker("evidence_statement", "SELECT"),
        GrantWorker("evidence_statementversion", "SELECT"),
        GrantWorker("evidence_reviewmail", "SELECT, INSERT, UPDATE"),
        GrantWorker("evidence_reviewmailitem", "SELECT, INSERT"),
    ]

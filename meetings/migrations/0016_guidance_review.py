"""What a board made of guidance that changed after a decision that relied on it."""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

from accounts.samepatient import SHORT_WAIT


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0072_finding_attached_once'),
        ('evidence', '0016_nearness'),
        ('meetings', '0015_guidance_reach'),
        ('pghistory', '0007_auto_20250421_0444'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunSQL(SHORT_WAIT, migrations.RunSQL.noop),
        migrations.CreateModel(
            name='GuidanceReview',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('mark', models.CharField(max_length=64)),
                ('outcome', models.CharField(choices=[('stands', 'The decision stands as it is'), ('again', 'The case goes back to triage, for another meeting')], max_length=8, verbose_name='what follows')),
                ('reason', models.TextField(max_length=1000, verbose_name='reason')),
                ('at', models.DateTimeField(auto_now_add=True)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('decision', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='guidance_reviews', to='meetings.decision')),
                ('patient', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cases.patient')),
                ('statement_version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='evidence.statementversion')),
            ],
            options={
                'verbose_name': 'review of changed guidance',
                'verbose_name_plural': 'reviews of changed guidance',
                'ordering': ['-id'],
            },
        ),
        migrations.CreateModel(
            name='GuidanceReviewEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('mark', models.CharField(max_length=64)),
                ('outcome', models.CharField(choices=[('stands', 'The decision stands as it is'), ('again', 'The case goes back to triage, for another meeting')], max_length=8, verbose_name='what follows')),
                ('reason', models.TextField(max_length=1000, verbose_name='reason')),
                ('at', models.DateTimeField(auto_now_add=True)),
                ('by', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                ('decision', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='meetings.decision')),
                ('patient', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='cases.patient')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='meetings.guidancereview')),
                ('statement_version', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='evidence.statementversion')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.AddConstraint(
            model_name='guidancereview',
            constraint=models.UniqueConstraint(fields=('decision', 'statement_version', 'mark'), name='change_is_answered_once'),
        ),
        migrations.AddConstraint(
            model_name='guidancereview',
            constraint=models.CheckConstraint(condition=models.Q(('outcome__in', ['stands', 'again'])), name='review_outcome_is_known'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='guidancereview',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "meetings_guidancereviewevent" ("at", "by_id", "decision_id", "id", "mark", "outcome", "patient_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "statement_version_id") VALUES (NEW."at", NEW."by_id", NEW."decision_id", NEW."id", NEW."mark", NEW."outcome", NEW."patient_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."reason", NEW."statement_version_id"); RETURN NULL;', hash='5f74c7340d731817fb8320576f905a2b27d3a115', operation='INSERT', pgid='pgtrigger_insert_insert_a3737', table='meetings_guidancereview', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='guidancereview',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "meetings_guidancereviewevent" ("at", "by_id", "decision_id", "id", "mark", "outcome", "patient_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "statement_version_id") VALUES (NEW."at", NEW."by_id", NEW."decision_id", NEW."id", NEW."mark", NEW."outcome", NEW."patient_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."reason", NEW."statement_version_id"); RETURN NULL;', hash='cfb8b2c9059b5c6ed9397ab687ce99e3129041c5', operation='UPDATE', pgid='pgtrigger_update_update_4a8a1', table='meetings_guidancereview', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='guidancereview',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "meetings_guidancereviewevent" ("at", "by_id", "decision_id", "id", "mark", "outcome", "patient_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "statement_version_id") VALUES (OLD."at", OLD."by_id", OLD."decision_id", OLD."id", OLD."mark", OLD."outcome", OLD."patient_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."reason", OLD."statement_version_id"); RETURN NULL;', hash='a664ce3f8330181cb5ca13438b0efb4d1c6640b4', operation='DELETE', pgid='pgtrigger_delete_delete_c861a', table='meetings_guidancereview', when='AFTER')),
        ),
    ]

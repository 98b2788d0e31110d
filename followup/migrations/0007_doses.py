"""Further doses and the last one; a plan keeps the interval of its decision, and protocols assume none."""

import django.contrib.postgres.fields
import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models

from accounts.together import Together


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0019_sections_of_old_cases'),
        ('followup', '0006_erasure'),
        ('pghistory', '0007_auto_20250421_0444'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        Together([
            migrations.CreateModel(
                name='Dose',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('number', models.PositiveSmallIntegerField(verbose_name='dose')),
                    ('state', models.CharField(choices=[('given', 'Given'), ('skipped', 'Skipped')], max_length=10)),
                    ('on', models.DateField(verbose_name='day')),
                    ('expected_on', models.DateField()),
                    ('left_out', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), default=list, size=None)),
                    ('reason', models.CharField(blank=True, choices=[('toxicity', 'Toxicity'), ('intercurrent', 'Other illness'), ('patient_wish', "Patient's wish"), ('logistics', 'Logistics'), ('other', 'Other')], max_length=20)),
                    ('recorded_at', models.DateTimeField(auto_now_add=True)),
                ],
                options={
                    'verbose_name': 'dose',
                    'verbose_name_plural': 'doses',
                    'ordering': ['plan', 'number'],
                },
            ),
            migrations.CreateModel(
                name='DoseEvent',
                fields=[
                    ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                    ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                    ('pgh_label', models.TextField(help_text='The event label.')),
                    ('id', models.BigIntegerField()),
                    ('number', models.PositiveSmallIntegerField(verbose_name='dose')),
                    ('state', models.CharField(choices=[('given', 'Given'), ('skipped', 'Skipped')], max_length=10)),
                    ('on', models.DateField(verbose_name='day')),
                    ('expected_on', models.DateField()),
                    ('left_out', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), default=list, size=None)),
                    ('reason', models.CharField(blank=True, choices=[('toxicity', 'Toxicity'), ('intercurrent', 'Other illness'), ('patient_wish', "Patient's wish"), ('logistics', 'Logistics'), ('other', 'Other')], max_length=20)),
                    ('recorded_at', models.DateTimeField(auto_now_add=True)),
                ],
                options={
                    'abstract': False,
                },
            ),
            pgtrigger.migrations.RemoveTrigger(
                model_name='check',
                name='insert_insert',
            ),
            pgtrigger.migrations.RemoveTrigger(
                model_name='check',
                name='update_update',
            ),
            pgtrigger.migrations.RemoveTrigger(
                model_name='check',
                name='delete_delete',
            ),
            pgtrigger.migrations.RemoveTrigger(
                model_name='monitoringplan',
                name='insert_insert',
            ),
            pgtrigger.migrations.RemoveTrigger(
                model_name='monitoringplan',
                name='update_update',
            ),
            pgtrigger.migrations.RemoveTrigger(
                model_name='monitoringplan',
                name='delete_delete',
            ),
            migrations.RemoveConstraint(
                model_name='protocolstep',
                name='timing_is_known',
            ),
            migrations.RemoveConstraint(
                model_name='protocolstep',
                name='days_after_need_days',
            ),
            migrations.RemoveConstraint(
                model_name='protocolstep',
                name='repeated_steps_need_interval_and_end',
            ),
            migrations.AddField(
                model_name='check',
                name='after_last_dose',
                field=models.BooleanField(db_default=False, default=False),
            ),
            migrations.AddField(
                model_name='checkevent',
                name='after_last_dose',
                field=models.BooleanField(db_default=False, default=False),
            ),
            migrations.AddField(
                model_name='monitoringplan',
                name='decided_interval_days',
                field=models.PositiveSmallIntegerField(null=True),
            ),
            migrations.AddField(
                model_name='monitoringplan',
                name='end_reason',
                field=models.CharField(blank=True, choices=[('completed', 'Planned course completed'), ('progression', 'Progression'), ('toxicity', 'Toxicity'), ('patient_wish', "Patient's wish"), ('other', 'Other')], db_default='', default='', max_length=20),
            ),
            migrations.AddField(
                model_name='monitoringplan',
                name='last_dose_on',
                field=models.DateField(null=True, verbose_name='last dose'),
            ),
            migrations.AddField(
                model_name='monitoringplan',
                name='next_dose_on',
                field=models.DateField(null=True),
            ),
            migrations.AddField(
                model_name='monitoringplanevent',
                name='decided_interval_days',
                field=models.PositiveSmallIntegerField(null=True),
            ),
            migrations.AddField(
                model_name='monitoringplanevent',
                name='end_reason',
                field=models.CharField(blank=True, choices=[('completed', 'Planned course completed'), ('progression', 'Progression'), ('toxicity', 'Toxicity'), ('patient_wish', "Patient's wish"), ('other', 'Other')], db_default='', default='', max_length=20),
            ),
            migrations.AddField(
                model_name='monitoringplanevent',
                name='last_dose_on',
                field=models.DateField(null=True, verbose_name='last dose'),
            ),
            migrations.AddField(
                model_name='monitoringplanevent',
                name='next_dose_on',
                field=models.DateField(null=True),
            ),
            migrations.AlterField(
                model_name='protocolstep',
                name='kind',
                field=models.CharField(choices=[('before_first_dose', 'Before the first dose'), ('days_after_first_dose', 'On named days after the first dose'), ('days_after_last_dose', 'On named days after the last dose'), ('every_n_days', 'Every so many days'), ('at_each_dose', 'At each dose')], max_length=24, verbose_name='when'),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='check',
                trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "followup_checkevent" ("after_last_dose", "assignee_id", "at_dose", "due_on", "id", "label", "measured_on", "measures", "offset_days", "opened_on", "patient_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "plan_id", "public_id", "reason", "recorded_at", "recorded_by_id", "result", "state", "step_id", "values", "version") VALUES (NEW."after_last_dose", NEW."assignee_id", NEW."at_dose", NEW."due_on", NEW."id", NEW."label", NEW."measured_on", NEW."measures", NEW."offset_days", NEW."opened_on", NEW."patient_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."plan_id", NEW."public_id", NEW."reason", NEW."recorded_at", NEW."recorded_by_id", NEW."result", NEW."state", NEW."step_id", NEW."values", NEW."version"); RETURN NULL;', hash='f19a6f30ab122aec3aed5e8cc3e0f1d277f4ca9d', operation='INSERT', pgid='pgtrigger_insert_insert_0ebb5', table='followup_check', when='AFTER')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='check',
                trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "followup_checkevent" ("after_last_dose", "assignee_id", "at_dose", "due_on", "id", "label", "measured_on", "measures", "offset_days", "opened_on", "patient_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "plan_id", "public_id", "reason", "recorded_at", "recorded_by_id", "result", "state", "step_id", "values", "version") VALUES (NEW."after_last_dose", NEW."assignee_id", NEW."at_dose", NEW."due_on", NEW."id", NEW."label", NEW."measured_on", NEW."measures", NEW."offset_days", NEW."opened_on", NEW."patient_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."plan_id", NEW."public_id", NEW."reason", NEW."recorded_at", NEW."recorded_by_id", NEW."result", NEW."state", NEW."step_id", NEW."values", NEW."version"); RETURN NULL;', hash='b5f857b40f2701de7bf12c062cfa5d64ceb35c22', operation='UPDATE', pgid='pgtrigger_update_update_85f1d', table='followup_check', when='AFTER')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='check',
                trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "followup_checkevent" ("after_last_dose", "assignee_id", "at_dose", "due_on", "id", "label", "measured_on", "measures", "offset_days", "opened_on", "patient_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "plan_id", "public_id", "reason", "recorded_at", "recorded_by_id", "result", "state", "step_id", "values", "version") VALUES (OLD."after_last_dose", OLD."assignee_id", OLD."at_dose", OLD."due_on", OLD."id", OLD."label", OLD."measured_on", OLD."measures", OLD."offset_days", OLD."opened_on", OLD."patient_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."plan_id", OLD."public_id", OLD."reason", OLD."recorded_at", OLD."recorded_by_id", OLD."result", OLD."state", OLD."step_id", OLD."values", OLD."version"); RETURN NULL;', hash='29361f2c8972875750e19a4fa2e8cbbeabb40f73', operation='DELETE', pgid='pgtrigger_delete_delete_b3833', table='followup_check', when='AFTER')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='monitoringplan',
                trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "followup_monitoringplanevent" ("case_id", "close_reason", "conditions", "decided_interval_days", "decision_ref", "dose_interval_days", "earlier_entities", "end_reason", "first_dose_on", "held_on", "hold_reason", "id", "last_dose_on", "next_dose_on", "opened_at", "opened_by_id", "patient_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "public_id", "regimen_label", "state", "version") VALUES (NEW."case_id", NEW."close_reason", NEW."conditions", NEW."decided_interval_days", NEW."decision_ref", NEW."dose_interval_days", NEW."earlier_entities", NEW."end_reason", NEW."first_dose_on", NEW."held_on", NEW."hold_reason", NEW."id", NEW."last_dose_on", NEW."next_dose_on", NEW."opened_at", NEW."opened_by_id", NEW."patient_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."public_id", NEW."regimen_label", NEW."state", NEW."version"); RETURN NULL;', hash='6ae989526481296c0152e1c1d2f3b28a8af085d2', operation='INSERT', pgid='pgtrigger_insert_insert_ba4ad', table='followup_monitoringplan', when='AFTER')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='monitoringplan',
                trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."case_id" IS DISTINCT FROM (NEW."case_id") OR OLD."close_reason" IS DISTINCT FROM (NEW."close_reason") OR OLD."conditions" IS DISTINCT FROM (NEW."conditions") OR OLD."decided_interval_days" IS DISTINCT FROM (NEW."decided_interval_days") OR OLD."decision_ref" IS DISTINCT FROM (NEW."decision_ref") OR OLD."dose_interval_days" IS DISTINCT FROM (NEW."dose_interval_days") OR OLD."earlier_entities" IS DISTINCT FROM (NEW."earlier_entities") OR OLD."end_reason" IS DISTINCT FROM (NEW."end_reason") OR OLD."first_dose_on" IS DISTINCT FROM (NEW."first_dose_on") OR OLD."held_on" IS DISTINCT FROM (NEW."held_on") OR OLD."hold_reason" IS DISTINCT FROM (NEW."hold_reason") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."last_dose_on" IS DISTINCT FROM (NEW."last_dose_on") OR OLD."next_dose_on" IS DISTINCT FROM (NEW."next_dose_on") OR OLD."opened_at" IS DISTINCT FROM (NEW."opened_at") OR OLD."opened_by_id" IS DISTINCT FROM (NEW."opened_by_id") OR OLD."patient_id" IS DISTINCT FROM (NEW."patient_id") OR OLD."public_id" IS DISTINCT FROM (NEW."public_id") OR OLD."regimen_label" IS DISTINCT FROM (NEW."regimen_label") OR OLD."state" IS DISTINCT FROM (NEW."state") OR OLD."version" IS DISTINCT FROM (NEW."version"))', func='INSERT INTO "followup_monitoringplanevent" ("case_id", "close_reason", "conditions", "decided_interval_days", "decision_ref", "dose_interval_days", "earlier_entities", "end_reason", "first_dose_on", "held_on", "hold_reason", "id", "last_dose_on", "next_dose_on", "opened_at", "opened_by_id", "patient_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "public_id", "regimen_label", "state", "version") VALUES (NEW."case_id", NEW."close_reason", NEW."conditions", NEW."decided_interval_days", NEW."decision_ref", NEW."dose_interval_days", NEW."earlier_entities", NEW."end_reason", NEW."first_dose_on", NEW."held_on", NEW."hold_reason", NEW."id", NEW."last_dose_on", NEW."next_dose_on", NEW."opened_at", NEW."opened_by_id", NEW."patient_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."public_id", NEW."regimen_label", NEW."state", NEW."version"); RETURN NULL;', hash='f5b3a280ab99e748349d3a1ba29b5c78e1cd72f2', operation='UPDATE', pgid='pgtrigger_update_update_f767f', table='followup_monitoringplan', when='AFTER')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='monitoringplan',
                trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "followup_monitoringplanevent" ("case_id", "close_reason", "conditions", "decided_interval_days", "decision_ref", "dose_interval_days", "earlier_entities", "end_reason", "first_dose_on", "held_on", "hold_reason", "id", "last_dose_on", "next_dose_on", "opened_at", "opened_by_id", "patient_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "public_id", "regimen_label", "state", "version") VALUES (OLD."case_id", OLD."close_reason", OLD."conditions", OLD."decided_interval_days", OLD."decision_ref", OLD."dose_interval_days", OLD."earlier_entities", OLD."end_reason", OLD."first_dose_on", OLD."held_on", OLD."hold_reason", OLD."id", OLD."last_dose_on", OLD."next_dose_on", OLD."opened_at", OLD."opened_by_id", OLD."patient_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."public_id", OLD."regimen_label", OLD."state", OLD."version"); RETURN NULL;', hash='63c58e4ab996a1f306d087b4080bc8edeac01e0f', operation='DELETE', pgid='pgtrigger_delete_delete_15616', table='followup_monitoringplan', when='AFTER')),
            ),
            AddConstraintNotValid(
                model_name='monitoringplan',
                constraint=models.CheckConstraint(condition=models.Q(models.Q(('end_reason', ''), ('last_dose_on__isnull', True)), models.Q(('last_dose_on__gte', models.F('first_dose_on')), models.Q(('end_reason', ''), _negated=True)), _connector='OR'), name='last_dose_for_a_reason'),
            ),
            migrations.AddConstraint(
                model_name='protocolstep',
                constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['before_first_dose', 'days_after_first_dose', 'days_after_last_dose', 'every_n_days', 'at_each_dose'])), name='timing_is_known'),
            ),
            migrations.AddConstraint(
                model_name='protocolstep',
                constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind__in', ['days_after_first_dose', 'days_after_last_dose']), _negated=True), models.Q(('offsets', []), _negated=True), _connector='OR'), name='days_after_need_days'),
            ),
            migrations.AddConstraint(
                model_name='protocolstep',
                constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind__in', ['every_n_days', 'at_each_dose']), _negated=True), ('until_day__isnull', False), _connector='OR'), name='repeated_steps_need_an_end'),
            ),
            migrations.AddConstraint(
                model_name='protocolstep',
                constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'every_n_days'), _negated=True), ('every_days__gte', 1), _connector='OR'), name='calendar_steps_need_an_interval'),
            ),
            migrations.AddField(
                model_name='dose',
                name='patient',
                field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cases.patient'),
            ),
            migrations.AddField(
                model_name='dose',
                name='plan',
                field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='doses', to='followup.monitoringplan'),
            ),
            migrations.AddField(
                model_name='dose',
                name='recorded_by',
                field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
            ),
            migrations.AddField(
                model_name='doseevent',
                name='patient',
                field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='cases.patient'),
            ),
            migrations.AddField(
                model_name='doseevent',
                name='pgh_context',
                field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context'),
            ),
            migrations.AddField(
                model_name='doseevent',
                name='pgh_obj',
                field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='followup.dose'),
            ),
            migrations.AddField(
                model_name='doseevent',
                name='plan',
                field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='followup.monitoringplan'),
            ),
            migrations.AddField(
                model_name='doseevent',
                name='recorded_by',
                field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL),
            ),
            migrations.AddConstraint(
                model_name='dose',
                constraint=models.UniqueConstraint(fields=('plan', 'number'), name='one_row_per_dose'),
            ),
            migrations.AddConstraint(
                model_name='dose',
                constraint=models.CheckConstraint(condition=models.Q(('number__gte', 2)), name='first_dose_stands_in_the_plan'),
            ),
            migrations.AddConstraint(
                model_name='dose',
                constraint=models.CheckConstraint(condition=models.Q(models.Q(('reason', ''), ('state', 'given')), models.Q(('state', 'skipped'), models.Q(('reason', ''), _negated=True)), _connector='OR'), name='skipped_for_a_reason'),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='dose',
                trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "followup_doseevent" ("expected_on", "id", "left_out", "number", "on", "patient_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "plan_id", "reason", "recorded_at", "recorded_by_id", "state") VALUES (NEW."expected_on", NEW."id", NEW."left_out", NEW."number", NEW."on", NEW."patient_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."plan_id", NEW."reason", NEW."recorded_at", NEW."recorded_by_id", NEW."state"); RETURN NULL;', hash='111429bc2b44167d3308e9322940c456d395adea', operation='INSERT', pgid='pgtrigger_insert_insert_474d9', table='followup_dose', when='AFTER')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='dose',
                trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "followup_doseevent" ("expected_on", "id", "left_out", "number", "on", "patient_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "plan_id", "reason", "recorded_at", "recorded_by_id", "state") VALUES (NEW."expected_on", NEW."id", NEW."left_out", NEW."number", NEW."on", NEW."patient_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."plan_id", NEW."reason", NEW."recorded_at", NEW."recorded_by_id", NEW."state"); RETURN NULL;', hash='60348522fe0b7c41cf9ecacf510fa21f9e6a2f0d', operation='UPDATE', pgid='pgtrigger_update_update_d7217', table='followup_dose', when='AFTER')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='dose',
                trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "followup_doseevent" ("expected_on", "id", "left_out", "number", "on", "patient_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "plan_id", "reason", "recorded_at", "recorded_by_id", "state") VALUES (OLD."expected_on", OLD."id", OLD."left_out", OLD."number", OLD."on", OLD."patient_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."plan_id", OLD."reason", OLD."recorded_at", OLD."recorded_by_id", OLD."state"); RETURN NULL;', hash='e42a4be2e9173af92756984dfc72be2b475ebb9c', operation='DELETE', pgid='pgtrigger_delete_delete_a8394', table='followup_dose', when='AFTER')),
            ),
        ]),
    ]

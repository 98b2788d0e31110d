"""The plan keeps the interval of its decision; protocols assume none."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('followup', '0002_row_security'),
    ]

    operations = [
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
            name='repeated_steps_need_interval_and_end',
        ),
        migrations.AddField(
            model_name='monitoringplan',
            name='decided_interval_days',
            field=models.PositiveSmallIntegerField(null=True),
        ),
        migrations.AddField(
            model_name='monitoringplanevent',
            name='decided_interval_days',
            field=models.PositiveSmallIntegerField(null=True),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='monitoringplan',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "followup_monitoringplanevent" ("case_id", "close_reason", "conditions", "decided_interval_days", "decision_ref", "dose_interval_days", "earlier_entities", "first_dose_on", "held_on", "hold_reason", "id", "opened_at", "opened_by_id", "patient_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "public_id", "regimen_label", "state", "version") VALUES (NEW."case_id", NEW."close_reason", NEW."conditions", NEW."decided_interval_days", NEW."decision_ref", NEW."dose_interval_days", NEW."earlier_entities", NEW."first_dose_on", NEW."held_on", NEW."hold_reason", NEW."id", NEW."opened_at", NEW."opened_by_id", NEW."patient_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."public_id", NEW."regimen_label", NEW."state", NEW."version"); RETURN NULL;', hash='03bb426ac76485d50a9906540fd29642baae6fe8', operation='INSERT', pgid='pgtrigger_insert_insert_ba4ad', table='followup_monitoringplan', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='monitoringplan',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."case_id" IS DISTINCT FROM (NEW."case_id") OR OLD."close_reason" IS DISTINCT FROM (NEW."close_reason") OR OLD."conditions" IS DISTINCT FROM (NEW."conditions") OR OLD."decided_interval_days" IS DISTINCT FROM (NEW."decided_interval_days") OR OLD."decision_ref" IS DISTINCT FROM (NEW."decision_ref") OR OLD."dose_interval_days" IS DISTINCT FROM (NEW."dose_interval_days") OR OLD."earlier_entities" IS DISTINCT FROM (NEW."earlier_entities") OR OLD."first_dose_on" IS DISTINCT FROM (NEW."first_dose_on") OR OLD."held_on" IS DISTINCT FROM (NEW."held_on") OR OLD."hold_reason" IS DISTINCT FROM (NEW."hold_reason") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."opened_at" IS DISTINCT FROM (NEW."opened_at") OR OLD."opened_by_id" IS DISTINCT FROM (NEW."opened_by_id") OR OLD."patient_id" IS DISTINCT FROM (NEW."patient_id") OR OLD."public_id" IS DISTINCT FROM (NEW."public_id") OR OLD."regimen_label" IS DISTINCT FROM (NEW."regimen_label") OR OLD."state" IS DISTINCT FROM (NEW."state") OR OLD."version" IS DISTINCT FROM (NEW."version"))', func='INSERT INTO "followup_monitoringplanevent" ("case_id", "close_reason", "conditions", "decided_interval_days", "decision_ref", "dose_interval_days", "earlier_entities", "first_dose_on", "held_on", "hold_reason", "id", "opened_at", "opened_by_id", "patient_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "public_id", "regimen_label", "state", "version") VALUES (NEW."case_id", NEW."close_reason", NEW."conditions", NEW."decided_interval_days", NEW."decision_ref", NEW."dose_interval_days", NEW."earlier_entities", NEW."first_dose_on", NEW."held_on", NEW."hold_reason", NEW."id", NEW."opened_at", NEW."opened_by_id", NEW."patient_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."public_id", NEW."regimen_label", NEW."state", NEW."version"); RETURN NULL;', hash='ab3dae26e0dd30e8b4f3192ef21cc62544e41efd', operation='UPDATE', pgid='pgtrigger_update_update_f767f', table='followup_monitoringplan', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='monitoringplan',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "followup_monitoringplanevent" ("case_id", "close_reason", "conditions", "decided_interval_days", "decision_ref", "dose_interval_days", "earlier_entities", "first_dose_on", "held_on", "hold_reason", "id", "opened_at", "opened_by_id", "patient_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "public_id", "regimen_label", "state", "version") VALUES (OLD."case_id", OLD."close_reason", OLD."conditions", OLD."decided_interval_days", OLD."decision_ref", OLD."dose_interval_days", OLD."earlier_entities", OLD."first_dose_on", OLD."held_on", OLD."hold_reason", OLD."id", OLD."opened_at", OLD."opened_by_id", OLD."patient_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."public_id", OLD."regimen_label", OLD."state", OLD."version"); RETURN NULL;', hash='b68ca6f3f4f2ae71213641bf4e56e2554f86cf9b', operation='DELETE', pgid='pgtrigger_delete_delete_15616', table='followup_monitoringplan', when='AFTER')),
        ),
        migrations.AddConstraint(
            model_name='protocolstep',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind__in', ['every_n_days', 'at_each_dose']), _negated=True), ('until_day__isnull', False), _connector='OR'), name='repeated_steps_need_an_end'),
        ),
        migrations.AddConstraint(
            model_name='protocolstep',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'every_n_days'), _negated=True), ('every_days__gte', 1), _connector='OR'), name='calendar_steps_need_an_interval'),
        ),
    ]

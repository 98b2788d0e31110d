"""The course that a plan follows, when a check was dated, and doses far from their day that are right."""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

from accounts.together import Together


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0029_steroid_total'),
        ('followup', '0010_notice_of_death'),
    ]

    operations = [
        Together([
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
                model_name='dose',
                name='insert_insert',
            ),
            pgtrigger.migrations.RemoveTrigger(
                model_name='dose',
                name='update_update',
            ),
            pgtrigger.migrations.RemoveTrigger(
                model_name='dose',
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
            migrations.AddField(
                model_name='check',
                name='dated_on',
                field=models.DateField(null=True),
            ),
            migrations.AddField(
                model_name='checkevent',
                name='dated_on',
                field=models.DateField(null=True),
            ),
            migrations.AddField(
                model_name='dose',
                name='confirmed',
                field=models.BooleanField(db_default=False, default=False),
            ),
            migrations.AddField(
                model_name='doseevent',
                name='confirmed',
                field=models.BooleanField(db_default=False, default=False),
            ),
            migrations.AddField(
                model_name='monitoringplan',
                name='course',
                field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='plans', to='cases.icicourse'),
            ),
            migrations.AddField(
                model_name='monitoringplanevent',
                name='course',
                field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='cases.icicourse'),
            ),
            migrations.AlterField(
                model_name='reminder',
                name='channel',
                field=models.CharField(choices=[('email', 'E-mail'), ('in_app', 'In the application alone')], default='email', max_length=8),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='check',
                trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "followup_checkevent" ("after_last_dose", "assignee_id", "at_dose", "dated_on", "due_on", "id", "label", "measured_on", "measures", "offset_days", "opened_on", "patient_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "plan_id", "public_id", "reason", "recorded_at", "recorded_by_id", "result", "state", "step_id", "values", "version") VALUES (NEW."after_last_dose", NEW."assignee_id", NEW."at_dose", NEW."dated_on", NEW."due_on", NEW."id", NEW."label", NEW."measured_on", NEW."measures", NEW."offset_days", NEW."opened_on", NEW."patient_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."plan_id", NEW."public_id", NEW."reason", NEW."recorded_at", NEW."recorded_by_id", NEW."result", NEW."state", NEW."step_id", NEW."values", NEW."version"); RETURN NULL;', hash='a28f20267dadf403d9c58b6abca5973e5e7cedcf', operation='INSERT', pgid='pgtrigger_insert_insert_0ebb5', table='followup_check', when='AFTER')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='check',
                trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "followup_checkevent" ("after_last_dose", "assignee_id", "at_dose", "dated_on", "due_on", "id", "label", "measured_on", "measures", "offset_days", "opened_on", "patient_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "plan_id", "public_id", "reason", "recorded_at", "recorded_by_id", "result", "state", "step_id", "values", "version") VALUES (NEW."after_last_dose", NEW."assignee_id", NEW."at_dose", NEW."dated_on", NEW."due_on", NEW."id", NEW."label", NEW."measured_on", NEW."measures", NEW."offset_days", NEW."opened_on", NEW."patient_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."plan_id", NEW."public_id", NEW."reason", NEW."recorded_at", NEW."recorded_by_id", NEW."result", NEW."state", NEW."step_id", NEW."values", NEW."version"); RETURN NULL;', hash='b2ff1eecdfdf7fd677ce3f5a4351df069b778203', operation='UPDATE', pgid='pgtrigger_update_update_85f1d', table='followup_check', when='AFTER')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='check',
                trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "followup_checkevent" ("after_last_dose", "assignee_id", "at_dose", "dated_on", "due_on", "id", "label", "measured_on", "measures", "offset_days", "opened_on", "patient_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "plan_id", "public_id", "reason", "recorded_at", "recorded_by_id", "result", "state", "step_id", "values", "version") VALUES (OLD."after_last_dose", OLD."assignee_id", OLD."at_dose", OLD."dated_on", OLD."due_on", OLD."id", OLD."label", OLD."measured_on", OLD."measures", OLD."offset_days", OLD."opened_on", OLD."patient_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."plan_id", OLD."public_id", OLD."reason", OLD."recorded_at", OLD."recorded_by_id", OLD."result", OLD."state", OLD."step_id", OLD."values", OLD."version"); RETURN NULL;', hash='2dcb538ebd8d4f00b1720aa4284aa2b26c5e7349', operation='DELETE', pgid='pgtrigger_delete_delete_b3833', table='followup_check', when='AFTER')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='dose',
                trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "followup_doseevent" ("confirmed", "expected_on", "id", "left_out", "number", "on", "patient_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "plan_id", "reason", "recorded_at", "recorded_by_id", "state") VALUES (NEW."confirmed", NEW."expected_on", NEW."id", NEW."left_out", NEW."number", NEW."on", NEW."patient_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."plan_id", NEW."reason", NEW."recorded_at", NEW."recorded_by_id", NEW."state"); RETURN NULL;', hash='bc2761f72c60343a3fa5ee316162b05cc7d694bc', operation='INSERT', pgid='pgtrigger_insert_insert_474d9', table='followup_dose', when='AFTER')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='dose',
                trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "followup_doseevent" ("confirmed", "expected_on", "id", "left_out", "number", "on", "patient_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "plan_id", "reason", "recorded_at", "recorded_by_id", "state") VALUES (NEW."confirmed", NEW."expected_on", NEW."id", NEW."left_out", NEW."number", NEW."on", NEW."patient_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."plan_id", NEW."reason", NEW."recorded_at", NEW."recorded_by_id", NEW."state"); RETURN NULL;', hash='1d6d90ac1b48999f9361300a3daa117016ed3208', operation='UPDATE', pgid='pgtrigger_update_update_d7217', table='followup_dose', when='AFTER')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='dose',
                trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "followup_doseevent" ("confirmed", "expected_on", "id", "left_out", "number", "on", "patient_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "plan_id", "reason", "recorded_at", "recorded_by_id", "state") VALUES (OLD."confirmed", OLD."expected_on", OLD."id", OLD."left_out", OLD."number", OLD."on", OLD."patient_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."plan_id", OLD."reason", OLD."recorded_at", OLD."recorded_by_id", OLD."state"); RETURN NULL;', hash='e3414a9ac2e9c6dec1baf67b97d971552f5b6989', operation='DELETE', pgid='pgtrigger_delete_delete_a8394', table='followup_dose', when='AFTER')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='monitoringplan',
                trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "followup_monitoringplanevent" ("case_id", "close_reason", "conditions", "course_id", "decided_interval_days", "decision_ref", "dose_interval_days", "earlier_entities", "end_reason", "first_dose_on", "held_on", "hold_reason", "id", "last_dose_on", "next_dose_on", "opened_at", "opened_by_id", "patient_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "public_id", "regimen_label", "state", "version") VALUES (NEW."case_id", NEW."close_reason", NEW."conditions", NEW."course_id", NEW."decided_interval_days", NEW."decision_ref", NEW."dose_interval_days", NEW."earlier_entities", NEW."end_reason", NEW."first_dose_on", NEW."held_on", NEW."hold_reason", NEW."id", NEW."last_dose_on", NEW."next_dose_on", NEW."opened_at", NEW."opened_by_id", NEW."patient_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."public_id", NEW."regimen_label", NEW."state", NEW."version"); RETURN NULL;', hash='beb2141a67a5adf3314023ede638c457c05d22b9', operation='INSERT', pgid='pgtrigger_insert_insert_ba4ad', table='followup_monitoringplan', when='AFTER')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='monitoringplan',
                trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."case_id" IS DISTINCT FROM (NEW."case_id") OR OLD."close_reason" IS DISTINCT FROM (NEW."close_reason") OR OLD."conditions" IS DISTINCT FROM (NEW."conditions") OR OLD."course_id" IS DISTINCT FROM (NEW."course_id") OR OLD."decided_interval_days" IS DISTINCT FROM (NEW."decided_interval_days") OR OLD."decision_ref" IS DISTINCT FROM (NEW."decision_ref") OR OLD."dose_interval_days" IS DISTINCT FROM (NEW."dose_interval_days") OR OLD."earlier_entities" IS DISTINCT FROM (NEW."earlier_entities") OR OLD."end_reason" IS DISTINCT FROM (NEW."end_reason") OR OLD."first_dose_on" IS DISTINCT FROM (NEW."first_dose_on") OR OLD."held_on" IS DISTINCT FROM (NEW."held_on") OR OLD."hold_reason" IS DISTINCT FROM (NEW."hold_reason") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."last_dose_on" IS DISTINCT FROM (NEW."last_dose_on") OR OLD."next_dose_on" IS DISTINCT FROM (NEW."next_dose_on") OR OLD."opened_at" IS DISTINCT FROM (NEW."opened_at") OR OLD."opened_by_id" IS DISTINCT FROM (NEW."opened_by_id") OR OLD."patient_id" IS DISTINCT FROM (NEW."patient_id") OR OLD."public_id" IS DISTINCT FROM (NEW."public_id") OR OLD."regimen_label" IS DISTINCT FROM (NEW."regimen_label") OR OLD."state" IS DISTINCT FROM (NEW."state") OR OLD."version" IS DISTINCT FROM (NEW."version"))', func='INSERT INTO "followup_monitoringplanevent" ("case_id", "close_reason", "conditions", "course_id", "decided_interval_days", "decision_ref", "dose_interval_days", "earlier_entities", "end_reason", "first_dose_on", "held_on", "hold_reason", "id", "last_dose_on", "next_dose_on", "opened_at", "opened_by_id", "patient_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "public_id", "regimen_label", "state", "version") VALUES (NEW."case_id", NEW."close_reason", NEW."conditions", NEW."course_id", NEW."decided_interval_days", NEW."decision_ref", NEW."dose_interval_days", NEW."earlier_entities", NEW."end_reason", NEW."first_dose_on", NEW."held_on", NEW."hold_reason", NEW."id", NEW."last_dose_on", NEW."next_dose_on", NEW."opened_at", NEW."opened_by_id", NEW."patient_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."public_id", NEW."regimen_label", NEW."state", NEW."version"); RETURN NULL;', hash='6833f5ef1f8319074f5b67467a0474d6c2163129', operation='UPDATE', pgid='pgtrigger_update_update_f767f', table='followup_monitoringplan', when='AFTER')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='monitoringplan',
                trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "followup_monitoringplanevent" ("case_id", "close_reason", "conditions", "course_id", "decided_interval_days", "decision_ref", "dose_interval_days", "earlier_entities", "end_reason", "first_dose_on", "held_on", "hold_reason", "id", "last_dose_on", "next_dose_on", "opened_at", "opened_by_id", "patient_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "public_id", "regimen_label", "state", "version") VALUES (OLD."case_id", OLD."close_reason", OLD."conditions", OLD."course_id", OLD."decided_interval_days", OLD."decision_ref", OLD."dose_interval_days", OLD."earlier_entities", OLD."end_reason", OLD."first_dose_on", OLD."held_on", OLD."hold_reason", OLD."id", OLD."last_dose_on", OLD."next_dose_on", OLD."opened_at", OLD."opened_by_id", OLD."patient_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."public_id", OLD."regimen_label", OLD."state", OLD."version"); RETURN NULL;', hash='f02765f4669c3adfba2989e4f89fcb12037d2c59', operation='DELETE', pgid='pgtrigger_delete_delete_15616', table='followup_monitoringplan', when='AFTER')),
            ),
        ]),
    ]

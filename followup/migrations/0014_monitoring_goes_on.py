"""What goes on while doses are given, agents of a decision, a planned first dose, limits of the laboratory."""

import django.contrib.postgres.fields
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

from accounts.samepatient import SHORT_WAIT
from accounts.together import Together


class Migration(migrations.Migration):

    dependencies = [
        ('followup', '0013_merged_records'),
    ]

    operations = [
        migrations.RunSQL(SHORT_WAIT, migrations.RunSQL.noop),
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
                model_name='protocol',
                name='protocol_is_general_or_of_organs',
            ),
            migrations.RemoveConstraint(
                model_name='protocolstep',
                name='repeated_steps_need_an_end',
            ),
            migrations.AddField(
                model_name='check',
                name='unmeasured',
                field=models.CharField(blank=True, choices=[('not_ordered', 'Not ordered this time'), ('sample', 'Sample lost or not usable'), ('elsewhere', 'Measured elsewhere, value not available'), ('not_available', 'Test not available here'), ('patient_wish', "Patient's wish"), ('not_needed', 'Not called for, by clinical judgement')], db_default='', default='', max_length=20, verbose_name='why not measured'),
            ),
            migrations.AddField(
                model_name='check',
                name='upper_limits',
                field=models.JSONField(db_default=models.Value({}, models.JSONField()), default=dict),
            ),
            migrations.AddField(
                model_name='checkevent',
                name='unmeasured',
                field=models.CharField(blank=True, choices=[('not_ordered', 'Not ordered this time'), ('sample', 'Sample lost or not usable'), ('elsewhere', 'Measured elsewhere, value not available'), ('not_available', 'Test not available here'), ('patient_wish', "Patient's wish"), ('not_needed', 'Not called for, by clinical judgement')], db_default='', default='', max_length=20, verbose_name='why not measured'),
            ),
            migrations.AddField(
                model_name='checkevent',
                name='upper_limits',
                field=models.JSONField(db_default=models.Value({}, models.JSONField()), default=dict),
            ),
            migrations.AddField(
                model_name='monitoringplan',
                name='agents',
                field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('anti_ctla4', 'anti-CTLA-4'), ('combination', 'combination of immune checkpoint inhibitors')], max_length=20), db_default=[], default=list, size=None),
            ),
            migrations.AddField(
                model_name='monitoringplan',
                name='planned_first_on',
                field=models.DateField(null=True, verbose_name='first dose planned'),
            ),
            migrations.AddField(
                model_name='monitoringplanevent',
                name='agents',
                field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('anti_ctla4', 'anti-CTLA-4'), ('combination', 'combination of immune checkpoint inhibitors')], max_length=20), db_default=[], default=list, size=None),
            ),
            migrations.AddField(
                model_name='monitoringplanevent',
                name='planned_first_on',
                field=models.DateField(null=True, verbose_name='first dose planned'),
            ),
            migrations.AddField(
                model_name='protocol',
                name='agents',
                field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('anti_ctla4', 'anti-CTLA-4'), ('combination', 'combination of immune checkpoint inhibitors')], max_length=20), blank=True, db_default=[], default=list, size=None),
            ),
            migrations.AddField(
                model_name='protocolstep',
                name='while_dosed',
                field=models.BooleanField(db_default=False, default=False),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='check',
                trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "followup_checkevent" ("after_last_dose", "assignee_id", "at_dose", "dated_on", "due_on", "id", "label", "measured_on", "measures", "offset_days", "opened_on", "patient_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "plan_id", "public_id", "reason", "recorded_at", "recorded_by_id", "result", "state", "step_id", "unmeasured", "upper_limits", "values", "version") VALUES (NEW."after_last_dose", NEW."assignee_id", NEW."at_dose", NEW."dated_on", NEW."due_on", NEW."id", NEW."label", NEW."measured_on", NEW."measures", NEW."offset_days", NEW."opened_on", NEW."patient_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."plan_id", NEW."public_id", NEW."reason", NEW."recorded_at", NEW."recorded_by_id", NEW."result", NEW."state", NEW."step_id", NEW."unmeasured", NEW."upper_limits", NEW."values", NEW."version"); RETURN NULL;', hash='92d54bdc4191fc9993ca6d8527dec8f47d8d6222', operation='INSERT', pgid='pgtrigger_insert_insert_0ebb5', table='followup_check', when='AFTER')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='check',
                trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "followup_checkevent" ("after_last_dose", "assignee_id", "at_dose", "dated_on", "due_on", "id", "label", "measured_on", "measures", "offset_days", "opened_on", "patient_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "plan_id", "public_id", "reason", "recorded_at", "recorded_by_id", "result", "state", "step_id", "unmeasured", "upper_limits", "values", "version") VALUES (NEW."after_last_dose", NEW."assignee_id", NEW."at_dose", NEW."dated_on", NEW."due_on", NEW."id", NEW."label", NEW."measured_on", NEW."measures", NEW."offset_days", NEW."opened_on", NEW."patient_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."plan_id", NEW."public_id", NEW."reason", NEW."recorded_at", NEW."recorded_by_id", NEW."result", NEW."state", NEW."step_id", NEW."unmeasured", NEW."upper_limits", NEW."values", NEW."version"); RETURN NULL;', hash='f84a572aa8bafe529d3b0eb30d15fd264d3f8135', operation='UPDATE', pgid='pgtrigger_update_update_85f1d', table='followup_check', when='AFTER')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='check',
                trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "followup_checkevent" ("after_last_dose", "assignee_id", "at_dose", "dated_on", "due_on", "id", "label", "measured_on", "measures", "offset_days", "opened_on", "patient_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "plan_id", "public_id", "reason", "recorded_at", "recorded_by_id", "result", "state", "step_id", "unmeasured", "upper_limits", "values", "version") VALUES (OLD."after_last_dose", OLD."assignee_id", OLD."at_dose", OLD."dated_on", OLD."due_on", OLD."id", OLD."label", OLD."measured_on", OLD."measures", OLD."offset_days", OLD."opened_on", OLD."patient_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."plan_id", OLD."public_id", OLD."reason", OLD."recorded_at", OLD."recorded_by_id", OLD."result", OLD."state", OLD."step_id", OLD."unmeasured", OLD."upper_limits", OLD."values", OLD."version"); RETURN NULL;', hash='1d9dbf7129c4e4b1bc699f90e041db2ff84734cf', operation='DELETE', pgid='pgtrigger_delete_delete_b3833', table='followup_check', when='AFTER')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='monitoringplan',
                trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "followup_monitoringplanevent" ("agents", "case_id", "close_reason", "conditions", "course_id", "decided_interval_days", "decision_ref", "dose_interval_days", "earlier_entities", "end_reason", "first_dose_on", "held_on", "hold_reason", "id", "last_dose_on", "next_dose_on", "opened_at", "opened_by_id", "patient_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "planned_first_on", "public_id", "regimen_label", "state", "version") VALUES (NEW."agents", NEW."case_id", NEW."close_reason", NEW."conditions", NEW."course_id", NEW."decided_interval_days", NEW."decision_ref", NEW."dose_interval_days", NEW."earlier_entities", NEW."end_reason", NEW."first_dose_on", NEW."held_on", NEW."hold_reason", NEW."id", NEW."last_dose_on", NEW."next_dose_on", NEW."opened_at", NEW."opened_by_id", NEW."patient_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."planned_first_on", NEW."public_id", NEW."regimen_label", NEW."state", NEW."version"); RETURN NULL;', hash='8e5523737c1402a58a41861b206c189c1375b09a', operation='INSERT', pgid='pgtrigger_insert_insert_ba4ad', table='followup_monitoringplan', when='AFTER')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='monitoringplan',
                trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."agents" IS DISTINCT FROM (NEW."agents") OR OLD."case_id" IS DISTINCT FROM (NEW."case_id") OR OLD."close_reason" IS DISTINCT FROM (NEW."close_reason") OR OLD."conditions" IS DISTINCT FROM (NEW."conditions") OR OLD."course_id" IS DISTINCT FROM (NEW."course_id") OR OLD."decided_interval_days" IS DISTINCT FROM (NEW."decided_interval_days") OR OLD."decision_ref" IS DISTINCT FROM (NEW."decision_ref") OR OLD."dose_interval_days" IS DISTINCT FROM (NEW."dose_interval_days") OR OLD."earlier_entities" IS DISTINCT FROM (NEW."earlier_entities") OR OLD."end_reason" IS DISTINCT FROM (NEW."end_reason") OR OLD."first_dose_on" IS DISTINCT FROM (NEW."first_dose_on") OR OLD."held_on" IS DISTINCT FROM (NEW."held_on") OR OLD."hold_reason" IS DISTINCT FROM (NEW."hold_reason") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."last_dose_on" IS DISTINCT FROM (NEW."last_dose_on") OR OLD."next_dose_on" IS DISTINCT FROM (NEW."next_dose_on") OR OLD."opened_at" IS DISTINCT FROM (NEW."opened_at") OR OLD."opened_by_id" IS DISTINCT FROM (NEW."opened_by_id") OR OLD."patient_id" IS DISTINCT FROM (NEW."patient_id") OR OLD."planned_first_on" IS DISTINCT FROM (NEW."planned_first_on") OR OLD."public_id" IS DISTINCT FROM (NEW."public_id") OR OLD."regimen_label" IS DISTINCT FROM (NEW."regimen_label") OR OLD."state" IS DISTINCT FROM (NEW."state") OR OLD."version" IS DISTINCT FROM (NEW."version"))', func='INSERT INTO "followup_monitoringplanevent" ("agents", "case_id", "close_reason", "conditions", "course_id", "decided_interval_days", "decision_ref", "dose_interval_days", "earlier_entities", "end_reason", "first_dose_on", "held_on", "hold_reason", "id", "last_dose_on", "next_dose_on", "opened_at", "opened_by_id", "patient_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "planned_first_on", "public_id", "regimen_label", "state", "version") VALUES (NEW."agents", NEW."case_id", NEW."close_reason", NEW."conditions", NEW."course_id", NEW."decided_interval_days", NEW."decision_ref", NEW."dose_interval_days", NEW."earlier_entities", NEW."end_reason", NEW."first_dose_on", NEW."held_on", NEW."hold_reason", NEW."id", NEW."last_dose_on", NEW."next_dose_on", NEW."opened_at", NEW."opened_by_id", NEW."patient_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."planned_first_on", NEW."public_id", NEW."regimen_label", NEW."state", NEW."version"); RETURN NULL;', hash='8fe625a861ce1647f9a0091099769e717ce1d6a4', operation='UPDATE', pgid='pgtrigger_update_update_f767f', table='followup_monitoringplan', when='AFTER')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='monitoringplan',
                trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "followup_monitoringplanevent" ("agents", "case_id", "close_reason", "conditions", "course_id", "decided_interval_days", "decision_ref", "dose_interval_days", "earlier_entities", "end_reason", "first_dose_on", "held_on", "hold_reason", "id", "last_dose_on", "next_dose_on", "opened_at", "opened_by_id", "patient_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "planned_first_on", "public_id", "regimen_label", "state", "version") VALUES (OLD."agents", OLD."case_id", OLD."close_reason", OLD."conditions", OLD."course_id", OLD."decided_interval_days", OLD."decision_ref", OLD."dose_interval_days", OLD."earlier_entities", OLD."end_reason", OLD."first_dose_on", OLD."held_on", OLD."hold_reason", OLD."id", OLD."last_dose_on", OLD."next_dose_on", OLD."opened_at", OLD."opened_by_id", OLD."patient_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."planned_first_on", OLD."public_id", OLD."regimen_label", OLD."state", OLD."version"); RETURN NULL;', hash='a8e1a85629837871e616732289e3809f6550b176', operation='DELETE', pgid='pgtrigger_delete_delete_15616', table='followup_monitoringplan', when='AFTER')),
            ),
            migrations.AddConstraint(
                model_name='protocol',
                constraint=models.CheckConstraint(condition=models.Q(models.Q(('agents', []), ('general', True), ('organs', [])), models.Q(('general', False), models.Q(models.Q(('organs', []), _negated=True), models.Q(('agents', []), _negated=True), _connector='OR')), _connector='OR'), name='protocol_is_general_or_for_some'),
            ),
            migrations.AddConstraint(
                model_name='protocolstep',
                constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind__in', ['every_n_days', 'at_each_dose']), _negated=True), ('until_day__isnull', False), ('while_dosed', True), _connector='OR'), name='repeated_steps_have_an_end'),
            ),
        ]),
    ]

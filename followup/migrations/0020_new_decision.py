"""What the board knew when a plan was opened, and plans that watch on beside that of a new decision."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

from accounts.samepatient import SHORT_WAIT
from accounts.together import Together


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0048_stray_files'),
        ('followup', '0019_death_taken_back'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunSQL(SHORT_WAIT, migrations.RunSQL.noop),
        Together([
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
                model_name='monitoringplan',
                name='known_at_opening',
                field=models.JSONField(db_default=models.Value({}, models.JSONField()), default=dict),
            ),
            migrations.AddField(
                model_name='monitoringplan',
                name='succeeded',
                field=models.BooleanField(db_default=False, default=False),
            ),
            migrations.AddField(
                model_name='monitoringplanevent',
                name='succeeded',
                field=models.BooleanField(db_default=False, default=False),
            ),
            migrations.AlterField(
                model_name='monitoringplan',
                name='end_reason',
                field=models.CharField(blank=True, choices=[('completed', 'Planned course completed'), ('progression', 'Progression'), ('toxicity', 'Toxicity'), ('patient_wish', "Patient's wish"), ('board', 'The board decided against it'), ('new_decision', 'A new decision took its place'), ('other', 'Other')], db_default='', default='', max_length=20),
            ),
            migrations.AlterField(
                model_name='monitoringplanevent',
                name='end_reason',
                field=models.CharField(blank=True, choices=[('completed', 'Planned course completed'), ('progression', 'Progression'), ('toxicity', 'Toxicity'), ('patient_wish', "Patient's wish"), ('board', 'The board decided against it'), ('new_decision', 'A new decision took its place'), ('other', 'Other')], db_default='', default='', max_length=20),
            ),
            migrations.AlterField(
                model_name='notice',
                name='kind',
                field=models.CharField(choices=[('due', 'A safety check is due'), ('overdue', 'A safety check is overdue'), ('escalation', 'A safety check has not been done in time'), ('reassigned', 'A safety check was passed on to you'), ('abnormal', 'A safety check was abnormal'), ('returned', 'A case came back to the triage list'), ('irae', 'An irAE under monitoring, in a case that is before the board already'), ('missed', 'A critical safety check was missed, in a case that is before the board'), ('conditions', 'A first dose was given with conditions not met or not judged'), ('expired', 'A condition of the decision ran out before the first dose'), ('died', 'The patient died: the monitoring plan is closed'), ('reopened', 'A death was taken back: the monitoring goes on, see what fell due'), ('unplanned', 'Plan the first dose of a decision, or say that none is given'), ('against', 'The board decided against a rechallenge: no dose is awaited'), ('superseded', 'A new decision: the monitoring goes on under its plan, with what is asked after earlier doses'), ('toxicity', 'Doses are held or skipped for toxicity, and no irAE is recorded since'), ('ended', 'Doses ended for toxicity or progression, in a case that is before the board'), ('undecided', 'A dose was given without a decision of the board that stands')], max_length=12),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='monitoringplan',
                trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "followup_monitoringplanevent" ("agents", "case_id", "close_reason", "conditions", "course_id", "decided_interval_days", "decision_ref", "dose_interval_days", "earlier_entities", "end_reason", "first_dose_on", "held_on", "hold_reason", "id", "last_dose_on", "next_dose_on", "opened_at", "opened_by_id", "patient_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "planned_first_on", "public_id", "regimen_label", "state", "succeeded", "version") VALUES (NEW."agents", NEW."case_id", NEW."close_reason", NEW."conditions", NEW."course_id", NEW."decided_interval_days", NEW."decision_ref", NEW."dose_interval_days", NEW."earlier_entities", NEW."end_reason", NEW."first_dose_on", NEW."held_on", NEW."hold_reason", NEW."id", NEW."last_dose_on", NEW."next_dose_on", NEW."opened_at", NEW."opened_by_id", NEW."patient_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."planned_first_on", NEW."public_id", NEW."regimen_label", NEW."state", NEW."succeeded", NEW."version"); RETURN NULL;', hash='f1e38b58dfc0e06c11b35829cbe2335fbc454af3', operation='INSERT', pgid='pgtrigger_insert_insert_ba4ad', table='followup_monitoringplan', when='AFTER')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='monitoringplan',
                trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."agents" IS DISTINCT FROM (NEW."agents") OR OLD."case_id" IS DISTINCT FROM (NEW."case_id") OR OLD."close_reason" IS DISTINCT FROM (NEW."close_reason") OR OLD."conditions" IS DISTINCT FROM (NEW."conditions") OR OLD."course_id" IS DISTINCT FROM (NEW."course_id") OR OLD."decided_interval_days" IS DISTINCT FROM (NEW."decided_interval_days") OR OLD."decision_ref" IS DISTINCT FROM (NEW."decision_ref") OR OLD."dose_interval_days" IS DISTINCT FROM (NEW."dose_interval_days") OR OLD."earlier_entities" IS DISTINCT FROM (NEW."earlier_entities") OR OLD."end_reason" IS DISTINCT FROM (NEW."end_reason") OR OLD."first_dose_on" IS DISTINCT FROM (NEW."first_dose_on") OR OLD."held_on" IS DISTINCT FROM (NEW."held_on") OR OLD."hold_reason" IS DISTINCT FROM (NEW."hold_reason") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."last_dose_on" IS DISTINCT FROM (NEW."last_dose_on") OR OLD."next_dose_on" IS DISTINCT FROM (NEW."next_dose_on") OR OLD."opened_at" IS DISTINCT FROM (NEW."opened_at") OR OLD."opened_by_id" IS DISTINCT FROM (NEW."opened_by_id") OR OLD."patient_id" IS DISTINCT FROM (NEW."patient_id") OR OLD."planned_first_on" IS DISTINCT FROM (NEW."planned_first_on") OR OLD."public_id" IS DISTINCT FROM (NEW."public_id") OR OLD."regimen_label" IS DISTINCT FROM (NEW."regimen_label") OR OLD."state" IS DISTINCT FROM (NEW."state") OR OLD."succeeded" IS DISTINCT FROM (NEW."succeeded") OR OLD."version" IS DISTINCT FROM (NEW."version"))', func='INSERT INTO "followup_monitoringplanevent" ("agents", "case_id", "close_reason", "conditions", "course_id", "decided_interval_days", "decision_ref", "dose_interval_days", "earlier_entities", "end_reason", "first_dose_on", "held_on", "hold_reason", "id", "last_dose_on", "next_dose_on", "opened_at", "opened_by_id", "patient_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "planned_first_on", "public_id", "regimen_label", "state", "succeeded", "version") VALUES (NEW."agents", NEW."case_id", NEW."close_reason", NEW."conditions", NEW."course_id", NEW."decided_interval_days", NEW."decision_ref", NEW."dose_interval_days", NEW."earlier_entities", NEW."end_reason", NEW."first_dose_on", NEW."held_on", NEW."hold_reason", NEW."id", NEW."last_dose_on", NEW."next_dose_on", NEW."opened_at", NEW."opened_by_id", NEW."patient_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."planned_first_on", NEW."public_id", NEW."regimen_label", NEW."state", NEW."succeeded", NEW."version"); RETURN NULL;', hash='70e6d849620fceb60ba101c1aa386d482c8533e7', operation='UPDATE', pgid='pgtrigger_update_update_f767f', table='followup_monitoringplan', when='AFTER')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='monitoringplan',
                trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "followup_monitoringplanevent" ("agents", "case_id", "close_reason", "conditions", "course_id", "decided_interval_days", "decision_ref", "dose_interval_days", "earlier_entities", "end_reason", "first_dose_on", "held_on", "hold_reason", "id", "last_dose_on", "next_dose_on", "opened_at", "opened_by_id", "patient_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "planned_first_on", "public_id", "regimen_label", "state", "succeeded", "version") VALUES (OLD."agents", OLD."case_id", OLD."close_reason", OLD."conditions", OLD."course_id", OLD."decided_interval_days", OLD."decision_ref", OLD."dose_interval_days", OLD."earlier_entities", OLD."end_reason", OLD."first_dose_on", OLD."held_on", OLD."hold_reason", OLD."id", OLD."last_dose_on", OLD."next_dose_on", OLD."opened_at", OLD."opened_by_id", OLD."patient_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."planned_first_on", OLD."public_id", OLD."regimen_label", OLD."state", OLD."succeeded", OLD."version"); RETURN NULL;', hash='11a8e94951cbefdb47484b7034d3bcbce4bfc346', operation='DELETE', pgid='pgtrigger_delete_delete_15616', table='followup_monitoringplan', when='AFTER')),
            ),
        ]),
    ]

"""Which course a case asks about, and for which irAE a course was stopped."""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

from accounts.samepatient import SHORT_WAIT
from accounts.together import Together


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0050_days_among_facts'),
    ]

    operations = [
        migrations.RunSQL(SHORT_WAIT, migrations.RunSQL.noop),
        Together([
            pgtrigger.migrations.RemoveTrigger(
                model_name='case',
                name='insert_insert',
            ),
            pgtrigger.migrations.RemoveTrigger(
                model_name='case',
                name='update_update',
            ),
            pgtrigger.migrations.RemoveTrigger(
                model_name='case',
                name='delete_delete',
            ),
            pgtrigger.migrations.RemoveTrigger(
                model_name='icicourse',
                name='insert_insert',
            ),
            pgtrigger.migrations.RemoveTrigger(
                model_name='icicourse',
                name='update_update',
            ),
            pgtrigger.migrations.RemoveTrigger(
                model_name='icicourse',
                name='delete_delete',
            ),
            migrations.AddField(
                model_name='case',
                name='course',
                field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='asked_in', to='cases.icicourse', verbose_name='course asked about'),
            ),
            migrations.AddField(
                model_name='caseevent',
                name='course',
                field=models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='cases.icicourse', verbose_name='course asked about'),
            ),
            migrations.AddField(
                model_name='icicourse',
                name='stopped_for',
                field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='stopped_courses', to='cases.irae', verbose_name='stopped for'),
            ),
            migrations.AddField(
                model_name='icicourseevent',
                name='stopped_for',
                field=models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='cases.irae', verbose_name='stopped for'),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='case',
                trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "cases_caseevent" ("alternatives", "alternatives_text", "board_id", "course_id", "disease_status", "disease_status_on", "disease_status_state", "id", "needed_by", "patient_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "prophylaxis", "prophylaxis_state", "prophylaxis_text", "proposed_drugs", "proposed_regimen", "proposed_regimen_state", "public_id", "question", "reference", "referred_at", "referred_by_id", "returned_reason", "state", "urgent") VALUES (NEW."alternatives", NEW."alternatives_text", NEW."board_id", NEW."course_id", NEW."disease_status", NEW."disease_status_on", NEW."disease_status_state", NEW."id", NEW."needed_by", NEW."patient_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."prophylaxis", NEW."prophylaxis_state", NEW."prophylaxis_text", NEW."proposed_drugs", NEW."proposed_regimen", NEW."proposed_regimen_state", NEW."public_id", NEW."question", NEW."reference", NEW."referred_at", NEW."referred_by_id", NEW."returned_reason", NEW."state", NEW."urgent"); RETURN NULL;', hash='747b6fac17bb60683d1efa62b24adaca265c5687', operation='INSERT', pgid='pgtrigger_insert_insert_0b483', table='cases_case', when='AFTER')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='case',
                trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."alternatives" IS DISTINCT FROM (NEW."alternatives") OR OLD."alternatives_text" IS DISTINCT FROM (NEW."alternatives_text") OR OLD."board_id" IS DISTINCT FROM (NEW."board_id") OR OLD."course_id" IS DISTINCT FROM (NEW."course_id") OR OLD."disease_status" IS DISTINCT FROM (NEW."disease_status") OR OLD."disease_status_on" IS DISTINCT FROM (NEW."disease_status_on") OR OLD."disease_status_state" IS DISTINCT FROM (NEW."disease_status_state") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."needed_by" IS DISTINCT FROM (NEW."needed_by") OR OLD."patient_id" IS DISTINCT FROM (NEW."patient_id") OR OLD."prophylaxis" IS DISTINCT FROM (NEW."prophylaxis") OR OLD."prophylaxis_state" IS DISTINCT FROM (NEW."prophylaxis_state") OR OLD."prophylaxis_text" IS DISTINCT FROM (NEW."prophylaxis_text") OR OLD."proposed_drugs" IS DISTINCT FROM (NEW."proposed_drugs") OR OLD."proposed_regimen" IS DISTINCT FROM (NEW."proposed_regimen") OR OLD."proposed_regimen_state" IS DISTINCT FROM (NEW."proposed_regimen_state") OR OLD."public_id" IS DISTINCT FROM (NEW."public_id") OR OLD."question" IS DISTINCT FROM (NEW."question") OR OLD."reference" IS DISTINCT FROM (NEW."reference") OR OLD."referred_at" IS DISTINCT FROM (NEW."referred_at") OR OLD."referred_by_id" IS DISTINCT FROM (NEW."referred_by_id") OR OLD."returned_reason" IS DISTINCT FROM (NEW."returned_reason") OR OLD."state" IS DISTINCT FROM (NEW."state") OR OLD."urgent" IS DISTINCT FROM (NEW."urgent"))', func='INSERT INTO "cases_caseevent" ("alternatives", "alternatives_text", "board_id", "course_id", "disease_status", "disease_status_on", "disease_status_state", "id", "needed_by", "patient_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "prophylaxis", "prophylaxis_state", "prophylaxis_text", "proposed_drugs", "proposed_regimen", "proposed_regimen_state", "public_id", "question", "reference", "referred_at", "referred_by_id", "returned_reason", "state", "urgent") VALUES (NEW."alternatives", NEW."alternatives_text", NEW."board_id", NEW."course_id", NEW."disease_status", NEW."disease_status_on", NEW."disease_status_state", NEW."id", NEW."needed_by", NEW."patient_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."prophylaxis", NEW."prophylaxis_state", NEW."prophylaxis_text", NEW."proposed_drugs", NEW."proposed_regimen", NEW."proposed_regimen_state", NEW."public_id", NEW."question", NEW."reference", NEW."referred_at", NEW."referred_by_id", NEW."returned_reason", NEW."state", NEW."urgent"); RETURN NULL;', hash='810a814cc601c40975128e485925190e116a1643', operation='UPDATE', pgid='pgtrigger_update_update_f5146', table='cases_case', when='AFTER')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='case',
                trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "cases_caseevent" ("alternatives", "alternatives_text", "board_id", "course_id", "disease_status", "disease_status_on", "disease_status_state", "id", "needed_by", "patient_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "prophylaxis", "prophylaxis_state", "prophylaxis_text", "proposed_drugs", "proposed_regimen", "proposed_regimen_state", "public_id", "question", "reference", "referred_at", "referred_by_id", "returned_reason", "state", "urgent") VALUES (OLD."alternatives", OLD."alternatives_text", OLD."board_id", OLD."course_id", OLD."disease_status", OLD."disease_status_on", OLD."disease_status_state", OLD."id", OLD."needed_by", OLD."patient_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."prophylaxis", OLD."prophylaxis_state", OLD."prophylaxis_text", OLD."proposed_drugs", OLD."proposed_regimen", OLD."proposed_regimen_state", OLD."public_id", OLD."question", OLD."reference", OLD."referred_at", OLD."referred_by_id", OLD."returned_reason", OLD."state", OLD."urgent"); RETURN NULL;', hash='dcefded55ada039210b44aa4415a2fe4a1880ad9', operation='DELETE', pgid='pgtrigger_delete_delete_8d49e', table='cases_case', when='AFTER')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='icicourse',
                trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "cases_icicourseevent" ("all_treatable_locally", "all_treatable_locally_state", "best_response", "best_response_state", "contributing_reasons", "contributing_reasons_state", "cycles_high", "cycles_low", "drugs", "drugs_state", "growing_lesions", "growing_lesions_state", "id", "line", "new_lesions", "new_lesions_state", "number", "patient_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "planned_days", "planned_days_state", "primary_state", "primary_state_state", "progressed_anchor", "progressed_earliest", "progressed_latest", "progressed_offset_days", "progressed_precision", "progressed_state", "progressed_text", "progressing_organs", "progressing_organs_state", "progression_called", "progression_called_state", "progression_confirmed", "progression_confirmed_state", "progression_timing", "progression_timing_state", "public_id", "regimen", "regimen_kind", "regimen_kind_state", "response_criteria", "setting", "setting_state", "start_anchor", "start_earliest", "start_latest", "start_offset_days", "start_precision", "start_state", "start_text", "stop_anchor", "stop_earliest", "stop_latest", "stop_offset_days", "stop_precision", "stop_reason", "stop_reason_state", "stop_state", "stop_text", "stopped_for_id") VALUES (NEW."all_treatable_locally", NEW."all_treatable_locally_state", NEW."best_response", NEW."best_response_state", NEW."contributing_reasons", NEW."contributing_reasons_state", NEW."cycles_high", NEW."cycles_low", NEW."drugs", NEW."drugs_state", NEW."growing_lesions", NEW."growing_lesions_state", NEW."id", NEW."line", NEW."new_lesions", NEW."new_lesions_state", NEW."number", NEW."patient_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."planned_days", NEW."planned_days_state", NEW."primary_state", NEW."primary_state_state", NEW."progressed_anchor", NEW."progressed_earliest", NEW."progressed_latest", NEW."progressed_offset_days", NEW."progressed_precision", NEW."progressed_state", NEW."progressed_text", NEW."progressing_organs", NEW."progressing_organs_state", NEW."progression_called", NEW."progression_called_state", NEW."progression_confirmed", NEW."progression_confirmed_state", NEW."progression_timing", NEW."progression_timing_state", NEW."public_id", NEW."regimen", NEW."regimen_kind", NEW."regimen_kind_state", NEW."response_criteria", NEW."setting", NEW."setting_state", NEW."start_anchor", NEW."start_earliest", NEW."start_latest", NEW."start_offset_days", NEW."start_precision", NEW."start_state", NEW."start_text", NEW."stop_anchor", NEW."stop_earliest", NEW."stop_latest", NEW."stop_offset_days", NEW."stop_precision", NEW."stop_reason", NEW."stop_reason_state", NEW."stop_state", NEW."stop_text", NEW."stopped_for_id"); RETURN NULL;', hash='88ba9020daee31825071c39ecb46dacd0531014e', operation='INSERT', pgid='pgtrigger_insert_insert_40bfc', table='cases_icicourse', when='AFTER')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='icicourse',
                trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "cases_icicourseevent" ("all_treatable_locally", "all_treatable_locally_state", "best_response", "best_response_state", "contributing_reasons", "contributing_reasons_state", "cycles_high", "cycles_low", "drugs", "drugs_state", "growing_lesions", "growing_lesions_state", "id", "line", "new_lesions", "new_lesions_state", "number", "patient_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "planned_days", "planned_days_state", "primary_state", "primary_state_state", "progressed_anchor", "progressed_earliest", "progressed_latest", "progressed_offset_days", "progressed_precision", "progressed_state", "progressed_text", "progressing_organs", "progressing_organs_state", "progression_called", "progression_called_state", "progression_confirmed", "progression_confirmed_state", "progression_timing", "progression_timing_state", "public_id", "regimen", "regimen_kind", "regimen_kind_state", "response_criteria", "setting", "setting_state", "start_anchor", "start_earliest", "start_latest", "start_offset_days", "start_precision", "start_state", "start_text", "stop_anchor", "stop_earliest", "stop_latest", "stop_offset_days", "stop_precision", "stop_reason", "stop_reason_state", "stop_state", "stop_text", "stopped_for_id") VALUES (NEW."all_treatable_locally", NEW."all_treatable_locally_state", NEW."best_response", NEW."best_response_state", NEW."contributing_reasons", NEW."contributing_reasons_state", NEW."cycles_high", NEW."cycles_low", NEW."drugs", NEW."drugs_state", NEW."growing_lesions", NEW."growing_lesions_state", NEW."id", NEW."line", NEW."new_lesions", NEW."new_lesions_state", NEW."number", NEW."patient_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."planned_days", NEW."planned_days_state", NEW."primary_state", NEW."primary_state_state", NEW."progressed_anchor", NEW."progressed_earliest", NEW."progressed_latest", NEW."progressed_offset_days", NEW."progressed_precision", NEW."progressed_state", NEW."progressed_text", NEW."progressing_organs", NEW."progressing_organs_state", NEW."progression_called", NEW."progression_called_state", NEW."progression_confirmed", NEW."progression_confirmed_state", NEW."progression_timing", NEW."progression_timing_state", NEW."public_id", NEW."regimen", NEW."regimen_kind", NEW."regimen_kind_state", NEW."response_criteria", NEW."setting", NEW."setting_state", NEW."start_anchor", NEW."start_earliest", NEW."start_latest", NEW."start_offset_days", NEW."start_precision", NEW."start_state", NEW."start_text", NEW."stop_anchor", NEW."stop_earliest", NEW."stop_latest", NEW."stop_offset_days", NEW."stop_precision", NEW."stop_reason", NEW."stop_reason_state", NEW."stop_state", NEW."stop_text", NEW."stopped_for_id"); RETURN NULL;', hash='7a5a342b3a525557c573c057c0eb42c4a7927c11', operation='UPDATE', pgid='pgtrigger_update_update_80079', table='cases_icicourse', when='AFTER')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='icicourse',
                trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "cases_icicourseevent" ("all_treatable_locally", "all_treatable_locally_state", "best_response", "best_response_state", "contributing_reasons", "contributing_reasons_state", "cycles_high", "cycles_low", "drugs", "drugs_state", "growing_lesions", "growing_lesions_state", "id", "line", "new_lesions", "new_lesions_state", "number", "patient_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "planned_days", "planned_days_state", "primary_state", "primary_state_state", "progressed_anchor", "progressed_earliest", "progressed_latest", "progressed_offset_days", "progressed_precision", "progressed_state", "progressed_text", "progressing_organs", "progressing_organs_state", "progression_called", "progression_called_state", "progression_confirmed", "progression_confirmed_state", "progression_timing", "progression_timing_state", "public_id", "regimen", "regimen_kind", "regimen_kind_state", "response_criteria", "setting", "setting_state", "start_anchor", "start_earliest", "start_latest", "start_offset_days", "start_precision", "start_state", "start_text", "stop_anchor", "stop_earliest", "stop_latest", "stop_offset_days", "stop_precision", "stop_reason", "stop_reason_state", "stop_state", "stop_text", "stopped_for_id") VALUES (OLD."all_treatable_locally", OLD."all_treatable_locally_state", OLD."best_response", OLD."best_response_state", OLD."contributing_reasons", OLD."contributing_reasons_state", OLD."cycles_high", OLD."cycles_low", OLD."drugs", OLD."drugs_state", OLD."growing_lesions", OLD."growing_lesions_state", OLD."id", OLD."line", OLD."new_lesions", OLD."new_lesions_state", OLD."number", OLD."patient_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."planned_days", OLD."planned_days_state", OLD."primary_state", OLD."primary_state_state", OLD."progressed_anchor", OLD."progressed_earliest", OLD."progressed_latest", OLD."progressed_offset_days", OLD."progressed_precision", OLD."progressed_state", OLD."progressed_text", OLD."progressing_organs", OLD."progressing_organs_state", OLD."progression_called", OLD."progression_called_state", OLD."progression_confirmed", OLD."progression_confirmed_state", OLD."progression_timing", OLD."progression_timing_state", OLD."public_id", OLD."regimen", OLD."regimen_kind", OLD."regimen_kind_state", OLD."response_criteria", OLD."setting", OLD."setting_state", OLD."start_anchor", OLD."start_earliest", OLD."start_latest", OLD."start_offset_days", OLD."start_precision", OLD."start_state", OLD."start_text", OLD."stop_anchor", OLD."stop_earliest", OLD."stop_latest", OLD."stop_offset_days", OLD."stop_precision", OLD."stop_reason", OLD."stop_reason_state", OLD."stop_state", OLD."stop_text", OLD."stopped_for_id"); RETURN NULL;', hash='2b73ac71c14f3b255abb9506ccb149d1ba75d3fb', operation='DELETE', pgid='pgtrigger_delete_delete_ab269', table='cases_icicourse', when='AFTER')),
            ),
        ]),
    ]

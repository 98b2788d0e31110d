"""The day on which a course was first said to be over, and which courses a complete list was said of."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

from accounts.samepatient import SHORT_WAIT
from accounts.together import Together


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0109_fact_of_replacement'),
    ]

    operations = [
        migrations.RunSQL(SHORT_WAIT, migrations.RunSQL.noop),
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
        pgtrigger.migrations.RemoveTrigger(
            model_name='patient',
            name='insert_insert',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='patient',
            name='update_update',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='patient',
            name='delete_delete',
        ),
        Together([
        migrations.AddField(
            model_name='icicourse',
            name='over_said_on',
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='icicourseevent',
            name='over_said_on',
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='patient',
            name='courses_complete_through',
            field=models.BigIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='patientevent',
            name='courses_complete_through',
            field=models.BigIntegerField(blank=True, null=True),
        ),
        ]),
        pgtrigger.migrations.AddTrigger(
            model_name='icicourse',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "cases_icicourseevent" ("all_treatable_locally", "all_treatable_locally_state", "best_response", "best_response_state", "contributing_reasons", "contributing_reasons_state", "cycles_high", "cycles_low", "cycles_state", "drugs", "drugs_state", "growing_lesions", "growing_lesions_state", "id", "line", "line_state", "new_lesions", "new_lesions_state", "number", "over_said_on", "patient_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "planned_days", "planned_days_state", "primary_state", "primary_state_state", "progressed_anchor", "progressed_earliest", "progressed_latest", "progressed_offset_days", "progressed_precision", "progressed_state", "progressed_text", "progressing_organs", "progressing_organs_state", "progression_called", "progression_called_state", "progression_confirmed", "progression_confirmed_state", "progression_timing", "progression_timing_state", "public_id", "regimen", "regimen_kind", "regimen_kind_state", "response_criteria", "setting", "setting_state", "start_anchor", "start_earliest", "start_latest", "start_offset_days", "start_precision", "start_state", "start_text", "stop_anchor", "stop_earliest", "stop_latest", "stop_offset_days", "stop_precision", "stop_reason", "stop_reason_state", "stop_state", "stop_text", "stopped_for_id") VALUES (NEW."all_treatable_locally", NEW."all_treatable_locally_state", NEW."best_response", NEW."best_response_state", NEW."contributing_reasons", NEW."contributing_reasons_state", NEW."cycles_high", NEW."cycles_low", NEW."cycles_state", NEW."drugs", NEW."drugs_state", NEW."growing_lesions", NEW."growing_lesions_state", NEW."id", NEW."line", NEW."line_state", NEW."new_lesions", NEW."new_lesions_state", NEW."number", NEW."over_said_on", NEW."patient_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."planned_days", NEW."planned_days_state", NEW."primary_state", NEW."primary_state_state", NEW."progressed_anchor", NEW."progressed_earliest", NEW."progressed_latest", NEW."progressed_offset_days", NEW."progressed_precision", NEW."progressed_state", NEW."progressed_text", NEW."progressing_organs", NEW."progressing_organs_state", NEW."progression_called", NEW."progression_called_state", NEW."progression_confirmed", NEW."progression_confirmed_state", NEW."progression_timing", NEW."progression_timing_state", NEW."public_id", NEW."regimen", NEW."regimen_kind", NEW."regimen_kind_state", NEW."response_criteria", NEW."setting", NEW."setting_state", NEW."start_anchor", NEW."start_earliest", NEW."start_latest", NEW."start_offset_days", NEW."start_precision", NEW."start_state", NEW."start_text", NEW."stop_anchor", NEW."stop_earliest", NEW."stop_latest", NEW."stop_offset_days", NEW."stop_precision", NEW."stop_reason", NEW."stop_reason_state", NEW."stop_state", NEW."stop_text", NEW."stopped_for_id"); RETURN NULL;', hash='11805e6cfef004f38c99bac880d7e4d95ed5e701', operation='INSERT', pgid='pgtrigger_insert_insert_40bfc', table='cases_icicourse', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='icicourse',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "cases_icicourseevent" ("all_treatable_locally", "all_treatable_locally_state", "best_response", "best_response_state", "contributing_reasons", "contributing_reasons_state", "cycles_high", "cycles_low", "cycles_state", "drugs", "drugs_state", "growing_lesions", "growing_lesions_state", "id", "line", "line_state", "new_lesions", "new_lesions_state", "number", "over_said_on", "patient_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "planned_days", "planned_days_state", "primary_state", "primary_state_state", "progressed_anchor", "progressed_earliest", "progressed_latest", "progressed_offset_days", "progressed_precision", "progressed_state", "progressed_text", "progressing_organs", "progressing_organs_state", "progression_called", "progression_called_state", "progression_confirmed", "progression_confirmed_state", "progression_timing", "progression_timing_state", "public_id", "regimen", "regimen_kind", "regimen_kind_state", "response_criteria", "setting", "setting_state", "start_anchor", "start_earliest", "start_latest", "start_offset_days", "start_precision", "start_state", "start_text", "stop_anchor", "stop_earliest", "stop_latest", "stop_offset_days", "stop_precision", "stop_reason", "stop_reason_state", "stop_state", "stop_text", "stopped_for_id") VALUES (NEW."all_treatable_locally", NEW."all_treatable_locally_state", NEW."best_response", NEW."best_response_state", NEW."contributing_reasons", NEW."contributing_reasons_state", NEW."cycles_high", NEW."cycles_low", NEW."cycles_state", NEW."drugs", NEW."drugs_state", NEW."growing_lesions", NEW."growing_lesions_state", NEW."id", NEW."line", NEW."line_state", NEW."new_lesions", NEW."new_lesions_state", NEW."number", NEW."over_said_on", NEW."patient_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."planned_days", NEW."planned_days_state", NEW."primary_state", NEW."primary_state_state", NEW."progressed_anchor", NEW."progressed_earliest", NEW."progressed_latest", NEW."progressed_offset_days", NEW."progressed_precision", NEW."progressed_state", NEW."progressed_text", NEW."progressing_organs", NEW."progressing_organs_state", NEW."progression_called", NEW."progression_called_state", NEW."progression_confirmed", NEW."progression_confirmed_state", NEW."progression_timing", NEW."progression_timing_state", NEW."public_id", NEW."regimen", NEW."regimen_kind", NEW."regimen_kind_state", NEW."response_criteria", NEW."setting", NEW."setting_state", NEW."start_anchor", NEW."start_earliest", NEW."start_latest", NEW."start_offset_days", NEW."start_precision", NEW."start_state", NEW."start_text", NEW."stop_anchor", NEW."stop_earliest", NEW."stop_latest", NEW."stop_offset_days", NEW."stop_precision", NEW."stop_reason", NEW."stop_reason_state", NEW."stop_state", NEW."stop_text", NEW."stopped_for_id"); RETURN NULL;', hash='691349c2289550abc039e3fdf5715ae2c399e94f', operation='UPDATE', pgid='pgtrigger_update_update_80079', table='cases_icicourse', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='icicourse',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "cases_icicourseevent" ("all_treatable_locally", "all_treatable_locally_state", "best_response", "best_response_state", "contributing_reasons", "contributing_reasons_state", "cycles_high", "cycles_low", "cycles_state", "drugs", "drugs_state", "growing_lesions", "growing_lesions_state", "id", "line", "line_state", "new_lesions", "new_lesions_state", "number", "over_said_on", "patient_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "planned_days", "planned_days_state", "primary_state", "primary_state_state", "progressed_anchor", "progressed_earliest", "progressed_latest", "progressed_offset_days", "progressed_precision", "progressed_state", "progressed_text", "progressing_organs", "progressing_organs_state", "progression_called", "progression_called_state", "progression_confirmed", "progression_confirmed_state", "progression_timing", "progression_timing_state", "public_id", "regimen", "regimen_kind", "regimen_kind_state", "response_criteria", "setting", "setting_state", "start_anchor", "start_earliest", "start_latest", "start_offset_days", "start_precision", "start_state", "start_text", "stop_anchor", "stop_earliest", "stop_latest", "stop_offset_days", "stop_precision", "stop_reason", "stop_reason_state", "stop_state", "stop_text", "stopped_for_id") VALUES (OLD."all_treatable_locally", OLD."all_treatable_locally_state", OLD."best_response", OLD."best_response_state", OLD."contributing_reasons", OLD."contributing_reasons_state", OLD."cycles_high", OLD."cycles_low", OLD."cycles_state", OLD."drugs", OLD."drugs_state", OLD."growing_lesions", OLD."growing_lesions_state", OLD."id", OLD."line", OLD."line_state", OLD."new_lesions", OLD."new_lesions_state", OLD."number", OLD."over_said_on", OLD."patient_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."planned_days", OLD."planned_days_state", OLD."primary_state", OLD."primary_state_state", OLD."progressed_anchor", OLD."progressed_earliest", OLD."progressed_latest", OLD."progressed_offset_days", OLD."progressed_precision", OLD."progressed_state", OLD."progressed_text", OLD."progressing_organs", OLD."progressing_organs_state", OLD."progression_called", OLD."progression_called_state", OLD."progression_confirmed", OLD."progression_confirmed_state", OLD."progression_timing", OLD."progression_timing_state", OLD."public_id", OLD."regimen", OLD."regimen_kind", OLD."regimen_kind_state", OLD."response_criteria", OLD."setting", OLD."setting_state", OLD."start_anchor", OLD."start_earliest", OLD."start_latest", OLD."start_offset_days", OLD."start_precision", OLD."start_state", OLD."start_text", OLD."stop_anchor", OLD."stop_earliest", OLD."stop_latest", OLD."stop_offset_days", OLD."stop_precision", OLD."stop_reason", OLD."stop_reason_state", OLD."stop_state", OLD."stop_text", OLD."stopped_for_id"); RETURN NULL;', hash='df846430abb01de56c0cbb2097e5f3353fe92734', operation='DELETE', pgid='pgtrigger_delete_delete_ab269', table='cases_icicourse', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='patient',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "cases_patientevent" ("board_id", "citation", "courses_complete_as_of", "courses_complete_latest", "courses_complete_through", "created_at", "id", "merged_into_id", "metastases_complete_as_of", "metastases_complete_latest", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "provenance", "public_id", "responses_complete_as_of", "responses_complete_latest", "second_line_complete_as_of", "second_line_complete_latest", "sex", "steroids_complete_as_of", "steroids_complete_latest", "treatments_complete_as_of", "treatments_complete_latest") VALUES (NEW."board_id", NEW."citation", NEW."courses_complete_as_of", NEW."courses_complete_latest", NEW."courses_complete_through", NEW."created_at", NEW."id", NEW."merged_into_id", NEW."metastases_complete_as_of", NEW."metastases_complete_latest", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."provenance", NEW."public_id", NEW."responses_complete_as_of", NEW."responses_complete_latest", NEW."second_line_complete_as_of", NEW."second_line_complete_latest", NEW."sex", NEW."steroids_complete_as_of", NEW."steroids_complete_latest", NEW."treatments_complete_as_of", NEW."treatments_complete_latest"); RETURN NULL;', hash='69bfe277fd2901889745667073201dfefb948e7d', operation='INSERT', pgid='pgtrigger_insert_insert_27919', table='cases_patient', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='patient',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "cases_patientevent" ("board_id", "citation", "courses_complete_as_of", "courses_complete_latest", "courses_complete_through", "created_at", "id", "merged_into_id", "metastases_complete_as_of", "metastases_complete_latest", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "provenance", "public_id", "responses_complete_as_of", "responses_complete_latest", "second_line_complete_as_of", "second_line_complete_latest", "sex", "steroids_complete_as_of", "steroids_complete_latest", "treatments_complete_as_of", "treatments_complete_latest") VALUES (NEW."board_id", NEW."citation", NEW."courses_complete_as_of", NEW."courses_complete_latest", NEW."courses_complete_through", NEW."created_at", NEW."id", NEW."merged_into_id", NEW."metastases_complete_as_of", NEW."metastases_complete_latest", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."provenance", NEW."public_id", NEW."responses_complete_as_of", NEW."responses_complete_latest", NEW."second_line_complete_as_of", NEW."second_line_complete_latest", NEW."sex", NEW."steroids_complete_as_of", NEW."steroids_complete_latest", NEW."treatments_complete_as_of", NEW."treatments_complete_latest"); RETURN NULL;', hash='c7bf88803f4db8c7839ff71f9901591d5314393d', operation='UPDATE', pgid='pgtrigger_update_update_b6a7b', table='cases_patient', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='patient',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "cases_patientevent" ("board_id", "citation", "courses_complete_as_of", "courses_complete_latest", "courses_complete_through", "created_at", "id", "merged_into_id", "metastases_complete_as_of", "metastases_complete_latest", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "provenance", "public_id", "responses_complete_as_of", "responses_complete_latest", "second_line_complete_as_of", "second_line_complete_latest", "sex", "steroids_complete_as_of", "steroids_complete_latest", "treatments_complete_as_of", "treatments_complete_latest") VALUES (OLD."board_id", OLD."citation", OLD."courses_complete_as_of", OLD."courses_complete_latest", OLD."courses_complete_through", OLD."created_at", OLD."id", OLD."merged_into_id", OLD."metastases_complete_as_of", OLD."metastases_complete_latest", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."provenance", OLD."public_id", OLD."responses_complete_as_of", OLD."responses_complete_latest", OLD."second_line_complete_as_of", OLD."second_line_complete_latest", OLD."sex", OLD."steroids_complete_as_of", OLD."steroids_complete_latest", OLD."treatments_complete_as_of", OLD."treatments_complete_latest"); RETURN NULL;', hash='6d8628f4a8df42a86361068b9b12d83ab49c18e4', operation='DELETE', pgid='pgtrigger_delete_delete_a1e45', table='cases_patient', when='AFTER')),
        ),
    ]

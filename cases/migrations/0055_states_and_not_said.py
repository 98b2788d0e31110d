"""Facts that had no state get one; a grade, a response and a sample may be told without what the report leaves out.

Rows that are there keep what they say: a value counts as known whatever its new state says.
"""

import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models

from accounts.samepatient import SHORT_WAIT
from accounts.together import Together


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0008_second_factors_encrypted'),
        ('cases', '0054_now_day_said'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunSQL(SHORT_WAIT, migrations.RunSQL.noop),
        pgtrigger.migrations.RemoveTrigger(
            model_name='background',
            name='insert_insert',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='background',
            name='update_update',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='background',
            name='delete_delete',
        ),
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
        pgtrigger.migrations.RemoveTrigger(
            model_name='irae',
            name='insert_insert',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='irae',
            name='update_update',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='irae',
            name='delete_delete',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='othertreatment',
            name='insert_insert',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='othertreatment',
            name='update_update',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='othertreatment',
            name='delete_delete',
        ),
        migrations.RemoveConstraint(
            model_name='irae',
            name='grades_have_their_ctcae_version',
        ),
        migrations.RemoveConstraint(
            model_name='responseassessment',
            name='response_criteria_are_known',
        ),
        Together([
            migrations.AddField(
                model_name='background',
                name='comorbidities_state',
                field=models.CharField(choices=[('known', 'Known'), ('not_yet', 'Not yet'), ('unknown', 'Unknown'), ('not_applicable', 'Not applicable'), ('missing', 'Missing')], db_default='missing', default='missing', max_length=16),
            ),
            migrations.AddField(
                model_name='background',
                name='preference_state',
                field=models.CharField(choices=[('known', 'Known'), ('not_yet', 'Not yet'), ('unknown', 'Unknown'), ('not_applicable', 'Not applicable'), ('missing', 'Missing')], db_default='missing', default='missing', max_length=16),
            ),
            migrations.AddField(
                model_name='backgroundevent',
                name='comorbidities_state',
                field=models.CharField(choices=[('known', 'Known'), ('not_yet', 'Not yet'), ('unknown', 'Unknown'), ('not_applicable', 'Not applicable'), ('missing', 'Missing')], db_default='missing', default='missing', max_length=16),
            ),
            migrations.AddField(
                model_name='backgroundevent',
                name='preference_state',
                field=models.CharField(choices=[('known', 'Known'), ('not_yet', 'Not yet'), ('unknown', 'Unknown'), ('not_applicable', 'Not applicable'), ('missing', 'Missing')], db_default='missing', default='missing', max_length=16),
            ),
            migrations.AddField(
                model_name='case',
                name='alternatives_state',
                field=models.CharField(choices=[('known', 'Known'), ('not_yet', 'Not yet'), ('unknown', 'Unknown'), ('not_applicable', 'Not applicable'), ('missing', 'Missing')], db_default='missing', default='missing', max_length=16),
            ),
            migrations.AddField(
                model_name='case',
                name='proposed_text',
                field=models.CharField(blank=True, db_default='', max_length=80, verbose_name='agent by name'),
            ),
            migrations.AddField(
                model_name='caseevent',
                name='alternatives_state',
                field=models.CharField(choices=[('known', 'Known'), ('not_yet', 'Not yet'), ('unknown', 'Unknown'), ('not_applicable', 'Not applicable'), ('missing', 'Missing')], db_default='missing', default='missing', max_length=16),
            ),
            migrations.AddField(
                model_name='caseevent',
                name='proposed_text',
                field=models.CharField(blank=True, db_default='', max_length=80, verbose_name='agent by name'),
            ),
            migrations.AddField(
                model_name='icicourse',
                name='cycles_state',
                field=models.CharField(choices=[('known', 'Known'), ('not_yet', 'Not yet'), ('unknown', 'Unknown'), ('not_applicable', 'Not applicable'), ('missing', 'Missing')], db_default='missing', default='missing', max_length=16),
            ),
            migrations.AddField(
                model_name='icicourse',
                name='line_state',
                field=models.CharField(choices=[('known', 'Known'), ('not_yet', 'Not yet'), ('unknown', 'Unknown'), ('not_applicable', 'Not applicable'), ('missing', 'Missing')], db_default='missing', default='missing', max_length=16),
            ),
            migrations.AddField(
                model_name='icicourseevent',
                name='cycles_state',
                field=models.CharField(choices=[('known', 'Known'), ('not_yet', 'Not yet'), ('unknown', 'Unknown'), ('not_applicable', 'Not applicable'), ('missing', 'Missing')], db_default='missing', default='missing', max_length=16),
            ),
            migrations.AddField(
                model_name='icicourseevent',
                name='line_state',
                field=models.CharField(choices=[('known', 'Known'), ('not_yet', 'Not yet'), ('unknown', 'Unknown'), ('not_applicable', 'Not applicable'), ('missing', 'Missing')], db_default='missing', default='missing', max_length=16),
            ),
            migrations.AddField(
                model_name='irae',
                name='entity_text',
                field=models.CharField(blank=True, db_default='', max_length=80, verbose_name='which event'),
            ),
            migrations.AddField(
                model_name='irae',
                name='excluded_state',
                field=models.CharField(choices=[('known', 'Known'), ('not_yet', 'Not yet'), ('unknown', 'Unknown'), ('not_applicable', 'Not applicable'), ('missing', 'Missing')], db_default='missing', default='missing', max_length=16),
            ),
            migrations.AddField(
                model_name='iraeevent',
                name='entity_text',
                field=models.CharField(blank=True, db_default='', max_length=80, verbose_name='which event'),
            ),
            migrations.AddField(
                model_name='iraeevent',
                name='excluded_state',
                field=models.CharField(choices=[('known', 'Known'), ('not_yet', 'Not yet'), ('unknown', 'Unknown'), ('not_applicable', 'Not applicable'), ('missing', 'Missing')], db_default='missing', default='missing', max_length=16),
            ),
            migrations.AddField(
                model_name='othertreatment',
                name='line_state',
                field=models.CharField(choices=[('known', 'Known'), ('not_yet', 'Not yet'), ('unknown', 'Unknown'), ('not_applicable', 'Not applicable'), ('missing', 'Missing')], db_default='missing', default='missing', max_length=16),
            ),
            migrations.AddField(
                model_name='othertreatmentevent',
                name='line_state',
                field=models.CharField(choices=[('known', 'Known'), ('not_yet', 'Not yet'), ('unknown', 'Unknown'), ('not_applicable', 'Not applicable'), ('missing', 'Missing')], db_default='missing', default='missing', max_length=16),
            ),
            migrations.AlterField(
                model_name='biomarkerresult',
                name='timing',
                field=models.CharField(blank=True, choices=[('before', 'Before the first ICI'), ('after', 'After the first ICI')], max_length=6),
            ),
            migrations.AlterField(
                model_name='biomarkerresultevent',
                name='timing',
                field=models.CharField(blank=True, choices=[('before', 'Before the first ICI'), ('after', 'After the first ICI')], max_length=6),
            ),
            migrations.AlterField(
                model_name='case',
                name='proposed_regimen',
                field=models.CharField(blank=True, choices=[('same_agent', 'Same agent'), ('other_agent_same_target', 'Other agent, same target'), ('switch_pd1_pdl1', 'Switch between PD-1 and PD-L1'), ('pd_ctla4_combination', 'PD-(L)1 with anti-CTLA-4'), ('ici_chemotherapy', 'ICI with chemotherapy'), ('ici_antiangiogenic', 'ICI with anti-angiogenic'), ('bispecific', 'Bispecific antibody'), ('other', 'Other or trial')], max_length=30, null=True),
            ),
            migrations.AlterField(
                model_name='caseevent',
                name='proposed_regimen',
                field=models.CharField(blank=True, choices=[('same_agent', 'Same agent'), ('other_agent_same_target', 'Other agent, same target'), ('switch_pd1_pdl1', 'Switch between PD-1 and PD-L1'), ('pd_ctla4_combination', 'PD-(L)1 with anti-CTLA-4'), ('ici_chemotherapy', 'ICI with chemotherapy'), ('ici_antiangiogenic', 'ICI with anti-angiogenic'), ('bispecific', 'Bispecific antibody'), ('other', 'Other or trial')], max_length=30, null=True),
            ),
            migrations.AlterField(
                model_name='irae',
                name='ctcae_version',
                field=models.CharField(blank=True, choices=[('5.0', 'CTCAE 5.0'), ('6.0', 'CTCAE 6.0'), ('none', 'CTCAE version not stated')], max_length=4, verbose_name='graded by'),
            ),
            migrations.AlterField(
                model_name='iraeevent',
                name='ctcae_version',
                field=models.CharField(blank=True, choices=[('5.0', 'CTCAE 5.0'), ('6.0', 'CTCAE 6.0'), ('none', 'CTCAE version not stated')], max_length=4, verbose_name='graded by'),
            ),
            migrations.AlterField(
                model_name='responseassessment',
                name='criteria',
                field=models.CharField(blank=True, choices=[('recist', 'RECIST 1.1'), ('irecist', 'iRECIST')], max_length=8, verbose_name='by'),
            ),
            migrations.AlterField(
                model_name='responseassessmentevent',
                name='criteria',
                field=models.CharField(blank=True, choices=[('recist', 'RECIST 1.1'), ('irecist', 'iRECIST')], max_length=8, verbose_name='by'),
            ),
        ]),
        pgtrigger.migrations.AddTrigger(
            model_name='background',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "cases_backgroundevent" ("autoimmune_disease", "autoimmune_disease_state", "autoimmune_text", "comorbidities", "comorbidities_state", "heart_disease", "heart_disease_state", "heart_text", "height_cm", "height_cm_state", "hepatitis_b", "hepatitis_b_state", "hepatitis_c", "hepatitis_c_state", "id", "interstitial_lung_disease", "interstitial_lung_disease_state", "pack_years", "pack_years_state", "patient_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "preference", "preference_state", "pregnancy", "pregnancy_state", "smoking", "smoking_state", "steroid_total_mg", "steroid_total_on", "transplant", "transplant_state", "weighed_anchor", "weighed_earliest", "weighed_latest", "weighed_offset_days", "weighed_precision", "weighed_state", "weighed_text", "weight_kg", "weight_kg_state") VALUES (NEW."autoimmune_disease", NEW."autoimmune_disease_state", NEW."autoimmune_text", NEW."comorbidities", NEW."comorbidities_state", NEW."heart_disease", NEW."heart_disease_state", NEW."heart_text", NEW."height_cm", NEW."height_cm_state", NEW."hepatitis_b", NEW."hepatitis_b_state", NEW."hepatitis_c", NEW."hepatitis_c_state", NEW."id", NEW."interstitial_lung_disease", NEW."interstitial_lung_disease_state", NEW."pack_years", NEW."pack_years_state", NEW."patient_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."preference", NEW."preference_state", NEW."pregnancy", NEW."pregnancy_state", NEW."smoking", NEW."smoking_state", NEW."steroid_total_mg", NEW."steroid_total_on", NEW."transplant", NEW."transplant_state", NEW."weighed_anchor", NEW."weighed_earliest", NEW."weighed_latest", NEW."weighed_offset_days", NEW."weighed_precision", NEW."weighed_state", NEW."weighed_text", NEW."weight_kg", NEW."weight_kg_state"); RETURN NULL;', hash='fb57be311ee9cde7c7ebcdbf64b47b929db33581', operation='INSERT', pgid='pgtrigger_insert_insert_e276b', table='cases_background', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='background',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "cases_backgroundevent" ("autoimmune_disease", "autoimmune_disease_state", "autoimmune_text", "comorbidities", "comorbidities_state", "heart_disease", "heart_disease_state", "heart_text", "height_cm", "height_cm_state", "hepatitis_b", "hepatitis_b_state", "hepatitis_c", "hepatitis_c_state", "id", "interstitial_lung_disease", "interstitial_lung_disease_state", "pack_years", "pack_years_state", "patient_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "preference", "preference_state", "pregnancy", "pregnancy_state", "smoking", "smoking_state", "steroid_total_mg", "steroid_total_on", "transplant", "transplant_state", "weighed_anchor", "weighed_earliest", "weighed_latest", "weighed_offset_days", "weighed_precision", "weighed_state", "weighed_text", "weight_kg", "weight_kg_state") VALUES (NEW."autoimmune_disease", NEW."autoimmune_disease_state", NEW."autoimmune_text", NEW."comorbidities", NEW."comorbidities_state", NEW."heart_disease", NEW."heart_disease_state", NEW."heart_text", NEW."height_cm", NEW."height_cm_state", NEW."hepatitis_b", NEW."hepatitis_b_state", NEW."hepatitis_c", NEW."hepatitis_c_state", NEW."id", NEW."interstitial_lung_disease", NEW."interstitial_lung_disease_state", NEW."pack_years", NEW."pack_years_state", NEW."patient_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."preference", NEW."preference_state", NEW."pregnancy", NEW."pregnancy_state", NEW."smoking", NEW."smoking_state", NEW."steroid_total_mg", NEW."steroid_total_on", NEW."transplant", NEW."transplant_state", NEW."weighed_anchor", NEW."weighed_earliest", NEW."weighed_latest", NEW."weighed_offset_days", NEW."weighed_precision", NEW."weighed_state", NEW."weighed_text", NEW."weight_kg", NEW."weight_kg_state"); RETURN NULL;', hash='63ba7914cd1831d83afd60f67b04ae3eb555f83a', operation='UPDATE', pgid='pgtrigger_update_update_6b70e', table='cases_background', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='background',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "cases_backgroundevent" ("autoimmune_disease", "autoimmune_disease_state", "autoimmune_text", "comorbidities", "comorbidities_state", "heart_disease", "heart_disease_state", "heart_text", "height_cm", "height_cm_state", "hepatitis_b", "hepatitis_b_state", "hepatitis_c", "hepatitis_c_state", "id", "interstitial_lung_disease", "interstitial_lung_disease_state", "pack_years", "pack_years_state", "patient_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "preference", "preference_state", "pregnancy", "pregnancy_state", "smoking", "smoking_state", "steroid_total_mg", "steroid_total_on", "transplant", "transplant_state", "weighed_anchor", "weighed_earliest", "weighed_latest", "weighed_offset_days", "weighed_precision", "weighed_state", "weighed_text", "weight_kg", "weight_kg_state") VALUES (OLD."autoimmune_disease", OLD."autoimmune_disease_state", OLD."autoimmune_text", OLD."comorbidities", OLD."comorbidities_state", OLD."heart_disease", OLD."heart_disease_state", OLD."heart_text", OLD."height_cm", OLD."height_cm_state", OLD."hepatitis_b", OLD."hepatitis_b_state", OLD."hepatitis_c", OLD."hepatitis_c_state", OLD."id", OLD."interstitial_lung_disease", OLD."interstitial_lung_disease_state", OLD."pack_years", OLD."pack_years_state", OLD."patient_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."preference", OLD."preference_state", OLD."pregnancy", OLD."pregnancy_state", OLD."smoking", OLD."smoking_state", OLD."steroid_total_mg", OLD."steroid_total_on", OLD."transplant", OLD."transplant_state", OLD."weighed_anchor", OLD."weighed_earliest", OLD."weighed_latest", OLD."weighed_offset_days", OLD."weighed_precision", OLD."weighed_state", OLD."weighed_text", OLD."weight_kg", OLD."weight_kg_state"); RETURN NULL;', hash='69a19df21fdfa07a8d01fef9533c60f6bd2f3f7d', operation='DELETE', pgid='pgtrigger_delete_delete_42829', table='cases_background', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='case',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "cases_caseevent" ("alternatives", "alternatives_state", "alternatives_text", "board_id", "disease_status", "disease_status_on", "disease_status_state", "id", "needed_by", "patient_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "prophylaxis", "prophylaxis_state", "prophylaxis_text", "proposed_drugs", "proposed_regimen", "proposed_regimen_state", "proposed_text", "public_id", "question", "reference", "referred_at", "referred_by_id", "returned_reason", "state", "urgent") VALUES (NEW."alternatives", NEW."alternatives_state", NEW."alternatives_text", NEW."board_id", NEW."disease_status", NEW."disease_status_on", NEW."disease_status_state", NEW."id", NEW."needed_by", NEW."patient_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."prophylaxis", NEW."prophylaxis_state", NEW."prophylaxis_text", NEW."proposed_drugs", NEW."proposed_regimen", NEW."proposed_regimen_state", NEW."proposed_text", NEW."public_id", NEW."question", NEW."reference", NEW."referred_at", NEW."referred_by_id", NEW."returned_reason", NEW."state", NEW."urgent"); RETURN NULL;', hash='e5964bcc7b91a9fc3aa45458698670c1e890cfc6', operation='INSERT', pgid='pgtrigger_insert_insert_0b483', table='cases_case', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='case',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."alternatives" IS DISTINCT FROM (NEW."alternatives") OR OLD."alternatives_state" IS DISTINCT FROM (NEW."alternatives_state") OR OLD."alternatives_text" IS DISTINCT FROM (NEW."alternatives_text") OR OLD."board_id" IS DISTINCT FROM (NEW."board_id") OR OLD."disease_status" IS DISTINCT FROM (NEW."disease_status") OR OLD."disease_status_on" IS DISTINCT FROM (NEW."disease_status_on") OR OLD."disease_status_state" IS DISTINCT FROM (NEW."disease_status_state") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."needed_by" IS DISTINCT FROM (NEW."needed_by") OR OLD."patient_id" IS DISTINCT FROM (NEW."patient_id") OR OLD."prophylaxis" IS DISTINCT FROM (NEW."prophylaxis") OR OLD."prophylaxis_state" IS DISTINCT FROM (NEW."prophylaxis_state") OR OLD."prophylaxis_text" IS DISTINCT FROM (NEW."prophylaxis_text") OR OLD."proposed_drugs" IS DISTINCT FROM (NEW."proposed_drugs") OR OLD."proposed_regimen" IS DISTINCT FROM (NEW."proposed_regimen") OR OLD."proposed_regimen_state" IS DISTINCT FROM (NEW."proposed_regimen_state") OR OLD."proposed_text" IS DISTINCT FROM (NEW."proposed_text") OR OLD."public_id" IS DISTINCT FROM (NEW."public_id") OR OLD."question" IS DISTINCT FROM (NEW."question") OR OLD."reference" IS DISTINCT FROM (NEW."reference") OR OLD."referred_at" IS DISTINCT FROM (NEW."referred_at") OR OLD."referred_by_id" IS DISTINCT FROM (NEW."referred_by_id") OR OLD."returned_reason" IS DISTINCT FROM (NEW."returned_reason") OR OLD."state" IS DISTINCT FROM (NEW."state") OR OLD."urgent" IS DISTINCT FROM (NEW."urgent"))', func='INSERT INTO "cases_caseevent" ("alternatives", "alternatives_state", "alternatives_text", "board_id", "disease_status", "disease_status_on", "disease_status_state", "id", "needed_by", "patient_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "prophylaxis", "prophylaxis_state", "prophylaxis_text", "proposed_drugs", "proposed_regimen", "proposed_regimen_state", "proposed_text", "public_id", "question", "reference", "referred_at", "referred_by_id", "returned_reason", "state", "urgent") VALUES (NEW."alternatives", NEW."alternatives_state", NEW."alternatives_text", NEW."board_id", NEW."disease_status", NEW."disease_status_on", NEW."disease_status_state", NEW."id", NEW."needed_by", NEW."patient_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."prophylaxis", NEW."prophylaxis_state", NEW."prophylaxis_text", NEW."proposed_drugs", NEW."proposed_regimen", NEW."proposed_regimen_state", NEW."proposed_text", NEW."public_id", NEW."question", NEW."reference", NEW."referred_at", NEW."referred_by_id", NEW."returned_reason", NEW."state", NEW."urgent"); RETURN NULL;', hash='cf651044e2933cab529ab91864bba6490140d86c', operation='UPDATE', pgid='pgtrigger_update_update_f5146', table='cases_case', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='case',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "cases_caseevent" ("alternatives", "alternatives_state", "alternatives_text", "board_id", "disease_status", "disease_status_on", "disease_status_state", "id", "needed_by", "patient_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "prophylaxis", "prophylaxis_state", "prophylaxis_text", "proposed_drugs", "proposed_regimen", "proposed_regimen_state", "proposed_text", "public_id", "question", "reference", "referred_at", "referred_by_id", "returned_reason", "state", "urgent") VALUES (OLD."alternatives", OLD."alternatives_state", OLD."alternatives_text", OLD."board_id", OLD."disease_status", OLD."disease_status_on", OLD."disease_status_state", OLD."id", OLD."needed_by", OLD."patient_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."prophylaxis", OLD."prophylaxis_state", OLD."prophylaxis_text", OLD."proposed_drugs", OLD."proposed_regimen", OLD."proposed_regimen_state", OLD."proposed_text", OLD."public_id", OLD."question", OLD."reference", OLD."referred_at", OLD."referred_by_id", OLD."returned_reason", OLD."state", OLD."urgent"); RETURN NULL;', hash='b09d28fd32bdff563bd98c93de9911e89f0d208f', operation='DELETE', pgid='pgtrigger_delete_delete_8d49e', table='cases_case', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='icicourse',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "cases_icicourseevent" ("all_treatable_locally", "all_treatable_locally_state", "best_response", "best_response_state", "contributing_reasons", "contributing_reasons_state", "cycles_high", "cycles_low", "cycles_state", "drugs", "drugs_state", "growing_lesions", "growing_lesions_state", "id", "line", "line_state", "new_lesions", "new_lesions_state", "number", "patient_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "planned_days", "planned_days_state", "primary_state", "primary_state_state", "progressed_anchor", "progressed_earliest", "progressed_latest", "progressed_offset_days", "progressed_precision", "progressed_state", "progressed_text", "progressing_organs", "progressing_organs_state", "progression_called", "progression_called_state", "progression_confirmed", "progression_confirmed_state", "progression_timing", "progression_timing_state", "public_id", "regimen", "regimen_kind", "regimen_kind_state", "response_criteria", "setting", "setting_state", "start_anchor", "start_earliest", "start_latest", "start_offset_days", "start_precision", "start_state", "start_text", "stop_anchor", "stop_earliest", "stop_latest", "stop_offset_days", "stop_precision", "stop_reason", "stop_reason_state", "stop_state", "stop_text") VALUES (NEW."all_treatable_locally", NEW."all_treatable_locally_state", NEW."best_response", NEW."best_response_state", NEW."contributing_reasons", NEW."contributing_reasons_state", NEW."cycles_high", NEW."cycles_low", NEW."cycles_state", NEW."drugs", NEW."drugs_state", NEW."growing_lesions", NEW."growing_lesions_state", NEW."id", NEW."line", NEW."line_state", NEW."new_lesions", NEW."new_lesions_state", NEW."number", NEW."patient_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."planned_days", NEW."planned_days_state", NEW."primary_state", NEW."primary_state_state", NEW."progressed_anchor", NEW."progressed_earliest", NEW."progressed_latest", NEW."progressed_offset_days", NEW."progressed_precision", NEW."progressed_state", NEW."progressed_text", NEW."progressing_organs", NEW."progressing_organs_state", NEW."progression_called", NEW."progression_called_state", NEW."progression_confirmed", NEW."progression_confirmed_state", NEW."progression_timing", NEW."progression_timing_state", NEW."public_id", NEW."regimen", NEW."regimen_kind", NEW."regimen_kind_state", NEW."response_criteria", NEW."setting", NEW."setting_state", NEW."start_anchor", NEW."start_earliest", NEW."start_latest", NEW."start_offset_days", NEW."start_precision", NEW."start_state", NEW."start_text", NEW."stop_anchor", NEW."stop_earliest", NEW."stop_latest", NEW."stop_offset_days", NEW."stop_precision", NEW."stop_reason", NEW."stop_reason_state", NEW."stop_state", NEW."stop_text"); RETURN NULL;', hash='6611ab86a66efb82b7f2be726e669c471d4ca14e', operation='INSERT', pgid='pgtrigger_insert_insert_40bfc', table='cases_icicourse', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='icicourse',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "cases_icicourseevent" ("all_treatable_locally", "all_treatable_locally_state", "best_response", "best_response_state", "contributing_reasons", "contributing_reasons_state", "cycles_high", "cycles_low", "cycles_state", "drugs", "drugs_state", "growing_lesions", "growing_lesions_state", "id", "line", "line_state", "new_lesions", "new_lesions_state", "number", "patient_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "planned_days", "planned_days_state", "primary_state", "primary_state_state", "progressed_anchor", "progressed_earliest", "progressed_latest", "progressed_offset_days", "progressed_precision", "progressed_state", "progressed_text", "progressing_organs", "progressing_organs_state", "progression_called", "progression_called_state", "progression_confirmed", "progression_confirmed_state", "progression_timing", "progression_timing_state", "public_id", "regimen", "regimen_kind", "regimen_kind_state", "response_criteria", "setting", "setting_state", "start_anchor", "start_earliest", "start_latest", "start_offset_days", "start_precision", "start_state", "start_text", "stop_anchor", "stop_earliest", "stop_latest", "stop_offset_days", "stop_precision", "stop_reason", "stop_reason_state", "stop_state", "stop_text") VALUES (NEW."all_treatable_locally", NEW."all_treatable_locally_state", NEW."best_response", NEW."best_response_state", NEW."contributing_reasons", NEW."contributing_reasons_state", NEW."cycles_high", NEW."cycles_low", NEW."cycles_state", NEW."drugs", NEW."drugs_state", NEW."growing_lesions", NEW."growing_lesions_state", NEW."id", NEW."line", NEW."line_state", NEW."new_lesions", NEW."new_lesions_state", NEW."number", NEW."patient_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."planned_days", NEW."planned_days_state", NEW."primary_state", NEW."primary_state_state", NEW."progressed_anchor", NEW."progressed_earliest", NEW."progressed_latest", NEW."progressed_offset_days", NEW."progressed_precision", NEW."progressed_state", NEW."progressed_text", NEW."progressing_organs", NEW."progressing_organs_state", NEW."progression_called", NEW."progression_called_state", NEW."progression_confirmed", NEW."progression_confirmed_state", NEW."progression_timing", NEW."progression_timing_state", NEW."public_id", NEW."regimen", NEW."regimen_kind", NEW."regimen_kind_state", NEW."response_criteria", NEW."setting", NEW."setting_state", NEW."start_anchor", NEW."start_earliest", NEW."start_latest", NEW."start_offset_days", NEW."start_precision", NEW."start_state", NEW."start_text", NEW."stop_anchor", NEW."stop_earliest", NEW."stop_latest", NEW."stop_offset_days", NEW."stop_precision", NEW."stop_reason", NEW."stop_reason_state", NEW."stop_state", NEW."stop_text"); RETURN NULL;', hash='176000b6ecd2ce984c18dfcb723f5c5bded4261c', operation='UPDATE', pgid='pgtrigger_update_update_80079', table='cases_icicourse', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='icicourse',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "cases_icicourseevent" ("all_treatable_locally", "all_treatable_locally_state", "best_response", "best_response_state", "contributing_reasons", "contributing_reasons_state", "cycles_high", "cycles_low", "cycles_state", "drugs", "drugs_state", "growing_lesions", "growing_lesions_state", "id", "line", "line_state", "new_lesions", "new_lesions_state", "number", "patient_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "planned_days", "planned_days_state", "primary_state", "primary_state_state", "progressed_anchor", "progressed_earliest", "progressed_latest", "progressed_offset_days", "progressed_precision", "progressed_state", "progressed_text", "progressing_organs", "progressing_organs_state", "progression_called", "progression_called_state", "progression_confirmed", "progression_confirmed_state", "progression_timing", "progression_timing_state", "public_id", "regimen", "regimen_kind", "regimen_kind_state", "response_criteria", "setting", "setting_state", "start_anchor", "start_earliest", "start_latest", "start_offset_days", "start_precision", "start_state", "start_text", "stop_anchor", "stop_earliest", "stop_latest", "stop_offset_days", "stop_precision", "stop_reason", "stop_reason_state", "stop_state", "stop_text") VALUES (OLD."all_treatable_locally", OLD."all_treatable_locally_state", OLD."best_response", OLD."best_response_state", OLD."contributing_reasons", OLD."contributing_reasons_state", OLD."cycles_high", OLD."cycles_low", OLD."cycles_state", OLD."drugs", OLD."drugs_state", OLD."growing_lesions", OLD."growing_lesions_state", OLD."id", OLD."line", OLD."line_state", OLD."new_lesions", OLD."new_lesions_state", OLD."number", OLD."patient_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."planned_days", OLD."planned_days_state", OLD."primary_state", OLD."primary_state_state", OLD."progressed_anchor", OLD."progressed_earliest", OLD."progressed_latest", OLD."progressed_offset_days", OLD."progressed_precision", OLD."progressed_state", OLD."progressed_text", OLD."progressing_organs", OLD."progressing_organs_state", OLD."progression_called", OLD."progression_called_state", OLD."progression_confirmed", OLD."progression_confirmed_state", OLD."progression_timing", OLD."progression_timing_state", OLD."public_id", OLD."regimen", OLD."regimen_kind", OLD."regimen_kind_state", OLD."response_criteria", OLD."setting", OLD."setting_state", OLD."start_anchor", OLD."start_earliest", OLD."start_latest", OLD."start_offset_days", OLD."start_precision", OLD."start_state", OLD."start_text", OLD."stop_anchor", OLD."stop_earliest", OLD."stop_latest", OLD."stop_offset_days", OLD."stop_precision", OLD."stop_reason", OLD."stop_reason_state", OLD."stop_state", OLD."stop_text"); RETURN NULL;', hash='baf19b8ebedd8f7a36520a9e81728ef3d71d778f', operation='DELETE', pgid='pgtrigger_delete_delete_ab269', table='cases_icicourse', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='irae',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "cases_iraeevent" ("care", "care_state", "course_id", "ctcae_version", "drugs", "entity", "entity_text", "excluded", "excluded_state", "grade_now", "grade_now_state", "id", "likelihood", "likelihood_state", "now_on", "onset_anchor", "onset_earliest", "onset_grade", "onset_grade_state", "onset_latest", "onset_offset_days", "onset_precision", "onset_state", "onset_text", "organ", "patient_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "public_id", "recurrence_of_id", "resolution", "resolution_state", "resolved_anchor", "resolved_earliest", "resolved_latest", "resolved_offset_days", "resolved_precision", "resolved_state", "resolved_text", "sequelae", "sequelae_state", "sequelae_text", "severity_word", "worst_grade", "worst_grade_state") VALUES (NEW."care", NEW."care_state", NEW."course_id", NEW."ctcae_version", NEW."drugs", NEW."entity", NEW."entity_text", NEW."excluded", NEW."excluded_state", NEW."grade_now", NEW."grade_now_state", NEW."id", NEW."likelihood", NEW."likelihood_state", NEW."now_on", NEW."onset_anchor", NEW."onset_earliest", NEW."onset_grade", NEW."onset_grade_state", NEW."onset_latest", NEW."onset_offset_days", NEW."onset_precision", NEW."onset_state", NEW."onset_text", NEW."organ", NEW."patient_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."public_id", NEW."recurrence_of_id", NEW."resolution", NEW."resolution_state", NEW."resolved_anchor", NEW."resolved_earliest", NEW."resolved_latest", NEW."resolved_offset_days", NEW."resolved_precision", NEW."resolved_state", NEW."resolved_text", NEW."sequelae", NEW."sequelae_state", NEW."sequelae_text", NEW."severity_word", NEW."worst_grade", NEW."worst_grade_state"); RETURN NULL;', hash='7931a2ca703357e75c66d9080b5daf7ad7a24ec8', operation='INSERT', pgid='pgtrigger_insert_insert_2abf8', table='cases_irae', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='irae',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "cases_iraeevent" ("care", "care_state", "course_id", "ctcae_version", "drugs", "entity", "entity_text", "excluded", "excluded_state", "grade_now", "grade_now_state", "id", "likelihood", "likelihood_state", "now_on", "onset_anchor", "onset_earliest", "onset_grade", "onset_grade_state", "onset_latest", "onset_offset_days", "onset_precision", "onset_state", "onset_text", "organ", "patient_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "public_id", "recurrence_of_id", "resolution", "resolution_state", "resolved_anchor", "resolved_earliest", "resolved_latest", "resolved_offset_days", "resolved_precision", "resolved_state", "resolved_text", "sequelae", "sequelae_state", "sequelae_text", "severity_word", "worst_grade", "worst_grade_state") VALUES (NEW."care", NEW."care_state", NEW."course_id", NEW."ctcae_version", NEW."drugs", NEW."entity", NEW."entity_text", NEW."excluded", NEW."excluded_state", NEW."grade_now", NEW."grade_now_state", NEW."id", NEW."likelihood", NEW."likelihood_state", NEW."now_on", NEW."onset_anchor", NEW."onset_earliest", NEW."onset_grade", NEW."onset_grade_state", NEW."onset_latest", NEW."onset_offset_days", NEW."onset_precision", NEW."onset_state", NEW."onset_text", NEW."organ", NEW."patient_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."public_id", NEW."recurrence_of_id", NEW."resolution", NEW."resolution_state", NEW."resolved_anchor", NEW."resolved_earliest", NEW."resolved_latest", NEW."resolved_offset_days", NEW."resolved_precision", NEW."resolved_state", NEW."resolved_text", NEW."sequelae", NEW."sequelae_state", NEW."sequelae_text", NEW."severity_word", NEW."worst_grade", NEW."worst_grade_state"); RETURN NULL;', hash='76036a615a189c654e835d1dfc5206c95ec53801', operation='UPDATE', pgid='pgtrigger_update_update_0345d', table='cases_irae', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='irae',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "cases_iraeevent" ("care", "care_state", "course_id", "ctcae_version", "drugs", "entity", "entity_text", "excluded", "excluded_state", "grade_now", "grade_now_state", "id", "likelihood", "likelihood_state", "now_on", "onset_anchor", "onset_earliest", "onset_grade", "onset_grade_state", "onset_latest", "onset_offset_days", "onset_precision", "onset_state", "onset_text", "organ", "patient_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "public_id", "recurrence_of_id", "resolution", "resolution_state", "resolved_anchor", "resolved_earliest", "resolved_latest", "resolved_offset_days", "resolved_precision", "resolved_state", "resolved_text", "sequelae", "sequelae_state", "sequelae_text", "severity_word", "worst_grade", "worst_grade_state") VALUES (OLD."care", OLD."care_state", OLD."course_id", OLD."ctcae_version", OLD."drugs", OLD."entity", OLD."entity_text", OLD."excluded", OLD."excluded_state", OLD."grade_now", OLD."grade_now_state", OLD."id", OLD."likelihood", OLD."likelihood_state", OLD."now_on", OLD."onset_anchor", OLD."onset_earliest", OLD."onset_grade", OLD."onset_grade_state", OLD."onset_latest", OLD."onset_offset_days", OLD."onset_precision", OLD."onset_state", OLD."onset_text", OLD."organ", OLD."patient_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."public_id", OLD."recurrence_of_id", OLD."resolution", OLD."resolution_state", OLD."resolved_anchor", OLD."resolved_earliest", OLD."resolved_latest", OLD."resolved_offset_days", OLD."resolved_precision", OLD."resolved_state", OLD."resolved_text", OLD."sequelae", OLD."sequelae_state", OLD."sequelae_text", OLD."severity_word", OLD."worst_grade", OLD."worst_grade_state"); RETURN NULL;', hash='3f01ca44732d37da7a1d5672cf7f4621845bf264', operation='DELETE', pgid='pgtrigger_delete_delete_6d753', table='cases_irae', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='othertreatment',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "cases_othertreatmentevent" ("best_response", "best_response_state", "dose_gy", "dose_gy_state", "fractions", "fractions_state", "id", "kind", "line", "line_state", "name", "patient_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "public_id", "site", "start_anchor", "start_earliest", "start_latest", "start_offset_days", "start_precision", "start_state", "start_text", "stop_anchor", "stop_earliest", "stop_latest", "stop_offset_days", "stop_precision", "stop_state", "stop_text") VALUES (NEW."best_response", NEW."best_response_state", NEW."dose_gy", NEW."dose_gy_state", NEW."fractions", NEW."fractions_state", NEW."id", NEW."kind", NEW."line", NEW."line_state", NEW."name", NEW."patient_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."public_id", NEW."site", NEW."start_anchor", NEW."start_earliest", NEW."start_latest", NEW."start_offset_days", NEW."start_precision", NEW."start_state", NEW."start_text", NEW."stop_anchor", NEW."stop_earliest", NEW."stop_latest", NEW."stop_offset_days", NEW."stop_precision", NEW."stop_state", NEW."stop_text"); RETURN NULL;', hash='006ab38ddb4ac6ee050aa9d55055508f0a805173', operation='INSERT', pgid='pgtrigger_insert_insert_331c9', table='cases_othertreatment', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='othertreatment',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "cases_othertreatmentevent" ("best_response", "best_response_state", "dose_gy", "dose_gy_state", "fractions", "fractions_state", "id", "kind", "line", "line_state", "name", "patient_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "public_id", "site", "start_anchor", "start_earliest", "start_latest", "start_offset_days", "start_precision", "start_state", "start_text", "stop_anchor", "stop_earliest", "stop_latest", "stop_offset_days", "stop_precision", "stop_state", "stop_text") VALUES (NEW."best_response", NEW."best_response_state", NEW."dose_gy", NEW."dose_gy_state", NEW."fractions", NEW."fractions_state", NEW."id", NEW."kind", NEW."line", NEW."line_state", NEW."name", NEW."patient_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."public_id", NEW."site", NEW."start_anchor", NEW."start_earliest", NEW."start_latest", NEW."start_offset_days", NEW."start_precision", NEW."start_state", NEW."start_text", NEW."stop_anchor", NEW."stop_earliest", NEW."stop_latest", NEW."stop_offset_days", NEW."stop_precision", NEW."stop_state", NEW."stop_text"); RETURN NULL;', hash='72c6df594b9be4c61faf04e80d4f97d07bb1b86d', operation='UPDATE', pgid='pgtrigger_update_update_a42f0', table='cases_othertreatment', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='othertreatment',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "cases_othertreatmentevent" ("best_response", "best_response_state", "dose_gy", "dose_gy_state", "fractions", "fractions_state", "id", "kind", "line", "line_state", "name", "patient_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "public_id", "site", "start_anchor", "start_earliest", "start_latest", "start_offset_days", "start_precision", "start_state", "start_text", "stop_anchor", "stop_earliest", "stop_latest", "stop_offset_days", "stop_precision", "stop_state", "stop_text") VALUES (OLD."best_response", OLD."best_response_state", OLD."dose_gy", OLD."dose_gy_state", OLD."fractions", OLD."fractions_state", OLD."id", OLD."kind", OLD."line", OLD."line_state", OLD."name", OLD."patient_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."public_id", OLD."site", OLD."start_anchor", OLD."start_earliest", OLD."start_latest", OLD."start_offset_days", OLD."start_precision", OLD."start_state", OLD."start_text", OLD."stop_anchor", OLD."stop_earliest", OLD."stop_latest", OLD."stop_offset_days", OLD."stop_precision", OLD."stop_state", OLD."stop_text"); RETURN NULL;', hash='02539e54f18cdc531d9746e4de1c787a876434df', operation='DELETE', pgid='pgtrigger_delete_delete_7d2ae', table='cases_othertreatment', when='AFTER')),
        ),
        AddConstraintNotValid(
            model_name='background',
            constraint=models.CheckConstraint(condition=models.Q(('comorbidities_state', 'missing'), ('comorbidities_state', 'known'), models.Q(('comorbidities_state__in', ['not_yet', 'unknown', 'not_applicable']), ('comorbidities', '')), _connector='OR'), name='background_comorbidities_late_state'),
        ),
        AddConstraintNotValid(
            model_name='background',
            constraint=models.CheckConstraint(condition=models.Q(('preference_state', 'missing'), ('preference_state', 'known'), models.Q(('preference_state__in', ['not_yet', 'unknown', 'not_applicable']), ('preference', '')), _connector='OR'), name='background_preference_late_state'),
        ),
        AddConstraintNotValid(
            model_name='case',
            constraint=models.CheckConstraint(condition=models.Q(('alternatives_state', 'missing'), ('alternatives_state', 'known'), models.Q(('alternatives_state__in', ['not_yet', 'unknown', 'not_applicable']), ('alternatives', [])), _connector='OR'), name='case_alternatives_late_state'),
        ),
        AddConstraintNotValid(
            model_name='icicourse',
            constraint=models.CheckConstraint(condition=models.Q(('line_state', 'missing'), models.Q(('line_state', 'known'), models.Q(('line__isnull', True), _negated=True)), models.Q(('line_state__in', ['not_yet', 'unknown', 'not_applicable']), ('line__isnull', True)), _connector='OR'), name='icicourse_line_late_state'),
        ),
        AddConstraintNotValid(
            model_name='icicourse',
            constraint=models.CheckConstraint(condition=models.Q(('cycles_state', 'missing'), models.Q(('cycles_state', 'known'), models.Q(('cycles_high__isnull', True), ('cycles_low__isnull', True), _negated=True)), models.Q(('cycles_state__in', ['not_yet', 'unknown', 'not_applicable']), ('cycles_high__isnull', True), ('cycles_low__isnull', True)), _connector='OR'), name='icicourse_cycles_late_state'),
        ),
        AddConstraintNotValid(
            model_name='irae',
            constraint=models.CheckConstraint(condition=models.Q(('ctcae_version__in', ['5.0', '6.0', 'none']), models.Q(('ctcae_version', ''), ('onset_grade__isnull', True), ('worst_grade__isnull', True), models.Q(('grade_now__isnull', True), ('grade_now', 0), _connector='OR')), _connector='OR'), name='grades_have_their_ctcae_version'),
        ),
        AddConstraintNotValid(
            model_name='irae',
            constraint=models.CheckConstraint(condition=models.Q(('excluded_state', 'missing'), ('excluded_state', 'known'), models.Q(('excluded_state__in', ['not_yet', 'unknown', 'not_applicable']), ('excluded', [])), _connector='OR'), name='irae_excluded_late_state'),
        ),
        AddConstraintNotValid(
            model_name='othertreatment',
            constraint=models.CheckConstraint(condition=models.Q(('line_state', 'missing'), models.Q(('line_state', 'known'), models.Q(('line__isnull', True), _negated=True)), models.Q(('line_state__in', ['not_yet', 'unknown', 'not_applicable']), ('line__isnull', True)), _connector='OR'), name='othertreatment_line_late_state'),
        ),
        AddConstraintNotValid(
            model_name='responseassessment',
            constraint=models.CheckConstraint(condition=models.Q(('criteria__in', ['recist', 'irecist', ''])), name='response_criteria_are_known'),
        ),
    ]

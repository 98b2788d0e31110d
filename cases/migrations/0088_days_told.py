"""The day on which no recent surgery was said, and the last day on which a list, or a site, may have been told.

Of the rows that are there nobody knows the first; their lists were told on one day.
"""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

from accounts.samepatient import SHORT_WAIT
from accounts.together import Together


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0087_another_steroid'),
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
            model_name='metastasis',
            name='insert_insert',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='metastasis',
            name='update_update',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='metastasis',
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
            model_name='background',
            name='surgery_said_on',
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='backgroundevent',
            name='surgery_said_on',
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='metastasis',
            name='said_latest',
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='metastasisevent',
            name='said_latest',
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='patient',
            name='courses_complete_latest',
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='patient',
            name='metastases_complete_latest',
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='patient',
            name='responses_complete_latest',
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='patient',
            name='second_line_complete_latest',
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='patient',
            name='steroids_complete_latest',
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='patient',
            name='treatments_complete_latest',
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='patientevent',
            name='courses_complete_latest',
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='patientevent',
            name='metastases_complete_latest',
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='patientevent',
            name='responses_complete_latest',
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='patientevent',
            name='second_line_complete_latest',
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='patientevent',
            name='steroids_complete_latest',
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='patientevent',
            name='treatments_complete_latest',
            field=models.DateField(blank=True, null=True),
        ),
        ]),
        pgtrigger.migrations.AddTrigger(
            model_name='background',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "cases_backgroundevent" ("autoimmune_disease", "autoimmune_disease_state", "autoimmune_text", "bled_anchor", "bled_earliest", "bled_latest", "bled_offset_days", "bled_precision", "bled_state", "bled_text", "bleeding", "bleeding_state", "comorbidities", "comorbidities_state", "heart_disease", "heart_disease_state", "heart_text", "height_cm", "height_cm_state", "hepatitis_b", "hepatitis_b_state", "hepatitis_c", "hepatitis_c_state", "hypertension", "hypertension_state", "id", "interstitial_lung_disease", "interstitial_lung_disease_state", "major_surgery", "major_surgery_state", "operated_anchor", "operated_earliest", "operated_latest", "operated_offset_days", "operated_precision", "operated_state", "operated_text", "pack_years", "pack_years_state", "patient_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "preference", "preference_state", "pregnancy", "pregnancy_state", "smoking", "smoking_state", "steroid_total_mg", "steroid_total_on", "surgery_said_on", "transplant", "transplant_state", "weighed_anchor", "weighed_earliest", "weighed_latest", "weighed_offset_days", "weighed_precision", "weighed_state", "weighed_text", "weight_kg", "weight_kg_state") VALUES (NEW."autoimmune_disease", NEW."autoimmune_disease_state", NEW."autoimmune_text", NEW."bled_anchor", NEW."bled_earliest", NEW."bled_latest", NEW."bled_offset_days", NEW."bled_precision", NEW."bled_state", NEW."bled_text", NEW."bleeding", NEW."bleeding_state", NEW."comorbidities", NEW."comorbidities_state", NEW."heart_disease", NEW."heart_disease_state", NEW."heart_text", NEW."height_cm", NEW."height_cm_state", NEW."hepatitis_b", NEW."hepatitis_b_state", NEW."hepatitis_c", NEW."hepatitis_c_state", NEW."hypertension", NEW."hypertension_state", NEW."id", NEW."interstitial_lung_disease", NEW."interstitial_lung_disease_state", NEW."major_surgery", NEW."major_surgery_state", NEW."operated_anchor", NEW."operated_earliest", NEW."operated_latest", NEW."operated_offset_days", NEW."operated_precision", NEW."operated_state", NEW."operated_text", NEW."pack_years", NEW."pack_years_state", NEW."patient_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."preference", NEW."preference_state", NEW."pregnancy", NEW."pregnancy_state", NEW."smoking", NEW."smoking_state", NEW."steroid_total_mg", NEW."steroid_total_on", NEW."surgery_said_on", NEW."transplant", NEW."transplant_state", NEW."weighed_anchor", NEW."weighed_earliest", NEW."weighed_latest", NEW."weighed_offset_days", NEW."weighed_precision", NEW."weighed_state", NEW."weighed_text", NEW."weight_kg", NEW."weight_kg_state"); RETURN NULL;', hash='ae2c848895911b4e09d05b723a0e0da23122c886', operation='INSERT', pgid='pgtrigger_insert_insert_e276b', table='cases_background', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='background',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "cases_backgroundevent" ("autoimmune_disease", "autoimmune_disease_state", "autoimmune_text", "bled_anchor", "bled_earliest", "bled_latest", "bled_offset_days", "bled_precision", "bled_state", "bled_text", "bleeding", "bleeding_state", "comorbidities", "comorbidities_state", "heart_disease", "heart_disease_state", "heart_text", "height_cm", "height_cm_state", "hepatitis_b", "hepatitis_b_state", "hepatitis_c", "hepatitis_c_state", "hypertension", "hypertension_state", "id", "interstitial_lung_disease", "interstitial_lung_disease_state", "major_surgery", "major_surgery_state", "operated_anchor", "operated_earliest", "operated_latest", "operated_offset_days", "operated_precision", "operated_state", "operated_text", "pack_years", "pack_years_state", "patient_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "preference", "preference_state", "pregnancy", "pregnancy_state", "smoking", "smoking_state", "steroid_total_mg", "steroid_total_on", "surgery_said_on", "transplant", "transplant_state", "weighed_anchor", "weighed_earliest", "weighed_latest", "weighed_offset_days", "weighed_precision", "weighed_state", "weighed_text", "weight_kg", "weight_kg_state") VALUES (NEW."autoimmune_disease", NEW."autoimmune_disease_state", NEW."autoimmune_text", NEW."bled_anchor", NEW."bled_earliest", NEW."bled_latest", NEW."bled_offset_days", NEW."bled_precision", NEW."bled_state", NEW."bled_text", NEW."bleeding", NEW."bleeding_state", NEW."comorbidities", NEW."comorbidities_state", NEW."heart_disease", NEW."heart_disease_state", NEW."heart_text", NEW."height_cm", NEW."height_cm_state", NEW."hepatitis_b", NEW."hepatitis_b_state", NEW."hepatitis_c", NEW."hepatitis_c_state", NEW."hypertension", NEW."hypertension_state", NEW."id", NEW."interstitial_lung_disease", NEW."interstitial_lung_disease_state", NEW."major_surgery", NEW."major_surgery_state", NEW."operated_anchor", NEW."operated_earliest", NEW."operated_latest", NEW."operated_offset_days", NEW."operated_precision", NEW."operated_state", NEW."operated_text", NEW."pack_years", NEW."pack_years_state", NEW."patient_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."preference", NEW."preference_state", NEW."pregnancy", NEW."pregnancy_state", NEW."smoking", NEW."smoking_state", NEW."steroid_total_mg", NEW."steroid_total_on", NEW."surgery_said_on", NEW."transplant", NEW."transplant_state", NEW."weighed_anchor", NEW."weighed_earliest", NEW."weighed_latest", NEW."weighed_offset_days", NEW."weighed_precision", NEW."weighed_state", NEW."weighed_text", NEW."weight_kg", NEW."weight_kg_state"); RETURN NULL;', hash='493ae1d4971b6f02aee909e1fce601d8e7162145', operation='UPDATE', pgid='pgtrigger_update_update_6b70e', table='cases_background', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='background',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "cases_backgroundevent" ("autoimmune_disease", "autoimmune_disease_state", "autoimmune_text", "bled_anchor", "bled_earliest", "bled_latest", "bled_offset_days", "bled_precision", "bled_state", "bled_text", "bleeding", "bleeding_state", "comorbidities", "comorbidities_state", "heart_disease", "heart_disease_state", "heart_text", "height_cm", "height_cm_state", "hepatitis_b", "hepatitis_b_state", "hepatitis_c", "hepatitis_c_state", "hypertension", "hypertension_state", "id", "interstitial_lung_disease", "interstitial_lung_disease_state", "major_surgery", "major_surgery_state", "operated_anchor", "operated_earliest", "operated_latest", "operated_offset_days", "operated_precision", "operated_state", "operated_text", "pack_years", "pack_years_state", "patient_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "preference", "preference_state", "pregnancy", "pregnancy_state", "smoking", "smoking_state", "steroid_total_mg", "steroid_total_on", "surgery_said_on", "transplant", "transplant_state", "weighed_anchor", "weighed_earliest", "weighed_latest", "weighed_offset_days", "weighed_precision", "weighed_state", "weighed_text", "weight_kg", "weight_kg_state") VALUES (OLD."autoimmune_disease", OLD."autoimmune_disease_state", OLD."autoimmune_text", OLD."bled_anchor", OLD."bled_earliest", OLD."bled_latest", OLD."bled_offset_days", OLD."bled_precision", OLD."bled_state", OLD."bled_text", OLD."bleeding", OLD."bleeding_state", OLD."comorbidities", OLD."comorbidities_state", OLD."heart_disease", OLD."heart_disease_state", OLD."heart_text", OLD."height_cm", OLD."height_cm_state", OLD."hepatitis_b", OLD."hepatitis_b_state", OLD."hepatitis_c", OLD."hepatitis_c_state", OLD."hypertension", OLD."hypertension_state", OLD."id", OLD."interstitial_lung_disease", OLD."interstitial_lung_disease_state", OLD."major_surgery", OLD."major_surgery_state", OLD."operated_anchor", OLD."operated_earliest", OLD."operated_latest", OLD."operated_offset_days", OLD."operated_precision", OLD."operated_state", OLD."operated_text", OLD."pack_years", OLD."pack_years_state", OLD."patient_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."preference", OLD."preference_state", OLD."pregnancy", OLD."pregnancy_state", OLD."smoking", OLD."smoking_state", OLD."steroid_total_mg", OLD."steroid_total_on", OLD."surgery_said_on", OLD."transplant", OLD."transplant_state", OLD."weighed_anchor", OLD."weighed_earliest", OLD."weighed_latest", OLD."weighed_offset_days", OLD."weighed_precision", OLD."weighed_state", OLD."weighed_text", OLD."weight_kg", OLD."weight_kg_state"); RETURN NULL;', hash='f0b13d506c07b6cc8e9ed7b7d7d45d55d0792145', operation='DELETE', pgid='pgtrigger_delete_delete_42829', table='cases_background', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='metastasis',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "cases_metastasisevent" ("detail", "id", "patient_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "present", "present_state", "said_latest", "said_on", "site") VALUES (NEW."detail", NEW."id", NEW."patient_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."present", NEW."present_state", NEW."said_latest", NEW."said_on", NEW."site"); RETURN NULL;', hash='6fbd3a732776cb7a64d211852c8c89e6e69d28ad', operation='INSERT', pgid='pgtrigger_insert_insert_ffca6', table='cases_metastasis', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='metastasis',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "cases_metastasisevent" ("detail", "id", "patient_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "present", "present_state", "said_latest", "said_on", "site") VALUES (NEW."detail", NEW."id", NEW."patient_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."present", NEW."present_state", NEW."said_latest", NEW."said_on", NEW."site"); RETURN NULL;', hash='353f789aa5505eb4d254497a70e73d26db8fee68', operation='UPDATE', pgid='pgtrigger_update_update_21118', table='cases_metastasis', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='metastasis',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "cases_metastasisevent" ("detail", "id", "patient_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "present", "present_state", "said_latest", "said_on", "site") VALUES (OLD."detail", OLD."id", OLD."patient_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."present", OLD."present_state", OLD."said_latest", OLD."said_on", OLD."site"); RETURN NULL;', hash='dda57a347d8378fe899129de2315d9e448ca294b', operation='DELETE', pgid='pgtrigger_delete_delete_eb5cb', table='cases_metastasis', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='patient',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "cases_patientevent" ("board_id", "citation", "courses_complete_as_of", "courses_complete_latest", "created_at", "id", "merged_into_id", "metastases_complete_as_of", "metastases_complete_latest", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "provenance", "public_id", "responses_complete_as_of", "responses_complete_latest", "second_line_complete_as_of", "second_line_complete_latest", "sex", "steroids_complete_as_of", "steroids_complete_latest", "treatments_complete_as_of", "treatments_complete_latest") VALUES (NEW."board_id", NEW."citation", NEW."courses_complete_as_of", NEW."courses_complete_latest", NEW."created_at", NEW."id", NEW."merged_into_id", NEW."metastases_complete_as_of", NEW."metastases_complete_latest", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."provenance", NEW."public_id", NEW."responses_complete_as_of", NEW."responses_complete_latest", NEW."second_line_complete_as_of", NEW."second_line_complete_latest", NEW."sex", NEW."steroids_complete_as_of", NEW."steroids_complete_latest", NEW."treatments_complete_as_of", NEW."treatments_complete_latest"); RETURN NULL;', hash='0ab9101bfd12107648dffb1f6d7266835d48e348', operation='INSERT', pgid='pgtrigger_insert_insert_27919', table='cases_patient', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='patient',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "cases_patientevent" ("board_id", "citation", "courses_complete_as_of", "courses_complete_latest", "created_at", "id", "merged_into_id", "metastases_complete_as_of", "metastases_complete_latest", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "provenance", "public_id", "responses_complete_as_of", "responses_complete_latest", "second_line_complete_as_of", "second_line_complete_latest", "sex", "steroids_complete_as_of", "steroids_complete_latest", "treatments_complete_as_of", "treatments_complete_latest") VALUES (NEW."board_id", NEW."citation", NEW."courses_complete_as_of", NEW."courses_complete_latest", NEW."created_at", NEW."id", NEW."merged_into_id", NEW."metastases_complete_as_of", NEW."metastases_complete_latest", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."provenance", NEW."public_id", NEW."responses_complete_as_of", NEW."responses_complete_latest", NEW."second_line_complete_as_of", NEW."second_line_complete_latest", NEW."sex", NEW."steroids_complete_as_of", NEW."steroids_complete_latest", NEW."treatments_complete_as_of", NEW."treatments_complete_latest"); RETURN NULL;', hash='19fadde20673cda33e8281925ccb044ce996df1c', operation='UPDATE', pgid='pgtrigger_update_update_b6a7b', table='cases_patient', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='patient',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "cases_patientevent" ("board_id", "citation", "courses_complete_as_of", "courses_complete_latest", "created_at", "id", "merged_into_id", "metastases_complete_as_of", "metastases_complete_latest", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "provenance", "public_id", "responses_complete_as_of", "responses_complete_latest", "second_line_complete_as_of", "second_line_complete_latest", "sex", "steroids_complete_as_of", "steroids_complete_latest", "treatments_complete_as_of", "treatments_complete_latest") VALUES (OLD."board_id", OLD."citation", OLD."courses_complete_as_of", OLD."courses_complete_latest", OLD."created_at", OLD."id", OLD."merged_into_id", OLD."metastases_complete_as_of", OLD."metastases_complete_latest", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."provenance", OLD."public_id", OLD."responses_complete_as_of", OLD."responses_complete_latest", OLD."second_line_complete_as_of", OLD."second_line_complete_latest", OLD."sex", OLD."steroids_complete_as_of", OLD."steroids_complete_latest", OLD."treatments_complete_as_of", OLD."treatments_complete_latest"); RETURN NULL;', hash='52b0da3f1be1417f2fabd1dd5e9e5f4b9c7f235e', operation='DELETE', pgid='pgtrigger_delete_delete_a1e45', table='cases_patient', when='AFTER')),
        ),
    ]

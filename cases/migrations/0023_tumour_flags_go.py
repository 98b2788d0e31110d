"""Takes away the columns of the tumour that the lists and the background replace."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations

from accounts.erasing import EMPTY, EraseTexts
from accounts.together import Together

BEFORE = EraseTexts("cases_tumour", {"stage_text": EMPTY, "driver_text": EMPTY})


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0022_tumour_carried'),
    ]

    operations = [
        # The erasure of the tumour's words names a column that goes.
        migrations.RunSQL(BEFORE.reverse_sql, BEFORE.sql),
        Together([
        pgtrigger.migrations.RemoveTrigger(
            model_name='drivertest',
            name='insert_insert',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='drivertest',
            name='update_update',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='drivertest',
            name='delete_delete',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='tumour',
            name='insert_insert',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='tumour',
            name='update_update',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='tumour',
            name='delete_delete',
        ),
        migrations.RemoveConstraint(
            model_name='drivertest',
            name='drivertest_altered_known_iff',
        ),
        migrations.RemoveConstraint(
            model_name='drivertest',
            name='drivertest_altered_state_valid',
        ),
        migrations.RemoveConstraint(
            model_name='tumour',
            name='tumour_driver_mutation_known_iff',
        ),
        migrations.RemoveConstraint(
            model_name='tumour',
            name='tumour_driver_mutation_state_valid',
        ),
        migrations.RemoveConstraint(
            model_name='tumour',
            name='tumour_liver_metastases_known_iff',
        ),
        migrations.RemoveConstraint(
            model_name='tumour',
            name='tumour_liver_metastases_state_valid',
        ),
        migrations.RemoveConstraint(
            model_name='tumour',
            name='tumour_autoimmune_disease_known_iff',
        ),
        migrations.RemoveConstraint(
            model_name='tumour',
            name='tumour_autoimmune_disease_state_valid',
        ),
        migrations.RemoveConstraint(
            model_name='tumour',
            name='tumour_interstitial_lung_disease_known_iff',
        ),
        migrations.RemoveConstraint(
            model_name='tumour',
            name='tumour_interstitial_lung_disease_state_valid',
        ),
        migrations.RemoveField(
            model_name='drivertest',
            name='altered',
        ),
        migrations.RemoveField(
            model_name='drivertest',
            name='altered_state',
        ),
        migrations.RemoveField(
            model_name='drivertestevent',
            name='altered',
        ),
        migrations.RemoveField(
            model_name='drivertestevent',
            name='altered_state',
        ),
        migrations.RemoveField(
            model_name='tumour',
            name='autoimmune_disease',
        ),
        migrations.RemoveField(
            model_name='tumour',
            name='autoimmune_disease_state',
        ),
        migrations.RemoveField(
            model_name='tumour',
            name='driver_mutation',
        ),
        migrations.RemoveField(
            model_name='tumour',
            name='driver_mutation_state',
        ),
        migrations.RemoveField(
            model_name='tumour',
            name='driver_text',
        ),
        migrations.RemoveField(
            model_name='tumour',
            name='interstitial_lung_disease',
        ),
        migrations.RemoveField(
            model_name='tumour',
            name='interstitial_lung_disease_state',
        ),
        migrations.RemoveField(
            model_name='tumour',
            name='liver_metastases',
        ),
        migrations.RemoveField(
            model_name='tumour',
            name='liver_metastases_state',
        ),
        migrations.RemoveField(
            model_name='tumourevent',
            name='autoimmune_disease',
        ),
        migrations.RemoveField(
            model_name='tumourevent',
            name='autoimmune_disease_state',
        ),
        migrations.RemoveField(
            model_name='tumourevent',
            name='driver_mutation',
        ),
        migrations.RemoveField(
            model_name='tumourevent',
            name='driver_mutation_state',
        ),
        migrations.RemoveField(
            model_name='tumourevent',
            name='driver_text',
        ),
        migrations.RemoveField(
            model_name='tumourevent',
            name='interstitial_lung_disease',
        ),
        migrations.RemoveField(
            model_name='tumourevent',
            name='interstitial_lung_disease_state',
        ),
        migrations.RemoveField(
            model_name='tumourevent',
            name='liver_metastases',
        ),
        migrations.RemoveField(
            model_name='tumourevent',
            name='liver_metastases_state',
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='drivertest',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "cases_drivertestevent" ("gene", "id", "patient_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "result", "result_state", "sampled_anchor", "sampled_earliest", "sampled_latest", "sampled_offset_days", "sampled_precision", "sampled_state", "sampled_text", "variant") VALUES (NEW."gene", NEW."id", NEW."patient_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."result", NEW."result_state", NEW."sampled_anchor", NEW."sampled_earliest", NEW."sampled_latest", NEW."sampled_offset_days", NEW."sampled_precision", NEW."sampled_state", NEW."sampled_text", NEW."variant"); RETURN NULL;', hash='458bf47f369d4fed5e310eeebf40a7b08bf64546', operation='INSERT', pgid='pgtrigger_insert_insert_2283e', table='cases_drivertest', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='drivertest',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "cases_drivertestevent" ("gene", "id", "patient_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "result", "result_state", "sampled_anchor", "sampled_earliest", "sampled_latest", "sampled_offset_days", "sampled_precision", "sampled_state", "sampled_text", "variant") VALUES (NEW."gene", NEW."id", NEW."patient_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."result", NEW."result_state", NEW."sampled_anchor", NEW."sampled_earliest", NEW."sampled_latest", NEW."sampled_offset_days", NEW."sampled_precision", NEW."sampled_state", NEW."sampled_text", NEW."variant"); RETURN NULL;', hash='822c1a8c94c38c3d829882ee50d3829233720c25', operation='UPDATE', pgid='pgtrigger_update_update_e2aeb', table='cases_drivertest', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='drivertest',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "cases_drivertestevent" ("gene", "id", "patient_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "result", "result_state", "sampled_anchor", "sampled_earliest", "sampled_latest", "sampled_offset_days", "sampled_precision", "sampled_state", "sampled_text", "variant") VALUES (OLD."gene", OLD."id", OLD."patient_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."result", OLD."result_state", OLD."sampled_anchor", OLD."sampled_earliest", OLD."sampled_latest", OLD."sampled_offset_days", OLD."sampled_precision", OLD."sampled_state", OLD."sampled_text", OLD."variant"); RETURN NULL;', hash='d6562faa82037a3753b695b63672ad646efb9b51', operation='DELETE', pgid='pgtrigger_delete_delete_5d3d9', table='cases_drivertest', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='tumour',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "cases_tumourevent" ("histology", "histology_state", "id", "m_category", "m_category_state", "n_category", "n_category_state", "patient_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "stage_group", "stage_group_state", "stage_text", "t_category", "t_category_state", "tnm_basis", "tnm_edition") VALUES (NEW."histology", NEW."histology_state", NEW."id", NEW."m_category", NEW."m_category_state", NEW."n_category", NEW."n_category_state", NEW."patient_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."stage_group", NEW."stage_group_state", NEW."stage_text", NEW."t_category", NEW."t_category_state", NEW."tnm_basis", NEW."tnm_edition"); RETURN NULL;', hash='a2dd55d784675869f2cb5b3658475cecd914c6da', operation='INSERT', pgid='pgtrigger_insert_insert_7846f', table='cases_tumour', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='tumour',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "cases_tumourevent" ("histology", "histology_state", "id", "m_category", "m_category_state", "n_category", "n_category_state", "patient_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "stage_group", "stage_group_state", "stage_text", "t_category", "t_category_state", "tnm_basis", "tnm_edition") VALUES (NEW."histology", NEW."histology_state", NEW."id", NEW."m_category", NEW."m_category_state", NEW."n_category", NEW."n_category_state", NEW."patient_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."stage_group", NEW."stage_group_state", NEW."stage_text", NEW."t_category", NEW."t_category_state", NEW."tnm_basis", NEW."tnm_edition"); RETURN NULL;', hash='a8c8f50df33ef86613e60b21fc827dba063a4b41', operation='UPDATE', pgid='pgtrigger_update_update_5e836', table='cases_tumour', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='tumour',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "cases_tumourevent" ("histology", "histology_state", "id", "m_category", "m_category_state", "n_category", "n_category_state", "patient_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "stage_group", "stage_group_state", "stage_text", "t_category", "t_category_state", "tnm_basis", "tnm_edition") VALUES (OLD."histology", OLD."histology_state", OLD."id", OLD."m_category", OLD."m_category_state", OLD."n_category", OLD."n_category_state", OLD."patient_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."stage_group", OLD."stage_group_state", OLD."stage_text", OLD."t_category", OLD."t_category_state", OLD."tnm_basis", OLD."tnm_edition"); RETURN NULL;', hash='7ee7c92068b1a2bfd65cab0e4edfa3b8697ea861', operation='DELETE', pgid='pgtrigger_delete_delete_cbb3f', table='cases_tumour', when='AFTER')),
        ),
        ]),
        EraseTexts("cases_tumour", {"stage_text": EMPTY}),
    ]

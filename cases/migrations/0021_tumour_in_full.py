"""T, N and M, what a test of a driver said, several samples of one kind, and when metastases were all listed."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models

from accounts.erasing import EMPTY, EraseTexts
from accounts.together import Together

ANCHOR = (
    "CASE WHEN {} IN ('', 'ICI start', 'ICI stop', 'last dose', 'rechallenge start', 'irAE onset', 'diagnosis',"
    " 'an event') THEN {} ELSE 'an event' END"
)
SAMPLED = {"sampled_text": EMPTY, "sampled_anchor": ANCHOR}
DRIVERS = EraseTexts("cases_drivertest", {"variant": EMPTY, **SAMPLED})


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0020_readiness_of_facts'),
    ]

    operations = [
        # A column that a trigger names keeps its type: the erasure of words about drivers is hung up anew.
        migrations.RunSQL(DRIVERS.reverse_sql, DRIVERS.sql),
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
            model_name='biomarkerresult',
            name='one_result_per_kind_and_timing',
        ),
        migrations.RemoveConstraint(
            model_name='drivertest',
            name='driver_is_known',
        ),
        migrations.AddField(
            model_name='drivertest',
            name='result',
            field=models.CharField(blank=True, choices=[('positive', 'Positive'), ('negative', 'Negative'), ('not_tested', 'Not tested')], max_length=10, null=True, verbose_name='result'),
        ),
        migrations.AddField(
            model_name='drivertest',
            name='result_state',
            field=models.CharField(choices=[('known', 'Known'), ('not_yet', 'Not yet'), ('unknown', 'Unknown'), ('not_applicable', 'Not applicable'), ('missing', 'Missing')], default='missing', max_length=16),
        ),
        migrations.AddField(
            model_name='drivertestevent',
            name='result',
            field=models.CharField(blank=True, choices=[('positive', 'Positive'), ('negative', 'Negative'), ('not_tested', 'Not tested')], max_length=10, null=True, verbose_name='result'),
        ),
        migrations.AddField(
            model_name='drivertestevent',
            name='result_state',
            field=models.CharField(choices=[('known', 'Known'), ('not_yet', 'Not yet'), ('unknown', 'Unknown'), ('not_applicable', 'Not applicable'), ('missing', 'Missing')], default='missing', max_length=16),
        ),
        migrations.AddField(
            model_name='patient',
            name='metastases_complete_as_of',
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='patientevent',
            name='metastases_complete_as_of',
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='tumour',
            name='m_category',
            field=models.CharField(blank=True, choices=[('M0', 'M0'), ('M1', 'M1'), ('M1a', 'M1a'), ('M1b', 'M1b'), ('M1c', 'M1c'), ('M1c1', 'M1c1'), ('M1c2', 'M1c2')], max_length=4, null=True, verbose_name='M'),
        ),
        migrations.AddField(
            model_name='tumour',
            name='m_category_state',
            field=models.CharField(choices=[('known', 'Known'), ('not_yet', 'Not yet'), ('unknown', 'Unknown'), ('not_applicable', 'Not applicable'), ('missing', 'Missing')], default='missing', max_length=16),
        ),
        migrations.AddField(
            model_name='tumour',
            name='n_category',
            field=models.CharField(blank=True, choices=[('NX', 'NX'), ('N0', 'N0'), ('N1', 'N1'), ('N2', 'N2'), ('N2a', 'N2a'), ('N2b', 'N2b'), ('N3', 'N3')], max_length=4, null=True, verbose_name='N'),
        ),
        migrations.AddField(
            model_name='tumour',
            name='n_category_state',
            field=models.CharField(choices=[('known', 'Known'), ('not_yet', 'Not yet'), ('unknown', 'Unknown'), ('not_applicable', 'Not applicable'), ('missing', 'Missing')], default='missing', max_length=16),
        ),
        migrations.AddField(
            model_name='tumour',
            name='t_category',
            field=models.CharField(blank=True, choices=[('TX', 'TX'), ('T0', 'T0'), ('Tis', 'Tis'), ('T1mi', 'T1mi'), ('T1', 'T1'), ('T1a', 'T1a'), ('T1b', 'T1b'), ('T1c', 'T1c'), ('T2', 'T2'), ('T2a', 'T2a'), ('T2b', 'T2b'), ('T3', 'T3'), ('T4', 'T4')], max_length=4, null=True, verbose_name='T'),
        ),
        migrations.AddField(
            model_name='tumour',
            name='t_category_state',
            field=models.CharField(choices=[('known', 'Known'), ('not_yet', 'Not yet'), ('unknown', 'Unknown'), ('not_applicable', 'Not applicable'), ('missing', 'Missing')], default='missing', max_length=16),
        ),
        migrations.AddField(
            model_name='tumour',
            name='tnm_basis',
            field=models.CharField(blank=True, choices=[('c', 'Clinical (c)'), ('p', 'Pathological (p)'), ('yp', 'Pathological after treatment (yp)')], max_length=2, verbose_name='TNM from'),
        ),
        migrations.AddField(
            model_name='tumourevent',
            name='m_category',
            field=models.CharField(blank=True, choices=[('M0', 'M0'), ('M1', 'M1'), ('M1a', 'M1a'), ('M1b', 'M1b'), ('M1c', 'M1c'), ('M1c1', 'M1c1'), ('M1c2', 'M1c2')], max_length=4, null=True, verbose_name='M'),
        ),
        migrations.AddField(
            model_name='tumourevent',
            name='m_category_state',
            field=models.CharField(choices=[('known', 'Known'), ('not_yet', 'Not yet'), ('unknown', 'Unknown'), ('not_applicable', 'Not applicable'), ('missing', 'Missing')], default='missing', max_length=16),
        ),
        migrations.AddField(
            model_name='tumourevent',
            name='n_category',
            field=models.CharField(blank=True, choices=[('NX', 'NX'), ('N0', 'N0'), ('N1', 'N1'), ('N2', 'N2'), ('N2a', 'N2a'), ('N2b', 'N2b'), ('N3', 'N3')], max_length=4, null=True, verbose_name='N'),
        ),
        migrations.AddField(
            model_name='tumourevent',
            name='n_category_state',
            field=models.CharField(choices=[('known', 'Known'), ('not_yet', 'Not yet'), ('unknown', 'Unknown'), ('not_applicable', 'Not applicable'), ('missing', 'Missing')], default='missing', max_length=16),
        ),
        migrations.AddField(
            model_name='tumourevent',
            name='t_category',
            field=models.CharField(blank=True, choices=[('TX', 'TX'), ('T0', 'T0'), ('Tis', 'Tis'), ('T1mi', 'T1mi'), ('T1', 'T1'), ('T1a', 'T1a'), ('T1b', 'T1b'), ('T1c', 'T1c'), ('T2', 'T2'), ('T2a', 'T2a'), ('T2b', 'T2b'), ('T3', 'T3'), ('T4', 'T4')], max_length=4, null=True, verbose_name='T'),
        ),
        migrations.AddField(
            model_name='tumourevent',
            name='t_category_state',
            field=models.CharField(choices=[('known', 'Known'), ('not_yet', 'Not yet'), ('unknown', 'Unknown'), ('not_applicable', 'Not applicable'), ('missing', 'Missing')], default='missing', max_length=16),
        ),
        migrations.AddField(
            model_name='tumourevent',
            name='tnm_basis',
            field=models.CharField(blank=True, choices=[('c', 'Clinical (c)'), ('p', 'Pathological (p)'), ('yp', 'Pathological after treatment (yp)')], max_length=2, verbose_name='TNM from'),
        ),
        migrations.AlterField(
            model_name='drivertest',
            name='gene',
            field=models.CharField(choices=[('EGFR', 'EGFR'), ('ALK', 'ALK'), ('ROS1', 'ROS1'), ('BRAF', 'BRAF'), ('KRAS_G12C', 'KRAS G12C'), ('MET', 'MET'), ('RET', 'RET'), ('HER2', 'HER2'), ('NTRK', 'NTRK'), ('unnamed', 'EGFR, ALK or ROS1, not said which'), ('other', 'Other alterations')], max_length=10, verbose_name='gene'),
        ),
        migrations.AlterField(
            model_name='drivertest',
            name='variant',
            field=models.CharField(blank=True, max_length=120, verbose_name='alteration'),
        ),
        migrations.AlterField(
            model_name='drivertestevent',
            name='gene',
            field=models.CharField(choices=[('EGFR', 'EGFR'), ('ALK', 'ALK'), ('ROS1', 'ROS1'), ('BRAF', 'BRAF'), ('KRAS_G12C', 'KRAS G12C'), ('MET', 'MET'), ('RET', 'RET'), ('HER2', 'HER2'), ('NTRK', 'NTRK'), ('unnamed', 'EGFR, ALK or ROS1, not said which'), ('other', 'Other alterations')], max_length=10, verbose_name='gene'),
        ),
        migrations.AlterField(
            model_name='drivertestevent',
            name='variant',
            field=models.CharField(blank=True, max_length=120, verbose_name='alteration'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='drivertest',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "cases_drivertestevent" ("altered", "altered_state", "gene", "id", "patient_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "result", "result_state", "sampled_anchor", "sampled_earliest", "sampled_latest", "sampled_offset_days", "sampled_precision", "sampled_state", "sampled_text", "variant") VALUES (NEW."altered", NEW."altered_state", NEW."gene", NEW."id", NEW."patient_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."result", NEW."result_state", NEW."sampled_anchor", NEW."sampled_earliest", NEW."sampled_latest", NEW."sampled_offset_days", NEW."sampled_precision", NEW."sampled_state", NEW."sampled_text", NEW."variant"); RETURN NULL;', hash='d7bbed4788699e3ec58fa704ade2b3c3225f4406', operation='INSERT', pgid='pgtrigger_insert_insert_2283e', table='cases_drivertest', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='drivertest',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "cases_drivertestevent" ("altered", "altered_state", "gene", "id", "patient_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "result", "result_state", "sampled_anchor", "sampled_earliest", "sampled_latest", "sampled_offset_days", "sampled_precision", "sampled_state", "sampled_text", "variant") VALUES (NEW."altered", NEW."altered_state", NEW."gene", NEW."id", NEW."patient_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."result", NEW."result_state", NEW."sampled_anchor", NEW."sampled_earliest", NEW."sampled_latest", NEW."sampled_offset_days", NEW."sampled_precision", NEW."sampled_state", NEW."sampled_text", NEW."variant"); RETURN NULL;', hash='e6d0565b3c0b73ee3a67ea81d8c6b9e678e80574', operation='UPDATE', pgid='pgtrigger_update_update_e2aeb', table='cases_drivertest', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='drivertest',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "cases_drivertestevent" ("altered", "altered_state", "gene", "id", "patient_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "result", "result_state", "sampled_anchor", "sampled_earliest", "sampled_latest", "sampled_offset_days", "sampled_precision", "sampled_state", "sampled_text", "variant") VALUES (OLD."altered", OLD."altered_state", OLD."gene", OLD."id", OLD."patient_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."result", OLD."result_state", OLD."sampled_anchor", OLD."sampled_earliest", OLD."sampled_latest", OLD."sampled_offset_days", OLD."sampled_precision", OLD."sampled_state", OLD."sampled_text", OLD."variant"); RETURN NULL;', hash='e8da10d440e45eeed70b226282e9b191ec984bdf', operation='DELETE', pgid='pgtrigger_delete_delete_5d3d9', table='cases_drivertest', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='patient',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "cases_patientevent" ("board_id", "citation", "courses_complete_as_of", "created_at", "id", "merged_into_id", "metastases_complete_as_of", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "provenance", "public_id", "responses_complete_as_of", "second_line_complete_as_of", "sex", "steroids_complete_as_of", "treatments_complete_as_of") VALUES (NEW."board_id", NEW."citation", NEW."courses_complete_as_of", NEW."created_at", NEW."id", NEW."merged_into_id", NEW."metastases_complete_as_of", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."provenance", NEW."public_id", NEW."responses_complete_as_of", NEW."second_line_complete_as_of", NEW."sex", NEW."steroids_complete_as_of", NEW."treatments_complete_as_of"); RETURN NULL;', hash='20b8b300909b6652ebba6ac1fff6f2b4bc3138ab', operation='INSERT', pgid='pgtrigger_insert_insert_27919', table='cases_patient', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='patient',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "cases_patientevent" ("board_id", "citation", "courses_complete_as_of", "created_at", "id", "merged_into_id", "metastases_complete_as_of", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "provenance", "public_id", "responses_complete_as_of", "second_line_complete_as_of", "sex", "steroids_complete_as_of", "treatments_complete_as_of") VALUES (NEW."board_id", NEW."citation", NEW."courses_complete_as_of", NEW."created_at", NEW."id", NEW."merged_into_id", NEW."metastases_complete_as_of", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."provenance", NEW."public_id", NEW."responses_complete_as_of", NEW."second_line_complete_as_of", NEW."sex", NEW."steroids_complete_as_of", NEW."treatments_complete_as_of"); RETURN NULL;', hash='1ab6c25f399eab8d685e7fa0b107a298c0774464', operation='UPDATE', pgid='pgtrigger_update_update_b6a7b', table='cases_patient', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='patient',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "cases_patientevent" ("board_id", "citation", "courses_complete_as_of", "created_at", "id", "merged_into_id", "metastases_complete_as_of", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "provenance", "public_id", "responses_complete_as_of", "second_line_complete_as_of", "sex", "steroids_complete_as_of", "treatments_complete_as_of") VALUES (OLD."board_id", OLD."citation", OLD."courses_complete_as_of", OLD."created_at", OLD."id", OLD."merged_into_id", OLD."metastases_complete_as_of", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."provenance", OLD."public_id", OLD."responses_complete_as_of", OLD."second_line_complete_as_of", OLD."sex", OLD."steroids_complete_as_of", OLD."treatments_complete_as_of"); RETURN NULL;', hash='7b4078c8d6f912ce627fbbeaed3f899a1430ecdf', operation='DELETE', pgid='pgtrigger_delete_delete_a1e45', table='cases_patient', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='tumour',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "cases_tumourevent" ("autoimmune_disease", "autoimmune_disease_state", "driver_mutation", "driver_mutation_state", "driver_text", "histology", "histology_state", "id", "interstitial_lung_disease", "interstitial_lung_disease_state", "liver_metastases", "liver_metastases_state", "m_category", "m_category_state", "n_category", "n_category_state", "patient_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "stage_group", "stage_group_state", "stage_text", "t_category", "t_category_state", "tnm_basis", "tnm_edition") VALUES (NEW."autoimmune_disease", NEW."autoimmune_disease_state", NEW."driver_mutation", NEW."driver_mutation_state", NEW."driver_text", NEW."histology", NEW."histology_state", NEW."id", NEW."interstitial_lung_disease", NEW."interstitial_lung_disease_state", NEW."liver_metastases", NEW."liver_metastases_state", NEW."m_category", NEW."m_category_state", NEW."n_category", NEW."n_category_state", NEW."patient_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."stage_group", NEW."stage_group_state", NEW."stage_text", NEW."t_category", NEW."t_category_state", NEW."tnm_basis", NEW."tnm_edition"); RETURN NULL;', hash='34613b60f112e2a3c6610a29346a1a6312fe5bdf', operation='INSERT', pgid='pgtrigger_insert_insert_7846f', table='cases_tumour', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='tumour',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "cases_tumourevent" ("autoimmune_disease", "autoimmune_disease_state", "driver_mutation", "driver_mutation_state", "driver_text", "histology", "histology_state", "id", "interstitial_lung_disease", "interstitial_lung_disease_state", "liver_metastases", "liver_metastases_state", "m_category", "m_category_state", "n_category", "n_category_state", "patient_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "stage_group", "stage_group_state", "stage_text", "t_category", "t_category_state", "tnm_basis", "tnm_edition") VALUES (NEW."autoimmune_disease", NEW."autoimmune_disease_state", NEW."driver_mutation", NEW."driver_mutation_state", NEW."driver_text", NEW."histology", NEW."histology_state", NEW."id", NEW."interstitial_lung_disease", NEW."interstitial_lung_disease_state", NEW."liver_metastases", NEW."liver_metastases_state", NEW."m_category", NEW."m_category_state", NEW."n_category", NEW."n_category_state", NEW."patient_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."stage_group", NEW."stage_group_state", NEW."stage_text", NEW."t_category", NEW."t_category_state", NEW."tnm_basis", NEW."tnm_edition"); RETURN NULL;', hash='bf9e7224264fb0197fb4f7c7572757e0baf81894', operation='UPDATE', pgid='pgtrigger_update_update_5e836', table='cases_tumour', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='tumour',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "cases_tumourevent" ("autoimmune_disease", "autoimmune_disease_state", "driver_mutation", "driver_mutation_state", "driver_text", "histology", "histology_state", "id", "interstitial_lung_disease", "interstitial_lung_disease_state", "liver_metastases", "liver_metastases_state", "m_category", "m_category_state", "n_category", "n_category_state", "patient_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "stage_group", "stage_group_state", "stage_text", "t_category", "t_category_state", "tnm_basis", "tnm_edition") VALUES (OLD."autoimmune_disease", OLD."autoimmune_disease_state", OLD."driver_mutation", OLD."driver_mutation_state", OLD."driver_text", OLD."histology", OLD."histology_state", OLD."id", OLD."interstitial_lung_disease", OLD."interstitial_lung_disease_state", OLD."liver_metastases", OLD."liver_metastases_state", OLD."m_category", OLD."m_category_state", OLD."n_category", OLD."n_category_state", OLD."patient_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."stage_group", OLD."stage_group_state", OLD."stage_text", OLD."t_category", OLD."t_category_state", OLD."tnm_basis", OLD."tnm_edition"); RETURN NULL;', hash='802e1aab1e44f7f10bc935248f6c999a5c00c030', operation='DELETE', pgid='pgtrigger_delete_delete_cbb3f', table='cases_tumour', when='AFTER')),
        ),
        AddConstraintNotValid(
            model_name='drivertest',
            constraint=models.CheckConstraint(condition=models.Q(('gene__in', ['EGFR', 'ALK', 'ROS1', 'BRAF', 'KRAS_G12C', 'MET', 'RET', 'HER2', 'NTRK', 'unnamed', 'other'])), name='driver_is_known'),
        ),
        AddConstraintNotValid(
            model_name='drivertest',
            constraint=models.CheckConstraint(condition=models.Q(('result__isnull', True), ('result__in', ['positive', 'negative', 'not_tested']), _connector='OR'), name='driver_result_is_known'),
        ),
        AddConstraintNotValid(
            model_name='drivertest',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('result_state', 'known'), ('result__isnull', False)), models.Q(models.Q(('result_state', 'known'), _negated=True), models.Q(('result__isnull', False), _negated=True)), _connector='OR'), name='drivertest_result_known_iff'),
        ),
        AddConstraintNotValid(
            model_name='drivertest',
            constraint=models.CheckConstraint(condition=models.Q(('result_state__in', ['known', 'not_yet', 'unknown', 'not_applicable', 'missing'])), name='drivertest_result_state_valid'),
        ),
        AddConstraintNotValid(
            model_name='tumour',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('t_category_state', 'known'), ('t_category__isnull', False)), models.Q(models.Q(('t_category_state', 'known'), _negated=True), models.Q(('t_category__isnull', False), _negated=True)), _connector='OR'), name='tumour_t_category_known_iff'),
        ),
        AddConstraintNotValid(
            model_name='tumour',
            constraint=models.CheckConstraint(condition=models.Q(('t_category_state__in', ['known', 'not_yet', 'unknown', 'not_applicable', 'missing'])), name='tumour_t_category_state_valid'),
        ),
        AddConstraintNotValid(
            model_name='tumour',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('n_category_state', 'known'), ('n_category__isnull', False)), models.Q(models.Q(('n_category_state', 'known'), _negated=True), models.Q(('n_category__isnull', False), _negated=True)), _connector='OR'), name='tumour_n_category_known_iff'),
        ),
        AddConstraintNotValid(
            model_name='tumour',
            constraint=models.CheckConstraint(condition=models.Q(('n_category_state__in', ['known', 'not_yet', 'unknown', 'not_applicable', 'missing'])), name='tumour_n_category_state_valid'),
        ),
        AddConstraintNotValid(
            model_name='tumour',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('m_category_state', 'known'), ('m_category__isnull', False)), models.Q(models.Q(('m_category_state', 'known'), _negated=True), models.Q(('m_category__isnull', False), _negated=True)), _connector='OR'), name='tumour_m_category_known_iff'),
        ),
        AddConstraintNotValid(
            model_name='tumour',
            constraint=models.CheckConstraint(condition=models.Q(('m_category_state__in', ['known', 'not_yet', 'unknown', 'not_applicable', 'missing'])), name='tumour_m_category_state_valid'),
        ),
        AddConstraintNotValid(
            model_name='tumour',
            constraint=models.CheckConstraint(condition=models.Q(('t_category__isnull', True), ('t_category__in', ('TX', 'T0', 'Tis', 'T1mi', 'T1', 'T1a', 'T1b', 'T1c', 'T2', 'T2a', 'T2b', 'T3', 'T4')), _connector='OR'), name='tumour_t_category_is_known'),
        ),
        AddConstraintNotValid(
            model_name='tumour',
            constraint=models.CheckConstraint(condition=models.Q(('n_category__isnull', True), ('n_category__in', ('NX', 'N0', 'N1', 'N2', 'N2a', 'N2b', 'N3')), _connector='OR'), name='tumour_n_category_is_known'),
        ),
        AddConstraintNotValid(
            model_name='tumour',
            constraint=models.CheckConstraint(condition=models.Q(('m_category__isnull', True), ('m_category__in', ('M0', 'M1', 'M1a', 'M1b', 'M1c', 'M1c1', 'M1c2')), _connector='OR'), name='tumour_m_category_is_known'),
        ),
        AddConstraintNotValid(
            model_name='tumour',
            constraint=models.CheckConstraint(condition=models.Q(('tnm_basis__in', ['', 'c', 'p', 'yp'])), name='tumour_tnm_basis_is_known'),
        ),
        ]),
        DRIVERS,
    ]

"""Bleeding, hypertension and major surgery of a patient, with the facts of them and of newest measurements.

The facts of cases that are there already follow at their next save, or all at once by `verify_case_facts --repair`.
"""

from importlib import import_module

import pgtrigger.compiler
import pgtrigger.migrations
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models

from accounts.erasing import EraseTexts
from accounts.samepatient import SHORT_WAIT
from accounts.together import Together


FACTS = ("bleeding", "diastolic_now", "hypertension", "major_surgery", "systolic_now", "urine_protein_now")
STATED = ("bleeding", "bled", "hypertension", "major_surgery", "operated")
# Columns of what nobody said anything of: table, column, and what stands there.
UNSAID = [
    *(("casefacts", f"{name}_state", "missing") for name in FACTS),
    *(("background", f"{name}_state", "missing") for name in STATED),
    *(("background", f"{name}_{part}", "") for name in ("bled", "operated") for part in ("text", "anchor")),
]


ERASED = import_module("cases.migrations.0011_erasure")
BEFORE = {**ERASED.BACKGROUND, **ERASED.dated("weighed")}


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0067_search_together'),
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
        Together([
        migrations.AddField(
            model_name='background',
            name='bled_anchor',
            field=models.CharField(blank=True, max_length=40),
        ),
        migrations.AddField(
            model_name='background',
            name='bled_earliest',
            field=models.DateField(blank=True, null=True, verbose_name='last bleeding'),
        ),
        migrations.AddField(
            model_name='background',
            name='bled_latest',
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='background',
            name='bled_offset_days',
            field=models.IntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='background',
            name='bled_precision',
            field=models.CharField(blank=True, max_length=10, null=True),
        ),
        migrations.AddField(
            model_name='background',
            name='bled_state',
            field=models.CharField(choices=[('known', 'Known'), ('not_yet', 'Not yet'), ('unknown', 'Unknown'), ('not_applicable', 'Not applicable'), ('missing', 'Missing')], default='missing', max_length=16),
        ),
        migrations.AddField(
            model_name='background',
            name='bled_text',
            field=models.CharField(blank=True, max_length=60),
        ),
        migrations.AddField(
            model_name='background',
            name='bleeding',
            field=models.CharField(blank=True, choices=[('none', 'None'), ('haemoptysis', 'Haemoptysis'), ('other_major', 'Another major bleeding')], max_length=12, null=True),
        ),
        migrations.AddField(
            model_name='background',
            name='bleeding_state',
            field=models.CharField(choices=[('known', 'Known'), ('not_yet', 'Not yet'), ('unknown', 'Unknown'), ('not_applicable', 'Not applicable'), ('missing', 'Missing')], default='missing', max_length=16),
        ),
        migrations.AddField(
            model_name='background',
            name='hypertension',
            field=models.CharField(blank=True, choices=[('none', 'None'), ('controlled', 'Controlled'), ('uncontrolled', 'Not controlled')], max_length=12, null=True),
        ),
        migrations.AddField(
            model_name='background',
            name='hypertension_state',
            field=models.CharField(choices=[('known', 'Known'), ('not_yet', 'Not yet'), ('unknown', 'Unknown'), ('not_applicable', 'Not applicable'), ('missing', 'Missing')], default='missing', max_length=16),
        ),
        migrations.AddField(
            model_name='background',
            name='major_surgery',
            field=models.BooleanField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='background',
            name='major_surgery_state',
            field=models.CharField(choices=[('known', 'Known'), ('not_yet', 'Not yet'), ('unknown', 'Unknown'), ('not_applicable', 'Not applicable'), ('missing', 'Missing')], default='missing', max_length=16),
        ),
        migrations.AddField(
            model_name='background',
            name='operated_anchor',
            field=models.CharField(blank=True, max_length=40),
        ),
        migrations.AddField(
            model_name='background',
            name='operated_earliest',
            field=models.DateField(blank=True, null=True, verbose_name='last major surgery'),
        ),
        migrations.AddField(
            model_name='background',
            name='operated_latest',
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='background',
            name='operated_offset_days',
            field=models.IntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='background',
            name='operated_precision',
            field=models.CharField(blank=True, max_length=10, null=True),
        ),
        migrations.AddField(
            model_name='background',
            name='operated_state',
            field=models.CharField(choices=[('known', 'Known'), ('not_yet', 'Not yet'), ('unknown', 'Unknown'), ('not_applicable', 'Not applicable'), ('missing', 'Missing')], default='missing', max_length=16),
        ),
        migrations.AddField(
            model_name='background',
            name='operated_text',
            field=models.CharField(blank=True, max_length=60),
        ),
        migrations.AddField(
            model_name='backgroundevent',
            name='bled_anchor',
            field=models.CharField(blank=True, max_length=40),
        ),
        migrations.AddField(
            model_name='backgroundevent',
            name='bled_earliest',
            field=models.DateField(blank=True, null=True, verbose_name='last bleeding'),
        ),
        migrations.AddField(
            model_name='backgroundevent',
            name='bled_latest',
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='backgroundevent',
            name='bled_offset_days',
            field=models.IntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='backgroundevent',
            name='bled_precision',
            field=models.CharField(blank=True, max_length=10, null=True),
        ),
        migrations.AddField(
            model_name='backgroundevent',
            name='bled_state',
            field=models.CharField(choices=[('known', 'Known'), ('not_yet', 'Not yet'), ('unknown', 'Unknown'), ('not_applicable', 'Not applicable'), ('missing', 'Missing')], default='missing', max_length=16),
        ),
        migrations.AddField(
            model_name='backgroundevent',
            name='bled_text',
            field=models.CharField(blank=True, max_length=60),
        ),
        migrations.AddField(
            model_name='backgroundevent',
            name='bleeding',
            field=models.CharField(blank=True, choices=[('none', 'None'), ('haemoptysis', 'Haemoptysis'), ('other_major', 'Another major bleeding')], max_length=12, null=True),
        ),
        migrations.AddField(
            model_name='backgroundevent',
            name='bleeding_state',
            field=models.CharField(choices=[('known', 'Known'), ('not_yet', 'Not yet'), ('unknown', 'Unknown'), ('not_applicable', 'Not applicable'), ('missing', 'Missing')], default='missing', max_length=16),
        ),
        migrations.AddField(
            model_name='backgroundevent',
            name='hypertension',
            field=models.CharField(blank=True, choices=[('none', 'None'), ('controlled', 'Controlled'), ('uncontrolled', 'Not controlled')], max_length=12, null=True),
        ),
        migrations.AddField(
            model_name='backgroundevent',
            name='hypertension_state',
            field=models.CharField(choices=[('known', 'Known'), ('not_yet', 'Not yet'), ('unknown', 'Unknown'), ('not_applicable', 'Not applicable'), ('missing', 'Missing')], default='missing', max_length=16),
        ),
        migrations.AddField(
            model_name='backgroundevent',
            name='major_surgery',
            field=models.BooleanField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='backgroundevent',
            name='major_surgery_state',
            field=models.CharField(choices=[('known', 'Known'), ('not_yet', 'Not yet'), ('unknown', 'Unknown'), ('not_applicable', 'Not applicable'), ('missing', 'Missing')], default='missing', max_length=16),
        ),
        migrations.AddField(
            model_name='backgroundevent',
            name='operated_anchor',
            field=models.CharField(blank=True, max_length=40),
        ),
        migrations.AddField(
            model_name='backgroundevent',
            name='operated_earliest',
            field=models.DateField(blank=True, null=True, verbose_name='last major surgery'),
        ),
        migrations.AddField(
            model_name='backgroundevent',
            name='operated_latest',
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='backgroundevent',
            name='operated_offset_days',
            field=models.IntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='backgroundevent',
            name='operated_precision',
            field=models.CharField(blank=True, max_length=10, null=True),
        ),
        migrations.AddField(
            model_name='backgroundevent',
            name='operated_state',
            field=models.CharField(choices=[('known', 'Known'), ('not_yet', 'Not yet'), ('unknown', 'Unknown'), ('not_applicable', 'Not applicable'), ('missing', 'Missing')], default='missing', max_length=16),
        ),
        migrations.AddField(
            model_name='backgroundevent',
            name='operated_text',
            field=models.CharField(blank=True, max_length=60),
        ),
        migrations.AddField(
            model_name='casefacts',
            name='bleeding',
            field=models.CharField(max_length=30, null=True),
        ),
        migrations.AddField(
            model_name='casefacts',
            name='bleeding_state',
            field=models.CharField(choices=[('known', 'Known'), ('not_yet', 'Not yet'), ('unknown', 'Unknown'), ('not_applicable', 'Not applicable'), ('missing', 'Missing')], default='missing', max_length=16),
        ),
        migrations.AddField(
            model_name='casefacts',
            name='diastolic_now_high',
            field=models.DecimalField(decimal_places=2, max_digits=10, null=True),
        ),
        migrations.AddField(
            model_name='casefacts',
            name='diastolic_now_low',
            field=models.DecimalField(decimal_places=2, max_digits=10, null=True),
        ),
        migrations.AddField(
            model_name='casefacts',
            name='diastolic_now_state',
            field=models.CharField(choices=[('known', 'Known'), ('not_yet', 'Not yet'), ('unknown', 'Unknown'), ('not_applicable', 'Not applicable'), ('missing', 'Missing')], default='missing', max_length=16),
        ),
        migrations.AddField(
            model_name='casefacts',
            name='hypertension',
            field=models.CharField(max_length=30, null=True),
        ),
        migrations.AddField(
            model_name='casefacts',
            name='hypertension_state',
            field=models.CharField(choices=[('known', 'Known'), ('not_yet', 'Not yet'), ('unknown', 'Unknown'), ('not_applicable', 'Not applicable'), ('missing', 'Missing')], default='missing', max_length=16),
        ),
        migrations.AddField(
            model_name='casefacts',
            name='major_surgery',
            field=models.BooleanField(null=True),
        ),
        migrations.AddField(
            model_name='casefacts',
            name='major_surgery_state',
            field=models.CharField(choices=[('known', 'Known'), ('not_yet', 'Not yet'), ('unknown', 'Unknown'), ('not_applicable', 'Not applicable'), ('missing', 'Missing')], default='missing', max_length=16),
        ),
        migrations.AddField(
            model_name='casefacts',
            name='systolic_now_high',
            field=models.DecimalField(decimal_places=2, max_digits=10, null=True),
        ),
        migrations.AddField(
            model_name='casefacts',
            name='systolic_now_low',
            field=models.DecimalField(decimal_places=2, max_digits=10, null=True),
        ),
        migrations.AddField(
            model_name='casefacts',
            name='systolic_now_state',
            field=models.CharField(choices=[('known', 'Known'), ('not_yet', 'Not yet'), ('unknown', 'Unknown'), ('not_applicable', 'Not applicable'), ('missing', 'Missing')], default='missing', max_length=16),
        ),
        migrations.AddField(
            model_name='casefacts',
            name='urine_protein_now_high',
            field=models.DecimalField(decimal_places=2, max_digits=10, null=True),
        ),
        migrations.AddField(
            model_name='casefacts',
            name='urine_protein_now_low',
            field=models.DecimalField(decimal_places=2, max_digits=10, null=True),
        ),
        migrations.AddField(
            model_name='casefacts',
            name='urine_protein_now_state',
            field=models.CharField(choices=[('known', 'Known'), ('not_yet', 'Not yet'), ('unknown', 'Unknown'), ('not_applicable', 'Not applicable'), ('missing', 'Missing')], default='missing', max_length=16),
        ),
        ]),
        # What is written by processes that do not know a column yet says that nothing is known of it.
        *(
            migrations.RunSQL(
                f"ALTER TABLE cases_{table} ALTER COLUMN {column} SET DEFAULT '{said}'", migrations.RunSQL.noop
            )
            for table, column, said in UNSAID
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='background',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "cases_backgroundevent" ("autoimmune_disease", "autoimmune_disease_state", "autoimmune_text", "bled_anchor", "bled_earliest", "bled_latest", "bled_offset_days", "bled_precision", "bled_state", "bled_text", "bleeding", "bleeding_state", "comorbidities", "comorbidities_state", "heart_disease", "heart_disease_state", "heart_text", "height_cm", "height_cm_state", "hepatitis_b", "hepatitis_b_state", "hepatitis_c", "hepatitis_c_state", "hypertension", "hypertension_state", "id", "interstitial_lung_disease", "interstitial_lung_disease_state", "major_surgery", "major_surgery_state", "operated_anchor", "operated_earliest", "operated_latest", "operated_offset_days", "operated_precision", "operated_state", "operated_text", "pack_years", "pack_years_state", "patient_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "preference", "preference_state", "pregnancy", "pregnancy_state", "smoking", "smoking_state", "steroid_total_mg", "steroid_total_on", "transplant", "transplant_state", "weighed_anchor", "weighed_earliest", "weighed_latest", "weighed_offset_days", "weighed_precision", "weighed_state", "weighed_text", "weight_kg", "weight_kg_state") VALUES (NEW."autoimmune_disease", NEW."autoimmune_disease_state", NEW."autoimmune_text", NEW."bled_anchor", NEW."bled_earliest", NEW."bled_latest", NEW."bled_offset_days", NEW."bled_precision", NEW."bled_state", NEW."bled_text", NEW."bleeding", NEW."bleeding_state", NEW."comorbidities", NEW."comorbidities_state", NEW."heart_disease", NEW."heart_disease_state", NEW."heart_text", NEW."height_cm", NEW."height_cm_state", NEW."hepatitis_b", NEW."hepatitis_b_state", NEW."hepatitis_c", NEW."hepatitis_c_state", NEW."hypertension", NEW."hypertension_state", NEW."id", NEW."interstitial_lung_disease", NEW."interstitial_lung_disease_state", NEW."major_surgery", NEW."major_surgery_state", NEW."operated_anchor", NEW."operated_earliest", NEW."operated_latest", NEW."operated_offset_days", NEW."operated_precision", NEW."operated_state", NEW."operated_text", NEW."pack_years", NEW."pack_years_state", NEW."patient_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."preference", NEW."preference_state", NEW."pregnancy", NEW."pregnancy_state", NEW."smoking", NEW."smoking_state", NEW."steroid_total_mg", NEW."steroid_total_on", NEW."transplant", NEW."transplant_state", NEW."weighed_anchor", NEW."weighed_earliest", NEW."weighed_latest", NEW."weighed_offset_days", NEW."weighed_precision", NEW."weighed_state", NEW."weighed_text", NEW."weight_kg", NEW."weight_kg_state"); RETURN NULL;', hash='efd3eb915fb94da976b11c62dde4373927dd052c', operation='INSERT', pgid='pgtrigger_insert_insert_e276b', table='cases_background', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='background',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "cases_backgroundevent" ("autoimmune_disease", "autoimmune_disease_state", "autoimmune_text", "bled_anchor", "bled_earliest", "bled_latest", "bled_offset_days", "bled_precision", "bled_state", "bled_text", "bleeding", "bleeding_state", "comorbidities", "comorbidities_state", "heart_disease", "heart_disease_state", "heart_text", "height_cm", "height_cm_state", "hepatitis_b", "hepatitis_b_state", "hepatitis_c", "hepatitis_c_state", "hypertension", "hypertension_state", "id", "interstitial_lung_disease", "interstitial_lung_disease_state", "major_surgery", "major_surgery_state", "operated_anchor", "operated_earliest", "operated_latest", "operated_offset_days", "operated_precision", "operated_state", "operated_text", "pack_years", "pack_years_state", "patient_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "preference", "preference_state", "pregnancy", "pregnancy_state", "smoking", "smoking_state", "steroid_total_mg", "steroid_total_on", "transplant", "transplant_state", "weighed_anchor", "weighed_earliest", "weighed_latest", "weighed_offset_days", "weighed_precision", "weighed_state", "weighed_text", "weight_kg", "weight_kg_state") VALUES (NEW."autoimmune_disease", NEW."autoimmune_disease_state", NEW."autoimmune_text", NEW."bled_anchor", NEW."bled_earliest", NEW."bled_latest", NEW."bled_offset_days", NEW."bled_precision", NEW."bled_state", NEW."bled_text", NEW."bleeding", NEW."bleeding_state", NEW."comorbidities", NEW."comorbidities_state", NEW."heart_disease", NEW."heart_disease_state", NEW."heart_text", NEW."height_cm", NEW."height_cm_state", NEW."hepatitis_b", NEW."hepatitis_b_state", NEW."hepatitis_c", NEW."hepatitis_c_state", NEW."hypertension", NEW."hypertension_state", NEW."id", NEW."interstitial_lung_disease", NEW."interstitial_lung_disease_state", NEW."major_surgery", NEW."major_surgery_state", NEW."operated_anchor", NEW."operated_earliest", NEW."operated_latest", NEW."operated_offset_days", NEW."operated_precision", NEW."operated_state", NEW."operated_text", NEW."pack_years", NEW."pack_years_state", NEW."patient_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."preference", NEW."preference_state", NEW."pregnancy", NEW."pregnancy_state", NEW."smoking", NEW."smoking_state", NEW."steroid_total_mg", NEW."steroid_total_on", NEW."transplant", NEW."transplant_state", NEW."weighed_anchor", NEW."weighed_earliest", NEW."weighed_latest", NEW."weighed_offset_days", NEW."weighed_precision", NEW."weighed_state", NEW."weighed_text", NEW."weight_kg", NEW."weight_kg_state"); RETURN NULL;', hash='5c7681c9937f6ae9361cd26309617f2aa1cd0b41', operation='UPDATE', pgid='pgtrigger_update_update_6b70e', table='cases_background', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='background',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "cases_backgroundevent" ("autoimmune_disease", "autoimmune_disease_state", "autoimmune_text", "bled_anchor", "bled_earliest", "bled_latest", "bled_offset_days", "bled_precision", "bled_state", "bled_text", "bleeding", "bleeding_state", "comorbidities", "comorbidities_state", "heart_disease", "heart_disease_state", "heart_text", "height_cm", "height_cm_state", "hepatitis_b", "hepatitis_b_state", "hepatitis_c", "hepatitis_c_state", "hypertension", "hypertension_state", "id", "interstitial_lung_disease", "interstitial_lung_disease_state", "major_surgery", "major_surgery_state", "operated_anchor", "operated_earliest", "operated_latest", "operated_offset_days", "operated_precision", "operated_state", "operated_text", "pack_years", "pack_years_state", "patient_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "preference", "preference_state", "pregnancy", "pregnancy_state", "smoking", "smoking_state", "steroid_total_mg", "steroid_total_on", "transplant", "transplant_state", "weighed_anchor", "weighed_earliest", "weighed_latest", "weighed_offset_days", "weighed_precision", "weighed_state", "weighed_text", "weight_kg", "weight_kg_state") VALUES (OLD."autoimmune_disease", OLD."autoimmune_disease_state", OLD."autoimmune_text", OLD."bled_anchor", OLD."bled_earliest", OLD."bled_latest", OLD."bled_offset_days", OLD."bled_precision", OLD."bled_state", OLD."bled_text", OLD."bleeding", OLD."bleeding_state", OLD."comorbidities", OLD."comorbidities_state", OLD."heart_disease", OLD."heart_disease_state", OLD."heart_text", OLD."height_cm", OLD."height_cm_state", OLD."hepatitis_b", OLD."hepatitis_b_state", OLD."hepatitis_c", OLD."hepatitis_c_state", OLD."hypertension", OLD."hypertension_state", OLD."id", OLD."interstitial_lung_disease", OLD."interstitial_lung_disease_state", OLD."major_surgery", OLD."major_surgery_state", OLD."operated_anchor", OLD."operated_earliest", OLD."operated_latest", OLD."operated_offset_days", OLD."operated_precision", OLD."operated_state", OLD."operated_text", OLD."pack_years", OLD."pack_years_state", OLD."patient_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."preference", OLD."preference_state", OLD."pregnancy", OLD."pregnancy_state", OLD."smoking", OLD."smoking_state", OLD."steroid_total_mg", OLD."steroid_total_on", OLD."transplant", OLD."transplant_state", OLD."weighed_anchor", OLD."weighed_earliest", OLD."weighed_latest", OLD."weighed_offset_days", OLD."weighed_precision", OLD."weighed_state", OLD."weighed_text", OLD."weight_kg", OLD."weight_kg_state"); RETURN NULL;', hash='a78c9b0f4587047dcbdd0cad10d55211de6e4760', operation='DELETE', pgid='pgtrigger_delete_delete_42829', table='cases_background', when='AFTER')),
        ),
        AddConstraintNotValid(
            model_name='background',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('bleeding_state', 'known'), ('bleeding__isnull', False)), models.Q(models.Q(('bleeding_state', 'known'), _negated=True), models.Q(('bleeding__isnull', False), _negated=True)), _connector='OR'), name='background_bleeding_known_iff'),
        ),
        AddConstraintNotValid(
            model_name='background',
            constraint=models.CheckConstraint(condition=models.Q(('bleeding_state__in', ['known', 'not_yet', 'unknown', 'not_applicable', 'missing'])), name='background_bleeding_state_valid'),
        ),
        AddConstraintNotValid(
            model_name='background',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('hypertension_state', 'known'), ('hypertension__isnull', False)), models.Q(models.Q(('hypertension_state', 'known'), _negated=True), models.Q(('hypertension__isnull', False), _negated=True)), _connector='OR'), name='background_hypertension_known_iff'),
        ),
        AddConstraintNotValid(
            model_name='background',
            constraint=models.CheckConstraint(condition=models.Q(('hypertension_state__in', ['known', 'not_yet', 'unknown', 'not_applicable', 'missing'])), name='background_hypertension_state_valid'),
        ),
        AddConstraintNotValid(
            model_name='background',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('major_surgery_state', 'known'), ('major_surgery__isnull', False)), models.Q(models.Q(('major_surgery_state', 'known'), _negated=True), models.Q(('major_surgery__isnull', False), _negated=True)), _connector='OR'), name='background_major_surgery_known_iff'),
        ),
        AddConstraintNotValid(
            model_name='background',
            constraint=models.CheckConstraint(condition=models.Q(('major_surgery_state__in', ['known', 'not_yet', 'unknown', 'not_applicable', 'missing'])), name='background_major_surgery_state_valid'),
        ),
        AddConstraintNotValid(
            model_name='background',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('bled_state', 'known'), ('bled_precision__isnull', False)), models.Q(models.Q(('bled_state', 'known'), _negated=True), models.Q(('bled_precision__isnull', False), _negated=True)), _connector='OR'), name='background_bled_known_iff'),
        ),
        AddConstraintNotValid(
            model_name='background',
            constraint=models.CheckConstraint(condition=models.Q(('bled_state__in', ['known', 'not_yet', 'unknown', 'not_applicable', 'missing'])), name='background_bled_state_valid'),
        ),
        AddConstraintNotValid(
            model_name='background',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('operated_state', 'known'), ('operated_precision__isnull', False)), models.Q(models.Q(('operated_state', 'known'), _negated=True), models.Q(('operated_precision__isnull', False), _negated=True)), _connector='OR'), name='background_operated_known_iff'),
        ),
        AddConstraintNotValid(
            model_name='background',
            constraint=models.CheckConstraint(condition=models.Q(('operated_state__in', ['known', 'not_yet', 'unknown', 'not_applicable', 'missing'])), name='background_operated_state_valid'),
        ),
        # An erasure reaches the words of the new days too; there is no moment at which others could come back.
        migrations.RunSQL(EraseTexts("cases_background", BEFORE).reverse_sql, EraseTexts("cases_background", BEFORE).sql),
        EraseTexts("cases_background", {**BEFORE, **ERASED.dated("bled", "operated")}),
    ]

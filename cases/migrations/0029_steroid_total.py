"""The steroid dose that a safety check found in all."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.contrib.postgres.operations import AddConstraintNotValid, ValidateConstraint
from django.db import migrations, models

from accounts.together import Together


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0028_alike'),
    ]

    operations = [
        Together([
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
            migrations.AddField(
                model_name='background',
                name='steroid_total_mg',
                field=models.DecimalField(decimal_places=1, max_digits=6, null=True),
            ),
            migrations.AddField(
                model_name='background',
                name='steroid_total_on',
                field=models.DateField(null=True),
            ),
            migrations.AddField(
                model_name='backgroundevent',
                name='steroid_total_mg',
                field=models.DecimalField(decimal_places=1, max_digits=6, null=True),
            ),
            migrations.AddField(
                model_name='backgroundevent',
                name='steroid_total_on',
                field=models.DateField(null=True),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='background',
                trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "cases_backgroundevent" ("autoimmune_disease", "autoimmune_disease_state", "autoimmune_text", "comorbidities", "heart_disease", "heart_disease_state", "heart_text", "height_cm", "height_cm_state", "hepatitis_b", "hepatitis_b_state", "hepatitis_c", "hepatitis_c_state", "id", "interstitial_lung_disease", "interstitial_lung_disease_state", "pack_years", "pack_years_state", "patient_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "preference", "pregnancy", "pregnancy_state", "smoking", "smoking_state", "steroid_total_mg", "steroid_total_on", "transplant", "transplant_state", "weighed_anchor", "weighed_earliest", "weighed_latest", "weighed_offset_days", "weighed_precision", "weighed_state", "weighed_text", "weight_kg", "weight_kg_state") VALUES (NEW."autoimmune_disease", NEW."autoimmune_disease_state", NEW."autoimmune_text", NEW."comorbidities", NEW."heart_disease", NEW."heart_disease_state", NEW."heart_text", NEW."height_cm", NEW."height_cm_state", NEW."hepatitis_b", NEW."hepatitis_b_state", NEW."hepatitis_c", NEW."hepatitis_c_state", NEW."id", NEW."interstitial_lung_disease", NEW."interstitial_lung_disease_state", NEW."pack_years", NEW."pack_years_state", NEW."patient_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."preference", NEW."pregnancy", NEW."pregnancy_state", NEW."smoking", NEW."smoking_state", NEW."steroid_total_mg", NEW."steroid_total_on", NEW."transplant", NEW."transplant_state", NEW."weighed_anchor", NEW."weighed_earliest", NEW."weighed_latest", NEW."weighed_offset_days", NEW."weighed_precision", NEW."weighed_state", NEW."weighed_text", NEW."weight_kg", NEW."weight_kg_state"); RETURN NULL;', hash='3dad53786c3efc7260ed5a68f3e7628b892077cf', operation='INSERT', pgid='pgtrigger_insert_insert_e276b', table='cases_background', when='AFTER')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='background',
                trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "cases_backgroundevent" ("autoimmune_disease", "autoimmune_disease_state", "autoimmune_text", "comorbidities", "heart_disease", "heart_disease_state", "heart_text", "height_cm", "height_cm_state", "hepatitis_b", "hepatitis_b_state", "hepatitis_c", "hepatitis_c_state", "id", "interstitial_lung_disease", "interstitial_lung_disease_state", "pack_years", "pack_years_state", "patient_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "preference", "pregnancy", "pregnancy_state", "smoking", "smoking_state", "steroid_total_mg", "steroid_total_on", "transplant", "transplant_state", "weighed_anchor", "weighed_earliest", "weighed_latest", "weighed_offset_days", "weighed_precision", "weighed_state", "weighed_text", "weight_kg", "weight_kg_state") VALUES (NEW."autoimmune_disease", NEW."autoimmune_disease_state", NEW."autoimmune_text", NEW."comorbidities", NEW."heart_disease", NEW."heart_disease_state", NEW."heart_text", NEW."height_cm", NEW."height_cm_state", NEW."hepatitis_b", NEW."hepatitis_b_state", NEW."hepatitis_c", NEW."hepatitis_c_state", NEW."id", NEW."interstitial_lung_disease", NEW."interstitial_lung_disease_state", NEW."pack_years", NEW."pack_years_state", NEW."patient_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."preference", NEW."pregnancy", NEW."pregnancy_state", NEW."smoking", NEW."smoking_state", NEW."steroid_total_mg", NEW."steroid_total_on", NEW."transplant", NEW."transplant_state", NEW."weighed_anchor", NEW."weighed_earliest", NEW."weighed_latest", NEW."weighed_offset_days", NEW."weighed_precision", NEW."weighed_state", NEW."weighed_text", NEW."weight_kg", NEW."weight_kg_state"); RETURN NULL;', hash='bc48926d652286372e39b9b0aa28ec3c1e5d4469', operation='UPDATE', pgid='pgtrigger_update_update_6b70e', table='cases_background', when='AFTER')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='background',
                trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "cases_backgroundevent" ("autoimmune_disease", "autoimmune_disease_state", "autoimmune_text", "comorbidities", "heart_disease", "heart_disease_state", "heart_text", "height_cm", "height_cm_state", "hepatitis_b", "hepatitis_b_state", "hepatitis_c", "hepatitis_c_state", "id", "interstitial_lung_disease", "interstitial_lung_disease_state", "pack_years", "pack_years_state", "patient_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "preference", "pregnancy", "pregnancy_state", "smoking", "smoking_state", "steroid_total_mg", "steroid_total_on", "transplant", "transplant_state", "weighed_anchor", "weighed_earliest", "weighed_latest", "weighed_offset_days", "weighed_precision", "weighed_state", "weighed_text", "weight_kg", "weight_kg_state") VALUES (OLD."autoimmune_disease", OLD."autoimmune_disease_state", OLD."autoimmune_text", OLD."comorbidities", OLD."heart_disease", OLD."heart_disease_state", OLD."heart_text", OLD."height_cm", OLD."height_cm_state", OLD."hepatitis_b", OLD."hepatitis_b_state", OLD."hepatitis_c", OLD."hepatitis_c_state", OLD."id", OLD."interstitial_lung_disease", OLD."interstitial_lung_disease_state", OLD."pack_years", OLD."pack_years_state", OLD."patient_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."preference", OLD."pregnancy", OLD."pregnancy_state", OLD."smoking", OLD."smoking_state", OLD."steroid_total_mg", OLD."steroid_total_on", OLD."transplant", OLD."transplant_state", OLD."weighed_anchor", OLD."weighed_earliest", OLD."weighed_latest", OLD."weighed_offset_days", OLD."weighed_precision", OLD."weighed_state", OLD."weighed_text", OLD."weight_kg", OLD."weight_kg_state"); RETURN NULL;', hash='7e0e553ddc283ad25bd5e1f1b309b7b9b5ec81e2', operation='DELETE', pgid='pgtrigger_delete_delete_42829', table='cases_background', when='AFTER')),
            ),
        ]),
        AddConstraintNotValid(
            model_name='background',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('steroid_total_mg__isnull', True), ('steroid_total_on__isnull', True)), models.Q(('steroid_total_mg__gte', 0), ('steroid_total_on__isnull', False)), _connector='OR'), name='steroid_total_iff_dated'),
        ),
        ValidateConstraint(model_name='background', name='steroid_total_iff_dated'),
    ]

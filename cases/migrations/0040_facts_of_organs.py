"""What dossiers tell of organs, among the facts; the day for which a site of metastases was said."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

from accounts.samepatient import SHORT_WAIT
from accounts.together import Together

# What is written by processes that do not know a fact yet says that nothing is known of it.
MISSING = """
DO $$ DECLARE c name; BEGIN
  FOR c IN SELECT attname FROM pg_attribute
    WHERE attrelid = 'cases_casefacts'::regclass AND attnum > 0 AND attnotnull AND NOT atthasdef
      AND NOT attisdropped AND attname LIKE '%\\_state'
  LOOP
    EXECUTE format('ALTER TABLE cases_casefacts ALTER COLUMN %I SET DEFAULT %L', c, 'missing');
  END LOOP;
END $$
"""


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0039_identities_by_index'),
    ]

    operations = [migrations.RunSQL(SHORT_WAIT, migrations.RunSQL.noop), Together([
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
        migrations.AddField(
            model_name='casefacts',
            name='calprotectin_now_high',
            field=models.DecimalField(decimal_places=2, max_digits=10, null=True),
        ),
        migrations.AddField(
            model_name='casefacts',
            name='calprotectin_now_low',
            field=models.DecimalField(decimal_places=2, max_digits=10, null=True),
        ),
        migrations.AddField(
            model_name='casefacts',
            name='calprotectin_now_state',
            field=models.CharField(choices=[('known', 'Known'), ('not_yet', 'Not yet'), ('unknown', 'Unknown'), ('not_applicable', 'Not applicable'), ('missing', 'Missing')], default='missing', max_length=16),
        ),
        migrations.AddField(
            model_name='casefacts',
            name='ck_peak_x_uln_high',
            field=models.DecimalField(decimal_places=2, max_digits=10, null=True),
        ),
        migrations.AddField(
            model_name='casefacts',
            name='ck_peak_x_uln_low',
            field=models.DecimalField(decimal_places=2, max_digits=10, null=True),
        ),
        migrations.AddField(
            model_name='casefacts',
            name='ck_peak_x_uln_state',
            field=models.CharField(choices=[('known', 'Known'), ('not_yet', 'Not yet'), ('unknown', 'Unknown'), ('not_applicable', 'Not applicable'), ('missing', 'Missing')], default='missing', max_length=16),
        ),
        migrations.AddField(
            model_name='casefacts',
            name='creatinine_now_x_baseline_high',
            field=models.DecimalField(decimal_places=2, max_digits=10, null=True),
        ),
        migrations.AddField(
            model_name='casefacts',
            name='creatinine_now_x_baseline_low',
            field=models.DecimalField(decimal_places=2, max_digits=10, null=True),
        ),
        migrations.AddField(
            model_name='casefacts',
            name='creatinine_now_x_baseline_state',
            field=models.CharField(choices=[('known', 'Known'), ('not_yet', 'Not yet'), ('unknown', 'Unknown'), ('not_applicable', 'Not applicable'), ('missing', 'Missing')], default='missing', max_length=16),
        ),
        migrations.AddField(
            model_name='casefacts',
            name='dlco_high',
            field=models.DecimalField(decimal_places=2, max_digits=10, null=True),
        ),
        migrations.AddField(
            model_name='casefacts',
            name='dlco_low',
            field=models.DecimalField(decimal_places=2, max_digits=10, null=True),
        ),
        migrations.AddField(
            model_name='casefacts',
            name='dlco_state',
            field=models.CharField(choices=[('known', 'Known'), ('not_yet', 'Not yet'), ('unknown', 'Unknown'), ('not_applicable', 'Not applicable'), ('missing', 'Missing')], default='missing', max_length=16),
        ),
        migrations.AddField(
            model_name='casefacts',
            name='liver_tumour_at_hepatitis',
            field=models.CharField(max_length=30, null=True),
        ),
        migrations.AddField(
            model_name='casefacts',
            name='liver_tumour_at_hepatitis_state',
            field=models.CharField(choices=[('known', 'Known'), ('not_yet', 'Not yet'), ('unknown', 'Unknown'), ('not_applicable', 'Not applicable'), ('missing', 'Missing')], default='missing', max_length=16),
        ),
        migrations.AddField(
            model_name='casefacts',
            name='lvef_now_high',
            field=models.DecimalField(decimal_places=2, max_digits=10, null=True),
        ),
        migrations.AddField(
            model_name='casefacts',
            name='lvef_now_low',
            field=models.DecimalField(decimal_places=2, max_digits=10, null=True),
        ),
        migrations.AddField(
            model_name='casefacts',
            name='lvef_now_state',
            field=models.CharField(choices=[('known', 'Known'), ('not_yet', 'Not yet'), ('unknown', 'Unknown'), ('not_applicable', 'Not applicable'), ('missing', 'Missing')], default='missing', max_length=16),
        ),
        migrations.AddField(
            model_name='casefacts',
            name='spo2_lowest_high',
            field=models.DecimalField(decimal_places=2, max_digits=10, null=True),
        ),
        migrations.AddField(
            model_name='casefacts',
            name='spo2_lowest_low',
            field=models.DecimalField(decimal_places=2, max_digits=10, null=True),
        ),
        migrations.AddField(
            model_name='casefacts',
            name='spo2_lowest_state',
            field=models.CharField(choices=[('known', 'Known'), ('not_yet', 'Not yet'), ('unknown', 'Unknown'), ('not_applicable', 'Not applicable'), ('missing', 'Missing')], default='missing', max_length=16),
        ),
        migrations.AddField(
            model_name='metastasis',
            name='said_on',
            field=models.DateField(blank=True, null=True, verbose_name='said on'),
        ),
        migrations.AddField(
            model_name='metastasisevent',
            name='said_on',
            field=models.DateField(blank=True, null=True, verbose_name='said on'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='metastasis',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "cases_metastasisevent" ("detail", "id", "patient_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "present", "present_state", "said_on", "site") VALUES (NEW."detail", NEW."id", NEW."patient_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."present", NEW."present_state", NEW."said_on", NEW."site"); RETURN NULL;', hash='7631399bf37f93139029897e4773eca9e5731b2a', operation='INSERT', pgid='pgtrigger_insert_insert_ffca6', table='cases_metastasis', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='metastasis',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "cases_metastasisevent" ("detail", "id", "patient_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "present", "present_state", "said_on", "site") VALUES (NEW."detail", NEW."id", NEW."patient_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."present", NEW."present_state", NEW."said_on", NEW."site"); RETURN NULL;', hash='943ebdf4ced179921a5e60dc73d557f561e9539e', operation='UPDATE', pgid='pgtrigger_update_update_21118', table='cases_metastasis', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='metastasis',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "cases_metastasisevent" ("detail", "id", "patient_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "present", "present_state", "said_on", "site") VALUES (OLD."detail", OLD."id", OLD."patient_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."present", OLD."present_state", OLD."said_on", OLD."site"); RETURN NULL;', hash='cf1f0b17ea12c889216975b95f658738f797cc0d', operation='DELETE', pgid='pgtrigger_delete_delete_eb5cb', table='cases_metastasis', when='AFTER')),
        ),
    ]), migrations.RunSQL(MISSING, migrations.RunSQL.noop)]

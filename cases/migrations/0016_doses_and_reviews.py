"""Takes away the columns that the organ review and the indication replace; adds until when doses hold."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

from accounts.together import Together


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0015_organ_review_and_indication'),
    ]

    operations = [Together([
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
            model_name='steroidcourse',
            name='insert_insert',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='steroidcourse',
            name='update_update',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='steroidcourse',
            name='delete_delete',
        ),
        migrations.RemoveField(
            model_name='patient',
            name='iraes_complete_as_of',
        ),
        migrations.RemoveField(
            model_name='patientevent',
            name='iraes_complete_as_of',
        ),
        migrations.RemoveField(
            model_name='steroidcourse',
            name='replacement',
        ),
        migrations.RemoveField(
            model_name='steroidcourseevent',
            name='replacement',
        ),
        migrations.AddField(
            model_name='casefacts',
            name='doses_until',
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name='patient',
            name='second_line_complete_as_of',
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='patientevent',
            name='second_line_complete_as_of',
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AlterField(
            model_name='steroidcourse',
            name='indication',
            field=models.CharField(blank=True, choices=[('irae', 'irAE'), ('brain_metastases', 'Brain metastases'), ('premedication', 'Premedication'), ('adrenal_replacement', 'Adrenal replacement'), ('other_disease', 'Another disease')], max_length=20, null=True, verbose_name='given for'),
        ),
        migrations.AlterField(
            model_name='steroidcourseevent',
            name='indication',
            field=models.CharField(blank=True, choices=[('irae', 'irAE'), ('brain_metastases', 'Brain metastases'), ('premedication', 'Premedication'), ('adrenal_replacement', 'Adrenal replacement'), ('other_disease', 'Another disease')], max_length=20, null=True, verbose_name='given for'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='patient',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "cases_patientevent" ("board_id", "citation", "courses_complete_as_of", "created_at", "id", "merged_into_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "provenance", "public_id", "second_line_complete_as_of", "sex", "steroids_complete_as_of") VALUES (NEW."board_id", NEW."citation", NEW."courses_complete_as_of", NEW."created_at", NEW."id", NEW."merged_into_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."provenance", NEW."public_id", NEW."second_line_complete_as_of", NEW."sex", NEW."steroids_complete_as_of"); RETURN NULL;', hash='07add19006a0c343d522af9df8f2e6677ba450d2', operation='INSERT', pgid='pgtrigger_insert_insert_27919', table='cases_patient', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='patient',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "cases_patientevent" ("board_id", "citation", "courses_complete_as_of", "created_at", "id", "merged_into_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "provenance", "public_id", "second_line_complete_as_of", "sex", "steroids_complete_as_of") VALUES (NEW."board_id", NEW."citation", NEW."courses_complete_as_of", NEW."created_at", NEW."id", NEW."merged_into_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."provenance", NEW."public_id", NEW."second_line_complete_as_of", NEW."sex", NEW."steroids_complete_as_of"); RETURN NULL;', hash='25eb390a41a516fe53b3b0aab6e116155c73054b', operation='UPDATE', pgid='pgtrigger_update_update_b6a7b', table='cases_patient', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='patient',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "cases_patientevent" ("board_id", "citation", "courses_complete_as_of", "created_at", "id", "merged_into_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "provenance", "public_id", "second_line_complete_as_of", "sex", "steroids_complete_as_of") VALUES (OLD."board_id", OLD."citation", OLD."courses_complete_as_of", OLD."created_at", OLD."id", OLD."merged_into_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."provenance", OLD."public_id", OLD."second_line_complete_as_of", OLD."sex", OLD."steroids_complete_as_of"); RETURN NULL;', hash='4b9b4c9f5a665daeea5aa529c9eb1f6bba4ec2d7', operation='DELETE', pgid='pgtrigger_delete_delete_a1e45', table='cases_patient', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='steroidcourse',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "cases_steroidcourseevent" ("drug", "drug_state", "id", "indication", "indication_state", "irae_id", "not_tapered", "not_tapered_state", "now_mg_per_day", "now_mg_per_day_state", "now_on", "patient_id", "peak_mg_per_day", "peak_mg_per_day_state", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "public_id", "start_anchor", "start_earliest", "start_latest", "start_offset_days", "start_precision", "start_state", "start_text", "stop_anchor", "stop_earliest", "stop_latest", "stop_offset_days", "stop_precision", "stop_state", "stop_text") VALUES (NEW."drug", NEW."drug_state", NEW."id", NEW."indication", NEW."indication_state", NEW."irae_id", NEW."not_tapered", NEW."not_tapered_state", NEW."now_mg_per_day", NEW."now_mg_per_day_state", NEW."now_on", NEW."patient_id", NEW."peak_mg_per_day", NEW."peak_mg_per_day_state", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."public_id", NEW."start_anchor", NEW."start_earliest", NEW."start_latest", NEW."start_offset_days", NEW."start_precision", NEW."start_state", NEW."start_text", NEW."stop_anchor", NEW."stop_earliest", NEW."stop_latest", NEW."stop_offset_days", NEW."stop_precision", NEW."stop_state", NEW."stop_text"); RETURN NULL;', hash='7d994649254cd656a061e9245bcc3e522238fa8d', operation='INSERT', pgid='pgtrigger_insert_insert_0d7fd', table='cases_steroidcourse', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='steroidcourse',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "cases_steroidcourseevent" ("drug", "drug_state", "id", "indication", "indication_state", "irae_id", "not_tapered", "not_tapered_state", "now_mg_per_day", "now_mg_per_day_state", "now_on", "patient_id", "peak_mg_per_day", "peak_mg_per_day_state", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "public_id", "start_anchor", "start_earliest", "start_latest", "start_offset_days", "start_precision", "start_state", "start_text", "stop_anchor", "stop_earliest", "stop_latest", "stop_offset_days", "stop_precision", "stop_state", "stop_text") VALUES (NEW."drug", NEW."drug_state", NEW."id", NEW."indication", NEW."indication_state", NEW."irae_id", NEW."not_tapered", NEW."not_tapered_state", NEW."now_mg_per_day", NEW."now_mg_per_day_state", NEW."now_on", NEW."patient_id", NEW."peak_mg_per_day", NEW."peak_mg_per_day_state", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."public_id", NEW."start_anchor", NEW."start_earliest", NEW."start_latest", NEW."start_offset_days", NEW."start_precision", NEW."start_state", NEW."start_text", NEW."stop_anchor", NEW."stop_earliest", NEW."stop_latest", NEW."stop_offset_days", NEW."stop_precision", NEW."stop_state", NEW."stop_text"); RETURN NULL;', hash='6dd86133c543638388623b66c7f5551060fee079', operation='UPDATE', pgid='pgtrigger_update_update_d7c72', table='cases_steroidcourse', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='steroidcourse',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "cases_steroidcourseevent" ("drug", "drug_state", "id", "indication", "indication_state", "irae_id", "not_tapered", "not_tapered_state", "now_mg_per_day", "now_mg_per_day_state", "now_on", "patient_id", "peak_mg_per_day", "peak_mg_per_day_state", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "public_id", "start_anchor", "start_earliest", "start_latest", "start_offset_days", "start_precision", "start_state", "start_text", "stop_anchor", "stop_earliest", "stop_latest", "stop_offset_days", "stop_precision", "stop_state", "stop_text") VALUES (OLD."drug", OLD."drug_state", OLD."id", OLD."indication", OLD."indication_state", OLD."irae_id", OLD."not_tapered", OLD."not_tapered_state", OLD."now_mg_per_day", OLD."now_mg_per_day_state", OLD."now_on", OLD."patient_id", OLD."peak_mg_per_day", OLD."peak_mg_per_day_state", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."public_id", OLD."start_anchor", OLD."start_earliest", OLD."start_latest", OLD."start_offset_days", OLD."start_precision", OLD."start_state", OLD."start_text", OLD."stop_anchor", OLD."stop_earliest", OLD."stop_latest", OLD."stop_offset_days", OLD."stop_precision", OLD."stop_state", OLD."stop_text"); RETURN NULL;', hash='e9f0df5a01c7b084d8de22977148eefc1ca52954', operation='DELETE', pgid='pgtrigger_delete_delete_6d10d', table='cases_steroidcourse', when='AFTER')),
        ),
    ])]

"""Whether somebody said the day of a steroid's dose of now. Rows that are there have nobody who did, as far as is known."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

from accounts.samepatient import SHORT_WAIT


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0053_course_asked_about_held'),
    ]

    operations = [
        migrations.RunSQL(SHORT_WAIT, migrations.RunSQL.noop),
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
        migrations.AddField(
            model_name='steroidcourse',
            name='now_day_said',
            field=models.BooleanField(db_default=False, default=False, editable=False, verbose_name='somebody said that day'),
        ),
        migrations.AddField(
            model_name='steroidcourseevent',
            name='now_day_said',
            field=models.BooleanField(db_default=False, default=False, editable=False, verbose_name='somebody said that day'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='steroidcourse',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "cases_steroidcourseevent" ("drug", "drug_state", "id", "indication", "indication_state", "irae_id", "not_tapered", "not_tapered_state", "now_day_said", "now_mg_per_day", "now_mg_per_day_state", "now_on", "patient_id", "peak_mg_per_day", "peak_mg_per_day_state", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "public_id", "start_anchor", "start_earliest", "start_latest", "start_offset_days", "start_precision", "start_state", "start_text", "stop_anchor", "stop_earliest", "stop_latest", "stop_offset_days", "stop_precision", "stop_state", "stop_text") VALUES (NEW."drug", NEW."drug_state", NEW."id", NEW."indication", NEW."indication_state", NEW."irae_id", NEW."not_tapered", NEW."not_tapered_state", NEW."now_day_said", NEW."now_mg_per_day", NEW."now_mg_per_day_state", NEW."now_on", NEW."patient_id", NEW."peak_mg_per_day", NEW."peak_mg_per_day_state", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."public_id", NEW."start_anchor", NEW."start_earliest", NEW."start_latest", NEW."start_offset_days", NEW."start_precision", NEW."start_state", NEW."start_text", NEW."stop_anchor", NEW."stop_earliest", NEW."stop_latest", NEW."stop_offset_days", NEW."stop_precision", NEW."stop_state", NEW."stop_text"); RETURN NULL;', hash='6ba974fa34cf98c536215b9691737e02ca245ff0', operation='INSERT', pgid='pgtrigger_insert_insert_0d7fd', table='cases_steroidcourse', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='steroidcourse',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "cases_steroidcourseevent" ("drug", "drug_state", "id", "indication", "indication_state", "irae_id", "not_tapered", "not_tapered_state", "now_day_said", "now_mg_per_day", "now_mg_per_day_state", "now_on", "patient_id", "peak_mg_per_day", "peak_mg_per_day_state", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "public_id", "start_anchor", "start_earliest", "start_latest", "start_offset_days", "start_precision", "start_state", "start_text", "stop_anchor", "stop_earliest", "stop_latest", "stop_offset_days", "stop_precision", "stop_state", "stop_text") VALUES (NEW."drug", NEW."drug_state", NEW."id", NEW."indication", NEW."indication_state", NEW."irae_id", NEW."not_tapered", NEW."not_tapered_state", NEW."now_day_said", NEW."now_mg_per_day", NEW."now_mg_per_day_state", NEW."now_on", NEW."patient_id", NEW."peak_mg_per_day", NEW."peak_mg_per_day_state", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."public_id", NEW."start_anchor", NEW."start_earliest", NEW."start_latest", NEW."start_offset_days", NEW."start_precision", NEW."start_state", NEW."start_text", NEW."stop_anchor", NEW."stop_earliest", NEW."stop_latest", NEW."stop_offset_days", NEW."stop_precision", NEW."stop_state", NEW."stop_text"); RETURN NULL;', hash='f3e2aa7869aa70055c4a08cb97d3e75668f762d1', operation='UPDATE', pgid='pgtrigger_update_update_d7c72', table='cases_steroidcourse', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='steroidcourse',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "cases_steroidcourseevent" ("drug", "drug_state", "id", "indication", "indication_state", "irae_id", "not_tapered", "not_tapered_state", "now_day_said", "now_mg_per_day", "now_mg_per_day_state", "now_on", "patient_id", "peak_mg_per_day", "peak_mg_per_day_state", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "public_id", "start_anchor", "start_earliest", "start_latest", "start_offset_days", "start_precision", "start_state", "start_text", "stop_anchor", "stop_earliest", "stop_latest", "stop_offset_days", "stop_precision", "stop_state", "stop_text") VALUES (OLD."drug", OLD."drug_state", OLD."id", OLD."indication", OLD."indication_state", OLD."irae_id", OLD."not_tapered", OLD."not_tapered_state", OLD."now_day_said", OLD."now_mg_per_day", OLD."now_mg_per_day_state", OLD."now_on", OLD."patient_id", OLD."peak_mg_per_day", OLD."peak_mg_per_day_state", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."public_id", OLD."start_anchor", OLD."start_earliest", OLD."start_latest", OLD."start_offset_days", OLD."start_precision", OLD."start_state", OLD."start_text", OLD."stop_anchor", OLD."stop_earliest", OLD."stop_latest", OLD."stop_offset_days", OLD."stop_precision", OLD."stop_state", OLD."stop_text"); RETURN NULL;', hash='02640bbe10007656a1383445f178df9218b93878', operation='DELETE', pgid='pgtrigger_delete_delete_6d10d', table='cases_steroidcourse', when='AFTER')),
        ),
    ]

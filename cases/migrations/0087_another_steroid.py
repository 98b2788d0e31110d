"""A steroid that the list does not have, with its name; an erasure empties the name."""

from importlib import import_module

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

from accounts.erasing import EMPTY, EraseTexts
from accounts.samepatient import SHORT_WAIT

BEFORE = import_module("cases.migrations.0011_erasure").dated("start", "stop")


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0086_organ_of_unlisted_iraes'),
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
            name='name',
            field=models.CharField(blank=True, db_default='', max_length=60, verbose_name='which steroid'),
        ),
        migrations.AddField(
            model_name='steroidcourseevent',
            name='name',
            field=models.CharField(blank=True, db_default='', max_length=60, verbose_name='which steroid'),
        ),
        migrations.AlterField(
            model_name='steroidcourse',
            name='drug',
            field=models.CharField(blank=True, choices=[('prednisone', 'prednisone'), ('prednisolone', 'prednisolone'), ('methylprednisolone', 'methylprednisolone'), ('dexamethasone', 'dexamethasone'), ('hydrocortisone', 'hydrocortisone'), ('other', 'another steroid')], max_length=20, null=True),
        ),
        migrations.AlterField(
            model_name='steroidcourseevent',
            name='drug',
            field=models.CharField(blank=True, choices=[('prednisone', 'prednisone'), ('prednisolone', 'prednisolone'), ('methylprednisolone', 'methylprednisolone'), ('dexamethasone', 'dexamethasone'), ('hydrocortisone', 'hydrocortisone'), ('other', 'another steroid')], max_length=20, null=True),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='steroidcourse',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "cases_steroidcourseevent" ("drug", "drug_state", "id", "indication", "indication_state", "irae_id", "name", "not_tapered", "not_tapered_state", "now_day_said", "now_mg_per_day", "now_mg_per_day_state", "now_on", "patient_id", "peak_mg_per_day", "peak_mg_per_day_state", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "public_id", "start_anchor", "start_earliest", "start_latest", "start_offset_days", "start_precision", "start_state", "start_text", "stop_anchor", "stop_earliest", "stop_latest", "stop_offset_days", "stop_precision", "stop_state", "stop_text") VALUES (NEW."drug", NEW."drug_state", NEW."id", NEW."indication", NEW."indication_state", NEW."irae_id", NEW."name", NEW."not_tapered", NEW."not_tapered_state", NEW."now_day_said", NEW."now_mg_per_day", NEW."now_mg_per_day_state", NEW."now_on", NEW."patient_id", NEW."peak_mg_per_day", NEW."peak_mg_per_day_state", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."public_id", NEW."start_anchor", NEW."start_earliest", NEW."start_latest", NEW."start_offset_days", NEW."start_precision", NEW."start_state", NEW."start_text", NEW."stop_anchor", NEW."stop_earliest", NEW."stop_latest", NEW."stop_offset_days", NEW."stop_precision", NEW."stop_state", NEW."stop_text"); RETURN NULL;', hash='63f6c92f70d0b7a7780930f0dc6fbbb90fdff088', operation='INSERT', pgid='pgtrigger_insert_insert_0d7fd', table='cases_steroidcourse', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='steroidcourse',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "cases_steroidcourseevent" ("drug", "drug_state", "id", "indication", "indication_state", "irae_id", "name", "not_tapered", "not_tapered_state", "now_day_said", "now_mg_per_day", "now_mg_per_day_state", "now_on", "patient_id", "peak_mg_per_day", "peak_mg_per_day_state", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "public_id", "start_anchor", "start_earliest", "start_latest", "start_offset_days", "start_precision", "start_state", "start_text", "stop_anchor", "stop_earliest", "stop_latest", "stop_offset_days", "stop_precision", "stop_state", "stop_text") VALUES (NEW."drug", NEW."drug_state", NEW."id", NEW."indication", NEW."indication_state", NEW."irae_id", NEW."name", NEW."not_tapered", NEW."not_tapered_state", NEW."now_day_said", NEW."now_mg_per_day", NEW."now_mg_per_day_state", NEW."now_on", NEW."patient_id", NEW."peak_mg_per_day", NEW."peak_mg_per_day_state", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."public_id", NEW."start_anchor", NEW."start_earliest", NEW."start_latest", NEW."start_offset_days", NEW."start_precision", NEW."start_state", NEW."start_text", NEW."stop_anchor", NEW."stop_earliest", NEW."stop_latest", NEW."stop_offset_days", NEW."stop_precision", NEW."stop_state", NEW."stop_text"); RETURN NULL;', hash='f1aef1d57a0d640a18983992c77f1f241e1b7b9c', operation='UPDATE', pgid='pgtrigger_update_update_d7c72', table='cases_steroidcourse', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='steroidcourse',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "cases_steroidcourseevent" ("drug", "drug_state", "id", "indication", "indication_state", "irae_id", "name", "not_tapered", "not_tapered_state", "now_day_said", "now_mg_per_day", "now_mg_per_day_state", "now_on", "patient_id", "peak_mg_per_day", "peak_mg_per_day_state", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "public_id", "start_anchor", "start_earliest", "start_latest", "start_offset_days", "start_precision", "start_state", "start_text", "stop_anchor", "stop_earliest", "stop_latest", "stop_offset_days", "stop_precision", "stop_state", "stop_text") VALUES (OLD."drug", OLD."drug_state", OLD."id", OLD."indication", OLD."indication_state", OLD."irae_id", OLD."name", OLD."not_tapered", OLD."not_tapered_state", OLD."now_day_said", OLD."now_mg_per_day", OLD."now_mg_per_day_state", OLD."now_on", OLD."patient_id", OLD."peak_mg_per_day", OLD."peak_mg_per_day_state", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."public_id", OLD."start_anchor", OLD."start_earliest", OLD."start_latest", OLD."start_offset_days", OLD."start_precision", OLD."start_state", OLD."start_text", OLD."stop_anchor", OLD."stop_earliest", OLD."stop_latest", OLD."stop_offset_days", OLD."stop_precision", OLD."stop_state", OLD."stop_text"); RETURN NULL;', hash='f1ec85decff9381663964e168e62d9810fe1fe71', operation='DELETE', pgid='pgtrigger_delete_delete_6d10d', table='cases_steroidcourse', when='AFTER')),
        ),
        # An erasure reaches the name too; there is no moment at which other texts could come back.
        migrations.RunSQL(
            EraseTexts("cases_steroidcourse", BEFORE).reverse_sql, EraseTexts("cases_steroidcourse", BEFORE).sql
        ),
        EraseTexts("cases_steroidcourse", {"name": EMPTY, **BEFORE}),
    ]

"""Only the date of death that may be known in part stays; an erasure reaches it."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations

from accounts.erasing import EMPTY, GONE, EraseTexts
from accounts.together import Together

NAMED = {
    "family_name": EMPTY, "given_name": EMPTY, "hospital_number": EMPTY, "birth_date": GONE,
    "hospital": EMPTY, "national_scheme": EMPTY, "national_number": EMPTY,
}
DIED = {
    "died_earliest": GONE, "died_latest": GONE, "died_precision": GONE, "died_text": EMPTY,
    "died_anchor": EMPTY, "died_offset_days": GONE, "died_state": "'missing'",
}
before = EraseTexts("cases_patientidentity", {**NAMED, "death_date": GONE})


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0025_identity_carried_over'),
    ]

    operations = [
        # In one transaction: there is no moment at which a name could come back.
        migrations.RunSQL(before.reverse_sql, before.sql),
        Together([
        pgtrigger.migrations.RemoveTrigger(
            model_name='patientidentity',
            name='insert_insert',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='patientidentity',
            name='update_update',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='patientidentity',
            name='delete_delete',
        ),
        migrations.RemoveField(
            model_name='patientidentity',
            name='death_date',
        ),
        migrations.RemoveField(
            model_name='patientidentityevent',
            name='death_date',
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='patientidentity',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "cases_patientidentityevent" ("birth_date", "died_anchor", "died_earliest", "died_latest", "died_offset_days", "died_precision", "died_state", "died_text", "family_name", "given_name", "holds_number", "hospital", "hospital_number", "id", "national_number", "national_scheme", "patient_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."birth_date", NEW."died_anchor", NEW."died_earliest", NEW."died_latest", NEW."died_offset_days", NEW."died_precision", NEW."died_state", NEW."died_text", NEW."family_name", NEW."given_name", NEW."holds_number", NEW."hospital", NEW."hospital_number", NEW."id", NEW."national_number", NEW."national_scheme", NEW."patient_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id"); RETURN NULL;', hash='bbf705ef0d6b40312ff67416feb209ac51ad37b0', operation='INSERT', pgid='pgtrigger_insert_insert_05c16', table='cases_patientidentity', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='patientidentity',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "cases_patientidentityevent" ("birth_date", "died_anchor", "died_earliest", "died_latest", "died_offset_days", "died_precision", "died_state", "died_text", "family_name", "given_name", "holds_number", "hospital", "hospital_number", "id", "national_number", "national_scheme", "patient_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."birth_date", NEW."died_anchor", NEW."died_earliest", NEW."died_latest", NEW."died_offset_days", NEW."died_precision", NEW."died_state", NEW."died_text", NEW."family_name", NEW."given_name", NEW."holds_number", NEW."hospital", NEW."hospital_number", NEW."id", NEW."national_number", NEW."national_scheme", NEW."patient_id", _pgh_attach_context(), NOW(), \'update\', NEW."id"); RETURN NULL;', hash='d6be42329df200781699f4c3c6c789c8afd5c458', operation='UPDATE', pgid='pgtrigger_update_update_6f930', table='cases_patientidentity', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='patientidentity',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "cases_patientidentityevent" ("birth_date", "died_anchor", "died_earliest", "died_latest", "died_offset_days", "died_precision", "died_state", "died_text", "family_name", "given_name", "holds_number", "hospital", "hospital_number", "id", "national_number", "national_scheme", "patient_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (OLD."birth_date", OLD."died_anchor", OLD."died_earliest", OLD."died_latest", OLD."died_offset_days", OLD."died_precision", OLD."died_state", OLD."died_text", OLD."family_name", OLD."given_name", OLD."holds_number", OLD."hospital", OLD."hospital_number", OLD."id", OLD."national_number", OLD."national_scheme", OLD."patient_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id"); RETURN NULL;', hash='3e553a4805bb3a91bebf0fc0267a10d404f95789', operation='DELETE', pgid='pgtrigger_delete_delete_388db', table='cases_patientidentity', when='AFTER')),
        ),
        ]),
        EraseTexts("cases_patientidentity", {**NAMED, **DIED}),
    ]

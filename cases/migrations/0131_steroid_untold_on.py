"""The last day on which somebody told of a steroid course, and not at which dose; of what is there no such day is known."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

from accounts.samepatient import SHORT_WAIT
from accounts.together import Together


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0130_drafts_follow_a_merge'),
    ]

    operations = [
        migrations.RunSQL(SHORT_WAIT, migrations.RunSQL.noop),
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
            model_name='patient',
            name='steroid_untold_on',
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='patientevent',
            name='steroid_untold_on',
            field=models.DateField(blank=True, null=True),
        ),
        ]),
        pgtrigger.migrations.AddTrigger(
            model_name='patient',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "cases_patientevent" ("board_id", "citation", "courses_complete_as_of", "courses_complete_latest", "courses_complete_through", "created_at", "entry_pairs", "id", "merged_into_id", "metastases_complete_as_of", "metastases_complete_latest", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "provenance", "public_id", "responses_complete_as_of", "responses_complete_latest", "second_line_complete_as_of", "second_line_complete_latest", "sex", "steroid_untold_on", "steroids_complete_as_of", "steroids_complete_latest", "treatments_complete_as_of", "treatments_complete_latest") VALUES (NEW."board_id", NEW."citation", NEW."courses_complete_as_of", NEW."courses_complete_latest", NEW."courses_complete_through", NEW."created_at", NEW."entry_pairs", NEW."id", NEW."merged_into_id", NEW."metastases_complete_as_of", NEW."metastases_complete_latest", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."provenance", NEW."public_id", NEW."responses_complete_as_of", NEW."responses_complete_latest", NEW."second_line_complete_as_of", NEW."second_line_complete_latest", NEW."sex", NEW."steroid_untold_on", NEW."steroids_complete_as_of", NEW."steroids_complete_latest", NEW."treatments_complete_as_of", NEW."treatments_complete_latest"); RETURN NULL;', hash='c7f90d0529a0f45f62ff543a1bd3e27595569be8', operation='INSERT', pgid='pgtrigger_insert_insert_27919', table='cases_patient', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='patient',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "cases_patientevent" ("board_id", "citation", "courses_complete_as_of", "courses_complete_latest", "courses_complete_through", "created_at", "entry_pairs", "id", "merged_into_id", "metastases_complete_as_of", "metastases_complete_latest", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "provenance", "public_id", "responses_complete_as_of", "responses_complete_latest", "second_line_complete_as_of", "second_line_complete_latest", "sex", "steroid_untold_on", "steroids_complete_as_of", "steroids_complete_latest", "treatments_complete_as_of", "treatments_complete_latest") VALUES (NEW."board_id", NEW."citation", NEW."courses_complete_as_of", NEW."courses_complete_latest", NEW."courses_complete_through", NEW."created_at", NEW."entry_pairs", NEW."id", NEW."merged_into_id", NEW."metastases_complete_as_of", NEW."metastases_complete_latest", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."provenance", NEW."public_id", NEW."responses_complete_as_of", NEW."responses_complete_latest", NEW."second_line_complete_as_of", NEW."second_line_complete_latest", NEW."sex", NEW."steroid_untold_on", NEW."steroids_complete_as_of", NEW."steroids_complete_latest", NEW."treatments_complete_as_of", NEW."treatments_complete_latest"); RETURN NULL;', hash='db270816a74f97e4bf19f4620724e722368d511d', operation='UPDATE', pgid='pgtrigger_update_update_b6a7b', table='cases_patient', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='patient',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "cases_patientevent" ("board_id", "citation", "courses_complete_as_of", "courses_complete_latest", "courses_complete_through", "created_at", "entry_pairs", "id", "merged_into_id", "metastases_complete_as_of", "metastases_complete_latest", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "provenance", "public_id", "responses_complete_as_of", "responses_complete_latest", "second_line_complete_as_of", "second_line_complete_latest", "sex", "steroid_untold_on", "steroids_complete_as_of", "steroids_complete_latest", "treatments_complete_as_of", "treatments_complete_latest") VALUES (OLD."board_id", OLD."citation", OLD."courses_complete_as_of", OLD."courses_complete_latest", OLD."courses_complete_through", OLD."created_at", OLD."entry_pairs", OLD."id", OLD."merged_into_id", OLD."metastases_complete_as_of", OLD."metastases_complete_latest", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."provenance", OLD."public_id", OLD."responses_complete_as_of", OLD."responses_complete_latest", OLD."second_line_complete_as_of", OLD."second_line_complete_latest", OLD."sex", OLD."steroid_untold_on", OLD."steroids_complete_as_of", OLD."steroids_complete_latest", OLD."treatments_complete_as_of", OLD."treatments_complete_latest"); RETURN NULL;', hash='51b441dad6fa6779741a21e9436367865746b7ed', operation='DELETE', pgid='pgtrigger_delete_delete_a1e45', table='cases_patient', when='AFTER')),
        ),
    ]

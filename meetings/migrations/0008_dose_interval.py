"""A rechallenge names the days between its doses; the snapshot says by which schema it is written."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models

from accounts.together import Together


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0002_worker_rights'),
        ('cases', '0019_sections_of_old_cases'),
        ('meetings', '0007_erasure'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        Together([
            pgtrigger.migrations.RemoveTrigger(
                model_name='decision',
                name='insert_insert',
            ),
            pgtrigger.migrations.RemoveTrigger(
                model_name='decision',
                name='update_update',
            ),
            pgtrigger.migrations.RemoveTrigger(
                model_name='decision',
                name='delete_delete',
            ),
            migrations.AddField(
                model_name='decision',
                name='dose_interval_days',
                field=models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='days between doses'),
            ),
            # Whatever was signed until now is of the first schema, which knows no interval, and is frozen.
            migrations.AddField(
                model_name='decision',
                name='snapshot_schema',
                field=models.PositiveSmallIntegerField(db_default=1),
            ),
        ]),
        migrations.AlterField(
            model_name='decision',
            name='snapshot_schema',
            field=models.PositiveSmallIntegerField(db_default=2),
        ),
        Together([
            migrations.AddField(
                model_name='decisionevent',
                name='dose_interval_days',
                field=models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='days between doses'),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='decision',
                trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "meetings_decisionevent" ("amends_id", "board_id", "case_id", "changed_at", "defer_fact", "defer_on", "defer_owner_id", "dose_interval_days", "drugs", "id", "meeting_id", "number", "outcome", "patient_id", "patient_preference", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "previous_sha256", "public_id", "rationale", "recorded_at", "recorded_by_id", "signed_at", "signed_by_id", "snapshot_sha256", "state", "version") VALUES (NEW."amends_id", NEW."board_id", NEW."case_id", NEW."changed_at", NEW."defer_fact", NEW."defer_on", NEW."defer_owner_id", NEW."dose_interval_days", NEW."drugs", NEW."id", NEW."meeting_id", NEW."number", NEW."outcome", NEW."patient_id", NEW."patient_preference", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."previous_sha256", NEW."public_id", NEW."rationale", NEW."recorded_at", NEW."recorded_by_id", NEW."signed_at", NEW."signed_by_id", NEW."snapshot_sha256", NEW."state", NEW."version"); RETURN NULL;', hash='d1f3367d85ebc29f9cf681efae8e5e1e6ea46d21', operation='INSERT', pgid='pgtrigger_insert_insert_61695', table='meetings_decision', when='AFTER')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='decision',
                trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."amends_id" IS DISTINCT FROM (NEW."amends_id") OR OLD."board_id" IS DISTINCT FROM (NEW."board_id") OR OLD."case_id" IS DISTINCT FROM (NEW."case_id") OR OLD."changed_at" IS DISTINCT FROM (NEW."changed_at") OR OLD."defer_fact" IS DISTINCT FROM (NEW."defer_fact") OR OLD."defer_on" IS DISTINCT FROM (NEW."defer_on") OR OLD."defer_owner_id" IS DISTINCT FROM (NEW."defer_owner_id") OR OLD."dose_interval_days" IS DISTINCT FROM (NEW."dose_interval_days") OR OLD."drugs" IS DISTINCT FROM (NEW."drugs") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."meeting_id" IS DISTINCT FROM (NEW."meeting_id") OR OLD."number" IS DISTINCT FROM (NEW."number") OR OLD."outcome" IS DISTINCT FROM (NEW."outcome") OR OLD."patient_id" IS DISTINCT FROM (NEW."patient_id") OR OLD."patient_preference" IS DISTINCT FROM (NEW."patient_preference") OR OLD."previous_sha256" IS DISTINCT FROM (NEW."previous_sha256") OR OLD."public_id" IS DISTINCT FROM (NEW."public_id") OR OLD."rationale" IS DISTINCT FROM (NEW."rationale") OR OLD."recorded_at" IS DISTINCT FROM (NEW."recorded_at") OR OLD."recorded_by_id" IS DISTINCT FROM (NEW."recorded_by_id") OR OLD."signed_at" IS DISTINCT FROM (NEW."signed_at") OR OLD."signed_by_id" IS DISTINCT FROM (NEW."signed_by_id") OR OLD."snapshot_sha256" IS DISTINCT FROM (NEW."snapshot_sha256") OR OLD."state" IS DISTINCT FROM (NEW."state") OR OLD."version" IS DISTINCT FROM (NEW."version"))', func='INSERT INTO "meetings_decisionevent" ("amends_id", "board_id", "case_id", "changed_at", "defer_fact", "defer_on", "defer_owner_id", "dose_interval_days", "drugs", "id", "meeting_id", "number", "outcome", "patient_id", "patient_preference", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "previous_sha256", "public_id", "rationale", "recorded_at", "recorded_by_id", "signed_at", "signed_by_id", "snapshot_sha256", "state", "version") VALUES (NEW."amends_id", NEW."board_id", NEW."case_id", NEW."changed_at", NEW."defer_fact", NEW."defer_on", NEW."defer_owner_id", NEW."dose_interval_days", NEW."drugs", NEW."id", NEW."meeting_id", NEW."number", NEW."outcome", NEW."patient_id", NEW."patient_preference", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."previous_sha256", NEW."public_id", NEW."rationale", NEW."recorded_at", NEW."recorded_by_id", NEW."signed_at", NEW."signed_by_id", NEW."snapshot_sha256", NEW."state", NEW."version"); RETURN NULL;', hash='f9a76ea6da7f2d1922e9177c94cf386723d09667', operation='UPDATE', pgid='pgtrigger_update_update_3b789', table='meetings_decision', when='AFTER')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='decision',
                trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "meetings_decisionevent" ("amends_id", "board_id", "case_id", "changed_at", "defer_fact", "defer_on", "defer_owner_id", "dose_interval_days", "drugs", "id", "meeting_id", "number", "outcome", "patient_id", "patient_preference", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "previous_sha256", "public_id", "rationale", "recorded_at", "recorded_by_id", "signed_at", "signed_by_id", "snapshot_sha256", "state", "version") VALUES (OLD."amends_id", OLD."board_id", OLD."case_id", OLD."changed_at", OLD."defer_fact", OLD."defer_on", OLD."defer_owner_id", OLD."dose_interval_days", OLD."drugs", OLD."id", OLD."meeting_id", OLD."number", OLD."outcome", OLD."patient_id", OLD."patient_preference", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."previous_sha256", OLD."public_id", OLD."rationale", OLD."recorded_at", OLD."recorded_by_id", OLD."signed_at", OLD."signed_by_id", OLD."snapshot_sha256", OLD."state", OLD."version"); RETURN NULL;', hash='443ce6ff8cdbfc26745ca0ede7999afc503e5ae1', operation='DELETE', pgid='pgtrigger_delete_delete_05bcf', table='meetings_decision', when='AFTER')),
            ),
            AddConstraintNotValid(
                model_name='decision',
                constraint=models.CheckConstraint(condition=models.Q(('dose_interval_days__isnull', True), models.Q(('dose_interval_days__gte', 7), ('dose_interval_days__lte', 84)), _connector='OR'), name='dose_interval_is_plausible'),
            ),
            AddConstraintNotValid(
                model_name='decision',
                constraint=models.CheckConstraint(condition=models.Q(models.Q(('outcome__in', ['combination', 'other_class', 'same_agent']), ('state', 'signed'), _negated=True), ('dose_interval_days__isnull', False), ('snapshot_schema', 1), _connector='OR'), name='rechallenge_names_its_dose_interval'),
            ),
        ]),
    ]

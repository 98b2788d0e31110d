"""On which day a fact was said, how many facts a question has, and who drafted the rules for it."""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

from accounts.together import Together


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0019_sections_of_old_cases'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [Together([
        pgtrigger.migrations.RemoveTrigger(
            model_name='case',
            name='insert_insert',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='case',
            name='update_update',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='case',
            name='delete_delete',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='irae',
            name='insert_insert',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='irae',
            name='update_update',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='irae',
            name='delete_delete',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='readinessversion',
            name='insert_insert',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='readinessversion',
            name='update_update',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='readinessversion',
            name='delete_delete',
        ),
        migrations.AddField(
            model_name='case',
            name='disease_status_on',
            field=models.DateField(blank=True, null=True, verbose_name='said on'),
        ),
        migrations.AddField(
            model_name='caseevent',
            name='disease_status_on',
            field=models.DateField(blank=True, null=True, verbose_name='said on'),
        ),
        migrations.AddField(
            model_name='casefacts',
            name='counted_by',
            field=models.BigIntegerField(null=True),
        ),
        migrations.AddField(
            model_name='casefacts',
            name='counts_until',
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name='casefacts',
            name='facts_required',
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='casefacts',
            name='facts_settled',
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='casefacts',
            name='said',
            field=models.JSONField(default=dict),
        ),
        migrations.AddField(
            model_name='irae',
            name='now_on',
            field=models.DateField(blank=True, null=True, verbose_name='grade now said on'),
        ),
        migrations.AddField(
            model_name='iraeevent',
            name='now_on',
            field=models.DateField(blank=True, null=True, verbose_name='grade now said on'),
        ),
        migrations.AddField(
            model_name='readinessversion',
            name='edited_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='readinessversion',
            name='submitted_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='readinessversionevent',
            name='edited_by',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='readinessversionevent',
            name='submitted_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='case',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "cases_caseevent" ("alternatives", "alternatives_text", "board_id", "disease_status", "disease_status_on", "disease_status_state", "id", "needed_by", "patient_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "prophylaxis", "prophylaxis_state", "prophylaxis_text", "proposed_drugs", "proposed_regimen", "proposed_regimen_state", "public_id", "question", "reference", "referred_at", "referred_by_id", "returned_reason", "state", "urgent") VALUES (NEW."alternatives", NEW."alternatives_text", NEW."board_id", NEW."disease_status", NEW."disease_status_on", NEW."disease_status_state", NEW."id", NEW."needed_by", NEW."patient_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."prophylaxis", NEW."prophylaxis_state", NEW."prophylaxis_text", NEW."proposed_drugs", NEW."proposed_regimen", NEW."proposed_regimen_state", NEW."public_id", NEW."question", NEW."reference", NEW."referred_at", NEW."referred_by_id", NEW."returned_reason", NEW."state", NEW."urgent"); RETURN NULL;', hash='05f015e478664b8d132feaeec273b1ba5e37d42c', operation='INSERT', pgid='pgtrigger_insert_insert_0b483', table='cases_case', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='case',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."alternatives" IS DISTINCT FROM (NEW."alternatives") OR OLD."alternatives_text" IS DISTINCT FROM (NEW."alternatives_text") OR OLD."board_id" IS DISTINCT FROM (NEW."board_id") OR OLD."disease_status" IS DISTINCT FROM (NEW."disease_status") OR OLD."disease_status_on" IS DISTINCT FROM (NEW."disease_status_on") OR OLD."disease_status_state" IS DISTINCT FROM (NEW."disease_status_state") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."needed_by" IS DISTINCT FROM (NEW."needed_by") OR OLD."patient_id" IS DISTINCT FROM (NEW."patient_id") OR OLD."prophylaxis" IS DISTINCT FROM (NEW."prophylaxis") OR OLD."prophylaxis_state" IS DISTINCT FROM (NEW."prophylaxis_state") OR OLD."prophylaxis_text" IS DISTINCT FROM (NEW."prophylaxis_text") OR OLD."proposed_drugs" IS DISTINCT FROM (NEW."proposed_drugs") OR OLD."proposed_regimen" IS DISTINCT FROM (NEW."proposed_regimen") OR OLD."proposed_regimen_state" IS DISTINCT FROM (NEW."proposed_regimen_state") OR OLD."public_id" IS DISTINCT FROM (NEW."public_id") OR OLD."question" IS DISTINCT FROM (NEW."question") OR OLD."reference" IS DISTINCT FROM (NEW."reference") OR OLD."referred_at" IS DISTINCT FROM (NEW."referred_at") OR OLD."referred_by_id" IS DISTINCT FROM (NEW."referred_by_id") OR OLD."returned_reason" IS DISTINCT FROM (NEW."returned_reason") OR OLD."state" IS DISTINCT FROM (NEW."state") OR OLD."urgent" IS DISTINCT FROM (NEW."urgent"))', func='INSERT INTO "cases_caseevent" ("alternatives", "alternatives_text", "board_id", "disease_status", "disease_status_on", "disease_status_state", "id", "needed_by", "patient_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "prophylaxis", "prophylaxis_state", "prophylaxis_text", "proposed_drugs", "proposed_regimen", "proposed_regimen_state", "public_id", "question", "reference", "referred_at", "referred_by_id", "returned_reason", "state", "urgent") VALUES (NEW."alternatives", NEW."alternatives_text", NEW."board_id", NEW."disease_status", NEW."disease_status_on", NEW."disease_status_state", NEW."id", NEW."needed_by", NEW."patient_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."prophylaxis", NEW."prophylaxis_state", NEW."prophylaxis_text", NEW."proposed_drugs", NEW."proposed_regimen", NEW."proposed_regimen_state", NEW."public_id", NEW."question", NEW."reference", NEW."referred_at", NEW."referred_by_id", NEW."returned_reason", NEW."state", NEW."urgent"); RETURN NULL;', hash='80460ae8d24757cb5a21047add7ed2ff432f3978', operation='UPDATE', pgid='pgtrigger_update_update_f5146', table='cases_case', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='case',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "cases_caseevent" ("alternatives", "alternatives_text", "board_id", "disease_status", "disease_status_on", "disease_status_state", "id", "needed_by", "patient_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "prophylaxis", "prophylaxis_state", "prophylaxis_text", "proposed_drugs", "proposed_regimen", "proposed_regimen_state", "public_id", "question", "reference", "referred_at", "referred_by_id", "returned_reason", "state", "urgent") VALUES (OLD."alternatives", OLD."alternatives_text", OLD."board_id", OLD."disease_status", OLD."disease_status_on", OLD."disease_status_state", OLD."id", OLD."needed_by", OLD."patient_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."prophylaxis", OLD."prophylaxis_state", OLD."prophylaxis_text", OLD."proposed_drugs", OLD."proposed_regimen", OLD."proposed_regimen_state", OLD."public_id", OLD."question", OLD."reference", OLD."referred_at", OLD."referred_by_id", OLD."returned_reason", OLD."state", OLD."urgent"); RETURN NULL;', hash='212dbf6f6b3191acea721c5d50d2dc548ec7e672', operation='DELETE', pgid='pgtrigger_delete_delete_8d49e', table='cases_case', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='irae',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "cases_iraeevent" ("care", "care_state", "course_id", "ctcae_version", "drugs", "entity", "excluded", "grade_now", "grade_now_state", "id", "likelihood", "likelihood_state", "now_on", "onset_anchor", "onset_earliest", "onset_grade", "onset_grade_state", "onset_latest", "onset_offset_days", "onset_precision", "onset_state", "onset_text", "organ", "patient_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "public_id", "recurrence_of_id", "resolution", "resolution_state", "resolved_anchor", "resolved_earliest", "resolved_latest", "resolved_offset_days", "resolved_precision", "resolved_state", "resolved_text", "sequelae", "sequelae_state", "sequelae_text", "severity_word", "worst_grade", "worst_grade_state") VALUES (NEW."care", NEW."care_state", NEW."course_id", NEW."ctcae_version", NEW."drugs", NEW."entity", NEW."excluded", NEW."grade_now", NEW."grade_now_state", NEW."id", NEW."likelihood", NEW."likelihood_state", NEW."now_on", NEW."onset_anchor", NEW."onset_earliest", NEW."onset_grade", NEW."onset_grade_state", NEW."onset_latest", NEW."onset_offset_days", NEW."onset_precision", NEW."onset_state", NEW."onset_text", NEW."organ", NEW."patient_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."public_id", NEW."recurrence_of_id", NEW."resolution", NEW."resolution_state", NEW."resolved_anchor", NEW."resolved_earliest", NEW."resolved_latest", NEW."resolved_offset_days", NEW."resolved_precision", NEW."resolved_state", NEW."resolved_text", NEW."sequelae", NEW."sequelae_state", NEW."sequelae_text", NEW."severity_word", NEW."worst_grade", NEW."worst_grade_state"); RETURN NULL;', hash='eeb853714e0617aa2ee726c925985fdbc74ca5aa', operation='INSERT', pgid='pgtrigger_insert_insert_2abf8', table='cases_irae', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='irae',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "cases_iraeevent" ("care", "care_state", "course_id", "ctcae_version", "drugs", "entity", "excluded", "grade_now", "grade_now_state", "id", "likelihood", "likelihood_state", "now_on", "onset_anchor", "onset_earliest", "onset_grade", "onset_grade_state", "onset_latest", "onset_offset_days", "onset_precision", "onset_state", "onset_text", "organ", "patient_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "public_id", "recurrence_of_id", "resolution", "resolution_state", "resolved_anchor", "resolved_earliest", "resolved_latest", "resolved_offset_days", "resolved_precision", "resolved_state", "resolved_text", "sequelae", "sequelae_state", "sequelae_text", "severity_word", "worst_grade", "worst_grade_state") VALUES (NEW."care", NEW."care_state", NEW."course_id", NEW."ctcae_version", NEW."drugs", NEW."entity", NEW."excluded", NEW."grade_now", NEW."grade_now_state", NEW."id", NEW."likelihood", NEW."likelihood_state", NEW."now_on", NEW."onset_anchor", NEW."onset_earliest", NEW."onset_grade", NEW."onset_grade_state", NEW."onset_latest", NEW."onset_offset_days", NEW."onset_precision", NEW."onset_state", NEW."onset_text", NEW."organ", NEW."patient_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."public_id", NEW."recurrence_of_id", NEW."resolution", NEW."resolution_state", NEW."resolved_anchor", NEW."resolved_earliest", NEW."resolved_latest", NEW."resolved_offset_days", NEW."resolved_precision", NEW."resolved_state", NEW."resolved_text", NEW."sequelae", NEW."sequelae_state", NEW."sequelae_text", NEW."severity_word", NEW."worst_grade", NEW."worst_grade_state"); RETURN NULL;', hash='f8b9e8788b938b82d41061ae9af02b7321d8fa5e', operation='UPDATE', pgid='pgtrigger_update_update_0345d', table='cases_irae', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='irae',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "cases_iraeevent" ("care", "care_state", "course_id", "ctcae_version", "drugs", "entity", "excluded", "grade_now", "grade_now_state", "id", "likelihood", "likelihood_state", "now_on", "onset_anchor", "onset_earliest", "onset_grade", "onset_grade_state", "onset_latest", "onset_offset_days", "onset_precision", "onset_state", "onset_text", "organ", "patient_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "public_id", "recurrence_of_id", "resolution", "resolution_state", "resolved_anchor", "resolved_earliest", "resolved_latest", "resolved_offset_days", "resolved_precision", "resolved_state", "resolved_text", "sequelae", "sequelae_state", "sequelae_text", "severity_word", "worst_grade", "worst_grade_state") VALUES (OLD."care", OLD."care_state", OLD."course_id", OLD."ctcae_version", OLD."drugs", OLD."entity", OLD."excluded", OLD."grade_now", OLD."grade_now_state", OLD."id", OLD."likelihood", OLD."likelihood_state", OLD."now_on", OLD."onset_anchor", OLD."onset_earliest", OLD."onset_grade", OLD."onset_grade_state", OLD."onset_latest", OLD."onset_offset_days", OLD."onset_precision", OLD."onset_state", OLD."onset_text", OLD."organ", OLD."patient_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."public_id", OLD."recurrence_of_id", OLD."resolution", OLD."resolution_state", OLD."resolved_anchor", OLD."resolved_earliest", OLD."resolved_latest", OLD."resolved_offset_days", OLD."resolved_precision", OLD."resolved_state", OLD."resolved_text", OLD."sequelae", OLD."sequelae_state", OLD."sequelae_text", OLD."severity_word", OLD."worst_grade", OLD."worst_grade_state"); RETURN NULL;', hash='d73bbead293e2f279ffa4059675a8349e42a1d2e', operation='DELETE', pgid='pgtrigger_delete_delete_6d753', table='cases_irae', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='readinessversion',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "cases_readinessversionevent" ("edited_by_id", "id", "note", "number", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "public_id", "published_at", "published_by_id", "rules", "submitted_at", "vocabulary_version", "written_by_id") VALUES (NEW."edited_by_id", NEW."id", NEW."note", NEW."number", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."public_id", NEW."published_at", NEW."published_by_id", NEW."rules", NEW."submitted_at", NEW."vocabulary_version", NEW."written_by_id"); RETURN NULL;', hash='163834076c17cac7397aade6440035a09638d4a7', operation='INSERT', pgid='pgtrigger_insert_insert_62748', table='cases_readinessversion', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='readinessversion',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "cases_readinessversionevent" ("edited_by_id", "id", "note", "number", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "public_id", "published_at", "published_by_id", "rules", "submitted_at", "vocabulary_version", "written_by_id") VALUES (NEW."edited_by_id", NEW."id", NEW."note", NEW."number", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."public_id", NEW."published_at", NEW."published_by_id", NEW."rules", NEW."submitted_at", NEW."vocabulary_version", NEW."written_by_id"); RETURN NULL;', hash='4128cc16487f8a6a7577835775a903edc339c529', operation='UPDATE', pgid='pgtrigger_update_update_398fb', table='cases_readinessversion', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='readinessversion',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "cases_readinessversionevent" ("edited_by_id", "id", "note", "number", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "public_id", "published_at", "published_by_id", "rules", "submitted_at", "vocabulary_version", "written_by_id") VALUES (OLD."edited_by_id", OLD."id", OLD."note", OLD."number", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."public_id", OLD."published_at", OLD."published_by_id", OLD."rules", OLD."submitted_at", OLD."vocabulary_version", OLD."written_by_id"); RETURN NULL;', hash='05d8266e03af87e57fcd1dbcb0b85f8210b02678', operation='DELETE', pgid='pgtrigger_delete_delete_bb5fb', table='cases_readinessversion', when='AFTER')),
        ),
    ])]

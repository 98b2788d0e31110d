"""That nobody knows which ICI course an irAE, or an assessment, came during or after; and who is asked with a file."""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models

from accounts.samepatient import SHORT_WAIT
from accounts.together import Together


class Migration(migrations.Migration):

    dependencies = [
        ('cases', "0124_entries_that_may_be_one"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunSQL(SHORT_WAIT, migrations.RunSQL.noop),
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
            model_name='responseassessment',
            name='insert_insert',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='responseassessment',
            name='update_update',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='responseassessment',
            name='delete_delete',
        ),
        Together([
        migrations.AddField(
            model_name='bulkjob',
            name='owed_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='bulkjob',
            name='owed_on',
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name='irae',
            name='course_state',
            field=models.CharField(choices=[('known', 'Known'), ('not_yet', 'Not yet'), ('unknown', 'Unknown'), ('not_applicable', 'Not applicable'), ('missing', 'Missing')], db_default='missing', default='missing', max_length=16),
        ),
        migrations.AddField(
            model_name='iraeevent',
            name='course_state',
            field=models.CharField(choices=[('known', 'Known'), ('not_yet', 'Not yet'), ('unknown', 'Unknown'), ('not_applicable', 'Not applicable'), ('missing', 'Missing')], db_default='missing', default='missing', max_length=16),
        ),
        migrations.AddField(
            model_name='responseassessment',
            name='course_state',
            field=models.CharField(choices=[('known', 'Known'), ('not_yet', 'Not yet'), ('unknown', 'Unknown'), ('not_applicable', 'Not applicable'), ('missing', 'Missing')], db_default='missing', default='missing', max_length=16),
        ),
        migrations.AddField(
            model_name='responseassessmentevent',
            name='course_state',
            field=models.CharField(choices=[('known', 'Known'), ('not_yet', 'Not yet'), ('unknown', 'Unknown'), ('not_applicable', 'Not applicable'), ('missing', 'Missing')], db_default='missing', default='missing', max_length=16),
        ),
        ]),
        pgtrigger.migrations.AddTrigger(
            model_name='irae',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "cases_iraeevent" ("care", "care_state", "course_id", "course_state", "ctcae_version", "drugs", "entity", "entity_text", "excluded", "excluded_state", "grade_now", "grade_now_state", "id", "likelihood", "likelihood_state", "now_on", "onset_anchor", "onset_earliest", "onset_grade", "onset_grade_state", "onset_latest", "onset_offset_days", "onset_precision", "onset_state", "onset_text", "organ", "patient_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "public_id", "recurrence_of_id", "resolution", "resolution_state", "resolved_anchor", "resolved_earliest", "resolved_latest", "resolved_offset_days", "resolved_precision", "resolved_state", "resolved_text", "sequelae", "sequelae_state", "sequelae_text", "severity_word", "worst_grade", "worst_grade_state") VALUES (NEW."care", NEW."care_state", NEW."course_id", NEW."course_state", NEW."ctcae_version", NEW."drugs", NEW."entity", NEW."entity_text", NEW."excluded", NEW."excluded_state", NEW."grade_now", NEW."grade_now_state", NEW."id", NEW."likelihood", NEW."likelihood_state", NEW."now_on", NEW."onset_anchor", NEW."onset_earliest", NEW."onset_grade", NEW."onset_grade_state", NEW."onset_latest", NEW."onset_offset_days", NEW."onset_precision", NEW."onset_state", NEW."onset_text", NEW."organ", NEW."patient_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."public_id", NEW."recurrence_of_id", NEW."resolution", NEW."resolution_state", NEW."resolved_anchor", NEW."resolved_earliest", NEW."resolved_latest", NEW."resolved_offset_days", NEW."resolved_precision", NEW."resolved_state", NEW."resolved_text", NEW."sequelae", NEW."sequelae_state", NEW."sequelae_text", NEW."severity_word", NEW."worst_grade", NEW."worst_grade_state"); RETURN NULL;', hash='72439d8f1518f58deb814945532f037ca86017b6', operation='INSERT', pgid='pgtrigger_insert_insert_2abf8', table='cases_irae', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='irae',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "cases_iraeevent" ("care", "care_state", "course_id", "course_state", "ctcae_version", "drugs", "entity", "entity_text", "excluded", "excluded_state", "grade_now", "grade_now_state", "id", "likelihood", "likelihood_state", "now_on", "onset_anchor", "onset_earliest", "onset_grade", "onset_grade_state", "onset_latest", "onset_offset_days", "onset_precision", "onset_state", "onset_text", "organ", "patient_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "public_id", "recurrence_of_id", "resolution", "resolution_state", "resolved_anchor", "resolved_earliest", "resolved_latest", "resolved_offset_days", "resolved_precision", "resolved_state", "resolved_text", "sequelae", "sequelae_state", "sequelae_text", "severity_word", "worst_grade", "worst_grade_state") VALUES (NEW."care", NEW."care_state", NEW."course_id", NEW."course_state", NEW."ctcae_version", NEW."drugs", NEW."entity", NEW."entity_text", NEW."excluded", NEW."excluded_state", NEW."grade_now", NEW."grade_now_state", NEW."id", NEW."likelihood", NEW."likelihood_state", NEW."now_on", NEW."onset_anchor", NEW."onset_earliest", NEW."onset_grade", NEW."onset_grade_state", NEW."onset_latest", NEW."onset_offset_days", NEW."onset_precision", NEW."onset_state", NEW."onset_text", NEW."organ", NEW."patient_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."public_id", NEW."recurrence_of_id", NEW."resolution", NEW."resolution_state", NEW."resolved_anchor", NEW."resolved_earliest", NEW."resolved_latest", NEW."resolved_offset_days", NEW."resolved_precision", NEW."resolved_state", NEW."resolved_text", NEW."sequelae", NEW."sequelae_state", NEW."sequelae_text", NEW."severity_word", NEW."worst_grade", NEW."worst_grade_state"); RETURN NULL;', hash='9cd766e1870f102da4871d9b4b3acc8af4a9b652', operation='UPDATE', pgid='pgtrigger_update_update_0345d', table='cases_irae', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='irae',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "cases_iraeevent" ("care", "care_state", "course_id", "course_state", "ctcae_version", "drugs", "entity", "entity_text", "excluded", "excluded_state", "grade_now", "grade_now_state", "id", "likelihood", "likelihood_state", "now_on", "onset_anchor", "onset_earliest", "onset_grade", "onset_grade_state", "onset_latest", "onset_offset_days", "onset_precision", "onset_state", "onset_text", "organ", "patient_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "public_id", "recurrence_of_id", "resolution", "resolution_state", "resolved_anchor", "resolved_earliest", "resolved_latest", "resolved_offset_days", "resolved_precision", "resolved_state", "resolved_text", "sequelae", "sequelae_state", "sequelae_text", "severity_word", "worst_grade", "worst_grade_state") VALUES (OLD."care", OLD."care_state", OLD."course_id", OLD."course_state", OLD."ctcae_version", OLD."drugs", OLD."entity", OLD."entity_text", OLD."excluded", OLD."excluded_state", OLD."grade_now", OLD."grade_now_state", OLD."id", OLD."likelihood", OLD."likelihood_state", OLD."now_on", OLD."onset_anchor", OLD."onset_earliest", OLD."onset_grade", OLD."onset_grade_state", OLD."onset_latest", OLD."onset_offset_days", OLD."onset_precision", OLD."onset_state", OLD."onset_text", OLD."organ", OLD."patient_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."public_id", OLD."recurrence_of_id", OLD."resolution", OLD."resolution_state", OLD."resolved_anchor", OLD."resolved_earliest", OLD."resolved_latest", OLD."resolved_offset_days", OLD."resolved_precision", OLD."resolved_state", OLD."resolved_text", OLD."sequelae", OLD."sequelae_state", OLD."sequelae_text", OLD."severity_word", OLD."worst_grade", OLD."worst_grade_state"); RETURN NULL;', hash='b5bd7462e9d0b17329cb3fe04133bbf5e056994a', operation='DELETE', pgid='pgtrigger_delete_delete_6d753', table='cases_irae', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='responseassessment',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "cases_responseassessmentevent" ("assessed_anchor", "assessed_earliest", "assessed_latest", "assessed_offset_days", "assessed_precision", "assessed_state", "assessed_text", "course_id", "course_state", "criteria", "id", "new_lesions", "new_lesions_state", "note", "patient_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "public_id", "response", "response_state", "sum_mm", "sum_mm_state") VALUES (NEW."assessed_anchor", NEW."assessed_earliest", NEW."assessed_latest", NEW."assessed_offset_days", NEW."assessed_precision", NEW."assessed_state", NEW."assessed_text", NEW."course_id", NEW."course_state", NEW."criteria", NEW."id", NEW."new_lesions", NEW."new_lesions_state", NEW."note", NEW."patient_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."public_id", NEW."response", NEW."response_state", NEW."sum_mm", NEW."sum_mm_state"); RETURN NULL;', hash='353c003080bc9ebda32ab45b98567d2d97fdf806', operation='INSERT', pgid='pgtrigger_insert_insert_b7086', table='cases_responseassessment', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='responseassessment',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "cases_responseassessmentevent" ("assessed_anchor", "assessed_earliest", "assessed_latest", "assessed_offset_days", "assessed_precision", "assessed_state", "assessed_text", "course_id", "course_state", "criteria", "id", "new_lesions", "new_lesions_state", "note", "patient_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "public_id", "response", "response_state", "sum_mm", "sum_mm_state") VALUES (NEW."assessed_anchor", NEW."assessed_earliest", NEW."assessed_latest", NEW."assessed_offset_days", NEW."assessed_precision", NEW."assessed_state", NEW."assessed_text", NEW."course_id", NEW."course_state", NEW."criteria", NEW."id", NEW."new_lesions", NEW."new_lesions_state", NEW."note", NEW."patient_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."public_id", NEW."response", NEW."response_state", NEW."sum_mm", NEW."sum_mm_state"); RETURN NULL;', hash='a25bdd811c52645ae065821e68edeebb8069e9ce', operation='UPDATE', pgid='pgtrigger_update_update_c30e3', table='cases_responseassessment', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='responseassessment',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "cases_responseassessmentevent" ("assessed_anchor", "assessed_earliest", "assessed_latest", "assessed_offset_days", "assessed_precision", "assessed_state", "assessed_text", "course_id", "course_state", "criteria", "id", "new_lesions", "new_lesions_state", "note", "patient_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "public_id", "response", "response_state", "sum_mm", "sum_mm_state") VALUES (OLD."assessed_anchor", OLD."assessed_earliest", OLD."assessed_latest", OLD."assessed_offset_days", OLD."assessed_precision", OLD."assessed_state", OLD."assessed_text", OLD."course_id", OLD."course_state", OLD."criteria", OLD."id", OLD."new_lesions", OLD."new_lesions_state", OLD."note", OLD."patient_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."public_id", OLD."response", OLD."response_state", OLD."sum_mm", OLD."sum_mm_state"); RETURN NULL;', hash='6d75acdfed89641ed0cc529356f466b2f600c390', operation='DELETE', pgid='pgtrigger_delete_delete_358f1', table='cases_responseassessment', when='AFTER')),
        ),
        AddConstraintNotValid(
            model_name='irae',
            constraint=models.CheckConstraint(condition=models.Q(('course_state', 'missing'), models.Q(('course_state', 'known'), models.Q(('course__isnull', True), _negated=True)), models.Q(('course_state__in', ['not_yet', 'unknown', 'not_applicable']), ('course__isnull', True)), _connector='OR'), name='irae_course_late_state'),
        ),
        AddConstraintNotValid(
            model_name='responseassessment',
            constraint=models.CheckConstraint(condition=models.Q(('course_state', 'missing'), models.Q(('course_state', 'known'), models.Q(('course__isnull', True), _negated=True)), models.Q(('course_state__in', ['not_yet', 'unknown', 'not_applicable']), ('course__isnull', True)), _connector='OR'), name='responseassessment_course_late_state'),
        ),
    ]

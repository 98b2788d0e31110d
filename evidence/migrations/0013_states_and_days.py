"""A version may be in review or superseded, says from when and until when it is meant to stand, and why it went."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

from accounts.samepatient import SHORT_WAIT
from accounts.together import Together


class Migration(migrations.Migration):

    dependencies = [
        ('evidence', '0012_vocabulary_of_days'),
    ]

    operations = [
        migrations.RunSQL(SHORT_WAIT, migrations.RunSQL.noop),
        Together([
            pgtrigger.migrations.RemoveTrigger(
                model_name='statementversion',
                name='insert_insert',
            ),
            pgtrigger.migrations.RemoveTrigger(
                model_name='statementversion',
                name='update_update',
            ),
            pgtrigger.migrations.RemoveTrigger(
                model_name='statementversion',
                name='delete_delete',
            ),
            migrations.RemoveConstraint(
                model_name='statementversion',
                name='version_state_has_its_dates',
            ),
            migrations.RemoveConstraint(
                model_name='statementversion',
                name='version_codes_are_known',
            ),
            migrations.AddField(
                model_name='statementversion',
                name='retired_because',
                field=models.CharField(blank=True, db_default='', default='', max_length=300, verbose_name='retired because'),
            ),
            migrations.AddField(
                model_name='statementversion',
                name='review_by',
                field=models.DateField(help_text='The day by which somebody reads it again.', null=True, verbose_name='review by'),
            ),
            migrations.AddField(
                model_name='statementversion',
                name='sent_back_because',
                field=models.CharField(blank=True, db_default='', default='', max_length=300, verbose_name='sent back because'),
            ),
            migrations.AddField(
                model_name='statementversion',
                name='valid_from',
                field=models.DateField(blank=True, help_text='Empty: the day of its publication.', null=True, verbose_name='valid from'),
            ),
            migrations.AddField(
                model_name='statementversionevent',
                name='retired_because',
                field=models.CharField(blank=True, db_default='', default='', max_length=300, verbose_name='retired because'),
            ),
            migrations.AddField(
                model_name='statementversionevent',
                name='review_by',
                field=models.DateField(help_text='The day by which somebody reads it again.', null=True, verbose_name='review by'),
            ),
            migrations.AddField(
                model_name='statementversionevent',
                name='sent_back_because',
                field=models.CharField(blank=True, db_default='', default='', max_length=300, verbose_name='sent back because'),
            ),
            migrations.AddField(
                model_name='statementversionevent',
                name='valid_from',
                field=models.DateField(blank=True, help_text='Empty: the day of its publication.', null=True, verbose_name='valid from'),
            ),
            migrations.AlterField(
                model_name='statementversion',
                name='retired_at',
                field=models.DateTimeField(editable=False, null=True, verbose_name='out of use since'),
            ),
            migrations.AlterField(
                model_name='statementversion',
                name='state',
                field=models.CharField(choices=[('draft', 'Draft'), ('in_review', 'In review'), ('published', 'Published'), ('superseded', 'Superseded'), ('retired', 'Retired')], default='draft', max_length=10, verbose_name='state'),
            ),
            migrations.AlterField(
                model_name='statementversionevent',
                name='retired_at',
                field=models.DateTimeField(editable=False, null=True, verbose_name='out of use since'),
            ),
            migrations.AlterField(
                model_name='statementversionevent',
                name='state',
                field=models.CharField(choices=[('draft', 'Draft'), ('in_review', 'In review'), ('published', 'Published'), ('superseded', 'Superseded'), ('retired', 'Retired')], default='draft', max_length=10, verbose_name='state'),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='statementversion',
                trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "evidence_statementversionevent" ("author_id", "category", "certainty", "certainty_reasons", "change_note", "condition", "content_sha256", "contradictions", "corrections", "created_at", "does_not_say", "edited_by_id", "id", "indirect", "mark", "mark_note", "number", "origin", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "public_id", "published_at", "published_by_id", "release", "retired_at", "retired_because", "retired_by_id", "review_by", "rules", "says", "section", "sent_back_because", "signal", "state", "statement_id", "submitted_at", "title", "valid_from", "vocabulary_version") VALUES (NEW."author_id", NEW."category", NEW."certainty", NEW."certainty_reasons", NEW."change_note", NEW."condition", NEW."content_sha256", NEW."contradictions", NEW."corrections", NEW."created_at", NEW."does_not_say", NEW."edited_by_id", NEW."id", NEW."indirect", NEW."mark", NEW."mark_note", NEW."number", NEW."origin", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."public_id", NEW."published_at", NEW."published_by_id", NEW."release", NEW."retired_at", NEW."retired_because", NEW."retired_by_id", NEW."review_by", NEW."rules", NEW."says", NEW."section", NEW."sent_back_because", NEW."signal", NEW."state", NEW."statement_id", NEW."submitted_at", NEW."title", NEW."valid_from", NEW."vocabulary_version"); RETURN NULL;', hash='b61cffa3403717ac03fa0ec779c248ddd7964b81', operation='INSERT', pgid='pgtrigger_insert_insert_e7365', table='evidence_statementversion', when='AFTER')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='statementversion',
                trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "evidence_statementversionevent" ("author_id", "category", "certainty", "certainty_reasons", "change_note", "condition", "content_sha256", "contradictions", "corrections", "created_at", "does_not_say", "edited_by_id", "id", "indirect", "mark", "mark_note", "number", "origin", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "public_id", "published_at", "published_by_id", "release", "retired_at", "retired_because", "retired_by_id", "review_by", "rules", "says", "section", "sent_back_because", "signal", "state", "statement_id", "submitted_at", "title", "valid_from", "vocabulary_version") VALUES (NEW."author_id", NEW."category", NEW."certainty", NEW."certainty_reasons", NEW."change_note", NEW."condition", NEW."content_sha256", NEW."contradictions", NEW."corrections", NEW."created_at", NEW."does_not_say", NEW."edited_by_id", NEW."id", NEW."indirect", NEW."mark", NEW."mark_note", NEW."number", NEW."origin", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."public_id", NEW."published_at", NEW."published_by_id", NEW."release", NEW."retired_at", NEW."retired_because", NEW."retired_by_id", NEW."review_by", NEW."rules", NEW."says", NEW."section", NEW."sent_back_because", NEW."signal", NEW."state", NEW."statement_id", NEW."submitted_at", NEW."title", NEW."valid_from", NEW."vocabulary_version"); RETURN NULL;', hash='3bac72c06e468049abc85023aff963d5d9563f73', operation='UPDATE', pgid='pgtrigger_update_update_d14ff', table='evidence_statementversion', when='AFTER')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='statementversion',
                trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "evidence_statementversionevent" ("author_id", "category", "certainty", "certainty_reasons", "change_note", "condition", "content_sha256", "contradictions", "corrections", "created_at", "does_not_say", "edited_by_id", "id", "indirect", "mark", "mark_note", "number", "origin", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "public_id", "published_at", "published_by_id", "release", "retired_at", "retired_because", "retired_by_id", "review_by", "rules", "says", "section", "sent_back_because", "signal", "state", "statement_id", "submitted_at", "title", "valid_from", "vocabulary_version") VALUES (OLD."author_id", OLD."category", OLD."certainty", OLD."certainty_reasons", OLD."change_note", OLD."condition", OLD."content_sha256", OLD."contradictions", OLD."corrections", OLD."created_at", OLD."does_not_say", OLD."edited_by_id", OLD."id", OLD."indirect", OLD."mark", OLD."mark_note", OLD."number", OLD."origin", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."public_id", OLD."published_at", OLD."published_by_id", OLD."release", OLD."retired_at", OLD."retired_because", OLD."retired_by_id", OLD."review_by", OLD."rules", OLD."says", OLD."section", OLD."sent_back_because", OLD."signal", OLD."state", OLD."statement_id", OLD."submitted_at", OLD."title", OLD."valid_from", OLD."vocabulary_version"); RETURN NULL;', hash='09eaa28eb0a2a73764e4b971149373b2ed588df5', operation='DELETE', pgid='pgtrigger_delete_delete_44752', table='evidence_statementversion', when='AFTER')),
            ),
        ]),
    ]

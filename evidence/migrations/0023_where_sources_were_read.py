"""Where and on which day a source was read."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

from accounts.samepatient import SHORT_WAIT
from accounts.together import Together


class Migration(migrations.Migration):

    dependencies = [
        ('evidence', '0022_answers_elsewhere'),
    ]

    operations = [
        migrations.RunSQL(SHORT_WAIT, migrations.RunSQL.noop),
        Together([
            pgtrigger.migrations.RemoveTrigger(
                model_name='source',
                name='insert_insert',
            ),
            pgtrigger.migrations.RemoveTrigger(
                model_name='source',
                name='update_update',
            ),
            pgtrigger.migrations.RemoveTrigger(
                model_name='source',
                name='delete_delete',
            ),
            migrations.AddField(
                model_name='source',
                name='read_at',
                field=models.CharField(blank=True, db_default='', default='', help_text='The site, where the web address of the page itself was not kept.', max_length=160, verbose_name='where it was read'),
            ),
            migrations.AddField(
                model_name='source',
                name='read_on',
                field=models.DateField(blank=True, null=True, verbose_name='day on which it was read'),
            ),
            migrations.AddField(
                model_name='sourceevent',
                name='read_at',
                field=models.CharField(blank=True, db_default='', default='', help_text='The site, where the web address of the page itself was not kept.', max_length=160, verbose_name='where it was read'),
            ),
            migrations.AddField(
                model_name='sourceevent',
                name='read_on',
                field=models.DateField(blank=True, null=True, verbose_name='day on which it was read'),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='source',
                trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "evidence_sourceevent" ("author", "citation", "code", "delivered_sha256", "design", "doi", "id", "journal", "kind", "mark", "note", "patients", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pmid", "population", "public_id", "read_at", "read_on", "review_reference", "revision", "short", "tumour", "url", "year") VALUES (NEW."author", NEW."citation", NEW."code", NEW."delivered_sha256", NEW."design", NEW."doi", NEW."id", NEW."journal", NEW."kind", NEW."mark", NEW."note", NEW."patients", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."pmid", NEW."population", NEW."public_id", NEW."read_at", NEW."read_on", NEW."review_reference", NEW."revision", NEW."short", NEW."tumour", NEW."url", NEW."year"); RETURN NULL;', hash='2772974c05db6968d2e1cf0d26f87badc475e7bb', operation='INSERT', pgid='pgtrigger_insert_insert_eb012', table='evidence_source', when='AFTER')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='source',
                trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "evidence_sourceevent" ("author", "citation", "code", "delivered_sha256", "design", "doi", "id", "journal", "kind", "mark", "note", "patients", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pmid", "population", "public_id", "read_at", "read_on", "review_reference", "revision", "short", "tumour", "url", "year") VALUES (NEW."author", NEW."citation", NEW."code", NEW."delivered_sha256", NEW."design", NEW."doi", NEW."id", NEW."journal", NEW."kind", NEW."mark", NEW."note", NEW."patients", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."pmid", NEW."population", NEW."public_id", NEW."read_at", NEW."read_on", NEW."review_reference", NEW."revision", NEW."short", NEW."tumour", NEW."url", NEW."year"); RETURN NULL;', hash='28d8ad710fff60243398079c8377d3414daf41b1', operation='UPDATE', pgid='pgtrigger_update_update_7d414', table='evidence_source', when='AFTER')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='source',
                trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "evidence_sourceevent" ("author", "citation", "code", "delivered_sha256", "design", "doi", "id", "journal", "kind", "mark", "note", "patients", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pmid", "population", "public_id", "read_at", "read_on", "review_reference", "revision", "short", "tumour", "url", "year") VALUES (OLD."author", OLD."citation", OLD."code", OLD."delivered_sha256", OLD."design", OLD."doi", OLD."id", OLD."journal", OLD."kind", OLD."mark", OLD."note", OLD."patients", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."pmid", OLD."population", OLD."public_id", OLD."read_at", OLD."read_on", OLD."review_reference", OLD."revision", OLD."short", OLD."tumour", OLD."url", OLD."year"); RETURN NULL;', hash='de3a5987cf375e858ae3b6f360caef13ac93f956', operation='DELETE', pgid='pgtrigger_delete_delete_024f4', table='evidence_source', when='AFTER')),
            ),
        ]),
    ]

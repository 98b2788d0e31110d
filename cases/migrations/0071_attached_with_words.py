"""What is attached to a case has a comment, may be a finding, and says who kept it when something newer came."""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

from accounts.erasing import EMPTY, EraseTexts
from accounts.samepatient import SHORT_WAIT
from accounts.together import Together

# What a decision was signed over stays as it was read then; an erasure alone empties it.
FIXED = """
CREATE FUNCTION attached_stays_fixed() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF OLD.fixed_at IS NULL OR (NEW.comment = OLD.comment AND NEW.fixed_at IS NOT DISTINCT FROM OLD.fixed_at) THEN
        RETURN NEW;
    END IF;
    IF NEW.fixed_at IS NOT DISTINCT FROM OLD.fixed_at AND NEW.comment = ''
       AND EXISTS (SELECT 1 FROM cases_patienterasure e WHERE e.patient_id = NEW.patient_id) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'a decision was signed over what is attached: its comment is frozen and cannot be changed'
        USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER stays_fixed_attached BEFORE UPDATE OF comment, fixed_at ON cases_attachedguidance
    FOR EACH ROW EXECUTE FUNCTION attached_stays_fixed();
"""
UNFIXED = "DROP TRIGGER stays_fixed_attached ON cases_attachedguidance; DROP FUNCTION attached_stays_fixed();"


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0070_antiangiogenic_held'),
        ('evidence', '0016_nearness'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunSQL(SHORT_WAIT, migrations.RunSQL.noop),
        Together([
        pgtrigger.migrations.RemoveTrigger(
            model_name='attachedguidance',
            name='insert_insert',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='attachedguidance',
            name='update_update',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='attachedguidance',
            name='delete_delete',
        ),
        migrations.AddField(
            model_name='attachedguidance',
            name='comment',
            field=models.TextField(blank=True, db_default='', default='', max_length=1000, verbose_name='comment'),
        ),
        migrations.AddField(
            model_name='attachedguidance',
            name='finding',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='attachments', to='evidence.finding'),
        ),
        migrations.AddField(
            model_name='attachedguidance',
            name='fixed_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='attachedguidance',
            name='kept_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='attachedguidance',
            name='kept_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='attachedguidance',
            name='kept_mark',
            field=models.CharField(blank=True, db_default='', default='', max_length=64),
        ),
        migrations.AddField(
            model_name='attachedguidanceevent',
            name='comment',
            field=models.TextField(blank=True, db_default='', default='', max_length=1000, verbose_name='comment'),
        ),
        migrations.AddField(
            model_name='attachedguidanceevent',
            name='finding',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='evidence.finding'),
        ),
        migrations.AddField(
            model_name='attachedguidanceevent',
            name='fixed_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='attachedguidanceevent',
            name='kept_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='attachedguidanceevent',
            name='kept_by',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='attachedguidanceevent',
            name='kept_mark',
            field=models.CharField(blank=True, db_default='', default='', max_length=64),
        ),
        migrations.AlterField(
            model_name='attachedguidance',
            name='version',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='attachments', to='evidence.statementversion'),
        ),
        migrations.AlterField(
            model_name='attachedguidanceevent',
            name='version',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='evidence.statementversion'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='attachedguidance',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "cases_attachedguidanceevent" ("answer", "attached_at", "attached_by_id", "case_id", "comment", "detached_at", "finding_id", "fixed_at", "id", "kept_at", "kept_by_id", "kept_mark", "patient_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "public_id", "version_id") VALUES (NEW."answer", NEW."attached_at", NEW."attached_by_id", NEW."case_id", NEW."comment", NEW."detached_at", NEW."finding_id", NEW."fixed_at", NEW."id", NEW."kept_at", NEW."kept_by_id", NEW."kept_mark", NEW."patient_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."public_id", NEW."version_id"); RETURN NULL;', hash='8ea8fdc3f3100e0fe2158939b321ab8906987b97', operation='INSERT', pgid='pgtrigger_insert_insert_cc01e', table='cases_attachedguidance', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='attachedguidance',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "cases_attachedguidanceevent" ("answer", "attached_at", "attached_by_id", "case_id", "comment", "detached_at", "finding_id", "fixed_at", "id", "kept_at", "kept_by_id", "kept_mark", "patient_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "public_id", "version_id") VALUES (NEW."answer", NEW."attached_at", NEW."attached_by_id", NEW."case_id", NEW."comment", NEW."detached_at", NEW."finding_id", NEW."fixed_at", NEW."id", NEW."kept_at", NEW."kept_by_id", NEW."kept_mark", NEW."patient_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."public_id", NEW."version_id"); RETURN NULL;', hash='0e8fa2705445245178a94f18abb1f228197c5e37', operation='UPDATE', pgid='pgtrigger_update_update_faad2', table='cases_attachedguidance', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='attachedguidance',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "cases_attachedguidanceevent" ("answer", "attached_at", "attached_by_id", "case_id", "comment", "detached_at", "finding_id", "fixed_at", "id", "kept_at", "kept_by_id", "kept_mark", "patient_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "public_id", "version_id") VALUES (OLD."answer", OLD."attached_at", OLD."attached_by_id", OLD."case_id", OLD."comment", OLD."detached_at", OLD."finding_id", OLD."fixed_at", OLD."id", OLD."kept_at", OLD."kept_by_id", OLD."kept_mark", OLD."patient_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."public_id", OLD."version_id"); RETURN NULL;', hash='58ef38ff7f2724ed8d5f3c451bc39609be3a3852', operation='DELETE', pgid='pgtrigger_delete_delete_657c6', table='cases_attachedguidance', when='AFTER')),
        ),
        migrations.AddConstraint(
            model_name='attachedguidance',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('finding__isnull', True), ('version__isnull', False)), models.Q(('finding__isnull', False), ('version__isnull', True)), _connector='OR'), name='attached_is_statement_or_finding'),
        ),
        ]),
        EraseTexts("cases_attachedguidance", {"comment": EMPTY}),
        migrations.RunSQL(FIXED, UNFIXED),
    ]

"""Who chose whose stopping rules set a board's marks, when and why."""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

from accounts.samepatient import SHORT_WAIT


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0009_rule_profiles'),
    ]

    operations = [
        migrations.RunSQL(SHORT_WAIT, migrations.RunSQL.noop),
        pgtrigger.migrations.RemoveTrigger(
            model_name='board',
            name='insert_insert',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='board',
            name='update_update',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='board',
            name='delete_delete',
        ),
        migrations.AddField(
            model_name='board',
            name='rule_reason',
            field=models.CharField(blank=True, db_default='', default='', max_length=300, verbose_name='why these rules set the mark'),
        ),
        migrations.AddField(
            model_name='board',
            name='rule_set_at',
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name='board',
            name='rule_set_by',
            field=models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='boardevent',
            name='rule_reason',
            field=models.CharField(blank=True, db_default='', default='', max_length=300, verbose_name='why these rules set the mark'),
        ),
        migrations.AddField(
            model_name='boardevent',
            name='rule_set_at',
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name='boardevent',
            name='rule_set_by',
            field=models.ForeignKey(db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='board',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "accounts_boardevent" ("active", "hospital", "id", "name", "oligoprogression_definition", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "public_id", "rule_order", "rule_profile", "rule_reason", "rule_set_at", "rule_set_by_id", "zone") VALUES (NEW."active", NEW."hospital", NEW."id", NEW."name", NEW."oligoprogression_definition", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."public_id", NEW."rule_order", NEW."rule_profile", NEW."rule_reason", NEW."rule_set_at", NEW."rule_set_by_id", NEW."zone"); RETURN NULL;', hash='e3cd879eaf97368af817930f6dc5ed60a505bdf9', operation='INSERT', pgid='pgtrigger_insert_insert_f1d01', table='accounts_board', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='board',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "accounts_boardevent" ("active", "hospital", "id", "name", "oligoprogression_definition", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "public_id", "rule_order", "rule_profile", "rule_reason", "rule_set_at", "rule_set_by_id", "zone") VALUES (NEW."active", NEW."hospital", NEW."id", NEW."name", NEW."oligoprogression_definition", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."public_id", NEW."rule_order", NEW."rule_profile", NEW."rule_reason", NEW."rule_set_at", NEW."rule_set_by_id", NEW."zone"); RETURN NULL;', hash='42eeb900dd09f2d52dfefd3ac0588aaf53279e01', operation='UPDATE', pgid='pgtrigger_update_update_db9ea', table='accounts_board', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='board',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "accounts_boardevent" ("active", "hospital", "id", "name", "oligoprogression_definition", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "public_id", "rule_order", "rule_profile", "rule_reason", "rule_set_at", "rule_set_by_id", "zone") VALUES (OLD."active", OLD."hospital", OLD."id", OLD."name", OLD."oligoprogression_definition", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."public_id", OLD."rule_order", OLD."rule_profile", OLD."rule_reason", OLD."rule_set_at", OLD."rule_set_by_id", OLD."zone"); RETURN NULL;', hash='44a28d0fabaee9ee6b4c79b95e2df95a7792d462', operation='DELETE', pgid='pgtrigger_delete_delete_e630f', table='accounts_board', when='AFTER')),
        ),
    ]

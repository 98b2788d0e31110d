"""A board chooses whose stopping rules set its marks; until it does, the strictest source."""

import accounts.rule_profiles
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

from accounts.samepatient import SHORT_WAIT


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0008_second_factors_encrypted'),
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
            name='rule_order',
            field=models.CharField(db_default='us_label,eu_smpc,asco,esmo,nccn,sitc', default='us_label,eu_smpc,asco,esmo,nccn,sitc', help_text='The first that says something of a case sets the mark.', max_length=80, validators=[accounts.rule_profiles.validate_order], verbose_name='order of our own'),
        ),
        migrations.AddField(
            model_name='board',
            name='rule_profile',
            field=models.CharField(choices=[('strictest', 'The strictest of all sources'), ('us_label', 'The US label'), ('eu_smpc', 'The EU text'), ('asco', 'ASCO'), ('esmo', 'ESMO'), ('nccn', 'NCCN'), ('sitc', 'SITC'), ('local', 'An order of our own, below')], db_default='strictest', default='strictest', help_text='Every source stays in sight, and a stricter one is named.', max_length=16, verbose_name='whose stopping rules set the mark'),
        ),
        migrations.AddField(
            model_name='boardevent',
            name='rule_order',
            field=models.CharField(db_default='us_label,eu_smpc,asco,esmo,nccn,sitc', default='us_label,eu_smpc,asco,esmo,nccn,sitc', help_text='The first that says something of a case sets the mark.', max_length=80, validators=[accounts.rule_profiles.validate_order], verbose_name='order of our own'),
        ),
        migrations.AddField(
            model_name='boardevent',
            name='rule_profile',
            field=models.CharField(choices=[('strictest', 'The strictest of all sources'), ('us_label', 'The US label'), ('eu_smpc', 'The EU text'), ('asco', 'ASCO'), ('esmo', 'ESMO'), ('nccn', 'NCCN'), ('sitc', 'SITC'), ('local', 'An order of our own, below')], db_default='strictest', default='strictest', help_text='Every source stays in sight, and a stricter one is named.', max_length=16, verbose_name='whose stopping rules set the mark'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='board',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "accounts_boardevent" ("active", "hospital", "id", "name", "oligoprogression_definition", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "public_id", "rule_order", "rule_profile", "zone") VALUES (NEW."active", NEW."hospital", NEW."id", NEW."name", NEW."oligoprogression_definition", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."public_id", NEW."rule_order", NEW."rule_profile", NEW."zone"); RETURN NULL;', hash='0664a4bbe8b7ba93edc2e2debe6773a0fc634ca6', operation='INSERT', pgid='pgtrigger_insert_insert_f1d01', table='accounts_board', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='board',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "accounts_boardevent" ("active", "hospital", "id", "name", "oligoprogression_definition", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "public_id", "rule_order", "rule_profile", "zone") VALUES (NEW."active", NEW."hospital", NEW."id", NEW."name", NEW."oligoprogression_definition", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."public_id", NEW."rule_order", NEW."rule_profile", NEW."zone"); RETURN NULL;', hash='aeaeea0ad8718b22601a5a71a9c31d8b4bd4dd68', operation='UPDATE', pgid='pgtrigger_update_update_db9ea', table='accounts_board', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='board',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "accounts_boardevent" ("active", "hospital", "id", "name", "oligoprogression_definition", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "public_id", "rule_order", "rule_profile", "zone") VALUES (OLD."active", OLD."hospital", OLD."id", OLD."name", OLD."oligoprogression_definition", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."public_id", OLD."rule_order", OLD."rule_profile", OLD."zone"); RETURN NULL;', hash='493a3f7acb736310bb08d192d3013ab4795d904f', operation='DELETE', pgid='pgtrigger_delete_delete_e630f', table='accounts_board', when='AFTER')),
        ),
        migrations.AddConstraint(
            model_name='board',
            constraint=models.CheckConstraint(condition=models.Q(('rule_profile__in', ['strictest', 'us_label', 'eu_smpc', 'asco', 'esmo', 'nccn', 'sitc', 'local'])), name='board_rule_profile_is_known'),
        ),
    ]

"""Laboratory results become a section of the record; their history keeps what stood before a change."""

import django.contrib.postgres.functions
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models

from accounts.together import Together


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0012_workers_forget'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [Together([
        pgtrigger.migrations.RemoveTrigger(
            model_name='analyte',
            name='insert_insert',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='analyte',
            name='update_update',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='analyte',
            name='delete_delete',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='labresult',
            name='update_update',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='labresult',
            name='delete_delete',
        ),
        migrations.RemoveConstraint(
            model_name='casesection',
            name='section_is_known',
        ),
        migrations.AddField(
            model_name='analyte',
            name='usual',
            field=models.BooleanField(default=False, verbose_name='in the form of a sample'),
        ),
        migrations.AddField(
            model_name='analyteevent',
            name='usual',
            field=models.BooleanField(default=False, verbose_name='in the form of a sample'),
        ),
        migrations.AddField(
            model_name='labresult',
            name='entered_at',
            field=models.DateTimeField(db_default=django.contrib.postgres.functions.TransactionNow(), editable=False),
        ),
        migrations.AddField(
            model_name='labresultevent',
            name='entered_at',
            field=models.DateTimeField(db_default=django.contrib.postgres.functions.TransactionNow(), editable=False),
        ),
        migrations.AlterField(
            model_name='casesection',
            name='key',
            field=models.CharField(choices=[('question', 'Question'), ('tumour', 'Tumour'), ('courses', 'ICI courses'), ('iraes', 'Immune-related adverse events'), ('steroids', 'Steroids'), ('fitness', 'Fitness and background'), ('labs', 'Laboratory results')], max_length=12),
        ),
        migrations.AlterField(
            model_name='casesectionevent',
            name='key',
            field=models.CharField(choices=[('question', 'Question'), ('tumour', 'Tumour'), ('courses', 'ICI courses'), ('iraes', 'Immune-related adverse events'), ('steroids', 'Steroids'), ('fitness', 'Fitness and background'), ('labs', 'Laboratory results')], max_length=12),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='analyte',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "cases_analyteevent" ("active", "code", "id", "label", "loinc", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "plausible_high", "plausible_low", "position", "unit", "units", "usual") VALUES (NEW."active", NEW."code", NEW."id", NEW."label", NEW."loinc", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."plausible_high", NEW."plausible_low", NEW."position", NEW."unit", NEW."units", NEW."usual"); RETURN NULL;', hash='c0c4977d7db387670a2f6f1357822de4257c21fe', operation='INSERT', pgid='pgtrigger_insert_insert_0fb22', table='cases_analyte', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='analyte',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "cases_analyteevent" ("active", "code", "id", "label", "loinc", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "plausible_high", "plausible_low", "position", "unit", "units", "usual") VALUES (NEW."active", NEW."code", NEW."id", NEW."label", NEW."loinc", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."plausible_high", NEW."plausible_low", NEW."position", NEW."unit", NEW."units", NEW."usual"); RETURN NULL;', hash='285f075f555c62a7370ee2f9eefd77d888624a8a', operation='UPDATE', pgid='pgtrigger_update_update_56bbf', table='cases_analyte', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='analyte',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "cases_analyteevent" ("active", "code", "id", "label", "loinc", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "plausible_high", "plausible_low", "position", "unit", "units", "usual") VALUES (OLD."active", OLD."code", OLD."id", OLD."label", OLD."loinc", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."plausible_high", OLD."plausible_low", OLD."position", OLD."unit", OLD."units", OLD."usual"); RETURN NULL;', hash='40f567e0469569fd72cfc32d88654a6a22790ec5', operation='DELETE', pgid='pgtrigger_delete_delete_c4a2b', table='cases_analyte', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='labresult',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "cases_labresultevent" ("analyte_id", "comparator", "entered_at", "entered_by_id", "id", "patient_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "public_id", "reference_high", "reference_low", "source", "taken_on", "unit_entered", "value", "value_entered") VALUES (OLD."analyte_id", OLD."comparator", OLD."entered_at", OLD."entered_by_id", OLD."id", OLD."patient_id", _pgh_attach_context(), NOW(), \'update\', OLD."id", OLD."public_id", OLD."reference_high", OLD."reference_low", OLD."source", OLD."taken_on", OLD."unit_entered", OLD."value", OLD."value_entered"); RETURN NULL;', hash='3f908968ec1c696ffe69c2d03c72fce259ce0a31', operation='UPDATE', pgid='pgtrigger_update_update_399ca', table='cases_labresult', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='labresult',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "cases_labresultevent" ("analyte_id", "comparator", "entered_at", "entered_by_id", "id", "patient_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "public_id", "reference_high", "reference_low", "source", "taken_on", "unit_entered", "value", "value_entered") VALUES (OLD."analyte_id", OLD."comparator", OLD."entered_at", OLD."entered_by_id", OLD."id", OLD."patient_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."public_id", OLD."reference_high", OLD."reference_low", OLD."source", OLD."taken_on", OLD."unit_entered", OLD."value", OLD."value_entered"); RETURN NULL;', hash='84d4c56926adb722e932cc2f48220c9072d37560', operation='DELETE', pgid='pgtrigger_delete_delete_2b65f', table='cases_labresult', when='AFTER')),
        ),
        AddConstraintNotValid(
            model_name='casesection',
            constraint=models.CheckConstraint(condition=models.Q(('key__in', ['question', 'tumour', 'courses', 'iraes', 'steroids', 'fitness', 'labs'])), name='section_is_known'),
        ),
    ])]

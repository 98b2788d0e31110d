"""The date of death as far as it is known, who holds a hospital number, and a section for the patient."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models

from accounts.together import Together


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0023_tumour_flags_go'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [Together([
        pgtrigger.migrations.RemoveTrigger(
            model_name='patientidentity',
            name='insert_insert',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='patientidentity',
            name='update_update',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='patientidentity',
            name='delete_delete',
        ),
        migrations.RemoveConstraint(
            model_name='casesection',
            name='section_is_known',
        ),
        migrations.RemoveConstraint(
            model_name='patientidentity',
            name='death_is_not_before_birth',
        ),
        migrations.AddField(
            model_name='patientidentity',
            name='died_anchor',
            field=models.CharField(blank=True, max_length=40),
        ),
        migrations.AddField(
            model_name='patientidentity',
            name='died_earliest',
            field=models.DateField(blank=True, null=True, verbose_name='date of death'),
        ),
        migrations.AddField(
            model_name='patientidentity',
            name='died_latest',
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='patientidentity',
            name='died_offset_days',
            field=models.IntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='patientidentity',
            name='died_precision',
            field=models.CharField(blank=True, max_length=10, null=True),
        ),
        migrations.AddField(
            model_name='patientidentity',
            name='died_state',
            field=models.CharField(choices=[('known', 'Known'), ('not_yet', 'Not yet'), ('unknown', 'Unknown'), ('not_applicable', 'Not applicable'), ('missing', 'Missing')], default='missing', max_length=16),
        ),
        migrations.AddField(
            model_name='patientidentity',
            name='died_text',
            field=models.CharField(blank=True, max_length=60),
        ),
        migrations.AddField(
            model_name='patientidentity',
            name='holds_number',
            field=models.BooleanField(db_default=True, default=True, editable=False),
        ),
        migrations.AddField(
            model_name='patientidentityevent',
            name='died_anchor',
            field=models.CharField(blank=True, max_length=40),
        ),
        migrations.AddField(
            model_name='patientidentityevent',
            name='died_earliest',
            field=models.DateField(blank=True, null=True, verbose_name='date of death'),
        ),
        migrations.AddField(
            model_name='patientidentityevent',
            name='died_latest',
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='patientidentityevent',
            name='died_offset_days',
            field=models.IntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='patientidentityevent',
            name='died_precision',
            field=models.CharField(blank=True, max_length=10, null=True),
        ),
        migrations.AddField(
            model_name='patientidentityevent',
            name='died_state',
            field=models.CharField(choices=[('known', 'Known'), ('not_yet', 'Not yet'), ('unknown', 'Unknown'), ('not_applicable', 'Not applicable'), ('missing', 'Missing')], default='missing', max_length=16),
        ),
        migrations.AddField(
            model_name='patientidentityevent',
            name='died_text',
            field=models.CharField(blank=True, max_length=60),
        ),
        migrations.AddField(
            model_name='patientidentityevent',
            name='holds_number',
            field=models.BooleanField(db_default=True, default=True, editable=False),
        ),
        migrations.AlterField(
            model_name='casesection',
            name='key',
            field=models.CharField(choices=[('question', 'Question'), ('patient', 'Patient'), ('tumour', 'Tumour'), ('courses', 'ICI courses'), ('treatment', 'Other treatment'), ('responses', 'Response assessments'), ('iraes', 'Immune-related adverse events'), ('steroids', 'Steroids'), ('fitness', 'Fitness and background'), ('labs', 'Laboratory results')], max_length=12),
        ),
        migrations.AlterField(
            model_name='casesectionevent',
            name='key',
            field=models.CharField(choices=[('question', 'Question'), ('patient', 'Patient'), ('tumour', 'Tumour'), ('courses', 'ICI courses'), ('treatment', 'Other treatment'), ('responses', 'Response assessments'), ('iraes', 'Immune-related adverse events'), ('steroids', 'Steroids'), ('fitness', 'Fitness and background'), ('labs', 'Laboratory results')], max_length=12),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='patientidentity',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "cases_patientidentityevent" ("birth_date", "death_date", "died_anchor", "died_earliest", "died_latest", "died_offset_days", "died_precision", "died_state", "died_text", "family_name", "given_name", "holds_number", "hospital", "hospital_number", "id", "national_number", "national_scheme", "patient_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."birth_date", NEW."death_date", NEW."died_anchor", NEW."died_earliest", NEW."died_latest", NEW."died_offset_days", NEW."died_precision", NEW."died_state", NEW."died_text", NEW."family_name", NEW."given_name", NEW."holds_number", NEW."hospital", NEW."hospital_number", NEW."id", NEW."national_number", NEW."national_scheme", NEW."patient_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id"); RETURN NULL;', hash='088d58f14980f0679758ef806889f9b1fb49b026', operation='INSERT', pgid='pgtrigger_insert_insert_05c16', table='cases_patientidentity', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='patientidentity',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "cases_patientidentityevent" ("birth_date", "death_date", "died_anchor", "died_earliest", "died_latest", "died_offset_days", "died_precision", "died_state", "died_text", "family_name", "given_name", "holds_number", "hospital", "hospital_number", "id", "national_number", "national_scheme", "patient_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."birth_date", NEW."death_date", NEW."died_anchor", NEW."died_earliest", NEW."died_latest", NEW."died_offset_days", NEW."died_precision", NEW."died_state", NEW."died_text", NEW."family_name", NEW."given_name", NEW."holds_number", NEW."hospital", NEW."hospital_number", NEW."id", NEW."national_number", NEW."national_scheme", NEW."patient_id", _pgh_attach_context(), NOW(), \'update\', NEW."id"); RETURN NULL;', hash='df9b584f058f8919c8b2f5dd3e31a2fcedc069db', operation='UPDATE', pgid='pgtrigger_update_update_6f930', table='cases_patientidentity', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='patientidentity',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "cases_patientidentityevent" ("birth_date", "death_date", "died_anchor", "died_earliest", "died_latest", "died_offset_days", "died_precision", "died_state", "died_text", "family_name", "given_name", "holds_number", "hospital", "hospital_number", "id", "national_number", "national_scheme", "patient_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (OLD."birth_date", OLD."death_date", OLD."died_anchor", OLD."died_earliest", OLD."died_latest", OLD."died_offset_days", OLD."died_precision", OLD."died_state", OLD."died_text", OLD."family_name", OLD."given_name", OLD."holds_number", OLD."hospital", OLD."hospital_number", OLD."id", OLD."national_number", OLD."national_scheme", OLD."patient_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id"); RETURN NULL;', hash='d02a7ef433ad71fcc4b7efea59a5427434a9f91d', operation='DELETE', pgid='pgtrigger_delete_delete_388db', table='cases_patientidentity', when='AFTER')),
        ),
        AddConstraintNotValid(
            model_name='casesection',
            constraint=models.CheckConstraint(condition=models.Q(('key__in', ['question', 'patient', 'tumour', 'courses', 'treatment', 'responses', 'iraes', 'steroids', 'fitness', 'labs'])), name='section_is_known'),
        ),
        AddConstraintNotValid(
            model_name='patientidentity',
            constraint=models.CheckConstraint(condition=models.Q(('died_latest__isnull', True), ('birth_date__isnull', True), ('died_latest__gte', models.F('birth_date')), _connector='OR'), name='nobody_dies_before_birth'),
        ),
        AddConstraintNotValid(
            model_name='patientidentity',
            constraint=models.CheckConstraint(condition=models.Q(('died_state__in', ['known', 'not_yet', 'unknown', 'not_applicable', 'missing'])), name='patientidentity_died_state_valid'),
        ),
        AddConstraintNotValid(
            model_name='patientidentity',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('died_state', 'known'), ('died_precision__isnull', False)), models.Q(models.Q(('died_state', 'known'), _negated=True), models.Q(('died_precision__isnull', False), _negated=True)), _connector='OR'), name='patientidentity_died_known_iff'),
        ),
    ])]

"""Which irAE and which direction of the switch a finding is about, for the findings nearest to a case.
"""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

from accounts.samepatient import SHORT_WAIT
from accounts.together import Together


class Migration(migrations.Migration):

    dependencies = [
        ('evidence', '0015_vocabulary_of_other_organs'),
    ]

    operations = [
        migrations.RunSQL(SHORT_WAIT, migrations.RunSQL.noop),
        Together([
            pgtrigger.migrations.RemoveTrigger(
                model_name='finding',
                name='insert_insert',
            ),
            pgtrigger.migrations.RemoveTrigger(
                model_name='finding',
                name='update_update',
            ),
            pgtrigger.migrations.RemoveTrigger(
                model_name='finding',
                name='delete_delete',
            ),
            migrations.AddField(
                model_name='finding',
                name='initial_class',
                field=models.CharField(blank=True, choices=[('pd1', 'PD-1 or PD-L1 alone'), ('ctla4', 'CTLA-4 alone'), ('both', 'PD-(L)1 with CTLA-4'), ('chemotherapy', 'PD-(L)1 with chemotherapy'), ('antiangiogenic', 'PD-(L)1 with an anti-angiogenic agent'), ('bispecific', 'a bispecific antibody'), ('other', 'PD-(L)1 with another agent')], db_default='', default='', help_text='Empty where it is about any ICI.', max_length=16, verbose_name='class of the first regimen'),
            ),
            migrations.AddField(
                model_name='finding',
                name='irae',
                field=models.CharField(blank=True, choices=[('pneumonitis', 'Pneumonitis'), ('colitis', 'Colitis'), ('hepatitis', 'Hepatitis'), ('nephritis', 'Nephritis'), ('endocrine', 'Endocrine'), ('skin', 'Skin'), ('neurological', 'Neurological'), ('arthritis', 'Arthritis'), ('myocarditis', 'Myocarditis'), ('myositis', 'Myositis'), ('haematological', 'Haematological'), ('uveitis', 'Uveitis'), ('pancreatitis', 'Pancreatitis'), ('mucositis', 'Mucositis'), ('vasculitis', 'Vasculitis')], db_default='', default='', help_text='Where the figure is about one.', max_length=16, verbose_name='irAE'),
            ),
            migrations.AddField(
                model_name='finding',
                name='rechallenge_class',
                field=models.CharField(blank=True, choices=[('pd1', 'PD-1 or PD-L1 alone'), ('ctla4', 'CTLA-4 alone'), ('both', 'PD-(L)1 with CTLA-4'), ('chemotherapy', 'PD-(L)1 with chemotherapy'), ('antiangiogenic', 'PD-(L)1 with an anti-angiogenic agent'), ('bispecific', 'a bispecific antibody'), ('other', 'PD-(L)1 with another agent')], db_default='', default='', help_text='Empty where it is about any ICI.', max_length=16, verbose_name='class of the regimen given again'),
            ),
            migrations.AddField(
                model_name='findingevent',
                name='initial_class',
                field=models.CharField(blank=True, choices=[('pd1', 'PD-1 or PD-L1 alone'), ('ctla4', 'CTLA-4 alone'), ('both', 'PD-(L)1 with CTLA-4'), ('chemotherapy', 'PD-(L)1 with chemotherapy'), ('antiangiogenic', 'PD-(L)1 with an anti-angiogenic agent'), ('bispecific', 'a bispecific antibody'), ('other', 'PD-(L)1 with another agent')], db_default='', default='', help_text='Empty where it is about any ICI.', max_length=16, verbose_name='class of the first regimen'),
            ),
            migrations.AddField(
                model_name='findingevent',
                name='irae',
                field=models.CharField(blank=True, choices=[('pneumonitis', 'Pneumonitis'), ('colitis', 'Colitis'), ('hepatitis', 'Hepatitis'), ('nephritis', 'Nephritis'), ('endocrine', 'Endocrine'), ('skin', 'Skin'), ('neurological', 'Neurological'), ('arthritis', 'Arthritis'), ('myocarditis', 'Myocarditis'), ('myositis', 'Myositis'), ('haematological', 'Haematological'), ('uveitis', 'Uveitis'), ('pancreatitis', 'Pancreatitis'), ('mucositis', 'Mucositis'), ('vasculitis', 'Vasculitis')], db_default='', default='', help_text='Where the figure is about one.', max_length=16, verbose_name='irAE'),
            ),
            migrations.AddField(
                model_name='findingevent',
                name='rechallenge_class',
                field=models.CharField(blank=True, choices=[('pd1', 'PD-1 or PD-L1 alone'), ('ctla4', 'CTLA-4 alone'), ('both', 'PD-(L)1 with CTLA-4'), ('chemotherapy', 'PD-(L)1 with chemotherapy'), ('antiangiogenic', 'PD-(L)1 with an anti-angiogenic agent'), ('bispecific', 'a bispecific antibody'), ('other', 'PD-(L)1 with another agent')], db_default='', default='', help_text='Empty where it is about any ICI.', max_length=16, verbose_name='class of the regimen given again'),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='finding',
                trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "evidence_findingevent" ("code", "correction", "definition", "delivered_sha256", "denominator", "design", "direct", "endpoint", "errata", "figure", "id", "initial_class", "initial_regimen", "interval", "irae", "label", "mark", "measure", "note", "numerator", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "population", "printed", "public_id", "rechallenge_class", "rechallenge_regimen", "reference", "revision", "section", "setting", "source_id", "state", "tumour", "unit", "value") VALUES (NEW."code", NEW."correction", NEW."definition", NEW."delivered_sha256", NEW."denominator", NEW."design", NEW."direct", NEW."endpoint", NEW."errata", NEW."figure", NEW."id", NEW."initial_class", NEW."initial_regimen", NEW."interval", NEW."irae", NEW."label", NEW."mark", NEW."measure", NEW."note", NEW."numerator", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."population", NEW."printed", NEW."public_id", NEW."rechallenge_class", NEW."rechallenge_regimen", NEW."reference", NEW."revision", NEW."section", NEW."setting", NEW."source_id", NEW."state", NEW."tumour", NEW."unit", NEW."value"); RETURN NULL;', hash='b63bf92f42bc14ecf0bb65b9e945a228cfea7808', operation='INSERT', pgid='pgtrigger_insert_insert_1f7e6', table='evidence_finding', when='AFTER')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='finding',
                trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "evidence_findingevent" ("code", "correction", "definition", "delivered_sha256", "denominator", "design", "direct", "endpoint", "errata", "figure", "id", "initial_class", "initial_regimen", "interval", "irae", "label", "mark", "measure", "note", "numerator", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "population", "printed", "public_id", "rechallenge_class", "rechallenge_regimen", "reference", "revision", "section", "setting", "source_id", "state", "tumour", "unit", "value") VALUES (NEW."code", NEW."correction", NEW."definition", NEW."delivered_sha256", NEW."denominator", NEW."design", NEW."direct", NEW."endpoint", NEW."errata", NEW."figure", NEW."id", NEW."initial_class", NEW."initial_regimen", NEW."interval", NEW."irae", NEW."label", NEW."mark", NEW."measure", NEW."note", NEW."numerator", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."population", NEW."printed", NEW."public_id", NEW."rechallenge_class", NEW."rechallenge_regimen", NEW."reference", NEW."revision", NEW."section", NEW."setting", NEW."source_id", NEW."state", NEW."tumour", NEW."unit", NEW."value"); RETURN NULL;', hash='5c82cdb3c986766017db49e3bda09261796defa9', operation='UPDATE', pgid='pgtrigger_update_update_b4c3e', table='evidence_finding', when='AFTER')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='finding',
                trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "evidence_findingevent" ("code", "correction", "definition", "delivered_sha256", "denominator", "design", "direct", "endpoint", "errata", "figure", "id", "initial_class", "initial_regimen", "interval", "irae", "label", "mark", "measure", "note", "numerator", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "population", "printed", "public_id", "rechallenge_class", "rechallenge_regimen", "reference", "revision", "section", "setting", "source_id", "state", "tumour", "unit", "value") VALUES (OLD."code", OLD."correction", OLD."definition", OLD."delivered_sha256", OLD."denominator", OLD."design", OLD."direct", OLD."endpoint", OLD."errata", OLD."figure", OLD."id", OLD."initial_class", OLD."initial_regimen", OLD."interval", OLD."irae", OLD."label", OLD."mark", OLD."measure", OLD."note", OLD."numerator", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."population", OLD."printed", OLD."public_id", OLD."rechallenge_class", OLD."rechallenge_regimen", OLD."reference", OLD."revision", OLD."section", OLD."setting", OLD."source_id", OLD."state", OLD."tumour", OLD."unit", OLD."value"); RETURN NULL;', hash='be68958fbc48693e10b3ca6198dce054552ef4a9', operation='DELETE', pgid='pgtrigger_delete_delete_730d5', table='evidence_finding', when='AFTER')),
            ),
            migrations.AddConstraint(
                model_name='finding',
                constraint=models.CheckConstraint(condition=models.Q(('initial_class__in', ['', 'pd1', 'ctla4', 'both', 'chemotherapy', 'antiangiogenic', 'bispecific', 'other']), ('rechallenge_class__in', ['', 'pd1', 'ctla4', 'both', 'chemotherapy', 'antiangiogenic', 'bispecific', 'other']), ('irae__in', ['', 'pneumonitis', 'colitis', 'hepatitis', 'nephritis', 'endocrine', 'skin', 'neurological', 'arthritis', 'myocarditis', 'myositis', 'haematological', 'uveitis', 'pancreatitis', 'mucositis', 'vasculitis'])), name='finding_likeness_is_known'),
            ),
        ]),
    ]

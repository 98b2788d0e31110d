"""Endpoint, setting, regimens and the print of each finding; author, year and patients of each source.

Findings that are there already stand as figures of their source; the next load delivers how they are printed.
"""

import django.core.validators
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

from accounts.samepatient import SHORT_WAIT
from accounts.together import Together

UNINTERPRETABLE = "UPDATE evidence_finding SET value = 'not interpretable' WHERE state = 'not_interpretable'"


class Migration(migrations.Migration):

    dependencies = [
        ('evidence', '0009_vocabulary_of_anaemias'),
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
            migrations.RemoveConstraint(
                model_name='finding',
                name='finding_gives_a_figure',
            ),
            migrations.AddField(
                model_name='finding',
                name='correction',
                field=models.TextField(blank=True, db_default='', default='', verbose_name='what is right, and why'),
            ),
            migrations.AddField(
                model_name='finding',
                name='endpoint',
                field=models.CharField(choices=[('ORR', 'Objective response (ORR)'), ('DCR', 'Disease control (DCR)'), ('CR', 'Complete response (CR)'), ('PR', 'Partial response (PR)'), ('SD', 'Stable disease (SD)'), ('PD', 'Progressive disease (PD)'), ('PFS', 'Progression-free survival (PFS)'), ('OS', 'Overall survival (OS)'), ('recurrence_any', 'Any irAE again, the same or another'), ('recurrence_same', 'The same irAE again'), ('new_irae', 'A new irAE'), ('grade_3_or_more', 'irAE of grade 3 or more'), ('treatment_ae', 'Treatment-related adverse event'), ('death', 'Death from treatment'), ('discontinuation', 'Stopped or interrupted'), ('ROR', 'Reporting odds ratio (ROR)'), ('resistance', 'Primary resistance'), ('duration', 'Duration'), ('shrinkage', 'Shrinkage of the tumour'), ('predictor', 'Predictor'), ('patients', 'Number of patients'), ('definition', 'Definition'), ('other', 'Other')], db_default='other', default='other', max_length=20, verbose_name='endpoint'),
            ),
            migrations.AddField(
                model_name='finding',
                name='errata',
                field=models.JSONField(blank=True, db_default=models.Value([], models.JSONField()), default=list, help_text='The numbers of the errata that concern it, as a list.', verbose_name='errata'),
            ),
            migrations.AddField(
                model_name='finding',
                name='figure',
                field=models.FloatField(blank=True, help_text='The number alone, where one number is given.', null=True, validators=[django.core.validators.MinValueValidator(0)], verbose_name='figure'),
            ),
            migrations.AddField(
                model_name='finding',
                name='initial_regimen',
                field=models.CharField(blank=True, db_default='', default='', max_length=120, verbose_name='first regimen'),
            ),
            migrations.AddField(
                model_name='finding',
                name='printed',
                field=models.CharField(blank=True, db_default='', default='', help_text='The figure as the review prints it; empty where it prints none.', max_length=120, verbose_name='printed in the review'),
            ),
            migrations.AddField(
                model_name='finding',
                name='rechallenge_regimen',
                field=models.CharField(blank=True, db_default='', default='', max_length=120, verbose_name='regimen given again'),
            ),
            migrations.AddField(
                model_name='finding',
                name='reference',
                field=models.CharField(blank=True, db_default='', default='', max_length=12, verbose_name='reference number in the review'),
            ),
            migrations.AddField(
                model_name='finding',
                name='section',
                field=models.CharField(blank=True, db_default='', default='', max_length=12, verbose_name='section of the review'),
            ),
            migrations.AddField(
                model_name='finding',
                name='setting',
                field=models.CharField(choices=[('completed_course', 'After a completed course'), ('progression_on', 'After progression on the ICI'), ('progression_off', 'After progression off treatment'), ('irae', 'After an irAE'), ('biomarker', 'Biomarker'), ('safety_predictor', 'Predictor of safety'), ('resistance', 'Resistance'), ('other', 'Mixed reasons or another setting')], db_default='other', default='other', max_length=20, verbose_name='setting'),
            ),
            migrations.AddField(
                model_name='finding',
                name='state',
                field=models.CharField(choices=[('as_printed', 'As printed'), ('corrected', 'Corrected'), ('not_interpretable', 'Not interpretable'), ('not_in_review', 'From the source, not in the review')], db_default='not_in_review', default='not_in_review', max_length=20, verbose_name='state of the print'),
            ),
            migrations.AddField(
                model_name='finding',
                name='unit',
                field=models.CharField(blank=True, choices=[('%', 'per cent'), ('months', 'months'), ('days', 'days'), ('years', 'years'), ('patients', 'patients'), ('HR', 'hazard ratio'), ('OR', 'odds ratio'), ('ROR', 'reporting odds ratio'), ('p', 'p value'), ('ratio', 'ratio'), ('sites', 'sites')], db_default='', default='', max_length=12, verbose_name='unit'),
            ),
            migrations.AddField(
                model_name='findingevent',
                name='correction',
                field=models.TextField(blank=True, db_default='', default='', verbose_name='what is right, and why'),
            ),
            migrations.AddField(
                model_name='findingevent',
                name='endpoint',
                field=models.CharField(choices=[('ORR', 'Objective response (ORR)'), ('DCR', 'Disease control (DCR)'), ('CR', 'Complete response (CR)'), ('PR', 'Partial response (PR)'), ('SD', 'Stable disease (SD)'), ('PD', 'Progressive disease (PD)'), ('PFS', 'Progression-free survival (PFS)'), ('OS', 'Overall survival (OS)'), ('recurrence_any', 'Any irAE again, the same or another'), ('recurrence_same', 'The same irAE again'), ('new_irae', 'A new irAE'), ('grade_3_or_more', 'irAE of grade 3 or more'), ('treatment_ae', 'Treatment-related adverse event'), ('death', 'Death from treatment'), ('discontinuation', 'Stopped or interrupted'), ('ROR', 'Reporting odds ratio (ROR)'), ('resistance', 'Primary resistance'), ('duration', 'Duration'), ('shrinkage', 'Shrinkage of the tumour'), ('predictor', 'Predictor'), ('patients', 'Number of patients'), ('definition', 'Definition'), ('other', 'Other')], db_default='other', default='other', max_length=20, verbose_name='endpoint'),
            ),
            migrations.AddField(
                model_name='findingevent',
                name='errata',
                field=models.JSONField(blank=True, db_default=models.Value([], models.JSONField()), default=list, help_text='The numbers of the errata that concern it, as a list.', verbose_name='errata'),
            ),
            migrations.AddField(
                model_name='findingevent',
                name='figure',
                field=models.FloatField(blank=True, help_text='The number alone, where one number is given.', null=True, validators=[django.core.validators.MinValueValidator(0)], verbose_name='figure'),
            ),
            migrations.AddField(
                model_name='findingevent',
                name='initial_regimen',
                field=models.CharField(blank=True, db_default='', default='', max_length=120, verbose_name='first regimen'),
            ),
            migrations.AddField(
                model_name='findingevent',
                name='printed',
                field=models.CharField(blank=True, db_default='', default='', help_text='The figure as the review prints it; empty where it prints none.', max_length=120, verbose_name='printed in the review'),
            ),
            migrations.AddField(
                model_name='findingevent',
                name='rechallenge_regimen',
                field=models.CharField(blank=True, db_default='', default='', max_length=120, verbose_name='regimen given again'),
            ),
            migrations.AddField(
                model_name='findingevent',
                name='reference',
                field=models.CharField(blank=True, db_default='', default='', max_length=12, verbose_name='reference number in the review'),
            ),
            migrations.AddField(
                model_name='findingevent',
                name='section',
                field=models.CharField(blank=True, db_default='', default='', max_length=12, verbose_name='section of the review'),
            ),
            migrations.AddField(
                model_name='findingevent',
                name='setting',
                field=models.CharField(choices=[('completed_course', 'After a completed course'), ('progression_on', 'After progression on the ICI'), ('progression_off', 'After progression off treatment'), ('irae', 'After an irAE'), ('biomarker', 'Biomarker'), ('safety_predictor', 'Predictor of safety'), ('resistance', 'Resistance'), ('other', 'Mixed reasons or another setting')], db_default='other', default='other', max_length=20, verbose_name='setting'),
            ),
            migrations.AddField(
                model_name='findingevent',
                name='state',
                field=models.CharField(choices=[('as_printed', 'As printed'), ('corrected', 'Corrected'), ('not_interpretable', 'Not interpretable'), ('not_in_review', 'From the source, not in the review')], db_default='not_in_review', default='not_in_review', max_length=20, verbose_name='state of the print'),
            ),
            migrations.AddField(
                model_name='findingevent',
                name='unit',
                field=models.CharField(blank=True, choices=[('%', 'per cent'), ('months', 'months'), ('days', 'days'), ('years', 'years'), ('patients', 'patients'), ('HR', 'hazard ratio'), ('OR', 'odds ratio'), ('ROR', 'reporting odds ratio'), ('p', 'p value'), ('ratio', 'ratio'), ('sites', 'sites')], db_default='', default='', max_length=12, verbose_name='unit'),
            ),
            migrations.AddField(
                model_name='source',
                name='author',
                field=models.CharField(blank=True, db_default='', default='', max_length=80, verbose_name='first author'),
            ),
            migrations.AddField(
                model_name='source',
                name='design',
                field=models.CharField(blank=True, db_default='', default='', max_length=120, verbose_name='design'),
            ),
            migrations.AddField(
                model_name='source',
                name='journal',
                field=models.CharField(blank=True, db_default='', default='', max_length=80, verbose_name='journal'),
            ),
            migrations.AddField(
                model_name='source',
                name='patients',
                field=models.PositiveIntegerField(blank=True, null=True, verbose_name='patients (N)'),
            ),
            migrations.AddField(
                model_name='source',
                name='population',
                field=models.CharField(blank=True, db_default='', default='', max_length=200, verbose_name='in whom'),
            ),
            migrations.AddField(
                model_name='source',
                name='tumour',
                field=models.CharField(blank=True, choices=[('nsclc', 'NSCLC'), ('nsclc_squamous', 'squamous NSCLC'), ('melanoma', 'melanoma'), ('rcc', 'renal cell carcinoma'), ('hcc', 'hepatocellular carcinoma'), ('mixed', 'all tumours')], db_default='', default='', max_length=20, verbose_name='tumour'),
            ),
            migrations.AddField(
                model_name='source',
                name='year',
                field=models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='year'),
            ),
            migrations.AddField(
                model_name='sourceevent',
                name='author',
                field=models.CharField(blank=True, db_default='', default='', max_length=80, verbose_name='first author'),
            ),
            migrations.AddField(
                model_name='sourceevent',
                name='design',
                field=models.CharField(blank=True, db_default='', default='', max_length=120, verbose_name='design'),
            ),
            migrations.AddField(
                model_name='sourceevent',
                name='journal',
                field=models.CharField(blank=True, db_default='', default='', max_length=80, verbose_name='journal'),
            ),
            migrations.AddField(
                model_name='sourceevent',
                name='patients',
                field=models.PositiveIntegerField(blank=True, null=True, verbose_name='patients (N)'),
            ),
            migrations.AddField(
                model_name='sourceevent',
                name='population',
                field=models.CharField(blank=True, db_default='', default='', max_length=200, verbose_name='in whom'),
            ),
            migrations.AddField(
                model_name='sourceevent',
                name='tumour',
                field=models.CharField(blank=True, choices=[('nsclc', 'NSCLC'), ('nsclc_squamous', 'squamous NSCLC'), ('melanoma', 'melanoma'), ('rcc', 'renal cell carcinoma'), ('hcc', 'hepatocellular carcinoma'), ('mixed', 'all tumours')], db_default='', default='', max_length=20, verbose_name='tumour'),
            ),
            migrations.AddField(
                model_name='sourceevent',
                name='year',
                field=models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='year'),
            ),
            # Taken back: without a state, what cannot be interpreted has to say so where a figure stands.
            migrations.RunSQL(migrations.RunSQL.noop, UNINTERPRETABLE),
            pgtrigger.migrations.AddTrigger(
                model_name='finding',
                trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "evidence_findingevent" ("code", "correction", "definition", "delivered_sha256", "denominator", "design", "direct", "endpoint", "errata", "figure", "id", "initial_regimen", "interval", "label", "mark", "measure", "note", "numerator", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "population", "printed", "public_id", "rechallenge_regimen", "reference", "revision", "section", "setting", "source_id", "state", "tumour", "unit", "value") VALUES (NEW."code", NEW."correction", NEW."definition", NEW."delivered_sha256", NEW."denominator", NEW."design", NEW."direct", NEW."endpoint", NEW."errata", NEW."figure", NEW."id", NEW."initial_regimen", NEW."interval", NEW."label", NEW."mark", NEW."measure", NEW."note", NEW."numerator", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."population", NEW."printed", NEW."public_id", NEW."rechallenge_regimen", NEW."reference", NEW."revision", NEW."section", NEW."setting", NEW."source_id", NEW."state", NEW."tumour", NEW."unit", NEW."value"); RETURN NULL;', hash='6ef754999773367fd5016f87a177b76a7f5a6a27', operation='INSERT', pgid='pgtrigger_insert_insert_1f7e6', table='evidence_finding', when='AFTER')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='finding',
                trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "evidence_findingevent" ("code", "correction", "definition", "delivered_sha256", "denominator", "design", "direct", "endpoint", "errata", "figure", "id", "initial_regimen", "interval", "label", "mark", "measure", "note", "numerator", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "population", "printed", "public_id", "rechallenge_regimen", "reference", "revision", "section", "setting", "source_id", "state", "tumour", "unit", "value") VALUES (NEW."code", NEW."correction", NEW."definition", NEW."delivered_sha256", NEW."denominator", NEW."design", NEW."direct", NEW."endpoint", NEW."errata", NEW."figure", NEW."id", NEW."initial_regimen", NEW."interval", NEW."label", NEW."mark", NEW."measure", NEW."note", NEW."numerator", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."population", NEW."printed", NEW."public_id", NEW."rechallenge_regimen", NEW."reference", NEW."revision", NEW."section", NEW."setting", NEW."source_id", NEW."state", NEW."tumour", NEW."unit", NEW."value"); RETURN NULL;', hash='be5cb8dbde8a2c48db3021ea81b578f63a5cc09f', operation='UPDATE', pgid='pgtrigger_update_update_b4c3e', table='evidence_finding', when='AFTER')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='finding',
                trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "evidence_findingevent" ("code", "correction", "definition", "delivered_sha256", "denominator", "design", "direct", "endpoint", "errata", "figure", "id", "initial_regimen", "interval", "label", "mark", "measure", "note", "numerator", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "population", "printed", "public_id", "rechallenge_regimen", "reference", "revision", "section", "setting", "source_id", "state", "tumour", "unit", "value") VALUES (OLD."code", OLD."correction", OLD."definition", OLD."delivered_sha256", OLD."denominator", OLD."design", OLD."direct", OLD."endpoint", OLD."errata", OLD."figure", OLD."id", OLD."initial_regimen", OLD."interval", OLD."label", OLD."mark", OLD."measure", OLD."note", OLD."numerator", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."population", OLD."printed", OLD."public_id", OLD."rechallenge_regimen", OLD."reference", OLD."revision", OLD."section", OLD."setting", OLD."source_id", OLD."state", OLD."tumour", OLD."unit", OLD."value"); RETURN NULL;', hash='c2c105d52ccd10afc0f9e0ecb9c842a7227e37dc', operation='DELETE', pgid='pgtrigger_delete_delete_730d5', table='evidence_finding', when='AFTER')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='source',
                trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "evidence_sourceevent" ("author", "citation", "code", "delivered_sha256", "design", "doi", "id", "journal", "kind", "mark", "note", "patients", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pmid", "population", "public_id", "review_reference", "revision", "short", "tumour", "url", "year") VALUES (NEW."author", NEW."citation", NEW."code", NEW."delivered_sha256", NEW."design", NEW."doi", NEW."id", NEW."journal", NEW."kind", NEW."mark", NEW."note", NEW."patients", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."pmid", NEW."population", NEW."public_id", NEW."review_reference", NEW."revision", NEW."short", NEW."tumour", NEW."url", NEW."year"); RETURN NULL;', hash='033c2ea4720eee6da7f13d4a27b2c4e124f5a865', operation='INSERT', pgid='pgtrigger_insert_insert_eb012', table='evidence_source', when='AFTER')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='source',
                trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "evidence_sourceevent" ("author", "citation", "code", "delivered_sha256", "design", "doi", "id", "journal", "kind", "mark", "note", "patients", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pmid", "population", "public_id", "review_reference", "revision", "short", "tumour", "url", "year") VALUES (NEW."author", NEW."citation", NEW."code", NEW."delivered_sha256", NEW."design", NEW."doi", NEW."id", NEW."journal", NEW."kind", NEW."mark", NEW."note", NEW."patients", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."pmid", NEW."population", NEW."public_id", NEW."review_reference", NEW."revision", NEW."short", NEW."tumour", NEW."url", NEW."year"); RETURN NULL;', hash='9ccbeee94ee772c7fd3707677d510681d8e61682', operation='UPDATE', pgid='pgtrigger_update_update_7d414', table='evidence_source', when='AFTER')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='source',
                trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "evidence_sourceevent" ("author", "citation", "code", "delivered_sha256", "design", "doi", "id", "journal", "kind", "mark", "note", "patients", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pmid", "population", "public_id", "review_reference", "revision", "short", "tumour", "url", "year") VALUES (OLD."author", OLD."citation", OLD."code", OLD."delivered_sha256", OLD."design", OLD."doi", OLD."id", OLD."journal", OLD."kind", OLD."mark", OLD."note", OLD."patients", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."pmid", OLD."population", OLD."public_id", OLD."review_reference", OLD."revision", OLD."short", OLD."tumour", OLD."url", OLD."year"); RETURN NULL;', hash='7e1a61fc0eae35a3f0b498a3eb9a4362c5abe010', operation='DELETE', pgid='pgtrigger_delete_delete_024f4', table='evidence_source', when='AFTER')),
            ),
            migrations.AddConstraint(
                model_name='finding',
                constraint=models.CheckConstraint(condition=models.Q(('numerator__isnull', False), models.Q(('value', ''), _negated=True), ('state', 'not_interpretable'), _connector='OR'), name='finding_gives_a_figure', violation_error_message='Give n and N, or the value as printed.'),
            ),
            migrations.AddConstraint(
                model_name='finding',
                constraint=models.CheckConstraint(condition=models.Q(('endpoint__in', ['ORR', 'DCR', 'CR', 'PR', 'SD', 'PD', 'PFS', 'OS', 'recurrence_any', 'recurrence_same', 'new_irae', 'grade_3_or_more', 'treatment_ae', 'death', 'discontinuation', 'ROR', 'resistance', 'duration', 'shrinkage', 'predictor', 'patients', 'definition', 'other']), ('unit__in', ['', '%', 'months', 'days', 'years', 'patients', 'HR', 'OR', 'ROR', 'p', 'ratio', 'sites']), ('setting__in', ['completed_course', 'progression_on', 'progression_off', 'irae', 'biomarker', 'safety_predictor', 'resistance', 'other']), ('state__in', ['as_printed', 'corrected', 'not_interpretable', 'not_in_review'])), name='finding_codes_are_known'),
            ),
            migrations.AddConstraint(
                model_name='finding',
                constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'not_interpretable'), _negated=True), models.Q(('denominator__isnull', True), ('figure__isnull', True), ('interval', ''), ('numerator__isnull', True), ('value', '')), _connector='OR'), name='finding_not_interpretable_has_no_figure', violation_error_message='What cannot be interpreted carries no figure: only what is printed.'),
            ),
            migrations.AddConstraint(
                model_name='finding',
                constraint=models.CheckConstraint(condition=models.Q(models.Q(('printed', ''), ('state', 'not_in_review')), models.Q(models.Q(('state', 'not_in_review'), _negated=True), models.Q(('printed', ''), _negated=True)), _connector='OR'), name='finding_state_has_its_print', violation_error_message='Give what the review prints, unless the figure is not in the review.'),
            ),
            migrations.AddConstraint(
                model_name='finding',
                constraint=models.CheckConstraint(condition=models.Q(models.Q(('state__in', ('corrected', 'not_interpretable')), _negated=True), models.Q(('correction', ''), _negated=True), _connector='OR'), name='finding_correction_says_why', violation_error_message='Say what is right, and why.'),
            ),
            migrations.AddConstraint(
                model_name='source',
                constraint=models.CheckConstraint(condition=models.Q(('tumour__in', ['', 'nsclc', 'nsclc_squamous', 'melanoma', 'rcc', 'hcc', 'mixed'])), name='source_tumour_is_known'),
            ),
        ]),
    ]

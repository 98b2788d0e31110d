"""The lists of ICIs and of irAEs become tables that curators edit."""

import django.contrib.postgres.fields
import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

from accounts.samepatient import SHORT_WAIT


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0094_organs_of_unlisted_several'),
        ('pghistory', '0007_auto_20250421_0444'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunSQL(SHORT_WAIT, migrations.RunSQL.noop),
        migrations.CreateModel(
            name='ListedDrug',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(editable=False, max_length=30, unique=True, verbose_name='code')),
                ('state', models.CharField(choices=[('waiting', 'Waiting for a second curator'), ('offered', 'Offered'), ('retired', 'No longer offered')], default='waiting', max_length=10, verbose_name='state')),
                ('delivered', models.BooleanField(default=False, verbose_name='delivered')),
                ('confirmed_at', models.DateTimeField(null=True)),
                ('label', models.CharField(help_text='the international nonproprietary name', max_length=60, verbose_name='name')),
                ('target', models.CharField(max_length=20, verbose_name='target')),
                ('atc', models.CharField(blank=True, help_text='empty where none is assigned', max_length=7, verbose_name='ATC code')),
                ('dose', models.CharField(blank=True, help_text='empty where not known', max_length=240, verbose_name='usual dose in NSCLC')),
                ('dose_mark', models.CharField(blank=True, help_text='such as “EU SmPC, 2026”; shown beside the dose', max_length=80, verbose_name='how the dose is known')),
                ('brands', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=60), blank=True, default=list, help_text='with commas between them; a search finds the drug by them', size=None, verbose_name='brands')),
                ('added_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='added by')),
                ('confirmed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='confirmed by')),
                ('edited_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'immune checkpoint inhibitor',
                'verbose_name_plural': 'immune checkpoint inhibitors',
                'ordering': ['label'],
            },
        ),
        migrations.CreateModel(
            name='ListedDrugEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('code', models.CharField(editable=False, max_length=30, verbose_name='code')),
                ('state', models.CharField(choices=[('waiting', 'Waiting for a second curator'), ('offered', 'Offered'), ('retired', 'No longer offered')], default='waiting', max_length=10, verbose_name='state')),
                ('delivered', models.BooleanField(default=False, verbose_name='delivered')),
                ('confirmed_at', models.DateTimeField(null=True)),
                ('label', models.CharField(help_text='the international nonproprietary name', max_length=60, verbose_name='name')),
                ('target', models.CharField(max_length=20, verbose_name='target')),
                ('atc', models.CharField(blank=True, help_text='empty where none is assigned', max_length=7, verbose_name='ATC code')),
                ('dose', models.CharField(blank=True, help_text='empty where not known', max_length=240, verbose_name='usual dose in NSCLC')),
                ('dose_mark', models.CharField(blank=True, help_text='such as “EU SmPC, 2026”; shown beside the dose', max_length=80, verbose_name='how the dose is known')),
                ('brands', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=60), blank=True, default=list, help_text='with commas between them; a search finds the drug by them', size=None, verbose_name='brands')),
                ('added_by', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='added by')),
                ('confirmed_by', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='confirmed by')),
                ('edited_by', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='cases.listeddrug')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='ListedEvent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(editable=False, max_length=30, unique=True, verbose_name='code')),
                ('state', models.CharField(choices=[('waiting', 'Waiting for a second curator'), ('offered', 'Offered'), ('retired', 'No longer offered')], default='waiting', max_length=10, verbose_name='state')),
                ('delivered', models.BooleanField(default=False, verbose_name='delivered')),
                ('confirmed_at', models.DateTimeField(null=True)),
                ('label', models.CharField(max_length=80, verbose_name='event')),
                ('organ', models.CharField(choices=[('lung', 'Lung'), ('colon', 'Bowel'), ('liver', 'Liver'), ('thyroid', 'Thyroid'), ('pituitary', 'Pituitary'), ('adrenal', 'Adrenal'), ('endocrine_pancreas', 'Endocrine pancreas'), ('kidney', 'Kidney'), ('skin', 'Skin and mucosa'), ('heart', 'Heart'), ('muscle', 'Muscle'), ('nerve', 'Nerve and neuromuscular junction'), ('brain', 'Brain and spinal cord'), ('joint', 'Joints'), ('blood', 'Blood'), ('eye', 'Eye'), ('pancreas', 'Exocrine pancreas'), ('vessel', 'Vessels'), ('other', 'Other')], max_length=20, verbose_name='organ')),
                ('family', models.CharField(max_length=30, verbose_name='disease')),
                ('terms', models.JSONField(default=dict, verbose_name='CTCAE terms')),
                ('grades', models.JSONField(default=dict, verbose_name='grades')),
                ('synonyms', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=80), blank=True, default=list, help_text='with commas between them; whoever types one is sent to the list', size=None, verbose_name='also called')),
                ('added_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='added by')),
                ('confirmed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='confirmed by')),
                ('edited_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'immune-related adverse event',
                'verbose_name_plural': 'immune-related adverse events',
                'ordering': ['organ', 'label'],
            },
        ),
        migrations.CreateModel(
            name='ListedEventEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('code', models.CharField(editable=False, max_length=30, verbose_name='code')),
                ('state', models.CharField(choices=[('waiting', 'Waiting for a second curator'), ('offered', 'Offered'), ('retired', 'No longer offered')], default='waiting', max_length=10, verbose_name='state')),
                ('delivered', models.BooleanField(default=False, verbose_name='delivered')),
                ('confirmed_at', models.DateTimeField(null=True)),
                ('label', models.CharField(max_length=80, verbose_name='event')),
                ('organ', models.CharField(choices=[('lung', 'Lung'), ('colon', 'Bowel'), ('liver', 'Liver'), ('thyroid', 'Thyroid'), ('pituitary', 'Pituitary'), ('adrenal', 'Adrenal'), ('endocrine_pancreas', 'Endocrine pancreas'), ('kidney', 'Kidney'), ('skin', 'Skin and mucosa'), ('heart', 'Heart'), ('muscle', 'Muscle'), ('nerve', 'Nerve and neuromuscular junction'), ('brain', 'Brain and spinal cord'), ('joint', 'Joints'), ('blood', 'Blood'), ('eye', 'Eye'), ('pancreas', 'Exocrine pancreas'), ('vessel', 'Vessels'), ('other', 'Other')], max_length=20, verbose_name='organ')),
                ('family', models.CharField(max_length=30, verbose_name='disease')),
                ('terms', models.JSONField(default=dict, verbose_name='CTCAE terms')),
                ('grades', models.JSONField(default=dict, verbose_name='grades')),
                ('synonyms', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=80), blank=True, default=list, help_text='with commas between them; whoever types one is sent to the list', size=None, verbose_name='also called')),
                ('added_by', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='added by')),
                ('confirmed_by', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='confirmed by')),
                ('edited_by', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='cases.listedevent')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.AddConstraint(
            model_name='listeddrug',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['waiting', 'offered', 'retired'])), name='drug_state_is_known'),
        ),
        migrations.AddConstraint(
            model_name='listeddrug',
            constraint=models.CheckConstraint(condition=models.Q(('confirmed_by__isnull', True), models.Q(('added_by__isnull', False), models.Q(('confirmed_by', models.F('added_by')), _negated=True)), _connector='OR'), name='drug_second_curator_confirms'),
        ),
        migrations.AddConstraint(
            model_name='listeddrug',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'offered'), _negated=True), ('delivered', True), ('confirmed_by__isnull', False), _connector='OR'), name='drug_is_offered_once_confirmed'),
        ),
        migrations.AddConstraint(
            model_name='listeddrug',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('confirmed_at__isnull', True), ('confirmed_by__isnull', True)), models.Q(('confirmed_at__isnull', False), ('confirmed_by__isnull', False)), _connector='OR'), name='drug_confirmed_on_a_day'),
        ),
        migrations.AddConstraint(
            model_name='listeddrug',
            constraint=models.CheckConstraint(condition=models.Q(('target', ''), _negated=True), name='drug_is_directed_against_something'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='listeddrug',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "cases_listeddrugevent" ("added_by_id", "atc", "brands", "code", "confirmed_at", "confirmed_by_id", "delivered", "dose", "dose_mark", "edited_by_id", "id", "label", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "state", "target") VALUES (NEW."added_by_id", NEW."atc", NEW."brands", NEW."code", NEW."confirmed_at", NEW."confirmed_by_id", NEW."delivered", NEW."dose", NEW."dose_mark", NEW."edited_by_id", NEW."id", NEW."label", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."state", NEW."target"); RETURN NULL;', hash='7ac7075b2c504d8e6c143531b52ecdda850a6ec0', operation='INSERT', pgid='pgtrigger_insert_insert_a5431', table='cases_listeddrug', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='listeddrug',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "cases_listeddrugevent" ("added_by_id", "atc", "brands", "code", "confirmed_at", "confirmed_by_id", "delivered", "dose", "dose_mark", "edited_by_id", "id", "label", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "state", "target") VALUES (NEW."added_by_id", NEW."atc", NEW."brands", NEW."code", NEW."confirmed_at", NEW."confirmed_by_id", NEW."delivered", NEW."dose", NEW."dose_mark", NEW."edited_by_id", NEW."id", NEW."label", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."state", NEW."target"); RETURN NULL;', hash='4bf220bd14189f90f5566c1b89f97dd5f76b1ef6', operation='UPDATE', pgid='pgtrigger_update_update_60ccf', table='cases_listeddrug', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='listeddrug',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "cases_listeddrugevent" ("added_by_id", "atc", "brands", "code", "confirmed_at", "confirmed_by_id", "delivered", "dose", "dose_mark", "edited_by_id", "id", "label", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "state", "target") VALUES (OLD."added_by_id", OLD."atc", OLD."brands", OLD."code", OLD."confirmed_at", OLD."confirmed_by_id", OLD."delivered", OLD."dose", OLD."dose_mark", OLD."edited_by_id", OLD."id", OLD."label", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."state", OLD."target"); RETURN NULL;', hash='3c303f9199e159f4cbaf738ce4c36b3947962544', operation='DELETE', pgid='pgtrigger_delete_delete_90543', table='cases_listeddrug', when='AFTER')),
        ),
        migrations.AddConstraint(
            model_name='listedevent',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['waiting', 'offered', 'retired'])), name='event_state_is_known'),
        ),
        migrations.AddConstraint(
            model_name='listedevent',
            constraint=models.CheckConstraint(condition=models.Q(('confirmed_by__isnull', True), models.Q(('added_by__isnull', False), models.Q(('confirmed_by', models.F('added_by')), _negated=True)), _connector='OR'), name='event_second_curator_confirms'),
        ),
        migrations.AddConstraint(
            model_name='listedevent',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'offered'), _negated=True), ('delivered', True), ('confirmed_by__isnull', False), _connector='OR'), name='event_is_offered_once_confirmed'),
        ),
        migrations.AddConstraint(
            model_name='listedevent',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('confirmed_at__isnull', True), ('confirmed_by__isnull', True)), models.Q(('confirmed_at__isnull', False), ('confirmed_by__isnull', False)), _connector='OR'), name='event_confirmed_on_a_day'),
        ),
        migrations.AddConstraint(
            model_name='listedevent',
            constraint=models.CheckConstraint(condition=models.Q(('organ__in', ['lung', 'colon', 'liver', 'thyroid', 'pituitary', 'adrenal', 'endocrine_pancreas', 'kidney', 'skin', 'heart', 'muscle', 'nerve', 'brain', 'joint', 'blood', 'eye', 'pancreas', 'vessel', 'other'])), name='event_organ_is_known'),
        ),
        migrations.AddConstraint(
            model_name='listedevent',
            constraint=models.CheckConstraint(condition=models.Q(('delivered', False), ('state', 'offered'), _connector='OR'), name='event_of_rules_stays_offered'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='listedevent',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "cases_listedeventevent" ("added_by_id", "code", "confirmed_at", "confirmed_by_id", "delivered", "edited_by_id", "family", "grades", "id", "label", "organ", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "state", "synonyms", "terms") VALUES (NEW."added_by_id", NEW."code", NEW."confirmed_at", NEW."confirmed_by_id", NEW."delivered", NEW."edited_by_id", NEW."family", NEW."grades", NEW."id", NEW."label", NEW."organ", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."state", NEW."synonyms", NEW."terms"); RETURN NULL;', hash='77865079706330ef143350aa2b1ef7719865f10f', operation='INSERT', pgid='pgtrigger_insert_insert_a015f', table='cases_listedevent', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='listedevent',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "cases_listedeventevent" ("added_by_id", "code", "confirmed_at", "confirmed_by_id", "delivered", "edited_by_id", "family", "grades", "id", "label", "organ", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "state", "synonyms", "terms") VALUES (NEW."added_by_id", NEW."code", NEW."confirmed_at", NEW."confirmed_by_id", NEW."delivered", NEW."edited_by_id", NEW."family", NEW."grades", NEW."id", NEW."label", NEW."organ", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."state", NEW."synonyms", NEW."terms"); RETURN NULL;', hash='1a54e7e2ce37cf049fca7624ca187f4823ac5f9d', operation='UPDATE', pgid='pgtrigger_update_update_d44cc', table='cases_listedevent', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='listedevent',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "cases_listedeventevent" ("added_by_id", "code", "confirmed_at", "confirmed_by_id", "delivered", "edited_by_id", "family", "grades", "id", "label", "organ", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "state", "synonyms", "terms") VALUES (OLD."added_by_id", OLD."code", OLD."confirmed_at", OLD."confirmed_by_id", OLD."delivered", OLD."edited_by_id", OLD."family", OLD."grades", OLD."id", OLD."label", OLD."organ", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."state", OLD."synonyms", OLD."terms"); RETURN NULL;', hash='11e4a8bc7cadf3aa934855efd71f85367d7a0057', operation='DELETE', pgid='pgtrigger_delete_delete_20a5b', table='cases_listedevent', when='AFTER')),
        ),
    ]

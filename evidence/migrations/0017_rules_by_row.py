"""A row of a rule may withhold, and the product itself is a source: what both are called in the database."""

from django.conf import settings
from django.db import migrations, models

from accounts.samepatient import SHORT_WAIT


class Migration(migrations.Migration):

    dependencies = [
        ('evidence', '0016_nearness'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunSQL(SHORT_WAIT, migrations.RunSQL.noop),
        migrations.RemoveConstraint(
            model_name='source',
            name='source_kind_is_known',
        ),
        migrations.RemoveConstraint(
            model_name='statementversion',
            name='version_codes_are_known',
        ),
        migrations.AlterField(
            model_name='source',
            name='kind',
            field=models.CharField(choices=[('review', 'Review'), ('study', 'Study'), ('meta_analysis', 'Meta-analysis'), ('guideline', 'Guideline'), ('label', 'Product label'), ('product', "This product's own")], max_length=20, verbose_name='kind'),
        ),
        migrations.AlterField(
            model_name='sourceevent',
            name='kind',
            field=models.CharField(choices=[('review', 'Review'), ('study', 'Study'), ('meta_analysis', 'Meta-analysis'), ('guideline', 'Guideline'), ('label', 'Product label'), ('product', "This product's own")], max_length=20, verbose_name='kind'),
        ),
        migrations.AlterField(
            model_name='statementversion',
            name='signal',
            field=models.CharField(blank=True, choices=[('', 'None'), ('stop', 'At least one source stops for good'), ('not_yet', 'Not yet'), ('withhold', 'At least one source withholds until it has settled'), ('warning', 'Warning'), ('negative', 'The trial found no benefit')], default='', max_length=10, verbose_name='signal'),
        ),
        migrations.AlterField(
            model_name='statementversionevent',
            name='signal',
            field=models.CharField(blank=True, choices=[('', 'None'), ('stop', 'At least one source stops for good'), ('not_yet', 'Not yet'), ('withhold', 'At least one source withholds until it has settled'), ('warning', 'Warning'), ('negative', 'The trial found no benefit')], default='', max_length=10, verbose_name='signal'),
        ),
        migrations.AddConstraint(
            model_name='source',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['review', 'study', 'meta_analysis', 'guideline', 'label', 'product'])), name='source_kind_is_known'),
        ),
        migrations.AddConstraint(
            model_name='statementversion',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['draft', 'in_review', 'published', 'superseded', 'retired']), ('category__in', ['rule', 'stop_reason', 'regimen', 'irae', 'recurrence', 'biomarker']), ('signal__in', ['', 'stop', 'not_yet', 'withhold', 'warning', 'negative']), ('certainty__in', ['very_low', 'low', 'moderate', 'high', 'rule', 'opinion']), ('mark__in', ['seen', 'confirmed', 'review_only', 'general_knowledge'])), name='version_codes_are_known'),
        ),
    ]

"""Two topics more: resistance, and how to decide and watch."""

from django.conf import settings
from django.db import migrations, models

from accounts.samepatient import SHORT_WAIT


class Migration(migrations.Migration):

    dependencies = [
        ('evidence', '0017_rules_by_row'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunSQL(SHORT_WAIT, migrations.RunSQL.noop),
        migrations.RemoveConstraint(
            model_name='statementversion',
            name='version_codes_are_known',
        ),
        migrations.AlterField(
            model_name='statementversion',
            name='category',
            field=models.CharField(choices=[('rule', 'Stopping and resuming rules by source'), ('stop_reason', 'Why the ICI was stopped'), ('regimen', 'What is proposed'), ('irae', 'Immune-related adverse events'), ('recurrence', 'Recurrence by organ'), ('biomarker', 'Biomarkers'), ('resistance', 'Resistance'), ('practice', 'Deciding and limits')], max_length=20, verbose_name='category'),
        ),
        migrations.AlterField(
            model_name='statementversionevent',
            name='category',
            field=models.CharField(choices=[('rule', 'Stopping and resuming rules by source'), ('stop_reason', 'Why the ICI was stopped'), ('regimen', 'What is proposed'), ('irae', 'Immune-related adverse events'), ('recurrence', 'Recurrence by organ'), ('biomarker', 'Biomarkers'), ('resistance', 'Resistance'), ('practice', 'Deciding and limits')], max_length=20, verbose_name='category'),
        ),
        migrations.AddConstraint(
            model_name='statementversion',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['draft', 'in_review', 'published', 'superseded', 'retired']), ('category__in', ['rule', 'stop_reason', 'regimen', 'irae', 'recurrence', 'biomarker', 'resistance', 'practice']), ('signal__in', ['', 'stop', 'not_yet', 'withhold', 'warning', 'negative']), ('certainty__in', ['very_low', 'low', 'moderate', 'high', 'rule', 'opinion']), ('mark__in', ['seen', 'confirmed', 'review_only', 'general_knowledge'])), name='version_codes_are_known'),
        ),
    ]

"""Versions find their new states and days; one in review is closed, one that was published is frozen.

A retired version becomes superseded where a later one was published in the same minute: that is how its place was
taken. One that somebody had retired on its own stays retired.
"""

from django.db import migrations, models

from accounts.rowsecurity import Freeze
from accounts.samepatient import SHORT_WAIT

TABLE = "evidence_statementversion"
# As migration 0002 has it.
BEFORE = Freeze(
    TABLE,
    "OLD.state <> 'draft'",
    """
    OLD.state = 'published' AND NEW.state = 'retired' AND NEW.retired_at IS NOT NULL
    AND to_jsonb(NEW) - ARRAY['state', 'retired_at', 'retired_by_id']
      = to_jsonb(OLD) - ARRAY['state', 'retired_at', 'retired_by_id']
""",
)

_OUT_OF_USE = "ARRAY['state', 'retired_at', 'retired_by_id', 'retired_because']"
_SENT_BACK = "ARRAY['state', 'submitted_at', 'sent_back_because']"
_PUBLISHED = "ARRAY['state', 'published_at', 'published_by_id', 'valid_from', 'review_by']"


def _only(columns: str) -> str:
    return f"to_jsonb(NEW) - {columns} = to_jsonb(OLD) - {columns}"


# Each step by itself: no text of a version that is in review, or was published, changes by any of them.
STEPS = f"""
    (OLD.state = 'published' AND NEW.state IN ('superseded', 'retired') AND NEW.retired_at IS NOT NULL
     AND {_only(_OUT_OF_USE)})
    OR (OLD.state = 'in_review' AND NEW.state = 'retired' AND {_only(_OUT_OF_USE)})
    OR (OLD.state = 'in_review' AND NEW.state = 'draft' AND {_only(_SENT_BACK)})
    OR (OLD.state = 'in_review' AND NEW.state = 'published' AND {_only(_PUBLISHED)})
"""

FORWARDS = f"""
UPDATE {TABLE} SET state = 'in_review' WHERE state = 'draft' AND submitted_at IS NOT NULL;
UPDATE {TABLE} SET
    valid_from = published_at::date,
    review_by = CASE WHEN state = 'published' THEN (published_at + interval '2 years')::date END,
    state = CASE WHEN state = 'retired' AND EXISTS (
            SELECT 1 FROM {TABLE} later
            WHERE later.statement_id = {TABLE}.statement_id AND later.number > {TABLE}.number
              AND later.published_at BETWEEN {TABLE}.retired_at AND {TABLE}.retired_at + interval '1 minute')
        THEN 'superseded' ELSE state END
    WHERE published_at IS NOT NULL;
"""  # noqa: S608
BACKWARDS = f"""
UPDATE {TABLE} SET state = 'draft' WHERE state = 'in_review';
UPDATE {TABLE} SET state = 'retired' WHERE state = 'superseded';
"""  # noqa: S608


class Migration(migrations.Migration):

    dependencies = [
        ('evidence', '0013_states_and_days'),
    ]

    operations = [
        migrations.RunSQL(SHORT_WAIT, migrations.RunSQL.noop),
        migrations.RunSQL(BEFORE.reverse_sql, BEFORE.sql),
        migrations.RunSQL(FORWARDS, BACKWARDS),
        Freeze(TABLE, "OLD.state <> 'draft'", STEPS),
        migrations.AddConstraint(
            model_name='statementversion',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('published_at__isnull', True), ('retired_at__isnull', True), ('state', 'draft')), models.Q(('published_at__isnull', True), ('retired_at__isnull', True), ('state', 'in_review')), models.Q(('published_at__isnull', False), ('retired_at__isnull', True), ('state', 'published')), models.Q(('published_at__isnull', False), ('retired_at__isnull', False), ('state', 'superseded')), models.Q(('retired_at__isnull', False), ('state', 'retired')), _connector='OR'), name='version_state_has_its_dates'),
        ),
        migrations.AddConstraint(
            model_name='statementversion',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'draft'), ('submitted_at__isnull', False), _negated=True), models.Q(('state', 'in_review'), ('submitted_at__isnull', True), _negated=True)), name='version_in_review_was_submitted'),
        ),
        migrations.AddConstraint(
            model_name='statementversion',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'published'), _negated=True), ('review_by__isnull', False), _connector='OR'), name='version_published_is_reviewed_again'),
        ),
        migrations.AddConstraint(
            model_name='statementversion',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['draft', 'in_review', 'published', 'superseded', 'retired']), ('category__in', ['rule', 'stop_reason', 'regimen', 'irae', 'recurrence', 'biomarker']), ('signal__in', ['', 'stop', 'not_yet', 'warning', 'negative']), ('certainty__in', ['very_low', 'low', 'moderate', 'high', 'rule', 'opinion']), ('mark__in', ['seen', 'confirmed', 'review_only', 'general_knowledge'])), name='version_codes_are_known'),
        ),
    ]

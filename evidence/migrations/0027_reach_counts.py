"""Counts of whom a version or a condition reaches: seen by who asked alone; workers see their age and nothing else."""

import uuid

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

from accounts.rowsecurity import APP, OWNER, WORKER
from accounts.samepatient import SHORT_WAIT

TABLE = "evidence_reachcount"
WALLS = f"""
ALTER TABLE {TABLE} ENABLE ROW LEVEL SECURITY;
ALTER TABLE {TABLE} FORCE ROW LEVEL SECURITY;
CREATE POLICY own_rows ON {TABLE} TO {APP} USING (user_id = rechallenge_acting_user())
    WITH CHECK (user_id = rechallenge_acting_user());
CREATE POLICY owner_with_reason ON {TABLE} TO {OWNER}
    USING (coalesce(current_setting('app.owner_reason', true), '') <> '')
    WITH CHECK (coalesce(current_setting('app.owner_reason', true), '') <> '');
CREATE POLICY worker_sees_age ON {TABLE} FOR SELECT TO {WORKER} USING (true);
CREATE POLICY worker_forgets ON {TABLE} FOR DELETE TO {WORKER} USING (created_at < now() - interval '1 hour');
GRANT SELECT (id, public_id, user_id, state, created_at, alive_at), DELETE ON {TABLE} TO {WORKER};
"""
UNDO = f"""
DROP POLICY own_rows ON {TABLE}; DROP POLICY owner_with_reason ON {TABLE};
DROP POLICY worker_sees_age ON {TABLE}; DROP POLICY worker_forgets ON {TABLE};
ALTER TABLE {TABLE} NO FORCE ROW LEVEL SECURITY; ALTER TABLE {TABLE} DISABLE ROW LEVEL SECURITY;
REVOKE ALL ON {TABLE} FROM {WORKER};
"""

# They name cases by their keys, and are counted again in seconds.
ERASE = """
CREATE FUNCTION begin_erasing_counts() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    DELETE FROM evidence_reachcount;
    RETURN NULL;
END $$;
CREATE TRIGGER begin_erasing_counts AFTER INSERT ON cases_patienterasure
    FOR EACH STATEMENT EXECUTE FUNCTION begin_erasing_counts();
"""
ERASE_UNDO = "DROP TRIGGER begin_erasing_counts ON cases_patienterasure; DROP FUNCTION begin_erasing_counts();"


class Migration(migrations.Migration):

    dependencies = [
        ('evidence', '0025_answers_of_today'),
        # Whose erasures it follows.
        ('cases', '0037_bulk_row_security'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunSQL(SHORT_WAIT, migrations.RunSQL.noop),
        migrations.CreateModel(
            name='ReachCount',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('key', models.CharField(max_length=64)),
                ('condition', models.JSONField(null=True)),
                ('state', models.CharField(choices=[('waiting', 'Waiting'), ('running', 'Running'), ('done', 'Done'), ('failed', 'Failed'), ('cancelled', 'Cancelled')], default='waiting', max_length=10)),
                ('done_parts', models.PositiveSmallIntegerField(default=0)),
                ('result', models.JSONField(default=dict)),
                ('takings', models.PositiveSmallIntegerField(default=0)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('alive_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('ended_at', models.DateTimeField(null=True)),
                ('after', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='evidence.statementversion')),
                ('before', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='evidence.statementversion')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'count of open cases',
                'verbose_name_plural': 'counts of open cases',
                'indexes': [models.Index(fields=['user', 'key', '-id'], name='reach_count_of_user'), models.Index(fields=['created_at'], name='reach_count_by_age')],
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['waiting', 'running', 'done', 'failed', 'cancelled'])), name='reach_count_state_is_known')],
            },
        ),
        migrations.RunSQL(WALLS, UNDO),
        migrations.RunSQL(ERASE, ERASE_UNDO),
    ]

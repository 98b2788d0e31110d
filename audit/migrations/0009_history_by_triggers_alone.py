"""A history is written by the triggers of what it tells: nobody silences them, and nobody adds to it by hand.

pgtrigger lets a session name triggers that shall do nothing. That is taken out, and put right again after every run of
migrations, since pgtrigger writes its function anew with each trigger that it makes (`accounts.apps`).
"""

from django.db import migrations

from accounts.rowsecurity import GUARD_HISTORY, HISTORY_GUARD, NEVER_IGNORED, guard_history

# Rather fail and be run again than stand in the way of every writer behind a long transaction.
SHORT_WAIT = "SET LOCAL lock_timeout = '10s';"
EVERY = "SELECT c.oid::regclass AS name FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid"
EVERY += " WHERE c.relkind = 'r' AND a.attname = 'pgh_label' AND NOT a.attisdropped ORDER BY 1"
GUARD_ALL = f"""
DO $do$ DECLARE history record; BEGIN
    FOR history IN {EVERY} LOOP
        EXECUTE format($f${guard_history("%s")}$f$, history.name);
    END LOOP;
END $do$;
"""
UNGUARD_ALL = f"""
DO $do$ DECLARE history record; BEGIN
    FOR history IN {EVERY} LOOP
        EXECUTE format('DROP TRIGGER IF EXISTS by_triggers_alone ON %s', history.name);
    END LOOP;
END $do$;
DROP FUNCTION {HISTORY_GUARD};
"""


class Migration(migrations.Migration):
    dependencies = [
        ("audit", "0008_roles_given"),
        ("accounts", "0008_second_factors_encrypted"),
        ("evidence", "0009_vocabulary_of_anaemias"),
        ("cases", "0048_stray_files"),
        ("followup", "0019_death_taken_back"),
        ("meetings", "0013_search_of_alike"),
    ]
    operations = [
        migrations.RunSQL(SHORT_WAIT, migrations.RunSQL.noop),
        migrations.RunSQL(NEVER_IGNORED, migrations.RunSQL.noop),
        migrations.RunSQL(GUARD_HISTORY + GUARD_ALL, UNGUARD_ALL),
    ]

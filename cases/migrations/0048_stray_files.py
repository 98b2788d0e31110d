"""Says which uploaded files no report names, of any board: what a transaction left that failed."""

from django.db import migrations

from accounts.rowsecurity import APP, WORKER
from accounts.samepatient import SHORT_WAIT

# With the owner's rights: who asks sees the reports of some patients, or of none, and would take all others for strays.
STRAYS = f"""
CREATE FUNCTION rechallenge_stray_files(names text[]) RETURNS SETOF text LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    PERFORM set_config('app.owner_reason', 'stray_files', true);
    RETURN QUERY
        SELECT n FROM unnest(names) AS n
        WHERE NOT EXISTS (SELECT 1 FROM cases_report r WHERE r.file = n)
          AND NOT EXISTS (SELECT 1 FROM cases_reportevent e WHERE e.file = n);
    PERFORM set_config('app.owner_reason', '', true);
END $$;
REVOKE EXECUTE ON FUNCTION rechallenge_stray_files(text[]) FROM {WORKER}, PUBLIC;
GRANT EXECUTE ON FUNCTION rechallenge_stray_files(text[]) TO {APP};
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0047_grades_of_anaemias")]
    operations = [
        migrations.RunSQL(SHORT_WAIT, migrations.RunSQL.noop),
        migrations.RunSQL(STRAYS, "DROP FUNCTION rechallenge_stray_files(text[]);"),
    ]

"""An erasure takes every count of open cases along: they name cases by their keys, and are counted again in seconds."""

from django.db import migrations

from accounts.samepatient import SHORT_WAIT

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
UNDO = "DROP TRIGGER begin_erasing_counts ON cases_patienterasure; DROP FUNCTION begin_erasing_counts();"


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0094_organs_of_unlisted_several"),
        ("evidence", "0027_reach_counts"),
    ]
    operations = [
        migrations.RunSQL(SHORT_WAIT, migrations.RunSQL.noop),
        migrations.RunSQL(ERASE, UNDO),
    ]

"""Two records are not merged while both are watched: which plan goes on is for people to say."""

from django.db import migrations

WATCHED = """
CREATE FUNCTION before_merging_followup() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF (SELECT count(DISTINCT p.patient_id) FROM followup_monitoringplan p
        WHERE p.patient_id IN (NEW.patient_id, NEW.absorbed_id) AND p.state <> 'closed') > 1 THEN
        RAISE EXCEPTION 'records that both have an open monitoring plan cannot be merged'
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER before_merging_followup BEFORE INSERT ON cases_patientmerge
    FOR EACH ROW EXECUTE FUNCTION before_merging_followup();
"""
WATCHED_UNDO = """
DROP TRIGGER before_merging_followup ON cases_patientmerge; DROP FUNCTION before_merging_followup();
"""


class Migration(migrations.Migration):
    dependencies = [("followup", "0010_notice_of_death"), ("cases", "0026_merging")]
    operations = [migrations.RunSQL(WATCHED, WATCHED_UNDO)]

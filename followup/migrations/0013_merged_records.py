"""Plans stay where they were made when two records are merged; courses move to the record that is kept.

So the course that a plan follows is the plan's own patient's, or that of the record which the patient was
merged into: three triggers hold it in place of a key. Workers learn which record is kept, and nothing else of it.
"""

from django.db import migrations

from accounts.rowsecurity import WORKER
from accounts.samepatient import SHORT_WAIT

KEY = "followup_monitoringplan_course_same_patient"
DROP = f"ALTER TABLE followup_monitoringplan DROP CONSTRAINT {KEY};"
DROP_UNDO = f"""
ALTER TABLE followup_monitoringplan ADD CONSTRAINT {KEY} FOREIGN KEY (course_id, patient_id)
    REFERENCES cases_icicourse (id, patient_id) DEFERRABLE INITIALLY IMMEDIATE NOT VALID;
"""
COURSE = """
CREATE FUNCTION followup_course_is_of_the_patient() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    of_plan bigint := CASE TG_TABLE_NAME WHEN 'followup_monitoringplan' THEN NEW.id END;
    of_course bigint := CASE TG_TABLE_NAME WHEN 'cases_icicourse' THEN NEW.id END;
    of_patient bigint := CASE TG_TABLE_NAME WHEN 'cases_patient' THEN NEW.id END;
BEGIN
    IF EXISTS (
        SELECT 1 FROM followup_monitoringplan p
        JOIN cases_icicourse c ON c.id = p.course_id
        JOIN cases_patient own ON own.id = p.patient_id
        WHERE (p.id = of_plan OR p.course_id = of_course OR p.patient_id = of_patient
               OR c.patient_id = of_patient)
          AND c.patient_id NOT IN (own.id, coalesce(own.merged_into_id, own.id))) THEN
        RAISE EXCEPTION 'the course that a plan follows is of another patient' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER course_is_of_the_patient AFTER INSERT OR UPDATE OF course_id, patient_id
    ON followup_monitoringplan DEFERRABLE INITIALLY IMMEDIATE FOR EACH ROW
    EXECUTE FUNCTION followup_course_is_of_the_patient();
CREATE CONSTRAINT TRIGGER course_is_of_the_patient AFTER UPDATE OF patient_id
    ON cases_icicourse DEFERRABLE INITIALLY IMMEDIATE FOR EACH ROW
    EXECUTE FUNCTION followup_course_is_of_the_patient();
CREATE CONSTRAINT TRIGGER course_is_of_the_patient AFTER UPDATE OF merged_into_id
    ON cases_patient DEFERRABLE INITIALLY IMMEDIATE FOR EACH ROW
    EXECUTE FUNCTION followup_course_is_of_the_patient();
"""
COURSE_UNDO = """
DROP TRIGGER course_is_of_the_patient ON followup_monitoringplan;
DROP TRIGGER course_is_of_the_patient ON cases_icicourse;
DROP TRIGGER course_is_of_the_patient ON cases_patient;
DROP FUNCTION followup_course_is_of_the_patient();
"""
SWEEP = f"""
CREATE POLICY worker_sweep ON cases_patient FOR SELECT TO {WORKER} USING (true);
GRANT SELECT (id, merged_into_id) ON cases_patient TO {WORKER};
"""
SWEEP_UNDO = f"""
REVOKE SELECT (id, merged_into_id) ON cases_patient FROM {WORKER};
DROP POLICY worker_sweep ON cases_patient;
"""


class Migration(migrations.Migration):
    dependencies = [("followup", "0012_course_same_patient"), ("cases", "0035_merging")]
    operations = [
        migrations.RunSQL(SHORT_WAIT, migrations.RunSQL.noop),
        migrations.RunSQL(COURSE, COURSE_UNDO),
        migrations.RunSQL(DROP, DROP_UNDO),
        migrations.RunSQL(SWEEP, SWEEP_UNDO),
    ]

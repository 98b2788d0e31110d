"""The course that a case asks about is the patient's, and so is the irAE that a course was stopped for.

Cases stay where they were made when two records are merged, courses move to the record that is kept: so three
triggers hold them together in place of a key, as they do for plans (followup 0013).
"""

from django.db import migrations

from accounts.samepatient import SHORT_WAIT, ComparePatients, SamePatient

COURSE = """
CREATE FUNCTION cases_course_asked_is_of_the_patient() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    of_case bigint := CASE TG_TABLE_NAME WHEN 'cases_case' THEN NEW.id END;
    of_course bigint := CASE TG_TABLE_NAME WHEN 'cases_icicourse' THEN NEW.id END;
    of_patient bigint := CASE TG_TABLE_NAME WHEN 'cases_patient' THEN NEW.id END;
BEGIN
    IF EXISTS (
        SELECT 1 FROM cases_case a
        JOIN cases_icicourse c ON c.id = a.course_id
        JOIN cases_patient own ON own.id = a.patient_id
        WHERE (a.id = of_case OR a.course_id = of_course OR a.patient_id = of_patient)
          AND c.patient_id NOT IN (own.id, coalesce(own.merged_into_id, own.id))) THEN
        RAISE EXCEPTION 'the course that a case asks about is of another patient'
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NULL;
END $$;
"""
HELD = (
    ("cases_case", "INSERT OR UPDATE OF course_id, patient_id", "WHEN (NEW.course_id IS NOT NULL)"),
    ("cases_icicourse", "UPDATE OF patient_id", ""),
    ("cases_patient", "UPDATE OF merged_into_id", ""),
)
TRIGGER = """
CREATE CONSTRAINT TRIGGER course_asked_is_of_the_patient AFTER {when} ON {table}
    DEFERRABLE INITIALLY IMMEDIATE FOR EACH ROW {only} EXECUTE FUNCTION cases_course_asked_is_of_the_patient();
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0052_courses_of_old_cases")]
    operations = [
        migrations.RunSQL(SHORT_WAIT, migrations.RunSQL.noop),
        migrations.RunSQL(COURSE, "DROP FUNCTION cases_course_asked_is_of_the_patient();"),
        *(
            migrations.RunSQL(
                TRIGGER.format(table=table, when=when, only=only),
                f"DROP TRIGGER course_asked_is_of_the_patient ON {table};",
            )
            for table, when, only in HELD
        ),
        SamePatient("cases_icicourse", "stopped_for_id", "cases_irae"),
        ComparePatients("cases_icicourse", "stopped_for_id"),
    ]

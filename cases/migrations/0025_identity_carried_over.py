"""Carries over what was there: the hospital of a number, the day of a death, the patient's section."""

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations

HOSPITALS = """
UPDATE cases_patientidentity i SET hospital = b.hospital
FROM cases_patient p JOIN accounts_board b ON b.id = p.board_id
WHERE p.id = i.patient_id AND i.hospital = '' AND b.hospital <> ''
  AND (i.hospital_number <> '' OR i.family_name <> '' OR i.given_name <> '');
"""
# Of several records under one number the first one holds it; the others are told apart, or merged, by people.
NUMBERS = """
UPDATE cases_patientidentity i SET holds_number = false
WHERE i.hospital_number <> '' AND i.holds_number AND EXISTS (
    SELECT 1 FROM cases_patientidentity o
    WHERE lower(o.hospital) = lower(i.hospital) AND o.id < i.id
      AND upper(replace(o.hospital_number, ' ', '')) = upper(replace(i.hospital_number, ' ', '')));
"""
DEATHS = """
UPDATE cases_patientidentity SET died_earliest = death_date, died_latest = death_date,
    died_precision = 'day', died_text = to_char(death_date, 'FMDD FMMonth YYYY'), died_state = 'known'
WHERE death_date IS NOT NULL AND died_precision IS NULL;
UPDATE cases_patientidentityevent SET died_earliest = death_date, died_latest = death_date,
    died_precision = 'day', died_text = to_char(death_date, 'FMDD FMMonth YYYY'), died_state = 'known'
WHERE death_date IS NOT NULL AND died_precision IS NULL;
"""
DEATHS_BACK = """
UPDATE cases_patientidentity SET death_date = died_earliest WHERE died_precision = 'day';
"""
SECTIONS = """
INSERT INTO cases_casesection (patient_id, case_id, key, version, changed_by_id, changed_at)
SELECT patient_id, id, 'patient', 1, referred_by_id, referred_at FROM cases_case
ON CONFLICT DO NOTHING;
"""
NO_SECTIONS = "DELETE FROM cases_casesection WHERE key = 'patient';"


def run(*statements):
    """Return what runs statements with a reason, as row-level security asks of the owner."""

    def with_reason(apps, schema_editor):
        with schema_editor.connection.cursor() as cursor:
            cursor.execute("SELECT set_config('app.owner_reason', 'identity', true)")
            for statement in statements:
                cursor.execute(statement)
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SELECT set_config('app.owner_reason', '', true)")

    return with_reason


class Migration(migrations.Migration):
    dependencies = [("cases", "0024_identity")]
    operations = [
        migrations.RunPython(
            run(HOSPITALS, NUMBERS, DEATHS, SECTIONS), run(NO_SECTIONS, DEATHS_BACK), elidable=True
        ),
        ValidateConstraint("casesection", "section_is_known"),
        ValidateConstraint("patientidentity", "nobody_dies_before_birth"),
        ValidateConstraint("patientidentity", "patientidentity_died_state_valid"),
        ValidateConstraint("patientidentity", "patientidentity_died_known_iff"),
    ]

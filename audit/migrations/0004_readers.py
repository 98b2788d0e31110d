"""The trail of a board is read whole by its administrators and its chair.

Entries hold codes and ids: reading who opened a record shows nothing of the record. Entries about a patient
are besides read by those who may see the patient, all others by the one who acted.
"""

from django.db import migrations

from accounts.rowsecurity import visible

BOARDS = """
    SELECT m.board_id FROM accounts_membership m
    WHERE m.user_id = rechallenge_acting_user() AND m.active AND m.role IN ('chair', 'administrator')
"""
OWN_OR_PATIENT = f"""
    CASE WHEN patient_id IS NOT NULL THEN {visible("audit_trailentry", "patient_id")}
    ELSE actor_id = rechallenge_acting_user()"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0003_append_only"), ("cases", "0002_row_security")]
    operations = [
        migrations.RunSQL(
            "ALTER POLICY patient_scope ON audit_trailentry USING"
            f" (board_id IN ({BOARDS}) OR {OWN_OR_PATIENT} END);",
            "ALTER POLICY patient_scope ON audit_trailentry USING"
            f" ({OWN_OR_PATIENT} OR board_id IN ({BOARDS}) END);",
        )
    ]

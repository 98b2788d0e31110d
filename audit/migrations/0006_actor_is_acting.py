"""An entry names as its actor whoever is acting in the transaction, or nobody; a signature is never nobody's.

Signing in and out, a new password and a refusal name the person they are about, before or after anybody is acting.
While nobody is acting, commands may name somebody in what they enter about accounts, roles, boards and guidance:
nothing about a patient, a meeting or a decision. The workers name nobody.
"""

from django.db import migrations

from accounts.rowsecurity import APP, WORKER

SIGNING_IN = "^(account[.](signed_in|signed_out|password_set)|access[.](refused|not_found))$"
WITHOUT_ACTING = "^(account|membership|board|evidence|analyte)[.]"
SOMEBODYS = ("decision.signed", "patient.erased")


def listed(kinds):
    """Return kinds as an SQL list."""
    return ", ".join(f"'{kind}'" for kind in kinds)


ADD = f"""
CREATE POLICY add_as_acting ON audit_trailentry FOR INSERT TO {APP} WITH CHECK (
    CASE WHEN actor_id IS NULL THEN kind NOT IN ({listed(SOMEBODYS)})
         WHEN actor_id = rechallenge_acting_user() THEN true
         WHEN kind ~ '{SIGNING_IN}' THEN patient_id IS NULL
         ELSE rechallenge_acting_user() IS NULL AND kind ~ '{WITHOUT_ACTING}' AND patient_id IS NULL
    END);
CREATE POLICY add_as_nobody ON audit_trailentry FOR INSERT TO {WORKER} WITH CHECK (
    actor_id IS NULL AND kind NOT IN ({listed(SOMEBODYS)}));
DROP POLICY add ON audit_trailentry;
"""
UNDO = f"""
CREATE POLICY add ON audit_trailentry FOR INSERT TO {APP}, {WORKER} WITH CHECK (true);
DROP POLICY add_as_acting ON audit_trailentry;
DROP POLICY add_as_nobody ON audit_trailentry;
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0005_trail_by_board"), ("cases", "0002_row_security")]
    operations = [migrations.RunSQL(ADD, UNDO)]

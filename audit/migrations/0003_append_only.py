"""The trail and its seals can be added to, and nothing else."""

from django.db import migrations

from accounts.rowsecurity import Freeze, GrantWorker, Revoke


class Migration(migrations.Migration):
    dependencies = [("audit", "0002_initial")]
    operations = [
        Freeze("audit_trailentry"),
        Revoke("audit_trailentry", "INSERT, UPDATE, DELETE, TRUNCATE"),
        # Neither the time nor the place in the order is for the writer to say.
        migrations.RunSQL(
            "GRANT INSERT (kind, actor_id, board_id, patient_id, subject_type, subject_id, request_id, detail)"
            " ON audit_trailentry TO rechallenge_app, rechallenge_worker;"
            "GRANT USAGE ON SEQUENCE audit_trailentry_id_seq TO rechallenge_worker;",
            migrations.RunSQL.noop,
        ),
        GrantWorker("audit_trailentry", "SELECT"),
        Freeze("audit_seal"),
        Revoke("audit_seal", "INSERT, UPDATE, DELETE, TRUNCATE"),
        GrantWorker("audit_seal", "SELECT, INSERT"),
    ]

"""The trail and its seals can be added to, and nothing else."""

from django.db import migrations

from accounts.rowsecurity import Freeze, GrantWorker, Revoke


class Migration(migrations.Migration):
    dependencies = [("audit", "0002_initial")]
    operations = [
        Freeze("audit_trailentry"),
        Revoke("audit_trailentry", "UPDATE, DELETE, TRUNCATE"),
        GrantWorker("audit_trailentry", "SELECT, INSERT"),
        Freeze("audit_seal"),
        Revoke("audit_seal", "INSERT, UPDATE, DELETE, TRUNCATE"),
        GrantWorker("audit_seal", "SELECT, INSERT"),
    ]

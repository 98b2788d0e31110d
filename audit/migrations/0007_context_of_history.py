"""Who changed what stays as it was entered: a context of the history is the transaction's that made it.

pghistory writes a context with its first change and again within the transaction when the metadata grew. Later
nobody may: `created_at` is the time of the transaction.
"""

from django.db import migrations

from accounts.rowsecurity import Freeze, Revoke


class Migration(migrations.Migration):
    dependencies = [
        ("audit", "0006_actor_is_acting"),
        ("pghistory", "0007_auto_20250421_0444"),
    ]
    operations = [
        Freeze("pghistory_context", when="OLD.created_at <> now()"),
        Revoke("pghistory_context", "DELETE, TRUNCATE"),
    ]

"""What the workers may read about users and boards."""

from django.db import migrations

from accounts.rowsecurity import GrantWorker, Revoke


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]
    operations = [
        GrantWorker("accounts_user", "SELECT (id, public_id, email, name, is_active)"),
        GrantWorker("accounts_board", "SELECT"),
        GrantWorker("accounts_membership", "SELECT"),
        GrantWorker("django_content_type", "SELECT"),
        *[
            Revoke(f"accounts_{name}event", "UPDATE, DELETE, TRUNCATE")
            for name in ("user", "board", "membership")
        ],
    ]

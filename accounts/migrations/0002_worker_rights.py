"""What the workers may read about users and boards."""

from django.db import migrations

from accounts.rowsecurity import GrantWorker


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]
    operations = [
        GrantWorker("accounts_user", "SELECT"),
        GrantWorker("accounts_board", "SELECT"),
        GrantWorker("accounts_membership", "SELECT"),
        GrantWorker("django_content_type", "SELECT"),
    ]

"""The workers delete sessions that have run out; what stands in a session they cannot read."""

from django.db import migrations

from accounts.rowsecurity import GrantWorker


class Migration(migrations.Migration):
    dependencies = [("accounts", "0005_in_force"), ("sessions", "0001_initial")]

    operations = [GrantWorker("django_session", "SELECT (expire_date), DELETE")]

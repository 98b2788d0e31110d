"""Who was given a role lately is shown to the chairs on their start page, and found among millions of entries."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    # The index is built while the table is in use.
    atomic = False
    dependencies = [("audit", "0007_context_of_history")]
    operations = [
        AddIndexConcurrently(
            "trailentry",
            models.Index(
                fields=["board_id", "-at"],
                condition=models.Q(kind="membership.given"),
                name="trail_roles_given",
            ),
        ),
    ]

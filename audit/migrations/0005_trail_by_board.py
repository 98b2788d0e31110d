"""The trail's page reads a board's entries in the order of time."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("audit", "0004_readers")]
    operations = [
        AddIndexConcurrently(
            "trailentry",
            models.Index(fields=["board_id", "-at", "-id"], name="trail_by_board"),
        )
    ]

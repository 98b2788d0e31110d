"""Finds the open cases, where many are closed."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    # Built while the table is in use.
    atomic = False
    dependencies = [("cases", "0100_search_by_organ")]
    operations = [
        AddIndexConcurrently(
            model_name="case",
            index=models.Index(
                condition=models.Q(("state", "closed"), _negated=True), fields=["board"], name="case_open"
            ),
        )
    ]

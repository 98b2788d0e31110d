"""Finds who was given facts of a kind last."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    # Built while the table is in use.
    atomic = False
    dependencies = [("cases", "0057_named_texts_are_erased")]
    operations = [
        AddIndexConcurrently(
            model_name="facttask",
            index=models.Index(
                fields=["owner", "fact", "-created_at"], name="tasks_by_owner_and_fact"
            ),
        )
    ]

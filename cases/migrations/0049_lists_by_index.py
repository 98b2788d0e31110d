"""A board's cases are listed, and those with a drug or an irAE are found, by index."""

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    # Indexes are built while the tables are in use.
    atomic = False
    dependencies = [("cases", "0048_stray_files")]
    operations = [
        AddIndexConcurrently(
            "case",
            models.Index(
                fields=["board", "-changed_at", "-id"],
                include=["patient"],
                name="case_of_board_by_change",
            ),
        ),
        AddIndexConcurrently("icicourse", GinIndex(fields=["drugs"], name="course_drugs")),
        AddIndexConcurrently(
            "irae", models.Index(fields=["entity", "patient"], name="irae_entity")
        ),
    ]

"""Holds the rows that are there against the new constraints, without keeping anybody from writing."""

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations

CONSTRAINTS = (
    ("irae", "irae_course_late_state"),
    ("responseassessment", "responseassessment_course_late_state"),
)


class Migration(migrations.Migration):
    dependencies = [("cases", "0126_that_nobody_knows_the_course")]
    operations = [ValidateConstraint(model, name) for model, name in CONSTRAINTS]

"""Holds the rows that are there against the constraint, without keeping anybody from writing."""

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("cases", "0042_stated_and_dated")]
    operations = [ValidateConstraint("irae", "grades_have_their_ctcae_version")]

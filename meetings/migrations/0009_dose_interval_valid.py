"""Looks through the decisions that stand, without keeping anybody from reading or signing meanwhile."""

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("meetings", "0008_dose_interval")]
    operations = [
        ValidateConstraint("decision", "dose_interval_is_plausible"),
        ValidateConstraint("decision", "rechallenge_names_its_dose_interval"),
    ]

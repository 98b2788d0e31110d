"""Holds the rows that are there against the new constraints, without keeping anybody from writing."""

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations

CONSTRAINTS = (
    ("background", "background_comorbidities_late_state"),
    ("background", "background_preference_late_state"),
    ("case", "case_alternatives_late_state"),
    ("icicourse", "icicourse_line_late_state"),
    ("icicourse", "icicourse_cycles_late_state"),
    ("irae", "grades_have_their_ctcae_version"),
    ("irae", "irae_excluded_late_state"),
    ("othertreatment", "othertreatment_line_late_state"),
    ("responseassessment", "response_criteria_are_known"),
)


class Migration(migrations.Migration):
    dependencies = [("cases", "0055_states_and_not_said")]
    operations = [ValidateConstraint(model, name) for model, name in CONSTRAINTS]

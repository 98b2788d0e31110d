"""What is said of bleeding, hypertension and surgery is held to its states, while the table is in use."""

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations

NAMES = [
    "background_bleeding_known_iff",
    "background_bleeding_state_valid",
    "background_hypertension_known_iff",
    "background_hypertension_state_valid",
    "background_major_surgery_known_iff",
    "background_major_surgery_state_valid",
    "background_bled_known_iff",
    "background_bled_state_valid",
    "background_operated_known_iff",
    "background_operated_state_valid",
]


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("cases", "0069_antiangiogenic")]
    operations = [ValidateConstraint("background", name) for name in NAMES]

"""The walls around the doses; the plans that stand are looked through without holding anybody up."""

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations

from accounts.rowsecurity import EnableRowSecurity, Revoke


class Migration(migrations.Migration):
    dependencies = [
        ("followup", "0007_doses"),
        ("cases", "0002_row_security"),
        ("accounts", "0002_worker_rights"),
    ]
    operations = [
        EnableRowSecurity("followup_dose"),
        EnableRowSecurity("followup_doseevent"),
        # The latest entry may be taken back, so DELETE stays; its history keeps it.
        Revoke("followup_dose", "TRUNCATE"),
        ValidateConstraint("monitoringplan", "last_dose_for_a_reason"),
    ]

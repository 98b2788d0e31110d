"""The rows that were there before are held to the same; the keys are whole from here on."""

from django.db import migrations

from accounts.samepatient import ComparePatients


class Migration(migrations.Migration):
    dependencies = [("followup", "0004_same_patient")]
    operations = [
        ComparePatients("followup_monitoringplan", "case_id"),
        ComparePatients("followup_planprotocol", "plan_id"),
        ComparePatients("followup_check", "plan_id"),
        ComparePatients("followup_reminder", "safety_check_id"),
    ]

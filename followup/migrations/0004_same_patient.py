"""A plan and what hangs on it are about the patient of its case."""

from django.db import migrations

from accounts.samepatient import SamePatient


class Migration(migrations.Migration):
    dependencies = [("followup", "0003_patient_keys"), ("cases", "0007_patient_keys")]
    operations = [
        SamePatient("followup_monitoringplan", "case_id", "cases_case"),
        SamePatient("followup_planprotocol", "plan_id", "followup_monitoringplan"),
        SamePatient("followup_check", "plan_id", "followup_monitoringplan"),
        SamePatient("followup_reminder", "safety_check_id", "followup_check"),
    ]

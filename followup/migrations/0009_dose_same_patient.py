"""A dose is about the patient of its plan; there is no row yet that had to be compared."""

from django.db import migrations

from accounts.samepatient import ComparePatients, SamePatient


class Migration(migrations.Migration):
    dependencies = [("followup", "0008_dose_row_security")]
    operations = [
        SamePatient("followup_dose", "plan_id", "followup_monitoringplan"),
        ComparePatients("followup_dose", "plan_id"),
    ]

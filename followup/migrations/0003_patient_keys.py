"""What rows of a monitoring plan point at, together with the patient."""

from django.db import migrations

from accounts.samepatient import PatientKey


class Migration(migrations.Migration):
    # Indexes are built while the tables are in use.
    atomic = False
    dependencies = [("followup", "0002_row_security")]
    operations = [
        PatientKey("followup_monitoringplan"),
        PatientKey("followup_check"),
    ]

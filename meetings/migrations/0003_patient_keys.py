"""What the parts of a decision point at, together with the patient."""

from django.db import migrations

from accounts.samepatient import PatientKey


class Migration(migrations.Migration):
    # Indexes are built while the tables are in use.
    atomic = False
    dependencies = [("meetings", "0002_row_security")]
    operations = [
        PatientKey("meetings_decision"),
    ]

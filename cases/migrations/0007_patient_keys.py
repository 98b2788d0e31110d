"""What other tables about a patient point at, together with the patient."""

from django.db import migrations

from accounts.samepatient import PatientKey


class Migration(migrations.Migration):
    # Indexes are built while the tables are in use.
    atomic = False
    dependencies = [("cases", "0006_full_record_row_security")]
    operations = [
        PatientKey("cases_case"),
        PatientKey("cases_icicourse"),
        PatientKey("cases_irae"),
        PatientKey("cases_steroidcourse"),
    ]

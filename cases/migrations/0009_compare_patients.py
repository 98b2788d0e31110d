"""The rows that were there before are held to the same; the keys are whole from here on."""

from django.db import migrations

from accounts.samepatient import ComparePatients


class Migration(migrations.Migration):
    dependencies = [("cases", "0008_same_patient")]
    operations = [
        ComparePatients("cases_casesection", "case_id"),
        ComparePatients("cases_facttask", "case_id"),
        ComparePatients("cases_casefacts", "case_id"),
        ComparePatients("cases_attachedguidance", "case_id"),
        ComparePatients("cases_irae", "course_id"),
        ComparePatients("cases_irae", "recurrence_of_id"),
        ComparePatients("cases_steroidcourse", "irae_id"),
        ComparePatients("cases_steroiddose", "course_id"),
        ComparePatients("cases_immunosuppressant", "irae_id"),
        ComparePatients("cases_dossierentry", "irae_id"),
        ComparePatients("cases_report", "irae_id"),
        ComparePatients("cases_responseassessment", "course_id"),
    ]

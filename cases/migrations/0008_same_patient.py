"""A case, a course and an irAE are pointed at by rows about the same patient alone."""

from django.db import migrations

from accounts.samepatient import SamePatient


class Migration(migrations.Migration):
    dependencies = [("cases", "0007_patient_keys")]
    operations = [
        SamePatient("cases_casesection", "case_id", "cases_case"),
        SamePatient("cases_facttask", "case_id", "cases_case"),
        SamePatient("cases_casefacts", "case_id", "cases_case"),
        SamePatient("cases_attachedguidance", "case_id", "cases_case"),
        SamePatient("cases_irae", "course_id", "cases_icicourse"),
        SamePatient("cases_irae", "recurrence_of_id", "cases_irae"),
        SamePatient("cases_steroidcourse", "irae_id", "cases_irae"),
        SamePatient("cases_steroiddose", "course_id", "cases_steroidcourse"),
        SamePatient("cases_immunosuppressant", "irae_id", "cases_irae"),
        SamePatient("cases_dossierentry", "irae_id", "cases_irae"),
        SamePatient("cases_report", "irae_id", "cases_irae"),
        SamePatient("cases_responseassessment", "course_id", "cases_icicourse"),
    ]

"""Agenda items, decisions and their parts are about the patient of their case."""

from django.db import migrations

from accounts.samepatient import SamePatient


class Migration(migrations.Migration):
    dependencies = [("meetings", "0003_patient_keys"), ("cases", "0007_patient_keys")]
    operations = [
        SamePatient("meetings_agendaitem", "case_id", "cases_case"),
        SamePatient("meetings_decision", "case_id", "cases_case"),
        SamePatient("meetings_decision", "amends_id", "meetings_decision"),
        SamePatient("meetings_decisioncondition", "decision_id", "meetings_decision"),
        SamePatient("meetings_decisionstatement", "decision_id", "meetings_decision"),
        SamePatient("meetings_dissent", "decision_id", "meetings_decision"),
        SamePatient("meetings_erasure", "decision_id", "meetings_decision"),
        SamePatient("meetings_letter", "decision_id", "meetings_decision"),
    ]

"""The rows that were there before are held to the same; the keys are whole from here on."""

from django.db import migrations

from accounts.samepatient import ComparePatients


class Migration(migrations.Migration):
    dependencies = [("meetings", "0004_same_patient")]
    operations = [
        ComparePatients("meetings_agendaitem", "case_id"),
        ComparePatients("meetings_decision", "case_id"),
        ComparePatients("meetings_decision", "amends_id"),
        ComparePatients("meetings_decisioncondition", "decision_id"),
        ComparePatients("meetings_decisionstatement", "decision_id"),
        ComparePatients("meetings_dissent", "decision_id"),
        ComparePatients("meetings_erasure", "decision_id"),
        ComparePatients("meetings_letter", "decision_id"),
    ]

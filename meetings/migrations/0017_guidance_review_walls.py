"""Reviews of changed guidance are the patient's: behind row-level security, of one patient, erased with them."""

from django.db import migrations

from accounts.erasing import EraseTexts
from accounts.rowsecurity import EnableRowSecurity
from accounts.samepatient import SHORT_WAIT, ComparePatients, SamePatient

ERASED = "'erased'"


class Migration(migrations.Migration):
    dependencies = [("meetings", "0016_guidance_review"), ("cases", "0007_patient_keys")]
    operations = [
        migrations.RunSQL(SHORT_WAIT, migrations.RunSQL.noop),
        EnableRowSecurity("meetings_guidancereview"),
        EnableRowSecurity("meetings_guidancereviewevent"),
        SamePatient("meetings_guidancereview", "decision_id", "meetings_decision"),
        ComparePatients("meetings_guidancereview", "decision_id"),
        EraseTexts("meetings_guidancereview", {"reason": ERASED}),
    ]

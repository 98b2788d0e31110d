"""A search finds every case of a patient, whichever of the patient's records it was made under."""

from importlib import import_module

from django.db import migrations

BEFORE = import_module("meetings.migrations.0011_switched_off").SEARCH
# Old names and numbers lead to the patient as well.
NAMED = (
    "SELECT i.patient_id FROM cases_patientidentity i",
    "SELECT r.id FROM cases_patientidentity i JOIN cases_patient p ON p.id = i.patient_id\n"
    "                   JOIN cases_patient r ON r.id = coalesce(p.merged_into_id, p.id)\n"
    "                                        OR r.merged_into_id = coalesce(p.merged_into_id, p.id)",
)
KEPT = "(SELECT coalesce(p.merged_into_id, p.id) FROM cases_patient p WHERE p.id = c.patient_id)"
SEARCH = BEFORE
for old, new in (
    NAMED,
    ("k.patient_id = c.patient_id", f"k.patient_id = {KEPT}"),
    ("e.patient_id = c.patient_id", f"e.patient_id = {KEPT}"),
):
    assert old in SEARCH
    SEARCH = SEARCH.replace(old, new)


class Migration(migrations.Migration):
    dependencies = [("meetings", "0011_switched_off"), ("cases", "0035_merging")]
    operations = [migrations.RunSQL([SEARCH], [BEFORE])]

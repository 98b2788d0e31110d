"""The walls around the full record, a background for every patient, and constraints held to old rows."""

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations

from accounts.rowsecurity import APP, EnableRowSecurity, Freeze, Revoke

OWNED = [
    "background", "metastasis", "drivertest", "othertreatment", "responseassessment", "organreview", "dossierentry", "report", "steroiddose", "immunosuppressant", "labresult"
]
CURATED = ["analyteevent", "dossieritemevent", "readinessversionevent"]

# A filter is its owner's alone.
MINE = f"""
ALTER TABLE cases_savedfilter ENABLE ROW LEVEL SECURITY;
ALTER TABLE cases_savedfilter FORCE ROW LEVEL SECURITY;
CREATE POLICY own_rows ON cases_savedfilter TO {APP} USING (user_id = rechallenge_acting_user())
    WITH CHECK (user_id = rechallenge_acting_user());
"""
MINE_UNDO = """
DROP POLICY own_rows ON cases_savedfilter; ALTER TABLE cases_savedfilter NO FORCE ROW LEVEL SECURITY;
ALTER TABLE cases_savedfilter DISABLE ROW LEVEL SECURITY;
"""

HELD = [
    ("biomarkerresult", "biomarker_unit_is_known"),
    ("case", "alternatives_are_known"),
    ("case", "case_prophylaxis_known_iff"),
    ("case", "case_prophylaxis_state_valid"),
    ("case", "case_disease_status_known_iff"),
    ("case", "case_disease_status_state_valid"),
    ("icicourse", "contributing_reasons_are_known"),
    ("icicourse", "icicourse_setting_known_iff"),
    ("icicourse", "icicourse_setting_state_valid"),
    ("icicourse", "icicourse_regimen_kind_known_iff"),
    ("icicourse", "icicourse_regimen_kind_state_valid"),
    ("icicourse", "icicourse_planned_days_known_iff"),
    ("icicourse", "icicourse_planned_days_state_valid"),
    ("icicourse", "icicourse_progression_timing_known_iff"),
    ("icicourse", "icicourse_progression_timing_state_valid"),
    ("icicourse", "icicourse_progression_confirmed_known_iff"),
    ("icicourse", "icicourse_progression_confirmed_state_valid"),
    ("icicourse", "icicourse_progression_called_known_iff"),
    ("icicourse", "icicourse_progression_called_state_valid"),
    ("icicourse", "icicourse_new_lesions_known_iff"),
    ("icicourse", "icicourse_new_lesions_state_valid"),
    ("icicourse", "icicourse_growing_lesions_known_iff"),
    ("icicourse", "icicourse_growing_lesions_state_valid"),
    ("icicourse", "icicourse_progressing_organs_known_iff"),
    ("icicourse", "icicourse_progressing_organs_state_valid"),
    ("icicourse", "icicourse_all_treatable_locally_known_iff"),
    ("icicourse", "icicourse_all_treatable_locally_state_valid"),
    ("icicourse", "icicourse_primary_state_known_iff"),
    ("icicourse", "icicourse_primary_state_state_valid"),
    ("icicourse", "icicourse_progressed_known_iff"),
    ("icicourse", "icicourse_progressed_state_valid"),
    ("irae", "onset_grade_is_1_to_5"),
    ("irae", "onset_grade_is_at_most_the_worst"),
    ("irae", "excluded_alternatives_are_known"),
    ("irae", "irae_onset_grade_known_iff"),
    ("irae", "irae_onset_grade_state_valid"),
    ("irae", "irae_likelihood_known_iff"),
    ("irae", "irae_likelihood_state_valid"),
    ("irae", "irae_care_known_iff"),
    ("irae", "irae_care_state_valid"),
    ("irae", "irae_sequelae_known_iff"),
    ("irae", "irae_sequelae_state_valid"),
    ("patientidentity", "death_is_not_before_birth"),
    ("patientidentity", "national_numbers_have_a_scheme"),
    ("steroidcourse", "steroidcourse_indication_known_iff"),
    ("steroidcourse", "steroidcourse_indication_state_valid"),
    ("steroidcourse", "steroidcourse_not_tapered_known_iff"),
    ("steroidcourse", "steroidcourse_not_tapered_state_valid"),
]


def give_backgrounds(apps, schema_editor):
    """Make the one row of background for every patient who has none."""
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT set_config('app.owner_reason', 'background', true)")
    patient, background = apps.get_model("cases", "Patient"), apps.get_model("cases", "Background")
    have = background.objects.values("patient_id")
    without = patient.objects.exclude(pk__in=have).values_list("pk", flat=True)
    rows = (background(patient_id=pk) for pk in without.iterator(chunk_size=2000))
    background.objects.bulk_create(rows, batch_size=1000)
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT set_config('app.owner_reason', '', true)")


class Migration(migrations.Migration):
    dependencies = [("cases", "0005_full_record")]
    operations = [
        *[EnableRowSecurity(f"cases_{name}") for name in OWNED],
        *[EnableRowSecurity(f"cases_{name}event") for name in OWNED],
        *[Revoke(f"cases_{name}", "UPDATE, DELETE, TRUNCATE") for name in CURATED],
        Freeze("cases_readinessversion", "OLD.published_at IS NOT NULL"),
        Revoke("cases_readinessversion", "DELETE, TRUNCATE"),
        migrations.RunSQL(MINE, MINE_UNDO),
        migrations.RunPython(give_backgrounds, migrations.RunPython.noop, elidable=True),
        *[ValidateConstraint(model, name) for model, name in HELD],
    ]

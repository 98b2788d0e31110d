"""Delivered items of dossiers answer facts that are new; an item to which a curator gave a fact keeps it.

The facts of cases that are there already follow at their next save, or all at once by `verify_case_facts --repair`;
until then they are missing.
"""

from django.db import migrations

ANSWERS = {
    "liver_metastases_then": ("flag", "liver_tumour_at_hepatitis"),
    "lung_spo2": ("number", "spo2_lowest"),
    "lung_dlco": ("number", "dlco"),
    "heart_lvef_now": ("number", "lvef_now"),
    "heart_ck": ("number", "ck_peak_x_uln"),
    "muscle_ck": ("number", "ck_peak_x_uln"),
    "kidney_now": ("number", "creatinine_now_x_baseline"),
    "colon_calprotectin_now": ("number", "calprotectin_now"),
}


def answer(apps, schema_editor):
    """Give each item its fact, where it has none and is still of its kind."""
    items = apps.get_model("cases", "DossierItem").objects
    for code, (kind, fact) in ANSWERS.items():
        items.filter(code=code, kind=kind, fact="").update(fact=fact)


class Migration(migrations.Migration):
    dependencies = [("cases", "0040_facts_of_organs")]
    operations = [migrations.RunPython(answer, migrations.RunPython.noop, elidable=True)]

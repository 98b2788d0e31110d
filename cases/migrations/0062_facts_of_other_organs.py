"""Facts of blood, eye, joint, pancreas and vessels, and of the newest results; delivered items answer them.

The facts of cases that are there already follow at their next save, or all at once by `verify_case_facts --repair`.
"""

from django.db import migrations, models

from accounts.samepatient import SHORT_WAIT
from accounts.together import Together

STATES = [
    ("known", "Known"),
    ("not_yet", "Not yet"),
    ("unknown", "Unknown"),
    ("not_applicable", "Not applicable"),
    ("missing", "Missing"),
]
FLAGS = ("blood_transfused", "eye_active_now", "joint_erosions", "pancreas_pain", "vessel_threatened")
NUMBERS = (
    "creatinine_now",
    "haemoglobin_now",
    "lipase_peak_x_uln",
    "neutrophils_now",
    "platelets_now",
    "vasculitis_worst_grade",
)
# Delivered items and their kind; one to which a curator gave a fact keeps it.
ANSWERS = {
    "blood_transfusion": ("flag", "blood_transfused"),
    "joint_erosions": ("flag", "joint_erosions"),
    "pancreas_lipase": ("number", "lipase_peak_x_uln"),
    "pancreas_pain": ("flag", "pancreas_pain"),
}


def columns():
    """Yield the columns of the new facts."""
    for fact in FLAGS:
        yield fact, models.BooleanField(null=True)
    for fact in NUMBERS:
        for end in ("low", "high"):
            yield f"{fact}_{end}", models.DecimalField(decimal_places=2, max_digits=10, null=True)
    for fact in (*FLAGS, *NUMBERS):
        yield f"{fact}_state", models.CharField(choices=STATES, default="missing", max_length=16)


def answer(apps, schema_editor):
    """Give each item its fact, where it has none and is still of its kind."""
    items = apps.get_model("cases", "DossierItem").objects
    for code, (kind, fact) in ANSWERS.items():
        items.filter(code=code, kind=kind, fact="").update(fact=fact)


class Migration(migrations.Migration):
    dependencies = [("cases", "0061_lists_hold_filled")]

    operations = [
        migrations.RunSQL(SHORT_WAIT, migrations.RunSQL.noop),
        Together([migrations.AddField("casefacts", name, field) for name, field in columns()]),
        # What is written by processes that do not know a fact yet says that nothing is known of it.
        *(
            migrations.RunSQL(
                f"ALTER TABLE cases_casefacts ALTER COLUMN {fact}_state SET DEFAULT 'missing'",
                migrations.RunSQL.noop,
            )
            for fact in (*FLAGS, *NUMBERS)
        ),
        migrations.RunPython(answer, migrations.RunPython.noop, elidable=True),
    ]

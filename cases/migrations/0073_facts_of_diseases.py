"""Facts of single diseases and organs, at their worst and now; whether PD-1 or PD-L1 is proposed.

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
FLAGS = ("proposed_includes_pd1_pdl1", "hus_any", "ketoacidosis_any")
NUMBERS = (
    "myocarditis_worst_grade",
    "heart_worst_grade",
    "thyroid_worst_grade",
    "hypothyroidism_worst_grade",
    "adrenal_worst_grade",
    "pituitary_worst_grade",
    "diabetes_worst_grade",
    "myasthenia_worst_grade",
    "guillain_barre_worst_grade",
    "encephalitis_worst_grade",
    "myelitis_worst_grade",
    "bullous_worst_grade",
    "unlisted_irae_worst_grade",
    "pneumonitis_grade_now",
    "colitis_grade_now",
    "hepatitis_grade_now",
    "nephritis_grade_now",
    "skin_grade_now",
    "neurological_grade_now",
    "myasthenia_grade_now",
    "pancreatitis_grade_now",
    "endocrine_grade_now",
    "adrenal_grade_now",
    "pituitary_grade_now",
    "diabetes_grade_now",
)
# Until when a grade of now holds.
UNTIL = tuple(f"{fact}_until" for fact in NUMBERS if fact.endswith("_grade_now"))


def columns():
    """Yield the columns of the new facts."""
    for fact in FLAGS:
        yield fact, models.BooleanField(null=True)
    for fact in NUMBERS:
        for end in ("low", "high"):
            yield f"{fact}_{end}", models.DecimalField(decimal_places=2, max_digits=10, null=True)
    for fact in (*FLAGS, *NUMBERS):
        yield f"{fact}_state", models.CharField(choices=STATES, default="missing", max_length=16)
    for name in UNTIL:
        yield name, models.DateField(null=True)


class Migration(migrations.Migration):
    dependencies = [("cases", "0072_finding_attached_once")]

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
    ]

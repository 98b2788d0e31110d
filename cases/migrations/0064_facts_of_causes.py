"""Facts of what irAEs followed: classes, agents and regimens, and whether the proposal gives them again.

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
FLAGS = (
    "irae_after_pembrolizumab",
    "irae_after_nivolumab",
    "irae_after_cemiplimab",
    "irae_after_atezolizumab",
    "irae_after_durvalumab",
    "irae_after_ipilimumab",
    "irae_after_tremelimumab",
    "irae_after_ici_alone",
    "irae_after_chemotherapy",
    "irae_after_antiangiogenic",
    "irae_agent_again",
    "irae_class_again",
)
NUMBERS = (
    "irae_after_pd1_worst_grade",
    "irae_after_pdl1_worst_grade",
    "irae_after_ctla4_worst_grade",
    "irae_after_combination_worst_grade",
    "irae_after_bispecific_worst_grade",
    "pneumonitis_after_ctla4_worst_grade",
    "pneumonitis_after_pd1_pdl1_worst_grade",
    "colitis_after_ctla4_worst_grade",
    "colitis_after_pd1_pdl1_worst_grade",
    "hepatitis_after_ctla4_worst_grade",
    "hepatitis_after_pd1_pdl1_worst_grade",
    "nephritis_after_ctla4_worst_grade",
    "nephritis_after_pd1_pdl1_worst_grade",
    "endocrine_after_ctla4_worst_grade",
    "endocrine_after_pd1_pdl1_worst_grade",
    "skin_after_ctla4_worst_grade",
    "skin_after_pd1_pdl1_worst_grade",
    "worst_irae_days",
)


def columns():
    """Yield the columns of the new facts."""
    for fact in FLAGS:
        yield fact, models.BooleanField(null=True)
    for fact in NUMBERS:
        for end in ("low", "high"):
            yield f"{fact}_{end}", models.DecimalField(decimal_places=2, max_digits=10, null=True)
    for fact in (*FLAGS, *NUMBERS):
        yield f"{fact}_state", models.CharField(choices=STATES, default="missing", max_length=16)


class Migration(migrations.Migration):
    dependencies = [("cases", "0063_history_of_both")]

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

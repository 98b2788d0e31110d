"""A version that is written from now on is read by the twelfth vocabulary; endpoints part grade 4, and 3 with 4."""

from django.db import migrations, models
from django.db.models import Q

from accounts.samepatient import SHORT_WAIT

ENDPOINTS = [
    ("ORR", "Objective response (ORR)"),
    ("DCR", "Disease control (DCR)"),
    ("CR", "Complete response (CR)"),
    ("PR", "Partial response (PR)"),
    ("SD", "Stable disease (SD)"),
    ("PD", "Progressive disease (PD)"),
    ("PFS", "Progression-free survival (PFS)"),
    ("OS", "Overall survival (OS)"),
    ("recurrence_any", "Any irAE again, the same or another"),
    ("recurrence_same", "The same irAE again"),
    ("new_irae", "A new irAE"),
    ("grade_3_or_more", "irAE of grade 3 or more"),
    ("grade_3_or_4", "irAE of grade 3 or 4"),
    ("grade_4", "irAE of grade 4"),
    ("treatment_ae", "Treatment-related adverse event"),
    ("death", "Death from treatment"),
    ("discontinuation", "Stopped or interrupted"),
    ("ROR", "Reporting odds ratio (ROR)"),
    ("resistance", "Primary resistance"),
    ("duration", "Duration"),
    ("shrinkage", "Shrinkage of the tumour"),
    ("predictor", "Predictor"),
    ("patients", "Number of patients"),
    ("definition", "Definition"),
    ("other", "Other"),
]


def endpoint() -> models.CharField:
    return models.CharField(
        choices=ENDPOINTS,
        db_default="other",
        default="other",
        max_length=20,
        verbose_name="endpoint",
    )


class Migration(migrations.Migration):
    dependencies = [
        ("evidence", "0027_reach_counts"),
    ]

    operations = [
        migrations.RunSQL(SHORT_WAIT, migrations.RunSQL.noop),
        migrations.AlterField(
            model_name="statementversion",
            name="vocabulary_version",
            field=models.PositiveSmallIntegerField(default=12),
        ),
        migrations.AlterField(
            model_name="statementversionevent",
            name="vocabulary_version",
            field=models.PositiveSmallIntegerField(default=12),
        ),
        migrations.RemoveConstraint(model_name="finding", name="finding_codes_are_known"),
        migrations.AlterField(model_name="finding", name="endpoint", field=endpoint()),
        migrations.AlterField(model_name="findingevent", name="endpoint", field=endpoint()),
        migrations.AddConstraint(
            model_name="finding",
            constraint=models.CheckConstraint(
                condition=Q(endpoint__in=[code for code, _label in ENDPOINTS])
                & Q(
                    unit__in=[
                        "", "%", "months", "days", "years", "patients", "HR", "OR", "ROR", "p",
                        "ratio", "sites",
                    ]
                )
                & Q(
                    setting__in=[
                        "completed_course", "progression_on", "progression_off", "irae",
                        "biomarker", "safety_predictor", "resistance", "other",
                    ]
                )
                & Q(
                    state__in=[
                        "as_printed", "corrected", "not_interpretable", "not_in_review",
                    ]
                ),
                name="finding_codes_are_known",
            ),
        ),
    ]  # fmt: skip

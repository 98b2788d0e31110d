"""Carries the tumour's flags to where each is said now: sites, genes, and the patient's background.

The combined flag of EGFR, ALK and ROS1 said "no" of all three. Where it said "yes" nobody knows of which, unless
the words beside it tell a reader: they stay beside it. Other genes were not asked about.
"""

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations

LIVER = """
INSERT INTO cases_metastasis (patient_id, site, present, present_state, detail)
SELECT patient_id, 'liver', liver_metastases, liver_metastases_state, ''
FROM cases_tumour WHERE liver_metastases_state <> 'missing'
ON CONFLICT (patient_id, site) DO NOTHING
"""
RESULTS = """
UPDATE cases_drivertest SET result_state = altered_state,
    result = CASE WHEN altered THEN 'positive' WHEN NOT altered THEN 'negative' END
"""
NOT_ALTERED = """
INSERT INTO cases_drivertest
    (patient_id, gene, altered, altered_state, result, result_state, variant, sampled_text, sampled_anchor, sampled_state)
SELECT t.patient_id, gene, t.driver_mutation, t.driver_mutation_state,
    CASE WHEN NOT t.driver_mutation THEN 'negative' END, t.driver_mutation_state, '', '', '', 'missing'
FROM cases_tumour t CROSS JOIN (VALUES ('EGFR'), ('ALK'), ('ROS1')) genes (gene)
WHERE t.driver_mutation_state <> 'missing' AND t.driver_mutation IS NOT TRUE
ON CONFLICT (patient_id, gene) DO NOTHING
"""
ALTERED = """
INSERT INTO cases_drivertest
    (patient_id, gene, altered, altered_state, result, result_state, variant, sampled_text, sampled_anchor, sampled_state)
SELECT patient_id, 'unnamed', true, 'known', 'positive', 'known', driver_text, '', '', 'missing'
FROM cases_tumour WHERE driver_mutation
ON CONFLICT (patient_id, gene) DO NOTHING
"""
WORDS = """
INSERT INTO cases_drivertest
    (patient_id, gene, altered_state, result_state, variant, sampled_text, sampled_anchor, sampled_state)
SELECT patient_id, 'other', 'missing', 'missing', driver_text, '', '', 'missing'
FROM cases_tumour WHERE driver_mutation IS NOT TRUE AND driver_text <> ''
ON CONFLICT (patient_id, gene) DO NOTHING
"""
BACKGROUND = """
UPDATE cases_background b SET {name} = t.{name}, {name}_state = t.{name}_state
FROM cases_tumour t
WHERE t.patient_id = b.patient_id AND t.{name}_state <> 'missing' AND b.{name}_state = 'missing'
"""
MOVED = ("autoimmune_disease", "interstitial_lung_disease")
CARRIED = [
    LIVER, RESULTS, NOT_ALTERED, ALTERED, WORDS, *(BACKGROUND.format(name=name) for name in MOVED),
]  # fmt: skip

BACK = [
    """
    UPDATE cases_tumour t SET liver_metastases = m.present, liver_metastases_state = m.present_state
    FROM cases_metastasis m WHERE m.patient_id = t.patient_id AND m.site = 'liver'
    """,
    """
    UPDATE cases_drivertest SET altered = result = 'positive', altered_state = 'known'
    WHERE result IN ('positive', 'negative')
    """,
    """
    UPDATE cases_drivertest SET altered_state = CASE WHEN result = 'not_tested' THEN 'unknown' ELSE result_state END
    WHERE result IS NULL OR result = 'not_tested'
    """,
    """
    UPDATE cases_tumour t SET driver_mutation = true, driver_mutation_state = 'known' WHERE EXISTS (
        SELECT 1 FROM cases_drivertest d WHERE d.patient_id = t.patient_id AND d.result = 'positive'
        AND d.gene IN ('EGFR', 'ALK', 'ROS1', 'unnamed'))
    """,
    """
    UPDATE cases_tumour t SET driver_mutation = false, driver_mutation_state = 'known'
    WHERE t.driver_mutation IS NULL AND 3 = (
        SELECT count(*) FROM cases_drivertest d WHERE d.patient_id = t.patient_id AND d.result = 'negative'
        AND d.gene IN ('EGFR', 'ALK', 'ROS1'))
    """,
    """
    UPDATE cases_tumour t SET driver_mutation_state = d.altered_state FROM cases_drivertest d
    WHERE d.patient_id = t.patient_id AND d.gene = 'EGFR' AND d.altered IS NULL AND t.driver_mutation IS NULL
    """,
    """
    UPDATE cases_tumour t SET driver_text = d.variant FROM cases_drivertest d
    WHERE d.patient_id = t.patient_id AND d.gene IN ('unnamed', 'other')
    """,
    # The genes that there were not: what was carried from them stands in the tumour again.
    "DELETE FROM cases_drivertest WHERE gene IN ('unnamed', 'other')",
    *(
        f"UPDATE cases_tumour t SET {name} = b.{name}, {name}_state = b.{name}_state"  # noqa: S608
        " FROM cases_background b WHERE b.patient_id = t.patient_id"
        for name in MOVED
    ),
]
HELD = [
    ("drivertest", "driver_is_known"),
    ("drivertest", "driver_result_is_known"),
    ("drivertest", "drivertest_result_known_iff"),
    ("drivertest", "drivertest_result_state_valid"),
    *(
        ("tumour", f"tumour_{name}_{rule}")
        for name in ("t_category", "n_category", "m_category")
        for rule in ("known_iff", "state_valid", "is_known")
    ),
    ("tumour", "tumour_tnm_basis_is_known"),
]


def run(statements):
    """Return what runs statements with a reason, as row-level security asks of the owner."""

    def with_reason(apps, schema_editor):
        with schema_editor.connection.cursor() as cursor:
            cursor.execute("SELECT set_config('app.owner_reason', 'tumour', true)")
            for statement in statements:
                cursor.execute(statement)
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SELECT set_config('app.owner_reason', '', true)")

    return with_reason


class Migration(migrations.Migration):
    dependencies = [("cases", "0021_tumour_in_full")]
    operations = [
        migrations.RunPython(run(CARRIED), run(BACK), elidable=True),
        *[ValidateConstraint(model, name) for model, name in HELD],
    ]

"""Carries what was said in one column a patient, or one bool a steroid, over to where it is said now.

"The list of irAEs is complete" was a question about every organ, on that day, by whoever edited the section last.
A steroid that was called replacement has that as its indication; one given for an irAE has the irAE. A dose of now
was said when it first had its present value.
"""

from django.db import migrations

ORGANS = [
    "lung", "colon", "liver", "thyroid", "pituitary", "adrenal", "endocrine_pancreas", "kidney", "skin", "heart",
    "muscle", "nerve", "brain", "joint", "blood", "eye", "pancreas", "vessel", "other",
]

OWNER = "SELECT set_config('app.owner_reason', 'organ review', true)"
OVER = "SELECT set_config('app.owner_reason', '', true)"

REVIEWS = """
INSERT INTO cases_organreview (patient_id, organ, asked_on, asked_by_id)
SELECT p.id, organ, p.iraes_complete_as_of, said.changed_by_id
FROM cases_patient p
CROSS JOIN LATERAL (
    SELECT s.changed_by_id FROM cases_casesection s
    WHERE s.patient_id = p.id AND s.key = 'iraes' ORDER BY s.changed_at DESC, s.id LIMIT 1
) said
CROSS JOIN unnest(%s::text[]) organ
WHERE p.iraes_complete_as_of IS NOT NULL
ON CONFLICT (patient_id, organ) DO NOTHING
"""
REVIEWS_UNDO = """
UPDATE cases_patient p SET iraes_complete_as_of = r.asked_on
FROM (
    SELECT patient_id, min(asked_on) AS asked_on FROM cases_organreview
    GROUP BY patient_id HAVING count(*) = cardinality(%s::text[])
) r WHERE r.patient_id = p.id
"""
INDICATIONS = """
UPDATE cases_steroidcourse
SET indication = CASE WHEN replacement THEN 'adrenal_replacement' ELSE 'irae' END, indication_state = 'known'
WHERE (replacement OR irae_id IS NOT NULL) AND indication IS NULL
"""
INDICATIONS_UNDO = "UPDATE cases_steroidcourse SET replacement = true WHERE indication = 'adrenal_replacement'"
SAID = """
UPDATE cases_steroidcourse s SET now_on = e.said
FROM (
    SELECT pgh_obj_id, now_mg_per_day, min(pgh_created_at)::date AS said FROM cases_steroidcourseevent
    WHERE now_mg_per_day IS NOT NULL GROUP BY pgh_obj_id, now_mg_per_day
) e
WHERE e.pgh_obj_id = s.id AND e.now_mg_per_day = s.now_mg_per_day AND s.now_on IS NULL
"""


def carry_over(apps, schema_editor):
    """Fill the organ review, the indications and the days on which doses were said."""
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(OWNER)
        cursor.execute(REVIEWS, [ORGANS])
        cursor.execute(INDICATIONS)
        cursor.execute(SAID)
        cursor.execute(OVER)


def take_back(apps, schema_editor):
    """Say it again where it was said before."""
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(OWNER)
        cursor.execute(REVIEWS_UNDO, [ORGANS])
        cursor.execute(INDICATIONS_UNDO)
        cursor.execute(OVER)


class Migration(migrations.Migration):
    dependencies = [("cases", "0014_labs_section")]
    operations = [migrations.RunPython(carry_over, take_back, elidable=True)]

"""Carries why the ICI stopped, and how the cancer progressed, from the cases to their patients' last course.

What the course says already stays. A patient without a course gets one, of which no more is known. Of several
cases the newest that knows is heard. "Limited to a few new sites" was somebody's word, not a count: it becomes
what the progression is called, and the derived fact waits for the counts.
"""

from django.db import migrations

# (column of the course, column of the case, its value in the course's words)
CARRIED = [
    ("stop_reason", "stop_reason", "said.stop_reason"),
    ("progression_timing", "progression_timing", "said.progression_timing"),
    (
        "progression_called",
        "oligoprogression",
        "CASE said.oligoprogression WHEN true THEN 'oligo' WHEN false THEN 'systemic' END",
    ),
]

MISSING_COURSES = """
INSERT INTO cases_icicourse (
    patient_id, public_id, number, drugs, drugs_state, regimen, contributing_reasons, response_criteria,
    start_text, start_anchor, start_state, stop_text, stop_anchor, stop_state,
    progressed_text, progressed_anchor, progressed_state,
    best_response_state, stop_reason_state, setting_state, regimen_kind_state, planned_days_state,
    progression_timing_state, progression_confirmed_state, progression_called_state, new_lesions_state,
    growing_lesions_state, progressing_organs_state, all_treatable_locally_state, primary_state_state)
SELECT DISTINCT patient_id, gen_random_uuid(), 1, '{}'::varchar[], 'missing', '', '{}'::varchar[], '',
    '', '', 'missing', '', '', 'missing', '', '', 'missing',
    'missing', 'missing', 'missing', 'missing', 'missing',
    'missing', 'missing', 'missing', 'missing', 'missing', 'missing', 'missing', 'missing'
FROM (SELECT DISTINCT patient_id FROM cases_case
      WHERE stop_reason_state <> 'missing' OR progression_timing_state <> 'missing'
         OR oligoprogression_state <> 'missing') said
WHERE NOT EXISTS (SELECT 1 FROM cases_icicourse c WHERE c.patient_id = said.patient_id)
"""

CARRY = """
WITH last AS (
    SELECT DISTINCT ON (patient_id) id, patient_id FROM cases_icicourse ORDER BY patient_id, number DESC
), said AS (
    SELECT DISTINCT ON (patient_id) * FROM cases_case WHERE {case}_state <> 'missing'
    ORDER BY patient_id, ({case}_state = 'known') DESC, referred_at DESC, id DESC
)
UPDATE cases_icicourse course SET {course} = {value}, {course}_state = said.{case}_state
FROM last JOIN said USING (patient_id)
WHERE course.id = last.id AND course.{course}_state = 'missing'
"""

# The facts of every case of a patient are those of the last course.
FOLLOW = """
WITH last AS (
    SELECT DISTINCT ON (patient_id) * FROM cases_icicourse ORDER BY patient_id, number DESC
)
UPDATE cases_casefacts facts SET
    stop_reason = last.stop_reason, stop_reason_state = last.stop_reason_state,
    progression_timing = last.progression_timing, progression_timing_state = last.progression_timing_state
FROM last WHERE last.patient_id = facts.patient_id
"""

# The flag of the facts rested on the word alone.
FORGET = """
UPDATE cases_casefacts SET oligoprogression = NULL, oligoprogression_state = 'missing'
WHERE oligoprogression_state NOT IN ('missing', 'not_applicable')
"""


def carry(apps, schema_editor):
    """Run the statements with a reason, as row-level security asks of the owner."""
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT set_config('app.owner_reason', 'reasons of courses', true)")
        cursor.execute(MISSING_COURSES)
        for course, case, value in CARRIED:
            cursor.execute(CARRY.format(course=course, case=case, value=value))
        cursor.execute(FOLLOW)
        cursor.execute(FORGET)
        cursor.execute("SELECT set_config('app.owner_reason', '', true)")


class Migration(migrations.Migration):
    dependencies = [("cases", "0016_doses_and_reviews")]
    operations = [migrations.RunPython(carry, migrations.RunPython.noop, elidable=True)]

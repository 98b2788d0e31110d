"""Fills both as far as the history tells: since when a course is said to be over, and which courses a list had.

Of two records that were merged nobody can tell which courses were before whose eyes; they are left open. The facts
of cases follow at their next save, or all at once by `verify_case_facts --repair`.
"""

from django.conf import settings
from django.db import migrations

from accounts.lots import Filling, fill_in_lots

OVER = "coalesce({0}.stop_reason_state IN ('known', 'unknown') AND {0}.stop_state <> 'not_applicable', false)"
FILL_OVER = f"""
UPDATE cases_icicourse a SET over_said_on = (found.since AT TIME ZONE %s)::date
FROM (
    SELECT k.id, min(e.pgh_created_at) AS since
    FROM cases_icicourse k JOIN cases_icicourseevent e ON e.pgh_obj_id = k.id
    WHERE k.id = ANY(%s) AND k.over_said_on IS NULL AND {OVER.format("k")}
    AND e.pgh_id > coalesce((
        SELECT max(n.pgh_id) FROM cases_icicourseevent n
        WHERE n.pgh_obj_id = k.id AND NOT {OVER.format("n")}), 0)
    GROUP BY k.id) found
WHERE found.id = a.id
"""
FILL_THROUGH = """
UPDATE cases_patient a SET courses_complete_through = (
    SELECT coalesce(max(v.pgh_obj_id), 0) FROM cases_icicourseevent v
    WHERE v.patient_id = a.id AND v.pgh_label = 'insert' AND v.pgh_created_at <= found.said)
FROM (
    SELECT p.id, min(e.pgh_created_at) AS said
    FROM cases_patient p JOIN cases_patientevent e ON e.pgh_obj_id = p.id
    WHERE p.id = ANY(%s)
    AND p.courses_complete_as_of IS NOT NULL AND p.courses_complete_through IS NULL
    AND NOT EXISTS (SELECT FROM cases_patient m WHERE m.merged_into_id = p.id)
    AND e.pgh_id > coalesce((
        SELECT max(n.pgh_id) FROM cases_patientevent n WHERE n.pgh_obj_id = p.id
        AND (n.courses_complete_as_of, n.courses_complete_latest)
        IS DISTINCT FROM (p.courses_complete_as_of, p.courses_complete_latest)), 0)
    GROUP BY p.id
    -- Called complete for an earlier day it says nothing of the courses that were there when it was.
    HAVING p.courses_complete_as_of = (min(e.pgh_created_at) AT TIME ZONE '{}')::date) found
WHERE found.id = a.id
""".format(settings.TIME_ZONE)
REASON = "courses that are over"
COURSES = Filling(
    table="cases_icicourse",
    rows=f"""
    SELECT k.id FROM cases_icicourse k
    WHERE k.over_said_on IS NULL AND {OVER.format("k")} AND k.id > %s ORDER BY k.id LIMIT %s
    """,
    statement=FILL_OVER,
    reason=REASON,
    values=(settings.TIME_ZONE,),
)
LISTS = Filling(
    table="cases_patient",
    rows="""
    SELECT p.id FROM cases_patient p
    WHERE p.courses_complete_as_of IS NOT NULL AND p.courses_complete_through IS NULL AND p.id > %s
    ORDER BY p.id LIMIT %s
    """,
    statement=FILL_THROUGH,
    reason=REASON,
)


def fill(apps, schema_editor):
    """Fill lot by lot, each in a transaction of its own; run again after a failure it goes on."""
    for filling in (COURSES, LISTS):
        fill_in_lots(schema_editor.connection, filling)


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("cases", "0110_over_and_before_the_list")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop, elidable=True)]

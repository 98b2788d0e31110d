"""Fills both as far as the history tells: since when a course is said to be over, and which courses a list had.

Of two records that were merged nobody can tell which courses were before whose eyes; they are left open. The facts
of cases follow at their next save, or all at once by `verify_case_facts --repair`.
"""

from django.conf import settings
from django.db import migrations, transaction

AT_ONCE = 5_000
OVER = "coalesce({0}.stop_reason_state IN ('known', 'unknown') AND {0}.stop_state <> 'not_applicable', false)"
FILL_OVER = f"""
UPDATE cases_icicourse a SET over_said_on = (found.since AT TIME ZONE %s)::date
FROM (
    SELECT k.id, min(e.pgh_created_at) AS since
    FROM cases_icicourse k JOIN cases_icicourseevent e ON e.pgh_obj_id = k.id
    WHERE k.id > %s AND k.id <= %s AND k.over_said_on IS NULL AND {OVER.format("k")}
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
    WHERE p.id > %s AND p.id <= %s
    AND p.courses_complete_as_of IS NOT NULL AND p.courses_complete_through IS NULL
    AND NOT EXISTS (SELECT FROM cases_patient m WHERE m.merged_into_id = p.id)
    AND e.pgh_id > coalesce((
        SELECT max(n.pgh_id) FROM cases_patientevent n WHERE n.pgh_obj_id = p.id
        AND (n.courses_complete_as_of, n.courses_complete_latest)
        IS DISTINCT FROM (p.courses_complete_as_of, p.courses_complete_latest)), 0)
    GROUP BY p.id) found
WHERE found.id = a.id
"""
NEXT = "SELECT max(id) FROM (SELECT id FROM {} WHERE id > %s ORDER BY id LIMIT %s) lot"


def fill(apps, schema_editor):
    """Fill lot by lot, each in a transaction of its own; run again after a failure it goes on."""
    in_lots(schema_editor.connection, "cases_icicourse", FILL_OVER, [settings.TIME_ZONE])
    in_lots(schema_editor.connection, "cases_patient", FILL_THROUGH, [])


def in_lots(connection, table, statement, before):
    """Run one statement over the rows of a table."""
    last = 0
    while last is not None:
        with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = '10s'")
            cursor.execute("SELECT set_config('app.owner_reason', 'courses that are over', true)")
            cursor.execute(NEXT.format(table), [last, AT_ONCE])
            (until,) = cursor.fetchone()
            if until is not None:
                cursor.execute(statement, [*before, last, until])
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SELECT set_config('app.owner_reason', '', true)")
            last = until


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("cases", "0110_over_and_before_the_list")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop, elidable=True)]

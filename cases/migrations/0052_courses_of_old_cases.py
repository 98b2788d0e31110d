"""Says of the cases that are there which course they ask about, and builds indexes while the tables are in use.

Of one that is decided it is the course that was the last one stopped when it was decided, as far as the history
tells; of any other the one that its page names today. The facts of decided cases follow at their next save, or all
at once by `verify_case_facts --repair`.
"""

import django.db.models.deletion
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models, transaction

AT_ONCE = 5_000
# The last that was stopped, else the last one: cases.derivations.courses.asked_about.
LAST = "ORDER BY (k.stop_reason_state <> 'not_applicable') DESC, k.number DESC LIMIT 1"
# Of records that were merged since, a course of the case's own record of that day comes first.
OWN_LAST = LAST.replace("ORDER BY ", "ORDER BY k.own DESC, ")
NOW = f"SELECT k.id FROM cases_icicourse k WHERE k.patient_id = coalesce(p.merged_into_id, p.id) {LAST}"
# A decision is what took a case from a meeting to where it is watched, or done with.
DECIDED_AT = """
SELECT max(e.at) FROM (
    SELECT v.pgh_created_at AS at, v.state, lag(v.state) OVER (ORDER BY v.pgh_id) AS before
    FROM cases_caseevent v WHERE v.pgh_obj_id = c.id) e
WHERE e.state IN ('decided', 'watching') AND e.before IN ('listed', 'discussed')
"""
THEN = f"""
SELECT k.id FROM (
    SELECT now.id, stood.* FROM cases_icicourse now
    CROSS JOIN LATERAL (
        SELECT v.number, v.stop_reason_state, v.patient_id = c.patient_id AS own FROM cases_icicourseevent v
        WHERE v.pgh_obj_id = now.id AND v.pgh_created_at <= d.at ORDER BY v.pgh_id DESC LIMIT 1) stood
    WHERE now.patient_id = coalesce(p.merged_into_id, p.id)) k {OWN_LAST}
"""
FILL = f"""
UPDATE cases_case a SET course_id = found.course
FROM (
    SELECT c.id, coalesce(
        CASE WHEN c.state IN ('decided', 'watching', 'closed') AND d.at IS NOT NULL THEN ({THEN}) END,
        ({NOW})) AS course
    FROM cases_case c JOIN cases_patient p ON p.id = c.patient_id
    LEFT JOIN LATERAL ({DECIDED_AT}) d (at) ON c.state IN ('decided', 'watching', 'closed')
    WHERE c.course_id IS NULL AND c.id > %s AND c.id <= %s) found
WHERE found.id = a.id AND found.course IS NOT NULL AND a.course_id IS NULL
"""
NEXT = "SELECT max(id) FROM (SELECT id FROM cases_case WHERE id > %s ORDER BY id LIMIT %s) lot"


def fill(apps, schema_editor):
    """Fill lot by lot, each in a transaction of its own; run again after a failure it goes on."""
    connection, last = schema_editor.connection, 0
    while last is not None:
        with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = '10s'")
            cursor.execute("SELECT set_config('app.owner_reason', 'courses_of_cases', true)")
            cursor.execute(NEXT, [last, AT_ONCE])
            (until,) = cursor.fetchone()
            if until is not None:
                cursor.execute(FILL, [last, until])
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SELECT set_config('app.owner_reason', '', true)")
            last = until


def of_events(model, name, target, words):
    """Return the operation that gives the history's column its index."""
    index = f"cases_{model}_{name}"
    key = models.ForeignKey(
        blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING,
        related_name="+", related_query_name="+", to=target, verbose_name=words,
    )  # fmt: skip
    return migrations.SeparateDatabaseAndState(
        database_operations=[
            migrations.RunSQL(f"DROP INDEX CONCURRENTLY IF EXISTS {index}", migrations.RunSQL.noop),
            migrations.RunSQL(
                f"CREATE INDEX CONCURRENTLY {index} ON cases_{model} ({name}_id)",
                f"DROP INDEX CONCURRENTLY IF EXISTS {index}",
            ),
        ],
        state_operations=[migrations.AlterField(model, name, key)],
    )


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("cases", "0051_course_asked_about")]
    operations = [
        AddIndexConcurrently("case", models.Index(fields=["course"], name="case_of_course")),
        AddIndexConcurrently(
            "icicourse", models.Index(fields=["stopped_for"], name="course_stopped_for")
        ),
        of_events("caseevent", "course", "cases.icicourse", "course asked about"),
        of_events("icicourseevent", "stopped_for", "cases.irae", "stopped for"),
        migrations.RunPython(fill, migrations.RunPython.noop, elidable=True),
    ]

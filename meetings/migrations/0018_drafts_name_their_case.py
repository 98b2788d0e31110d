"""Forms in the middle of being filled in are kept under keys that name the case, so that an erasure finds each.

What was typed goes on under the new key. What belongs to nothing that is there any more is forgotten.
"""

from django.db import migrations

from accounts.samepatient import SHORT_WAIT

# A word, what the id after it is of, and how its case is found.
OLD = "d.key ~ '^({kinds}):[0-9a-f]{{8}}(-[0-9a-f]{{4}}){{3}}-[0-9a-f]{{12}}{rest}$'"
OF_TABLES = (
    ("comment", "cases_attachedguidance o JOIN cases_case c ON c.id = o.case_id", ""),
    ("condition|dissent", "meetings_decision o JOIN cases_case c ON c.id = o.case_id", ""),
    ("review", "meetings_decision o JOIN cases_case c ON c.id = o.case_id", ":[0-9a-f-]{36}"),
    ("plan", "followup_monitoringplan o JOIN cases_case c ON c.id = o.case_id", ":[a-z-]+"),
    (
        "check",
        "followup_check o JOIN followup_monitoringplan p ON p.id = o.plan_id JOIN cases_case c ON c.id = p.case_id",
        ":[a-z]+",
    ),
)
GIVE = """
UPDATE cases_draft d
SET key = regexp_replace(d.key, '^([a-z]+):', '\\1:' || found.case_id || ':')
FROM (
    SELECT d.id, c.public_id::text AS case_id
    FROM (SELECT d.id, split_part(d.key, ':', 2)::uuid AS named
          FROM cases_draft d WHERE {old} OFFSET 0) d
    JOIN {rows} ON o.public_id = d.named
) found
WHERE found.id = d.id
"""
FORGET = "DELETE FROM cases_draft d WHERE {old}"


def statements():
    """Return what gives every old key its case, and then what forgets those that are left."""
    found = []
    for kinds, rows, rest in OF_TABLES:
        old = OLD.format(kinds=kinds, rest=rest)
        found += [GIVE.format(old=old, rows=f"({rows})" if " JOIN " in rows else rows)]
    forget = [FORGET.format(old=OLD.format(kinds=k, rest=rest)) for k, _rows, rest in OF_TABLES]
    return [*found, *forget, "DELETE FROM cases_draft d WHERE d.key ~ '^(condition|dissent):none$'"]


def give_cases(apps, schema_editor):
    """Run them with a reason, as row-level security asks of the owner."""
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT set_config('app.owner_reason', 'drafts name their case', true)")
        for statement in statements():
            cursor.execute(statement)
        cursor.execute("SELECT set_config('app.owner_reason', '', true)")


class Migration(migrations.Migration):
    dependencies = [
        ("meetings", "0017_guidance_review_walls"),
        ("cases", "0072_finding_attached_once"),
        ("followup", "0021_plans_beside_another"),
    ]
    operations = [
        migrations.RunSQL(SHORT_WAIT, migrations.RunSQL.noop),
        migrations.RunPython(give_cases, migrations.RunPython.noop, elidable=True),
    ]

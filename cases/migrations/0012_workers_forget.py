"""The workers may delete drafts and searches by their age, without reading a word of them."""

from django.db import migrations

from accounts.rowsecurity import WORKER

TYPED = {"cases_draft": "saved_at", "cases_savedsearch": "created_at"}
# Whatever a worker asks for, nothing of today goes.
FORGET = "".join(
    f"""
CREATE POLICY worker_sees_age ON {table} FOR SELECT TO {WORKER} USING (true);
CREATE POLICY worker_forgets ON {table} FOR DELETE TO {WORKER} USING ({column} < now() - interval '1 day');
GRANT SELECT (id, {column}), DELETE ON {table} TO {WORKER};
"""
    for table, column in TYPED.items()
)
FORGET_UNDO = "".join(
    f"""
DROP POLICY worker_sees_age ON {table}; DROP POLICY worker_forgets ON {table};
REVOKE SELECT (id, {column}), DELETE ON {table} FROM {WORKER};
"""
    for table, column in TYPED.items()
)


class Migration(migrations.Migration):
    dependencies = [("cases", "0011_erasure")]
    operations = [migrations.RunSQL(FORGET, FORGET_UNDO)]

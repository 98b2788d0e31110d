"""The functions that look for people read identities by index.

Under a policy the planner puts no condition of a query to an index before the policy's own, unless neither can
leak a value; names are compared by functions that might. So the owner's policy has to be settled before the plan
is made. The function below says "immutable" of what is set just before: it is true of the statements of the two
functions that set it, which never run without, and those are the only ones planned while it answers yes.
"""

from django.db import migrations

from accounts.rowsecurity import APP, OWNER, WORKER
from accounts.samepatient import SHORT_WAIT

LOOKING = f"""
CREATE FUNCTION rechallenge_looking_for_people() RETURNS boolean LANGUAGE sql IMMUTABLE
    SET search_path = pg_catalog, pg_temp AS
    $$ SELECT coalesce(current_setting('app.owner_reason', true), '') IN ('search', 'alike') $$;
REVOKE EXECUTE ON FUNCTION rechallenge_looking_for_people() FROM {APP}, {WORKER}, PUBLIC;
CREATE POLICY owner_looks_for_people ON cases_patientidentity FOR SELECT TO {OWNER}
    USING (rechallenge_looking_for_people());
"""
LOOKING_UNDO = """
DROP POLICY owner_looks_for_people ON cases_patientidentity;
DROP FUNCTION rechallenge_looking_for_people();
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0038_search_indexes")]
    operations = [
        migrations.RunSQL(SHORT_WAIT, migrations.RunSQL.noop),
        migrations.RunSQL([LOOKING], [LOOKING_UNDO]),
    ]

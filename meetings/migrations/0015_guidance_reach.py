"""Says how many open cases and signed decisions a version of guidance reaches, on all boards: three bare numbers."""

from django.db import migrations

from accounts.rowsecurity import APP, WORKER
from accounts.samepatient import SHORT_WAIT

# With the owner's rights: a curator sees no patients, and still has to know that a version is relied on.
REACH = f"""
CREATE FUNCTION rechallenge_guidance_reach(
    of_version bigint, OUT open_cases bigint, OUT attached bigint, OUT decisions bigint
) LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    PERFORM set_config('app.owner_reason', 'guidance_reach', true);
    open_cases := (SELECT count(*) FROM cases_case c WHERE c.state <> 'closed');
    attached := (SELECT count(*) FROM cases_attachedguidance g JOIN cases_case c ON c.id = g.case_id
                 WHERE g.version_id = of_version AND g.detached_at IS NULL AND c.state <> 'closed');
    decisions := (SELECT count(*) FROM meetings_decisionstatement s
                  JOIN meetings_decision d ON d.id = s.decision_id
                  WHERE s.statement_version_id = of_version AND d.state = 'signed');
    PERFORM set_config('app.owner_reason', '', true);
END $$;
REVOKE EXECUTE ON FUNCTION rechallenge_guidance_reach(bigint) FROM {WORKER}, PUBLIC;
GRANT EXECUTE ON FUNCTION rechallenge_guidance_reach(bigint) TO {APP};
"""  # noqa: S608


class Migration(migrations.Migration):
    dependencies = [
        ("meetings", "0014_search_by_stages"),
        ("cases", "0048_stray_files"),
    ]
    operations = [
        migrations.RunSQL(SHORT_WAIT, migrations.RunSQL.noop),
        migrations.RunSQL(REACH, "DROP FUNCTION rechallenge_guidance_reach(bigint);"),
    ]

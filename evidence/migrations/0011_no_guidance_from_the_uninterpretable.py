"""No statement rests on a finding that cannot be interpreted: neither a new link nor a changed finding.

Two triggers, since a constraint cannot look at another table. The link holds the finding while it looks, so
that neither of two at a time gets by the other.
"""

from django.db import migrations

from accounts.samepatient import SHORT_WAIT

LINK = """
CREATE FUNCTION evidence_links_interpretable() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    state text;
BEGIN
    SELECT f.state INTO state FROM evidence_finding f WHERE f.id = NEW.finding_id FOR SHARE;
    IF state = 'not_interpretable' THEN
        RAISE EXCEPTION 'finding % is not interpretable: no statement rests on it', NEW.finding_id
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER evidence_links_interpretable BEFORE INSERT OR UPDATE ON evidence_versionfinding
    FOR EACH ROW EXECUTE FUNCTION evidence_links_interpretable();
"""
NO_LINK = """
DROP TRIGGER evidence_links_interpretable ON evidence_versionfinding;
DROP FUNCTION evidence_links_interpretable();
"""

FINDING = """
CREATE FUNCTION evidence_finding_interpretable() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM evidence_versionfinding link WHERE link.finding_id = NEW.id) THEN
        RAISE EXCEPTION 'statements rest on finding %: it cannot become not interpretable', NEW.id
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER evidence_finding_interpretable BEFORE UPDATE ON evidence_finding
    FOR EACH ROW WHEN (NEW.state = 'not_interpretable' AND OLD.state <> 'not_interpretable')
    EXECUTE FUNCTION evidence_finding_interpretable();
"""
NO_FINDING = """
DROP TRIGGER evidence_finding_interpretable ON evidence_finding;
DROP FUNCTION evidence_finding_interpretable();
"""


class Migration(migrations.Migration):
    dependencies = [("evidence", "0010_findings_as_data")]

    operations = [
        migrations.RunSQL(SHORT_WAIT, migrations.RunSQL.noop),
        migrations.RunSQL(LINK, NO_LINK),
        migrations.RunSQL(FINDING, NO_FINDING),
    ]

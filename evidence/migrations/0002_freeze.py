"""Published means frozen: versions, their links, the findings and sources they rest on.

Hand-written triggers, since one declared by pgtrigger can be switched off by a setting, and
the rights taken from the login roles besides.
"""

from django.db import migrations

from accounts.rowsecurity import Freeze, Revoke

# A published version may be retired, and nothing else about it may change.
RETIREMENT = """
    OLD.state = 'published' AND NEW.state = 'retired' AND NEW.retired_at IS NOT NULL
    AND to_jsonb(NEW) - ARRAY['state', 'retired_at', 'retired_by_id']
      = to_jsonb(OLD) - ARRAY['state', 'retired_at', 'retired_by_id']
"""

FINDING_IS_PINNED = """
    EXISTS (SELECT 1 FROM evidence_versionfinding link
            JOIN evidence_statementversion v ON v.id = link.version_id
            WHERE link.finding_id = OLD.id AND v.state <> 'draft')
"""

SOURCE_IS_PINNED = """
    EXISTS (SELECT 1 FROM evidence_versionsource link
            JOIN evidence_statementversion v ON v.id = link.version_id
            WHERE link.source_id = OLD.id AND v.state <> 'draft')
    OR EXISTS (SELECT 1 FROM evidence_finding f
               JOIN evidence_versionfinding link ON link.finding_id = f.id
               JOIN evidence_statementversion v ON v.id = link.version_id
               WHERE f.source_id = OLD.id AND v.state <> 'draft')
"""

# The identity of a statement with a version in use: its place in the list may change.
STATEMENT_IS_USED = """
    EXISTS (SELECT 1 FROM evidence_statementversion v
            WHERE v.statement_id = OLD.id AND v.state <> 'draft')
"""
MOVED = "to_jsonb(NEW) - 'position' = to_jsonb(OLD) - 'position'"

# The links of a version: FOR SHARE waits for a publication under way.
LINKS = """
CREATE FUNCTION evidence_links_of_drafts_only() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    version bigint;
    state text;
BEGIN
    IF TG_OP = 'TRUNCATE' THEN
        RAISE EXCEPTION '% holds what published versions rest on and cannot be emptied', TG_TABLE_NAME
            USING ERRCODE = 'restrict_violation';
    END IF;
    FOREACH version IN ARRAY CASE TG_OP
        WHEN 'INSERT' THEN ARRAY[NEW.version_id]
        WHEN 'DELETE' THEN ARRAY[OLD.version_id]
        ELSE ARRAY[OLD.version_id, NEW.version_id] END
    LOOP
        SELECT v.state INTO state FROM evidence_statementversion v WHERE v.id = version FOR SHARE;
        IF state <> 'draft' THEN
            RAISE EXCEPTION 'version % is %: what it rests on is frozen', version, state
                USING ERRCODE = 'restrict_violation';
        END IF;
    END LOOP;
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    RETURN NEW;
END $$;
"""
LINK_TRIGGERS = """
CREATE TRIGGER evidence_links_row BEFORE INSERT OR UPDATE OR DELETE ON {table}
    FOR EACH ROW EXECUTE FUNCTION evidence_links_of_drafts_only();
CREATE TRIGGER evidence_links_table BEFORE TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION evidence_links_of_drafts_only();
"""
NO_LINK_TRIGGERS = """
DROP TRIGGER evidence_links_row ON {table};
DROP TRIGGER evidence_links_table ON {table};
"""

LINK_TABLES = ("evidence_versionfinding", "evidence_versionsource")
TABLES = (
    "evidence_source",
    "evidence_finding",
    "evidence_statement",
    "evidence_statementversion",
)


class Migration(migrations.Migration):
    dependencies = [("evidence", "0001_initial")]
    operations = [
        *(
            Revoke(f"evidence_{name}event", "UPDATE, DELETE, TRUNCATE")
            for name in (
                "source", "finding", "statement", "statementversion", "versionfinding", "versionsource",
            )
        ),
        Freeze("evidence_statementversion", "OLD.state <> 'draft'", RETIREMENT),
        Freeze("evidence_finding", FINDING_IS_PINNED),
        Freeze("evidence_source", SOURCE_IS_PINNED),
        Freeze("evidence_statement", STATEMENT_IS_USED, MOVED),
        migrations.RunSQL(LINKS, "DROP FUNCTION evidence_links_of_drafts_only();"),
        *(
            migrations.RunSQL(
                LINK_TRIGGERS.format(table=table), NO_LINK_TRIGGERS.format(table=table)
            )
            for table in LINK_TABLES
        ),
        *(Revoke(table, "DELETE, TRUNCATE") for table in TABLES),
        *(Revoke(table, "TRUNCATE") for table in LINK_TABLES),
    ]

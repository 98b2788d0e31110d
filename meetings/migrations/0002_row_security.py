"""Row-level security on everything about a patient, and the freezing of what a signature pins."""

from django.db import migrations

from accounts.rowsecurity import EnableRowSecurity, Freeze, Revoke

OWNED = ["agendaitem", "decision", "decisioncondition", "dissent", "decisionstatement"]
TABLES = [*OWNED, "letter", "erasure", *(name + "event" for name in OWNED)]

# The one change that a signed decision allows: its texts and its salt go, everything else stays, and an
# erasure row says so.
ERASURE = """
    NEW.rationale IS NULL AND NEW.patient_preference IS NULL AND NEW.salt IS NULL
    AND to_jsonb(NEW) - ARRAY['rationale', 'patient_preference', 'salt']
      = to_jsonb(OLD) - ARRAY['rationale', 'patient_preference', 'salt']
    AND EXISTS (SELECT 1 FROM meetings_erasure e WHERE e.decision_id = OLD.id)
"""


def part(table: str, text: str) -> str:
    """Return the triggers that freeze a table of parts with the decision they belong to.

    The decision's row is read with FOR SHARE: a part that is written while the chair signs waits, and is
    then refused. A decision that cannot be seen, or that is another patient's, refuses too.
    """
    erasing = (
        f"""
        IF TG_OP = 'UPDATE' AND NEW.{text} IS NULL
           AND to_jsonb(NEW) - '{text}' = to_jsonb(OLD) - '{text}'
           AND EXISTS (SELECT 1 FROM meetings_erasure e WHERE e.decision_id = OLD.decision_id) THEN
            RETURN NEW;
        END IF;"""
        if text
        else ""
    )
    return f"""
    CREATE FUNCTION freeze_{table}() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog, public, pg_temp AS $$
    DECLARE found_state text;
    BEGIN
        IF TG_OP = 'TRUNCATE' THEN
            RAISE EXCEPTION '{table} keeps frozen rows and cannot be emptied'
                USING ERRCODE = 'restrict_violation';
        END IF;{erasing}
        IF TG_OP <> 'INSERT' THEN
            SELECT d.state INTO found_state FROM meetings_decision d
                WHERE d.id = OLD.decision_id FOR SHARE;
            IF found_state IS DISTINCT FROM 'draft' THEN
                RAISE EXCEPTION 'row % of {table} is frozen with its signed decision', OLD.id
                    USING ERRCODE = 'restrict_violation';
            END IF;
        END IF;
        IF TG_OP = 'DELETE' THEN
            RETURN OLD;
        END IF;
        SELECT d.state INTO found_state FROM meetings_decision d
            WHERE d.id = NEW.decision_id AND d.patient_id = NEW.patient_id FOR SHARE;
        IF found_state IS DISTINCT FROM 'draft' THEN
            RAISE EXCEPTION 'nothing can be added to a signed decision ({table})'
                USING ERRCODE = 'restrict_violation';
        END IF;
        RETURN NEW;
    END $$;
    CREATE TRIGGER freeze_{table}_row BEFORE INSERT OR UPDATE OR DELETE ON {table}
        FOR EACH ROW EXECUTE FUNCTION freeze_{table}();
    CREATE TRIGGER freeze_{table}_table BEFORE TRUNCATE ON {table}
        FOR EACH STATEMENT EXECUTE FUNCTION freeze_{table}();
    """


def undo(table: str) -> str:
    """Return what removes the triggers of `part`."""
    return (
        f"DROP TRIGGER freeze_{table}_row ON {table}; DROP TRIGGER freeze_{table}_table ON {table};"
        f"DROP FUNCTION freeze_{table}();"
    )


PARTS = {
    "meetings_decisioncondition": "text",
    "meetings_dissent": "reason",
    "meetings_decisionstatement": "",
}


class Migration(migrations.Migration):
    dependencies = [
        ("meetings", "0001_initial"),
        ("accounts", "0002_worker_rights"),
        ("cases", "0002_row_security"),
    ]
    operations = [
        Revoke("meetings_meetingevent", "UPDATE, DELETE, TRUNCATE"),
        Revoke("meetings_attendanceevent", "UPDATE, DELETE, TRUNCATE"),
        *[EnableRowSecurity(f"meetings_{name}") for name in TABLES],
        Freeze("meetings_decision", when="OLD.state = 'signed'", allow=ERASURE),
        Freeze("meetings_letter"),
        Freeze("meetings_erasure"),
        *[migrations.RunSQL(part(table, text), undo(table)) for table, text in PARTS.items()],
        Revoke("meetings_decision", "DELETE, TRUNCATE"),
        Revoke("meetings_letter", "UPDATE, DELETE, TRUNCATE"),
        Revoke("meetings_erasure", "UPDATE, DELETE, TRUNCATE"),
        # A draft may lose a condition again, so DELETE stays; the trigger refuses it once signed.
        *[Revoke(table, "TRUNCATE") for table in PARTS],
        *[Revoke(f"meetings_{name}event", "UPDATE, DELETE, TRUNCATE") for name in OWNED],
        Revoke("meetings_chainhead", "DELETE, TRUNCATE"),
    ]

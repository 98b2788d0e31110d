"""A signed decision follows its patient into the record that is kept: whose it is changes, and nothing else.

What was signed names no row of the patient, so every hash still verifies.
"""

from django.db import migrations

from accounts.rowsecurity import Freeze

MERGING = "rechallenge_is_merging(to_jsonb(OLD), to_jsonb(NEW))"
ERASURE = """
    NEW.rationale IS NULL AND NEW.patient_preference IS NULL AND NEW.salt IS NULL
    AND to_jsonb(NEW) - ARRAY['rationale', 'patient_preference', 'salt']
      = to_jsonb(OLD) - ARRAY['rationale', 'patient_preference', 'salt']
    AND EXISTS (SELECT 1 FROM meetings_erasure e WHERE e.decision_id = OLD.id)
"""
LETTER = """
    NEW.pdf IS NULL AND to_jsonb(NEW) - 'pdf' = to_jsonb(OLD) - 'pdf'
    AND EXISTS (SELECT 1 FROM meetings_erasure e WHERE e.decision_id = OLD.decision_id)
"""
SIGNED = "OLD.state = 'signed'"
decision = Freeze("meetings_decision", when=SIGNED, allow=ERASURE)
letter = Freeze("meetings_letter", allow=LETTER)


def part(table: str, text: str, merging: str) -> str:
    """Return the function that freezes a table of parts with the decision they belong to."""
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
    CREATE OR REPLACE FUNCTION freeze_{table}() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog, public, pg_temp AS $$
    DECLARE found_state text;
    BEGIN
        IF TG_OP = 'TRUNCATE' THEN
            RAISE EXCEPTION '{table} keeps frozen rows and cannot be emptied'
                USING ERRCODE = 'restrict_violation';
        END IF;{erasing}{merging}
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
    """


FOLLOWS = f"""
        IF TG_OP = 'UPDATE' AND {MERGING} THEN
            RETURN NEW;
        END IF;"""
PARTS = {
    "meetings_decisioncondition": "text",
    "meetings_dissent": "reason",
    "meetings_decisionstatement": "",
}


class Migration(migrations.Migration):
    dependencies = [("meetings", "0010_form_version"), ("cases", "0026_merging")]
    operations = [
        # In one transaction: there is no moment at which a decision is not frozen.
        migrations.RunSQL(decision.reverse_sql, decision.sql),
        Freeze("meetings_decision", when=SIGNED, allow=f"({ERASURE}) OR {MERGING}"),
        migrations.RunSQL(letter.reverse_sql, letter.sql),
        Freeze("meetings_letter", allow=f"({LETTER}) OR {MERGING}"),
        *[
            migrations.RunSQL(part(table, text, FOLLOWS), part(table, text, ""))
            for table, text in PARTS.items()
        ],
    ]

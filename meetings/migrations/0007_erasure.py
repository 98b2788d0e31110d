"""What of a decision goes when its patient is erased, and the one way by which it can."""

from django.db import migrations

from accounts.erasing import GONE, EraseTexts
from accounts.rowsecurity import Freeze, Revoke

# An erasure of each signed decision first: the triggers that freeze its texts ask for it.
BEGIN = """
CREATE FUNCTION begin_erasing_meetings() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    INSERT INTO meetings_erasure (patient_id, decision_id, by_id, at)
        SELECT d.patient_id, d.id, NEW.by_id, NEW.at FROM meetings_decision d
        WHERE d.patient_id = NEW.patient_id AND d.state = 'signed'
        ON CONFLICT (decision_id) DO NOTHING;
    RETURN NULL;
END $$;
CREATE TRIGGER begin_erasing_meetings AFTER INSERT ON cases_patienterasure
    FOR EACH ROW EXECUTE FUNCTION begin_erasing_meetings();
"""
BEGIN_UNDO = """
DROP TRIGGER begin_erasing_meetings ON cases_patienterasure; DROP FUNCTION begin_erasing_meetings();
"""
# The letter names the patient: its bytes go as the texts do, its hash stays.
LETTER = """
    NEW.pdf IS NULL AND to_jsonb(NEW) - 'pdf' = to_jsonb(OLD) - 'pdf'
    AND EXISTS (SELECT 1 FROM meetings_erasure e WHERE e.decision_id = OLD.decision_id)
"""
frozen = Freeze("meetings_letter")


class Migration(migrations.Migration):
    dependencies = [("meetings", "0006_letter_without_bytes"), ("cases", "0011_erasure")]
    operations = [
        # In one transaction: there is no moment at which a letter is not frozen.
        migrations.RunSQL(frozen.reverse_sql, frozen.sql),
        Freeze("meetings_letter", allow=LETTER),
        Revoke("meetings_erasure", "INSERT"),
        migrations.RunSQL(BEGIN, BEGIN_UNDO),
        EraseTexts(
            "meetings_decision",
            {"rationale": GONE, "patient_preference": GONE, "salt": GONE},
            not_in_history=("salt",),
        ),
        EraseTexts("meetings_decisioncondition", {"text": GONE}),
        EraseTexts("meetings_dissent", {"reason": GONE}),
        EraseTexts("meetings_letter", {"pdf": GONE}, history=False),
    ]

"""What of a monitoring plan goes when its patient is erased; nobody is erased while they are watched."""

from django.db import migrations

from accounts.erasing import EMPTY, EraseTexts

# Whom should a nurse call when a check is due? Alphabetically before every step.
WATCHED = """
CREATE FUNCTION before_erasing_followup() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM followup_monitoringplan p
               WHERE p.patient_id = NEW.patient_id AND p.state <> 'closed') THEN
        RAISE EXCEPTION 'a patient whose monitoring plan is open cannot be erased'
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER before_erasing_followup BEFORE INSERT ON cases_patienterasure
    FOR EACH ROW EXECUTE FUNCTION before_erasing_followup();
"""
WATCHED_UNDO = """
DROP TRIGGER before_erasing_followup ON cases_patienterasure; DROP FUNCTION before_erasing_followup();
"""
# Rules and days stay, words go.
CONDITIONS = (
    "(SELECT coalesce(jsonb_agg(jsonb_set(c, '{text}', '\"\"') ORDER BY n), '[]')"
    " FROM jsonb_array_elements({}) WITH ORDINALITY AS e (c, n))"
)
# Numbers as the form takes them stay, under the code of what was measured.
VALUES = (
    "(SELECT coalesce(jsonb_object_agg(k, v), jsonb_build_object()) FROM jsonb_each({}) AS e (k, v)"
    " WHERE k ~ '^[a-z0-9_]+$' AND v #>> ARRAY[]::text[] ~ '^[<>≤≥]?\\s?[0-9]{1,6}([.,][0-9]{1,3})?$')"
)


class Migration(migrations.Migration):
    dependencies = [("followup", "0005_compare_patients"), ("cases", "0011_erasure")]
    operations = [
        migrations.RunSQL(WATCHED, WATCHED_UNDO),
        EraseTexts(
            "followup_monitoringplan", {"regimen_label": EMPTY, "conditions": CONDITIONS}
        ),
        EraseTexts("followup_check", {'"values"': VALUES}),
    ]

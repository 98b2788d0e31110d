"""What ends by a later decision, and who is told of it; a last dose for toxicity or progression brings a case back."""

from importlib import import_module

from django.db import migrations, models

from accounts.samepatient import SHORT_WAIT

CLOSED = [
    ("completed", "Monitoring completed"),
    ("not_given", "The ICI was not given"),
    ("transferred", "Transferred elsewhere"),
    ("lost_to_follow_up", "Lost to follow-up"),
    ("died", "Patient died"),
    ("superseded", "A new decision opened another plan"),
    ("decided_against", "The board decided against a rechallenge"),
    ("other", "Other"),
]
ENDED = [
    ("completed", "Planned course completed"),
    ("progression", "Progression"),
    ("toxicity", "Toxicity"),
    ("patient_wish", "Patient's wish"),
    ("board", "The board decided against it"),
    ("other", "Other"),
]
KINDS = [
    ("due", "A safety check is due"),
    ("overdue", "A safety check is overdue"),
    ("escalation", "A safety check has not been done in time"),
    ("reassigned", "A safety check was passed on to you"),
    ("abnormal", "A safety check was abnormal"),
    ("returned", "A case came back to the triage list"),
    ("irae", "An irAE under monitoring, in a case that is before the board already"),
    ("missed", "A critical safety check was missed, in a case that is before the board"),
    ("conditions", "A first dose was given with conditions not met or not judged"),
    ("expired", "A condition of the decision ran out before the first dose"),
    ("died", "The patient died: the monitoring plan is closed"),
    ("unplanned", "Plan the first dose of a decision, or say that none is given"),
    ("against", "The board decided against a rechallenge: no dose is awaited"),
    ("toxicity", "Doses are held or skipped for toxicity, and no irAE is recorded since"),
    ("ended", "Doses ended for toxicity or progression, in a case that is before the board"),
    ("undecided", "A dose was given without a decision of the board that stands"),
]

# A case that is back already takes a graver reason, in the order of cases.services.lifecycle.GRAVITY (tested). The
# sweep itself still returns it for the same four reasons alone.
RETURN_CASE = """
CREATE OR REPLACE FUNCTION rechallenge_return_case(returned_case bigint, reason text) RETURNS text
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    gravity CONSTANT text[] := ARRAY['conditions_expired', 'missed_check', 'ended_progression',
                                     'abnormal_check', 'ended_toxicity', 'new_irae', 'irae_again'];
    outcome text := '';
BEGIN
    IF reason NOT IN ('irae_again', 'new_irae', 'missed_check', 'conditions_expired') THEN
        RAISE EXCEPTION '% is no reason for which a sweep returns a case', reason
            USING ERRCODE = 'invalid_parameter_value';
    END IF;
    PERFORM set_config('app.owner_reason', 'sweep', true);
    IF EXISTS (SELECT 1 FROM followup_monitoringplan p
               WHERE p.case_id = returned_case AND p.state <> 'closed') THEN
        UPDATE cases_case SET state = 'returned', returned_reason = reason, changed_at = now()
            WHERE id = returned_case AND state IN ('decided', 'watching', 'closed');
        IF FOUND THEN
            outcome := 'returned';
        ELSE
            UPDATE cases_case SET returned_reason = reason, changed_at = now()
                WHERE id = returned_case AND state = 'returned'
                  AND array_position(gravity, reason) > coalesce(array_position(gravity, returned_reason), 0);
            IF FOUND THEN
                outcome := 'graver';
            END IF;
        END IF;
    END IF;
    PERFORM set_config('app.owner_reason', '', true);
    RETURN outcome;
END $$;
"""
BEFORE = import_module("followup.migrations.0002_row_security").RETURN_CASE.replace(
    "CREATE FUNCTION", "CREATE OR REPLACE FUNCTION"
)


def _reason(model, name, choices, **more):
    field = models.CharField(blank=True, choices=choices, max_length=20, **more)
    return migrations.AlterField(model_name=model, name=name, field=field)


class Migration(migrations.Migration):
    dependencies = [("followup", "0017_done_too_early")]
    operations = [
        migrations.RunSQL(SHORT_WAIT, migrations.RunSQL.noop),
        _reason("monitoringplan", "close_reason", CLOSED),
        _reason("monitoringplanevent", "close_reason", CLOSED),
        _reason("monitoringplan", "end_reason", ENDED, default="", db_default=""),
        _reason("monitoringplanevent", "end_reason", ENDED, default="", db_default=""),
        migrations.AlterField(
            model_name="notice",
            name="kind",
            field=models.CharField(choices=KINDS, max_length=12),
        ),
        migrations.RunSQL(RETURN_CASE, BEFORE),
    ]

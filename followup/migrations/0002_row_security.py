"""The walls around rows, what is frozen, and what the workers may do: no more than the sweeps need."""

from django.db import migrations

from accounts.rowsecurity import APP, OWNER, WORKER, EnableRowSecurity, Freeze, GrantWorker, Revoke

PUBLISHED_STEP = (
    "EXISTS (SELECT 1 FROM followup_protocolversion v WHERE v.id = OLD.version_id AND v.state = 'published')"
)

# Freezing refuses UPDATE and DELETE; a published version may not grow a step either.
NO_NEW_STEPS = """
CREATE FUNCTION followup_no_new_steps() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM followup_protocolversion v WHERE v.id = NEW.version_id AND v.state = 'published') THEN
        RAISE EXCEPTION 'the steps of a published protocol version are frozen'
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER followup_no_new_steps BEFORE INSERT OR UPDATE ON followup_protocolstep
    FOR EACH ROW EXECUTE FUNCTION followup_no_new_steps();
"""
NO_NEW_STEPS_UNDO = """
DROP TRIGGER followup_no_new_steps ON followup_protocolstep;
DROP FUNCTION followup_no_new_steps();
"""

# A notice is written for somebody else, and read by that user alone.
NOTICES = f"""
ALTER TABLE followup_notice ENABLE ROW LEVEL SECURITY;
ALTER TABLE followup_notice FORCE ROW LEVEL SECURITY;
CREATE POLICY own_rows ON followup_notice FOR SELECT TO {APP} USING (user_id = rechallenge_acting_user());
CREATE POLICY mark_own ON followup_notice FOR UPDATE TO {APP}
    USING (user_id = rechallenge_acting_user()) WITH CHECK (user_id = rechallenge_acting_user());
CREATE POLICY tell ON followup_notice FOR INSERT TO {APP}, {WORKER} WITH CHECK (true);
CREATE POLICY owner_with_reason ON followup_notice TO {OWNER}
    USING (coalesce(current_setting('app.owner_reason', true), '') <> '')
    WITH CHECK (coalesce(current_setting('app.owner_reason', true), '') <> '');
"""
NOTICES_UNDO = """
DROP POLICY own_rows ON followup_notice; DROP POLICY mark_own ON followup_notice;
DROP POLICY tell ON followup_notice; DROP POLICY owner_with_reason ON followup_notice;
ALTER TABLE followup_notice NO FORCE ROW LEVEL SECURITY;
ALTER TABLE followup_notice DISABLE ROW LEVEL SECURITY;
"""

# The sweeps read a few columns of the record: no name, no question, no free text.
CASE_COLUMNS = "id, public_id, reference, patient_id, board_id, state"
IRAE_COLUMNS = (
    "id, patient_id, entity, organ, worst_grade, worst_grade_state, grade_now, grade_now_state,"
    " resolution, resolution_state, ctcae_version"
)
READS = f"""
CREATE POLICY worker_sweep ON cases_case FOR SELECT TO {WORKER} USING (true);
GRANT SELECT ({CASE_COLUMNS}) ON cases_case TO {WORKER};
CREATE POLICY worker_sweep ON cases_irae FOR SELECT TO {WORKER} USING (true);
GRANT SELECT ({IRAE_COLUMNS}) ON cases_irae TO {WORKER};
"""
READS_UNDO = f"""
REVOKE SELECT ({CASE_COLUMNS}) ON cases_case FROM {WORKER};
DROP POLICY worker_sweep ON cases_case;
REVOKE SELECT ({IRAE_COLUMNS}) ON cases_irae FROM {WORKER};
DROP POLICY worker_sweep ON cases_irae;
"""

# A sweep acts for nobody, so it may take one step of a case alone: back to triage, with a reason, and only
# while the case has a plan that is not closed. The same states as in cases.states.TRANSITIONS (tested); a
# case that is back already takes a graver reason, in the order of cases.services.lifecycle.GRAVITY (tested).
RETURN_CASE = f"""
CREATE FUNCTION rechallenge_return_case(returned_case bigint, reason text) RETURNS text
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    gravity CONSTANT text[] := ARRAY['conditions_expired', 'missed_check', 'abnormal_check', 'new_irae',
                                     'irae_again'];
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
REVOKE EXECUTE ON FUNCTION rechallenge_return_case(bigint, text) FROM {APP}, PUBLIC;
GRANT EXECUTE ON FUNCTION rechallenge_return_case(bigint, text) TO {WORKER};
"""

# Health asks across boards and as nobody: three numbers, no row. A row in back-off after a refusal of its
# own is not late until its next attempt is.
HEALTH = """
CREATE FUNCTION rechallenge_reminder_health()
RETURNS TABLE (late_minutes double precision, failed bigint, sweep_seconds double precision)
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM set_config('app.owner_reason', 'health', true);
    RETURN QUERY SELECT
        coalesce((SELECT extract(epoch FROM now() - min(CASE WHEN r.attempts > 0 THEN r.next_attempt_at
                                                             ELSE r.due_at END))
                  FROM followup_reminder r
                  WHERE r.state = 'pending' AND r.due_at <= now()
                    AND (r.attempts = 0 OR r.next_attempt_at <= now())), 0)::double precision / 60,
        (SELECT count(*) FROM followup_reminder r WHERE r.state = 'failed'),
        (SELECT extract(epoch FROM now() - s.ran_at)::double precision FROM followup_sweep s
         WHERE s.name = 'drain');
    PERFORM set_config('app.owner_reason', '', true);
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("followup", "0001_initial"),
        ("cases", "0002_row_security"),
        ("accounts", "0002_worker_rights"),
    ]
    operations = [
        EnableRowSecurity("followup_monitoringplan", worker="SELECT, UPDATE (known_iraes, expiry_told_on)"),
        EnableRowSecurity("followup_monitoringplanevent"),
        EnableRowSecurity("followup_planprotocol"),
        EnableRowSecurity("followup_planprotocolevent"),
        EnableRowSecurity("followup_check", worker="SELECT, UPDATE (state, opened_on)"),
        EnableRowSecurity("followup_checkevent", worker="INSERT"),
        EnableRowSecurity("followup_reminder", worker="SELECT, INSERT, UPDATE"),
        Revoke("followup_monitoringplan", "DELETE, TRUNCATE"),
        Revoke("followup_check", "DELETE, TRUNCATE"),
        Revoke("followup_reminder", "DELETE, TRUNCATE"),
        migrations.RunSQL(NOTICES, NOTICES_UNDO),
        GrantWorker("followup_notice", "INSERT"),
        GrantWorker("followup_protocol", "SELECT"),
        GrantWorker("followup_protocolversion", "SELECT"),
        GrantWorker("followup_protocolstep", "SELECT"),
        GrantWorker("followup_sweep", "SELECT, INSERT, UPDATE"),
        Freeze("followup_protocolversion", when="OLD.state = 'published'"),
        Freeze("followup_protocolstep", when=PUBLISHED_STEP),
        migrations.RunSQL(NO_NEW_STEPS, NO_NEW_STEPS_UNDO),
        migrations.RunSQL(READS, READS_UNDO),
        migrations.RunSQL(
            RETURN_CASE, "DROP FUNCTION rechallenge_return_case(bigint, text);"
        ),
        migrations.RunSQL(HEALTH, "DROP FUNCTION rechallenge_reminder_health();"),
    ]

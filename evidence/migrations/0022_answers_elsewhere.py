"""Says how many open cases of boards that a curator may not see have which answers: letters and bare numbers."""

from django.db import migrations

from accounts.rowsecurity import APP, WORKER
from accounts.samepatient import SHORT_WAIT

# A condition comes as data. Its columns are those of the facts, its constants are quoted: nothing of it is SQL.
TEXT = """
CREATE FUNCTION rechallenge_condition_text(node jsonb) RETURNS text LANGUAGE plpgsql STABLE
    SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    word text := CASE WHEN node ? 'and' THEN 'and' WHEN node ? 'or' THEN 'or' END;
    name text := node ->> 'column';
    parts text;
BEGIN
    IF word IS NOT NULL THEN
        SELECT string_agg(rechallenge_condition_text(part), ' ' || upper(word) || ' ')
            INTO parts FROM jsonb_array_elements(node -> word) part;
        RETURN '(' || coalesce(parts, 'true') || ')';
    END IF;
    IF NOT (name IN ('carried_ici_free_days_state', 'carried_ici_free_days_low', 'carried_ici_free_days_high',
                     'carried_age_state', 'carried_age_low', 'carried_age_high')
            OR EXISTS (SELECT 1 FROM pg_attribute WHERE attrelid = 'cases_casefacts'::regclass
                       AND attname = name AND attnum > 0 AND NOT attisdropped
                       AND attname NOT IN ('case_id', 'patient_id', 'as_of'))) THEN
        RAISE EXCEPTION 'no column of facts: %', name USING ERRCODE = 'invalid_parameter_value';
    END IF;
    IF name = 'id' AND node ->> 'op' <> 'isnull' THEN
        RAISE EXCEPTION 'no single case is asked about' USING ERRCODE = 'invalid_parameter_value';
    END IF;
    CASE node ->> 'op'
        WHEN 'isnull' THEN
            RETURN format('h.%I IS %s NULL', name, CASE WHEN (node ->> 'value')::boolean THEN '' ELSE 'NOT' END);
        WHEN 'in' THEN
            SELECT string_agg(quote_literal(one), ', ')
                INTO parts FROM jsonb_array_elements_text(node -> 'value') one;
            RETURN format('h.%I IN (%s)', name, coalesce(parts, 'NULL'));
        ELSE
            word := CASE node ->> 'op' WHEN 'exact' THEN '=' WHEN 'lt' THEN '<' WHEN 'lte' THEN '<='
                WHEN 'gt' THEN '>' WHEN 'gte' THEN '>=' END;
            IF word IS NULL THEN
                RAISE EXCEPTION 'no operator: %', node ->> 'op' USING ERRCODE = 'invalid_parameter_value';
            END IF;
            RETURN format('h.%I %s %L', name, word, node ->> 'value');
    END CASE;
END $$;
"""
# The carried facts as in `cases.carrying`; a test holds both to the same numbers.
COUNTS = f"""
CREATE FUNCTION rechallenge_answers_elsewhere(conditions jsonb, on_day date)
    RETURNS TABLE (answers text, cases bigint) LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    mine bigint[] := rechallenge_boards_with_patients()::bigint[];
    letters text;
BEGIN
    IF NOT EXISTS (SELECT 1 FROM accounts_membership m JOIN accounts_board b ON b.id = m.board_id
                   JOIN accounts_user u ON u.id = m.user_id
                   WHERE m.user_id = rechallenge_acting_user() AND m.role = 'curator'
                     AND m.active AND b.active AND u.is_active) THEN
        RAISE EXCEPTION 'only curators count cases of other boards' USING ERRCODE = 'insufficient_privilege';
    END IF;
    SELECT string_agg('CASE WHEN ' || rechallenge_condition_text(one -> 'true') || ' THEN ''t'' WHEN '
                      || rechallenge_condition_text(one -> 'false') || ' THEN ''f'' ELSE ''u'' END',
                      ' || ' ORDER BY place)
        INTO letters FROM jsonb_array_elements(conditions) WITH ORDINALITY AS asked (one, place);
    PERFORM set_config('app.owner_reason', 'answers_elsewhere', true);
    RETURN QUERY EXECUTE
        'SELECT ' || letters || ', count(*) FROM (SELECT f.*,
            f.ici_free_days_state AS carried_ici_free_days_state,
            CASE WHEN f.ici_free_days_low = 0 THEN f.ici_free_days_low
                 ELSE f.ici_free_days_low + ($1 - f.as_of) END AS carried_ici_free_days_low,
            f.ici_free_days_high + ($1 - f.as_of) AS carried_ici_free_days_high'
        || CASE WHEN letters LIKE '%carried_age%' THEN ',
            CASE WHEN i.birth_date IS NULL THEN ''missing'' ELSE ''known'' END AS carried_age_state,
            extract(year FROM age($1, i.birth_date)) AS carried_age_low,
            extract(year FROM age($1, i.birth_date)) AS carried_age_high' ELSE '' END
        || ' FROM cases_casefacts f JOIN cases_case c ON c.id = f.case_id'
        || CASE WHEN letters LIKE '%carried_age%' THEN '
            JOIN cases_patient p ON p.id = f.patient_id
            LEFT JOIN cases_patientidentity i ON i.patient_id = coalesce(p.merged_into_id, p.id)' ELSE '' END
        || ' WHERE c.state <> ''closed'' AND c.board_id <> ALL ($2)) h GROUP BY 1'
        USING on_day, coalesce(mine, ARRAY[]::bigint[]);
    PERFORM set_config('app.owner_reason', '', true);
END $$;
REVOKE EXECUTE ON FUNCTION rechallenge_answers_elsewhere(jsonb, date) FROM {WORKER}, PUBLIC;
GRANT EXECUTE ON FUNCTION rechallenge_answers_elsewhere(jsonb, date) TO {APP};
"""  # noqa: S608


class Migration(migrations.Migration):
    dependencies = [("evidence", "0021_review_reminders")]
    operations = [
        migrations.RunSQL(SHORT_WAIT, migrations.RunSQL.noop),
        migrations.RunSQL(TEXT, "DROP FUNCTION rechallenge_condition_text(jsonb);"),
        migrations.RunSQL(COUNTS, "DROP FUNCTION rechallenge_answers_elsewhere(jsonb, date);"),
    ]

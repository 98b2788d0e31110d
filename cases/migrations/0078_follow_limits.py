"""The workers let the days kept with the cases follow new age limits, some rows at a time, without reading a case."""

from django.db import migrations

from accounts.rowsecurity import APP, WORKER
from accounts.samepatient import SHORT_WAIT

# Beside `grades_until` of all irAEs together, those of single organs and diseases.
GRADES = (
    "pneumonitis",
    "colitis",
    "hepatitis",
    "nephritis",
    "skin",
    "neurological",
    "myasthenia",
    "pancreatitis",
    "endocrine",
    "adrenal",
    "pituitary",
    "diabetes",
)
EACH = "".join(
    f"        {name}_grade_now_until = f.{name}_grade_now_until + coalesce((b.by ->> 'grades')::integer, 0),\n"
    for name in GRADES
)

# A step holds its sweep, so that two workers never take the same rows, and whoever stops it waits for one step at
# most. Rows that somebody writes at this moment are left to another round.
FOLLOW = f"""
CREATE FUNCTION rechallenge_follow_limits(of_sweep bigint, at_most integer) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    sweep cases_limitsweep;
    upto bigint;
    taken integer;
    left_over boolean;
BEGIN
    SELECT * INTO sweep FROM cases_limitsweep s
        WHERE s.id = of_sweep AND s.state IN ('waiting', 'running') FOR UPDATE SKIP LOCKED;
    IF NOT FOUND OR at_most < 1 THEN
        RETURN false;
    END IF;
    PERFORM set_config('app.owner_reason', 'follow_limits', true);
    IF sweep.total_rows IS NULL OR sweep.last_pk = 0 THEN
        UPDATE cases_limitsweep SET total_rows = (SELECT count(*) FROM cases_casefacts) WHERE id = sweep.id;
    END IF;
    SELECT max(c.id), count(*) INTO upto, taken
        FROM (SELECT id FROM cases_casefacts WHERE id > sweep.last_pk ORDER BY id LIMIT at_most) c;
    IF taken = 0 THEN
        left_over := EXISTS (SELECT 1 FROM cases_casefacts WHERE limits_by IS DISTINCT FROM sweep.version_id);
        UPDATE cases_limitsweep SET last_pk = 0,
            state = CASE WHEN left_over THEN 'running' ELSE 'done' END,
            done_rows = CASE WHEN left_over THEN 0 ELSE done_rows END,
            ended_at = CASE WHEN left_over THEN NULL ELSE now() END
            WHERE id = sweep.id;
        PERFORM set_config('app.owner_reason', '', true);
        RETURN false;
    END IF;
    WITH behind AS (
        SELECT f.id, sweep.changes -> coalesce(f.limits_by, f.counted_by, 0)::text AS by
            FROM cases_casefacts f
            WHERE f.id > sweep.last_pk AND f.id <= upto AND f.limits_by IS DISTINCT FROM sweep.version_id
            ORDER BY f.id FOR UPDATE SKIP LOCKED),
    weighed AS (
        -- Whether the patient was certainly weighed near the blood, by the new limit; not told: it was not.
        SELECT b.id, coalesce(bool_or(
            g.weighed_earliest >= (f.said -> 'ali' ->> 1)::date - (b.by ->> 'weight')::integer
            AND g.weighed_latest <= (f.said -> 'ali' ->> 0)::date + (b.by ->> 'weight')::integer), false) AS near
        FROM behind b JOIN cases_casefacts f ON f.id = b.id JOIN cases_patient p ON p.id = f.patient_id
            LEFT JOIN cases_background g ON g.patient_id = coalesce(p.merged_into_id, p.id)
        WHERE b.by ->> 'weight' IS NOT NULL AND f.ali_state = 'known' GROUP BY b.id)
    UPDATE cases_casefacts f SET
        steroids_until = f.steroids_until + coalesce((b.by ->> 'doses')::integer, 0),
        doses_until = f.doses_until + coalesce((b.by ->> 'doses')::integer, 0),
        second_line_until = f.second_line_until + coalesce((b.by ->> 'second_line')::integer, 0),
        surgery_until = f.surgery_until + coalesce((b.by ->> 'surgery')::integer, 0),
        grades_until = f.grades_until + coalesce((b.by ->> 'grades')::integer, 0),
{EACH}        ali_state = CASE WHEN w.near IS false THEN 'missing' ELSE f.ali_state END,
        ali_low = CASE WHEN w.near IS false THEN NULL ELSE f.ali_low END,
        ali_high = CASE WHEN w.near IS false THEN NULL ELSE f.ali_high END,
        said = CASE WHEN w.near IS false THEN f.said - 'ali' ELSE f.said END,
        widened = CASE WHEN w.near IS false THEN nullif(f.widened - 'ali', '{{}}'::jsonb) ELSE f.widened END,
        limits_by = sweep.version_id
        FROM behind b LEFT JOIN weighed w ON w.id = b.id WHERE f.id = b.id;
    UPDATE cases_limitsweep SET last_pk = upto, state = 'running', done_rows = done_rows + taken
        WHERE id = sweep.id;
    PERFORM set_config('app.owner_reason', '', true);
    RETURN true;
END $$;
REVOKE EXECUTE ON FUNCTION rechallenge_follow_limits(bigint, integer) FROM {APP}, PUBLIC;
GRANT EXECUTE ON FUNCTION rechallenge_follow_limits(bigint, integer) TO {WORKER};
GRANT SELECT (id, state) ON cases_limitsweep TO {WORKER};
"""
UNDO = f"""
DROP FUNCTION rechallenge_follow_limits(bigint, integer);
REVOKE ALL ON cases_limitsweep FROM {WORKER};
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0077_limits_followed")]
    operations = [
        migrations.RunSQL(SHORT_WAIT, migrations.RunSQL.noop),
        migrations.RunSQL(FOLLOW, UNDO),
    ]

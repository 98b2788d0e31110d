"""What somebody types into the form of a row follows to the row that says the same, once two records are merged.

A draft names the row in its key and in what was chosen. Its owner alone sees it, and who merges is somebody else: this
puts one id in the place of another, and tells nothing.
"""

from django.db import migrations

from accounts.samepatient import SHORT_WAIT

from accounts.rowsecurity import APP, WORKER

# With and without hyphens, as addresses and keys of items have it.
SWAPPED = (
    "replace(replace({0}, s.old::text, s.new::text),"
    " replace(s.old::text, '-', ''), replace(s.new::text, '-', ''))"
)
FOLLOW = f"""
CREATE FUNCTION rechallenge_drafts_follow(keep bigint, absorb bigint, same jsonb) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    s record; forms text[];
BEGIN
    PERFORM set_config('app.owner_reason', 'merge_patients', true);
    -- In the transaction of the merge alone, for whoever merges.
    IF NOT EXISTS (SELECT 1 FROM cases_patientmerge m
                   WHERE m.patient_id = keep AND m.absorbed_id = absorb AND m.by_id = rechallenge_acting_user()
                     AND m.at >= now()) THEN
        RAISE EXCEPTION 'drafts follow a merge alone' USING ERRCODE = 'insufficient_privilege';
    END IF;
    forms := ARRAY(SELECT c.public_id::text FROM cases_case c WHERE c.patient_id = absorb);
    FOR s IN SELECT r.old, r.new FROM jsonb_to_recordset(same) AS r(old uuid, new uuid) LOOP
        UPDATE cases_draft d
            SET key = {SWAPPED.format("d.key")}, fields = {SWAPPED.format("d.fields::text")}::jsonb
            WHERE split_part(d.key, ':', 2) = ANY (forms)
              AND replace(d.key || d.fields::text, '-', '') LIKE '%' || replace(s.old::text, '-', '') || '%';
    END LOOP;
    PERFORM set_config('app.owner_reason', '', true);
END $$;
REVOKE EXECUTE ON FUNCTION rechallenge_drafts_follow(bigint, bigint, jsonb) FROM {WORKER}, PUBLIC;
GRANT EXECUTE ON FUNCTION rechallenge_drafts_follow(bigint, bigint, jsonb) TO {APP};
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0129_erased_however_it_is_written")]
    operations = [
        migrations.RunSQL(SHORT_WAIT, migrations.RunSQL.noop),
        migrations.RunSQL(FOLLOW, "DROP FUNCTION rechallenge_drafts_follow(bigint, bigint, jsonb)"),
    ]

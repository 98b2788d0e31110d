"""Finds patients of a board who may be the one that is typed in, although not everything is typed the same."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models

from accounts.rowsecurity import APP, IN_FORCE, WORKER

# Under row-level security no trigram index is used, so the function looks with the owner's rights and filters
# by access itself. Each branch goes by an index; names are compared among those born on the day alone.
# A merged record's old names and numbers lead to the record that is kept.
ALIKE = f"""
CREATE FUNCTION rechallenge_alike(
    of_board bigint, number text, scheme text, insured text, family text, given text, born date)
RETURNS TABLE (patient_id bigint, rank integer) LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    at text;
    typed text := lower(btrim(family) || ' ' || btrim(given));
    named boolean := btrim(family) <> '' AND btrim(given) <> '';
    begins text := replace(replace(replace(
        lower(btrim(family) || ', ' || btrim(given) || ' '), '\\', '\\\\'), '%', '\\%'), '_', '\\_');
    days date[] := CASE WHEN born IS NULL THEN ARRAY[]::date[] ELSE ARRAY[born] END;
BEGIN
    PERFORM set_config('app.owner_reason', 'alike', true);
    SELECT b.hospital INTO at FROM accounts_board b WHERE b.id = of_board;
    IF born IS NOT NULL AND extract(day FROM born) <= 12 THEN
        days := days || make_date(extract(year FROM born)::int, extract(day FROM born)::int,
                                  extract(month FROM born)::int);
    END IF;
    RETURN QUERY
        WITH found AS (
            SELECT i.patient_id AS id, 1 AS place FROM cases_patientidentity i
            WHERE btrim(number) <> '' AND lower(i.hospital) = lower(at)
              AND upper(replace(i.hospital_number, ' ', '')) = upper(replace(btrim(number), ' ', ''))
            UNION ALL
            SELECT i.patient_id, 2 FROM cases_patientidentity i
            WHERE insured <> '' AND i.national_number = insured AND i.national_scheme = scheme
            UNION ALL
            SELECT i.patient_id,
                   CASE WHEN i.birth_date = born THEN 3 ELSE 5 END
            FROM cases_patientidentity i
            WHERE named AND i.birth_date = ANY (days)
              AND greatest(
                  similarity(lower(i.family_name || ' ' || i.given_name), typed),
                  word_similarity(lower(btrim(family)), lower(i.family_name || ' ' || i.given_name))
                    * (CASE WHEN left(lower(i.given_name), 1) = left(lower(btrim(given)), 1)
                       THEN 0.75 ELSE 0.5 END)) >= 0.4
            UNION ALL
            SELECT i.patient_id, 4 FROM cases_patientidentity i
            WHERE named AND (born IS NULL OR i.birth_date IS NULL)
              AND rechallenge_searchable(i.family_name, i.given_name, i.hospital_number) LIKE begins || '%'),
        kept AS (
            SELECT coalesce(p.merged_into_id, p.id) AS id, min(f.place) AS place
            FROM found f JOIN cases_patient p ON p.id = f.id GROUP BY 1)
        SELECT k.id, k.place FROM kept k
        WHERE EXISTS (SELECT 1 FROM cases_patientaccess a
                      WHERE a.patient_id = k.id AND a.board_id = of_board AND {IN_FORCE})
        ORDER BY k.place, k.id DESC LIMIT 5;
    PERFORM set_config('app.owner_reason', '', true);
END $$;
REVOKE EXECUTE ON FUNCTION rechallenge_alike(bigint, text, text, text, text, text, date) FROM {WORKER}, PUBLIC;
GRANT EXECUTE ON FUNCTION rechallenge_alike(bigint, text, text, text, text, text, date) TO {APP};
"""


class Migration(migrations.Migration):
    # Indexes are built while the table is in use.
    atomic = False
    dependencies = [("cases", "0027_number_is_unique"), ("accounts", "0005_in_force")]
    operations = [
        AddIndexConcurrently(
            "patientidentity", models.Index(fields=["birth_date"], name="identity_born")
        ),
        AddIndexConcurrently(
            "patientidentity",
            models.Index(
                fields=["national_number"],
                condition=~models.Q(national_number=""),
                name="identity_national",
            ),
        ),
        migrations.RunSQL(
            ALIKE,
            "DROP FUNCTION rechallenge_alike(bigint, text, text, text, text, text, date);",
        ),
    ]

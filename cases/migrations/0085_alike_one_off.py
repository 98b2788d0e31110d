"""One wrong digit in the date of birth hides no patient of nearly the same full name from who registers them again.

The dates one digit, or one day, month or year, off are listed, so that the index by birth date still finds them.
"""

from importlib import import_module

from django.db import migrations

from accounts.rowsecurity import IN_FORCE
from accounts.samepatient import SHORT_WAIT

# A letter left out or doubled in a full name stays above it; another family or first name does not.
NEARLY_THE_SAME = 0.65

ALIKE = f"""
CREATE OR REPLACE FUNCTION rechallenge_alike(
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
    near date[] := ARRAY[]::date[];
    y int := extract(year FROM born);
    m int := extract(month FROM born);
    d int := extract(day FROM born);
BEGIN
    PERFORM set_config('app.owner_reason', 'alike', true);
    SELECT b.hospital INTO at FROM accounts_board b WHERE b.id = of_board;
    IF born IS NOT NULL AND extract(day FROM born) <= 12 THEN
        days := days || make_date(extract(year FROM born)::int, extract(day FROM born)::int,
                                  extract(month FROM born)::int);
    END IF;
    IF named AND born IS NOT NULL THEN
        SELECT array_agg(DISTINCT one.day) INTO near FROM (
            SELECT make_date(c.y, c.m, 1) + (c.d - 1) AS day FROM (
                SELECT n AS y, m AS m, d AS d FROM generate_series(y - y % 100, y - y % 100 + 99) n
                    WHERE n / 10 = y / 10 OR n % 10 = y % 10
                UNION ALL SELECT y - 1, m, d UNION ALL SELECT y + 1, m, d
                UNION ALL SELECT y, n, d FROM generate_series(1, 12) n
                    WHERE n / 10 = m / 10 OR n % 10 = m % 10 OR abs(n - m) = 1
                UNION ALL SELECT y, m, n FROM generate_series(1, 31) n
                    WHERE n / 10 = d / 10 OR n % 10 = d % 10) c
            WHERE c.d <= extract(day FROM make_date(c.y, c.m, 1) + interval '1 month - 1 day')
            UNION ALL VALUES (born - 1), (born + 1)) one
        WHERE one.day <> born;
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
              AND rechallenge_searchable(i.family_name, i.given_name, i.hospital_number) LIKE begins || '%'
            UNION ALL
            SELECT i.patient_id, 6 FROM cases_patientidentity i
            WHERE i.birth_date = ANY (near)
              AND similarity(lower(i.family_name || ' ' || i.given_name), typed) >= {NEARLY_THE_SAME}),
        kept AS (
            SELECT coalesce(p.merged_into_id, p.id) AS id, min(f.place) AS place
            FROM found f JOIN cases_patient p ON p.id = f.id GROUP BY 1)
        SELECT k.id, k.place FROM kept k
        WHERE EXISTS (SELECT 1 FROM cases_patientaccess a
                      WHERE a.patient_id = k.id AND a.board_id = of_board AND {IN_FORCE})
        ORDER BY k.place, k.id DESC LIMIT 5;
    PERFORM set_config('app.owner_reason', '', true);
END $$;
"""
BEFORE = import_module("cases.migrations.0028_alike").ALIKE
# The function as it was, with the rights that it has.
ALIKE_BEFORE = BEFORE[: BEFORE.index("REVOKE EXECUTE")].replace(
    "CREATE FUNCTION", "CREATE OR REPLACE FUNCTION"
)


class Migration(migrations.Migration):
    dependencies = [("cases", "0078_follow_limits")]
    operations = [
        migrations.RunSQL(SHORT_WAIT, migrations.RunSQL.noop),
        migrations.RunSQL(ALIKE, ALIKE_BEFORE)]

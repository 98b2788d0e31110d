"""Who is acting with an account that is switched on, and on which boards that are."""

from django.db import migrations

# Two functions, not joins in every policy: their plans are kept for the life of a connection.
FUNCTIONS = """
CREATE FUNCTION rechallenge_acting_in_force() RETURNS bigint LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    RETURN (SELECT u.id FROM accounts_user u WHERE u.id = rechallenge_acting_user() AND u.is_active);
END $$;
CREATE FUNCTION rechallenge_boards_in_force(roles text[]) RETURNS bigint[] LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    RETURN ARRAY(SELECT m.board_id FROM accounts_membership m
                 JOIN accounts_board b ON b.id = m.board_id AND b.active
                 JOIN accounts_user u ON u.id = m.user_id AND u.is_active
                 WHERE m.user_id = rechallenge_acting_user() AND m.active AND m.role = ANY (roles));
END $$;
"""
WITH_PATIENTS = """
CREATE FUNCTION rechallenge_boards_with_patients() RETURNS bigint[] LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    RETURN ARRAY(SELECT m.board_id FROM accounts_membership m
                 JOIN accounts_board b ON b.id = m.board_id AND b.active
                 JOIN accounts_user u ON u.id = m.user_id AND u.is_active
                 WHERE m.user_id = rechallenge_acting_user() AND m.active
                   AND m.role IN ('member', 'chair', 'coordinator', 'nurse', 'registry'));
END $$;
"""
UNDO = """
DROP FUNCTION rechallenge_boards_with_patients();
DROP FUNCTION rechallenge_boards_in_force(text[]);
DROP FUNCTION rechallenge_acting_in_force();
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0004_board_oligoprogression")]
    operations = [migrations.RunSQL([FUNCTIONS, WITH_PATIENTS], UNDO)]

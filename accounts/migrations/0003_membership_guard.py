"""Memberships are ended, never removed; nobody changes their own, and no board loses its last administrator.

The services say all this in words. Here it holds whoever writes as the web's role, by whatever way.
"""

from django.db import migrations

from accounts.rowsecurity import Revoke

GUARD = """
CREATE FUNCTION guard_accounts_membership() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF rechallenge_acting_user() IN (NEW.user_id, CASE TG_OP WHEN 'UPDATE' THEN OLD.user_id END) THEN
        RAISE EXCEPTION 'nobody may change their own memberships' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF TG_OP = 'UPDATE' AND (NEW.user_id, NEW.board_id, NEW.role) <> (OLD.user_id, OLD.board_id, OLD.role) THEN
        RAISE EXCEPTION 'a membership is ended and another one given, not turned into it'
            USING ERRCODE = 'restrict_violation';
    END IF;
    IF TG_OP = 'UPDATE' AND OLD.role = 'administrator' AND OLD.active AND NOT NEW.active
       AND NOT EXISTS (SELECT 1 FROM accounts_membership m JOIN accounts_user u ON u.id = m.user_id
                       WHERE m.board_id = OLD.board_id AND m.role = 'administrator' AND m.active
                         AND u.is_active AND m.user_id <> OLD.user_id) THEN
        RAISE EXCEPTION 'the last administrator of a board stays' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER guard_accounts_membership BEFORE INSERT OR UPDATE ON accounts_membership
    FOR EACH ROW EXECUTE FUNCTION guard_accounts_membership();
"""
UNDO = """
DROP TRIGGER guard_accounts_membership ON accounts_membership;
DROP FUNCTION guard_accounts_membership();
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_worker_rights")]
    operations = [
        *[Revoke(f"accounts_{name}", "DELETE, TRUNCATE") for name in ("user", "board", "membership")],
        migrations.RunSQL(GUARD, UNDO),
    ]

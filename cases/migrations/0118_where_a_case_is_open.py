"""Beside its facts: the board on which a case is open, kept by the database itself."""

from django.db import migrations, models

from accounts.rowsecurity import APP, WORKER
from accounts.samepatient import SHORT_WAIT

# Whoever may write the one row may not always read the other: both functions act as the owner, for this alone, and
# give back the reason that was there. Whoever closes the case finds no row of facts to write while its first one is
# not committed, and that one would not see a closing that is not: so the first one waits for the case.
OF_CASE = """
CREATE FUNCTION rechallenge_open_board() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    reason text := coalesce(current_setting('app.owner_reason', true), '');
BEGIN
    PERFORM set_config('app.owner_reason', 'open_board', true);
    IF TG_OP = 'INSERT' THEN
        PERFORM FROM cases_case c WHERE c.id = NEW.case_id FOR SHARE;
    END IF;
    NEW.open_board_id := (SELECT c.board_id FROM cases_case c WHERE c.id = NEW.case_id AND c.state <> 'closed');
    PERFORM set_config('app.owner_reason', reason, true);
    RETURN NEW;
END $$;
CREATE TRIGGER open_board BEFORE INSERT OR UPDATE ON cases_casefacts
    FOR EACH ROW EXECUTE FUNCTION rechallenge_open_board();
"""
# The row of facts is written again, and the trigger above says what is true now.
FOLLOWS = """
CREATE FUNCTION rechallenge_open_board_follows() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    reason text := coalesce(current_setting('app.owner_reason', true), '');
BEGIN
    PERFORM set_config('app.owner_reason', 'open_board', true);
    UPDATE cases_casefacts SET open_board_id = NULL WHERE case_id = NEW.id;
    PERFORM set_config('app.owner_reason', reason, true);
    RETURN NULL;
END $$;
CREATE TRIGGER open_board_follows AFTER UPDATE OF state, board_id ON cases_case
    FOR EACH ROW WHEN (OLD.board_id <> NEW.board_id OR (OLD.state = 'closed') <> (NEW.state = 'closed'))
    EXECUTE FUNCTION rechallenge_open_board_follows();
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0115_corrections_of_the_list")]
    operations = [
        migrations.RunSQL(SHORT_WAIT, migrations.RunSQL.noop),
        migrations.AddField(
            "casefacts",
            "open_board",
            models.ForeignKey(
                "accounts.Board", on_delete=models.deletion.PROTECT, related_name="+", null=True, editable=False,
                db_index=False, db_constraint=False,
            ),
        ),  # fmt: skip
        migrations.RunSQL(
            OF_CASE,
            "DROP TRIGGER open_board ON cases_casefacts; DROP FUNCTION rechallenge_open_board();",
        ),
        migrations.RunSQL(
            FOLLOWS,
            "DROP TRIGGER open_board_follows ON cases_case; DROP FUNCTION rechallenge_open_board_follows();",
        ),
        migrations.RunSQL(
            "REVOKE EXECUTE ON FUNCTION rechallenge_open_board(), rechallenge_open_board_follows()"
            f" FROM {APP}, {WORKER}, PUBLIC;",
            migrations.RunSQL.noop,
        ),
    ]

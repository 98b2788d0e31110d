"""A board's time zone is one that the database knows: a single one it refuses would stop every board's sweeps."""

import structlog
from django.conf import settings
from django.db import migrations, models

import accounts.zones

log = structlog.get_logger(__name__)

# Looking through all names takes the database a while. A name without digits that it can reckon with is one of
# them; with digits it may be a rule in the form of POSIX, such as "London5", which no board means.
GUARD = """
CREATE FUNCTION guard_accounts_board_zone() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NEW.zone ~ '^[A-Z][A-Za-z]+(/[A-Z][A-Za-z_-]+)+$' THEN
        PERFORM now() AT TIME ZONE NEW.zone;
    ELSIF NOT EXISTS (SELECT FROM pg_timezone_names z WHERE z.name = NEW.zone) THEN
        RAISE EXCEPTION 'time zone "%" not recognized', NEW.zone USING ERRCODE = 'invalid_parameter_value';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER guard_accounts_board_zone BEFORE INSERT OR UPDATE OF zone ON accounts_board
    FOR EACH ROW EXECUTE FUNCTION guard_accounts_board_zone();
"""
UNDO = """
DROP TRIGGER guard_accounts_board_zone ON accounts_board;
DROP FUNCTION guard_accounts_board_zone();
"""
UNKNOWN = """
    SELECT b.id, b.zone, (SELECT min(z.name) FROM pg_timezone_names z WHERE lower(z.name) = lower(b.zone))
    FROM accounts_board b WHERE b.zone NOT IN (SELECT name FROM pg_timezone_names)
"""


def put_right(apps, schema_editor):
    """Give boards with an unknown zone the one that was meant, else the site's; the log and the history say so."""
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(UNKNOWN)
        for pk, zone, meant in cursor.fetchall():
            now = meant or settings.TIME_ZONE
            cursor.execute("UPDATE accounts_board SET zone = %s WHERE id = %s", [now, pk])
            log.warning("board.zone_replaced", board=pk, was=zone, now=now)


class Migration(migrations.Migration):
    dependencies = [("accounts", "0006_worker_forgets_sessions")]
    operations = [
        migrations.RunSQL(GUARD, UNDO),
        migrations.RunPython(put_right, migrations.RunPython.noop),
        *[
            migrations.AlterField(
                model_name=name,
                name="zone",
                field=models.CharField(
                    default=accounts.zones.site_zone,
                    max_length=60,
                    validators=[accounts.zones.validate_zone],
                    verbose_name="time zone of its meetings and reminders",
                ),
            )
            for name in ("board", "boardevent")
        ],
    ]

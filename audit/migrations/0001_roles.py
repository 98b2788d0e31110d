"""What the login roles may do, before the first table is made."""

from django.db import migrations

FORWARDS = """
DO $$
BEGIN
    IF (SELECT count(*) FROM pg_roles WHERE rolname IN
        ('rechallenge_owner', 'rechallenge_app', 'rechallenge_worker')) < 3 THEN
        RAISE EXCEPTION 'The roles rechallenge_owner, rechallenge_app and rechallenge_worker do not exist.'
            USING HINT = 'A superuser creates them once: see deploy/roles.sql.';
    END IF;
    IF current_user <> 'rechallenge_owner' THEN
        RAISE EXCEPTION 'Migrations run as rechallenge_owner, not as %.', current_user
            USING HINT = 'Set RECHALLENGE_DB_ROLE=owner and DATABASE_OWNER_URL.';
    END IF;
END $$;
-- A temporary table would be found before the real one by a function of ours: nobody needs any.
DO $$ BEGIN
    EXECUTE format('REVOKE TEMPORARY ON DATABASE %I FROM PUBLIC, rechallenge_app, rechallenge_worker',
                   current_database());
END $$;
CREATE EXTENSION IF NOT EXISTS pg_trgm;
GRANT USAGE ON SCHEMA public TO rechallenge_app, rechallenge_worker;
ALTER DEFAULT PRIVILEGES IN SCHEMA public
    GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO rechallenge_app;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO rechallenge_app;
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT EXECUTE ON FUNCTIONS TO rechallenge_app, rechallenge_worker;
GRANT SELECT ON django_migrations TO rechallenge_app, rechallenge_worker;

CREATE FUNCTION rechallenge_acting_user() RETURNS bigint LANGUAGE sql STABLE PARALLEL SAFE
    SET search_path = pg_catalog, public, pg_temp AS
    $$ SELECT nullif(current_setting('app.user_id', true), '')::bigint $$;
"""


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    run_before = [
        ("contenttypes", "0001_initial"),
        ("sessions", "0001_initial"),
        ("pghistory", "0001_initial"),
    ]
    operations = [migrations.RunSQL(FORWARDS, "DROP FUNCTION rechallenge_acting_user();")]

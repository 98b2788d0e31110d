-- The three login roles and the database, run once by a superuser with psql; running it again is harmless.
-- Owner: migrations only. App: the web processes. Worker: sweeps across boards. None is a superuser and none
-- walks past row-level security. Passwords come from the environment, and are not needed on a private socket.
\set ON_ERROR_STOP on

SELECT format('CREATE ROLE %I', name)
FROM (VALUES ('rechallenge_owner'), ('rechallenge_app'), ('rechallenge_worker')) AS wanted (name)
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name)
\gexec

ALTER ROLE rechallenge_owner LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEROLE NOREPLICATION;
ALTER ROLE rechallenge_app LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEROLE NOCREATEDB NOREPLICATION;
ALTER ROLE rechallenge_worker LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEROLE NOCREATEDB NOREPLICATION;

-- A process that was ended in the middle of a statement, as the web's are after their timeout, leaves no statement running
-- and no lock held.
ALTER ROLE rechallenge_app SET client_connection_check_interval = '5s';
ALTER ROLE rechallenge_worker SET client_connection_check_interval = '5s';

-- Of every table with patients a role sees the few rows of its own, and the planner, which cannot know, takes it for half
-- of all: two tables merged in the order of a key are then read to their ends. Other joins lose nothing by it.
ALTER ROLE rechallenge_app SET enable_mergejoin = off;
ALTER ROLE rechallenge_worker SET enable_mergejoin = off;

-- The server's own log is read by people who may see no patient, and goes where no erasure reaches. A statement holds
-- what was typed, and the details of an error hold rows: neither is written for these roles. Connections that are
-- open keep the settings they began with.
SELECT format('ALTER ROLE %I SET %s = %L', role, setting, value)
FROM (VALUES ('rechallenge_owner'), ('rechallenge_app'), ('rechallenge_worker')) AS roles (role),
     (VALUES ('log_min_error_statement', 'panic'),
             ('log_error_verbosity', 'terse'),
             ('log_statement', 'none'),
             ('log_min_duration_statement', '-1'),
             ('log_min_duration_sample', '-1'),
             ('log_transaction_sample_rate', '0'),
             ('log_parameter_max_length', '0'),
             ('log_parameter_max_length_on_error', '0'),
             ('auto_explain.log_min_duration', '-1')) AS settings (setting, value)
\gexec

\getenv owner_password RECHALLENGE_OWNER_PASSWORD
\if :{?owner_password}
ALTER ROLE rechallenge_owner PASSWORD :'owner_password';
\endif
\getenv app_password RECHALLENGE_APP_PASSWORD
\if :{?app_password}
ALTER ROLE rechallenge_app PASSWORD :'app_password';
\endif
\getenv worker_password RECHALLENGE_WORKER_PASSWORD
\if :{?worker_password}
ALTER ROLE rechallenge_worker PASSWORD :'worker_password';
\endif

SELECT 'CREATE DATABASE rechallenge OWNER rechallenge_owner TEMPLATE template0 ENCODING ''UTF8'' '
    'LOCALE_PROVIDER builtin BUILTIN_LOCALE ''C.UTF-8'' LC_COLLATE ''C'' LC_CTYPE ''C'''
WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'rechallenge')
\gexec

REVOKE ALL ON DATABASE rechallenge FROM PUBLIC;
GRANT CONNECT ON DATABASE rechallenge TO rechallenge_app, rechallenge_worker;

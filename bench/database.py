"""The benchmark's own database, never the demonstration's: made once for given migrations, and emptied."""

from __future__ import annotations

import atexit
import hashlib
import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg

from launch.ephemeral import TEST_VALUES
from launch.services import Services

ROOT = Path(__file__).resolve().parent.parent
NAME = os.environ.get("RECHALLENGE_BENCH_DATABASE", "rechallenge_bench")
VARIABLES = ("DATABASE_URL", "DATABASE_OWNER_URL", "DATABASE_WORKER_URL")


def _named(url: str, name: str) -> str:
    return urlunsplit(urlsplit(url)._replace(path=f"/{name}"))


def _start_services() -> None:
    """Start PostgreSQL and Valkey as safe as the product's own, below var/bench, unless named."""
    if all(os.environ.get(name) for name in (*VARIABLES, "DATABASE_SUPERUSER_URL", "REDIS_URL")):
        return
    services = Services(ROOT / "var" / "bench", durable=True)
    atexit.register(services.stop)
    services.start()
    os.environ.update(services.environment())
    os.environ["DATABASE_SUPERUSER_URL"] = services.postgres.url("postgres", "postgres")


def prepare() -> None:
    """Make the database, migrate it, and point this process and its children at it as `app`."""
    os.environ.update({**TEST_VALUES, "RECHALLENGE_DEMO": "false"})
    _start_services()
    superuser = os.environ["DATABASE_SUPERUSER_URL"]
    with psycopg.connect(superuser, autocommit=True) as server:
        mark = server.execute(
            "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s",
            [NAME],
        ).fetchone()
        fresh = mark is None or mark[0] != _migrations()
        if fresh:
            server.execute(f'DROP DATABASE IF EXISTS "{NAME}" WITH (FORCE)')
            server.execute(f'CREATE DATABASE "{NAME}" OWNER rechallenge_owner')
    for name in VARIABLES:
        os.environ[name] = _named(os.environ[name], NAME)
    os.environ["RECHALLENGE_DB_ROLE"] = "app"
    # Debugging keeps every query: what is measured is the product as it runs.
    os.environ["RECHALLENGE_DEBUG"] = "false"
    os.environ["DJANGO_SETTINGS_MODULE"] = "bench.settings"
    if fresh:
        subprocess.run(
            [sys.executable, "manage.py", "migrate", "-v0"],
            cwd=ROOT,
            env={**os.environ, "RECHALLENGE_DB_ROLE": "owner"},
            check=True,
        )
    with psycopg.connect(_named(superuser, NAME), autocommit=True) as server:
        server.execute(f"COMMENT ON DATABASE \"{NAME}\" IS '{_migrations()}'")
        _empty(server)


def _migrations() -> str:
    """Return a digest of every migration's text: the database is made anew when one changes."""
    digest = hashlib.sha256()
    for path in sorted(ROOT.glob("*/migrations/*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _empty(server: psycopg.Connection) -> None:
    """Remove the rows of the run before, so that each run measures the same."""
    rows = server.execute(
        "SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = 'public' AND tablename NOT IN"
        " ('django_migrations', 'django_content_type', 'auth_permission')"
    ).fetchall()
    with server.transaction():
        server.execute("SET LOCAL session_replication_role = replica")
        server.execute(f"TRUNCATE {', '.join(name for (name,) in rows)} RESTART IDENTITY CASCADE")

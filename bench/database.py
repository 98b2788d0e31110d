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

from bench.figures import NotMeasured
from launch.ephemeral import TEST_VALUES
from launch.services import ADDRESS_OF, SUPERUSER, Services, to_embed

ROOT = Path(__file__).resolve().parent.parent
NAME = os.environ.get("RECHALLENGE_BENCH_DATABASE", "rechallenge_bench")
MARK = "made by the benchmark of Rechallenge; "
VARIABLES = tuple(ADDRESS_OF.values())


def named(url: str, name: str) -> str:
    """Return the address of another database on the same server."""
    return urlunsplit(urlsplit(url)._replace(path=f"/{name}"))


def _start_services() -> bool:
    """Start PostgreSQL and Valkey as safe as the product's own, below var/bench, unless others are named.

    Returns whether PostgreSQL is of our own.
    """
    parts = to_embed()
    if parts:
        services = Services(ROOT / "var" / "bench", durable=True, parts=parts)
        atexit.register(services.stop)
        services.start()
        os.environ.update(services.for_tests())
    return "PostgreSQL" in parts


def prepare() -> None:
    """Make the database, migrate it, and point this process and its children at it as `app`.

    Raises NotMeasured rather than touch a database that the benchmark did not make.
    """
    os.environ.update({**TEST_VALUES, "RECHALLENGE_DEMO": "false"})
    alone = _start_services()
    superuser = os.environ[SUPERUSER]
    with psycopg.connect(superuser, autocommit=True) as server:
        if not alone:
            _refuse_foreign(server)
        fresh = _mark(server) != MARK + _migrations()
        if fresh:
            server.execute(f'DROP DATABASE IF EXISTS "{NAME}" WITH (FORCE)')
            server.execute(f'CREATE DATABASE "{NAME}" OWNER rechallenge_owner')
            server.execute(f"COMMENT ON DATABASE \"{NAME}\" IS '{MARK}'")
    for name in VARIABLES:
        os.environ[name] = named(os.environ[name], NAME)
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
    with psycopg.connect(named(superuser, NAME), autocommit=True) as server:
        server.execute(f"COMMENT ON DATABASE \"{NAME}\" IS '{MARK}{_migrations()}'")
        _empty(server)


def _mark(server: psycopg.Connection) -> str | None:
    """Return the comment on the database, "" if it has none, None where there is no such database."""
    found = server.execute(
        "SELECT coalesce(shobj_description(oid, 'pg_database'), '') FROM pg_database WHERE datname = %s",
        [NAME],
    ).fetchone()
    return found[0] if found is not None else None


def _refuse_foreign(server: psycopg.Connection) -> None:
    """Raise NotMeasured where the database is the product's, or one that no benchmark made."""
    if NAME in {urlsplit(os.environ[name]).path.strip("/") for name in VARIABLES}:
        raise NotMeasured(
            f"{NAME} is the database that DATABASE_URL names for the product, and the benchmark empties its "
            "own: set RECHALLENGE_BENCH_DATABASE to another name, or to none."
        )
    mark = _mark(server)
    if mark is not None and not mark.startswith(MARK):
        raise NotMeasured(
            f"a database {NAME} exists that the benchmark did not make, and it would empty it: set "
            "RECHALLENGE_BENCH_DATABASE to another name."
        )


def _migrations() -> str:
    """Return a digest of every migration's text and what it uses: the database is made anew for another."""
    digest = hashlib.sha256()
    for path in sorted([*ROOT.glob("*/migrations/*.py"), *ROOT.glob("accounts/*.py")]):
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

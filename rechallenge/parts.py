"""Looks at each part the product needs and says in a sentence whether it is there.

Read by the readiness page and by `manage.py doctor`. Each check returns a Finding and never raises.
"""

from __future__ import annotations

import smtplib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

import redis
from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.exceptions import ImproperlyConfigured
from django.core.mail import get_connection
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from followup.selectors import reminder_health
from rechallenge import heartbeat

MOST_CLOCK_SECONDS = 5.0
FAULTS = (DatabaseError, redis.RedisError, OSError, smtplib.SMTPException, ValueError)


@dataclass(frozen=True)
class Finding:
    """What was found of one part; `remedy` says what to do when it is not well."""

    part: str
    ok: bool
    says: str
    remedy: str = ""


class Unwell(Exception):
    """A part answers, but not as it should."""


@dataclass(frozen=True)
class Check:
    """How one part is looked at: `look` returns a sentence, or raises.

    `needs` names the part through which it is looked at, if any.
    """

    part: str
    remedy: str
    look: Callable[[], str]
    needs: str = ""

    def __call__(self) -> Finding:
        """Look, and say what was found."""
        try:
            return Finding(self.part, True, self.look())
        except (*FAULTS, Unwell, ImproperlyConfigured) as fault:
            # The first line only: drivers add hints below it.
            first = (str(fault).strip() or type(fault).__name__).splitlines()[0]
            return Finding(self.part, False, first, self.remedy)


def _check(part: str, remedy: str, needs: str = "") -> Callable[[Callable[[], str]], Check]:
    """Turn a function into the check of `part`."""
    return lambda look: Check(part, remedy, look, needs)


@_check(
    "database",
    "Start PostgreSQL, and check the address of this process's role (DATABASE_URL, DATABASE_WORKER_URL or"
    " DATABASE_OWNER_URL): host, port, role, password and database name.",
)
def database() -> str:
    """The database answers, and this process is no superuser there."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_user, rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user"
        )
        name, too_mighty = cursor.fetchone()
    if too_mighty:
        raise Unwell(f"connected as {name}, who walks past row-level security")
    return f"answers, as {name}"


# What of a statement or a row the server writes into its own log; deploy/roles.sql sets the same.
UNLOGGED = {
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_statement": "none",
    "log_min_duration_statement": "-1",
    "log_min_duration_sample": "-1",
    "log_transaction_sample_rate": "0",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
    "auto_explain.log_min_duration": "-1",
}


@_check(
    "server-log",
    "As the database's superuser run deploy/roles.sql again (psql -f), then start every process anew.",
    "database",
)
def server_log() -> str:
    """The server writes neither statements nor rows of this process into its own log."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT name, current_setting(name, true) FROM unnest(%s::text[]) AS name",
            [list(UNLOGGED)],
        )
        # A setting of a module that the server has not loaded is not there, and nothing logs by it.
        found = {name: setting for name, setting in cursor.fetchall() if setting is not None}
    loud = [
        f"{name} is {found[name]}" for name, is_ in UNLOGGED.items() if found.get(name, is_) != is_
    ]
    if loud:
        raise Unwell(f"the server's log may name patients: {', '.join(loud)}")
    return "no statement and no row is written to it"


_all_applied = False


@_check(
    "migrations",
    "Run the migration job: manage.py migrate with RECHALLENGE_DB_ROLE=owner.",
    "database",
)
def migrations() -> str:
    """Every migration of this version is applied; once seen, it stays so for this process."""
    global _all_applied
    if not _all_applied:
        executor = MigrationExecutor(connection)
        plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
        if plan:
            first = plan[0][0]
            raise Unwell(f"{len(plan)} not applied, the first is {first.app_label} {first.name}")
        _all_applied = True
    return "all applied"


@_check(
    "history",
    "Run the migration job: manage.py migrate with RECHALLENGE_DB_ROLE=owner.",
    "database",
)
def history() -> str:
    """No session can silence the triggers that write who changed what."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT prosrc FROM pg_proc WHERE oid = to_regprocedure('public._pgtrigger_should_ignore(name)')"
        )
        (source,) = cursor.fetchone() or ("",)
    if source != "SELECT false":
        raise Unwell("a session could tell the triggers that write it to do nothing")
    return "is written whatever a session says"


@_check("broker", "Start Valkey or Redis, and check REDIS_URL.")
def broker() -> str:
    """The broker answers."""
    with heartbeat.broker() as client:
        client.ping()
    return "answers"


@_check(
    "worker",
    "Start a worker (celery -A rechallenge worker), or look into its log; it notes its life every 10 s.",
    "broker",
)
def worker() -> str:
    """A worker is connected and has finished something lately."""
    with heartbeat.broker() as client:
        connected, progress = client.mget(heartbeat.WORKER, heartbeat.PROGRESS)
    if not connected:
        raise Unwell("no worker has given a sign of life lately")
    if not progress:
        raise Unwell("a worker is connected, but no task has been finished for five minutes")
    return "consumes"


@_check(
    "bulk",
    "Start the worker of imports (celery -A rechallenge worker -Q bulk) with the web's role, or look into its log.",
    "broker",
)
def bulk() -> str:
    """The worker of imports and exports is connected."""
    with heartbeat.broker() as client:
        if not client.exists(heartbeat.BULK):
            raise Unwell("has given no sign of life lately: imports and exports wait")
    return "consumes"


@_check(
    "counts",
    "Start the worker of counts (celery -A rechallenge worker -Q counts) with the web's role, or look into its log.",
    "broker",
)
def counts() -> str:
    """The worker of counts of cases is connected."""
    with heartbeat.broker() as client:
        if not client.exists(heartbeat.COUNTS):
            raise Unwell("has given no sign of life lately: counts of open cases wait")
    return "consumes"


@_check("beat", "Start beat (celery -A rechallenge beat), or look into its log.", "broker")
def beat() -> str:
    """Beat's scheduler ticks."""
    with heartbeat.broker() as client:
        if not client.exists(heartbeat.BEAT):
            raise Unwell("has given no sign of life for a minute")
    return "ticks"


@_check("mail", "Start the mail server, and check SMTP_URL: host, port, user, password, TLS.")
def mail() -> str:
    """The mail server takes a connection, and the sign-in if one is configured."""
    line = get_connection("django.core.mail.backends.smtp.EmailBackend")
    line.open()
    line.close()
    return f"answers at {settings.EMAIL_HOST}:{settings.EMAIL_PORT}"


@_check(
    "assets", "Build them: `make demo` does, or npm ci, npm run build, manage.py collectstatic."
)
def assets() -> str:
    """The collected static files and their manifest are there."""
    if settings.DEBUG:
        return "served from their sources in debug"
    names = getattr(staticfiles_storage, "hashed_files", None)
    if not names:
        raise Unwell(f"no collected files in {settings.STATIC_ROOT}")
    if not any(name.endswith(".css") and not name.startswith("admin/") for name in names):
        raise Unwell("the style sheets are missing from the collected files")
    return f"{len(names)} files collected"


@_check(
    "clock",
    "Set this machine's clock, or the database's: run a time service on both.",
    "database",
)
def clock() -> str:
    """This machine's clock agrees with the database's, which decides what is due."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        there = cursor.fetchone()[0]
    apart = (datetime.now(UTC) - there).total_seconds()
    if abs(apart) > MOST_CLOCK_SECONDS:
        raise Unwell(f"{apart:+.0f} seconds from the database's")
    return f"{abs(apart):.1f} seconds from the database's"


@_check(
    "reminders",
    "See that a worker and beat run and that the mail server answers, and look into the worker's log; failed ones"
    " stand under Monitoring.",
    "database",
)
def reminders() -> str:
    """The oldest reminder that is due is not late, and both sweeps run: without them there are none to be late."""
    health = reminder_health()
    if health.late:
        raise Unwell(f"the oldest due reminder is {health.late_minutes:.0f} minutes late")
    if not health.well:
        opened, sent = _ago(health.opening_seconds), _ago(health.sweep_seconds)
        raise Unwell(f"last look for due checks: {opened}; last delivery: {sent}")
    return f"none is late, {health.failed} failed"


def _ago(seconds: float | None) -> str:
    return "none yet" if seconds is None else f"{seconds / 60:.0f} minutes ago"


READINESS: tuple[Check, ...] = (database, migrations, broker, worker, bulk, counts, beat)
EVERYTHING: tuple[Check, ...] = (
    database,
    server_log,
    migrations,
    history,
    clock,
    broker,
    worker,
    bulk,
    counts,
    beat,
    mail,
    reminders,
    assets,
)

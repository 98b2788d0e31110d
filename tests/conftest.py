"""The test database: made and migrated by the owner, used as `app`, like the product's own."""

from __future__ import annotations

import gc
import hashlib
import logging
import os
import uuid
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
from django.conf import settings as project_settings
from django.contrib import auth
from django.contrib.messages import get_messages
from django.core.management import call_command
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

from accounts import idling
from accounts.acting import acting_as, set_acting
from evidence.loading import load, read
from launch.prepare import product_digest
from rechallenge.parts import UNLOGGED
from tests.factories.delivered import rows_checked_once
from tests.factories.lists_held import lists_as_delivered, lists_without_a_clock
from tests.factories.people import make_board, make_user
from tests.walks import WALKS
from ui import errors

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from accounts.models import Board, User
    from evidence.loading import Report

# Two cores shared with servers: how long an example takes says nothing here.
hypothesis_settings.register_profile(
    "suite", deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
hypothesis_settings.load_profile("suite")

# Uploads of two test processes do not meet.
_files: dict[str, Any] = project_settings.STORAGES["default"]["OPTIONS"]
_files["location"] = Path(_files["location"]) / os.environ.get("PYTEST_XDIST_WORKER", "main")

# Every client of every test would look through all collected files once more.
project_settings.WHITENOISE_AUTOREFRESH = True

__all__ = ["lists_as_delivered", "lists_without_a_clock", "rows_checked_once"]

T = TypeVar("T")
HERE = Path(__file__).parent

ROLES = """
DO $$ DECLARE r text; BEGIN
  FOREACH r IN ARRAY ARRAY['rechallenge_owner', 'rechallenge_app', 'rechallenge_worker'] LOOP
    IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = r) THEN
      EXECUTE format('CREATE ROLE %I LOGIN NOSUPERUSER NOBYPASSRLS', r);
    END IF;
  END LOOP;
END $$;
"""


def _leave_out_of_the_log(server: psycopg.Connection[Any]) -> None:
    """Set what deploy/roles.sql sets for the roles, on a server on which it was not run."""
    rows = server.execute(
        "SELECT rolname, coalesce(rolconfig, '{}') FROM pg_roles"
        " WHERE rolname ~ '^rechallenge_(owner|app|worker)$'"
    )
    for role, given in rows.fetchall():
        for name, setting in UNLOGGED.items():
            if f"{name}={setting}" not in given:
                server.execute(f"ALTER ROLE {role} SET {name} = '{setting}'")


# How the names of this checkout's databases begin: the same server may serve several.
NAMES = os.environ.get("RECHALLENGE_TEST_DATABASE", "test_rechallenge")
# As the deployment's job does.
MIGRATING = ("migrate", "--noinput")


def superuser_url(database: str = "") -> str:
    """Return the address of the throwaway cluster as its superuser, which only tests use."""
    parts = urlsplit(os.environ["DATABASE_SUPERUSER_URL"])
    return urlunsplit(parts._replace(path=f"/{database}")) if database else urlunsplit(parts)


def _use(role: str, database: str) -> None:
    connection.close()
    connection.settings_dict.update({"USER": f"rechallenge_{role}", "NAME": database})


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave the walks out of what is counted, and begin with them: they take longest.

    Whichever of two parallel runs had one of them last would leave the other with nothing to do.
    """
    for item in items:
        if item.path.relative_to(HERE).as_posix().startswith(WALKS):
            item.add_marker("no_cover")
    items.sort(key=lambda item: item.get_closest_marker("no_cover") is None)


def pytest_collection_finish() -> None:
    """Look through what was imported for garbage no more: it stays, and each look takes long."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


@contextmanager
def uncounted(config: pytest.Config) -> Iterator[None]:
    """Do not count coverage meanwhile: tracing makes the same work take nearly twice its time."""
    counting = config.pluginmanager.get_plugin("_cov")
    controller = getattr(counting, "cov_controller", None)
    if controller is None or not controller.started:
        yield
        return
    controller.pause()
    try:
        yield
    finally:
        controller.resume()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_setup(item: pytest.Item) -> Iterator[None]:
    """Leave the fixtures of a test that is not counted (`no_cover`) out as well."""
    with uncounted(item.config) if item.get_closest_marker("no_cover") else nullcontext():
        return (yield)


def copy_database(server: psycopg.Connection[Any], migrated: str, name: str) -> None:
    """Make the database `name` as a copy of a migrated one to which nobody is connected."""
    server.execute(f'CREATE DATABASE "{name}" OWNER rechallenge_owner TEMPLATE "{migrated}"')
    # A copy has the tables' rights, but not those of the database itself.
    server.execute(
        "UPDATE pg_database SET datacl = (SELECT datacl FROM pg_database WHERE datname = %s)"
        " WHERE datname = %s",
        [migrated, name],
    )


def migrated(server: psycopg.Connection[Any]) -> str:
    """Return a migrated database to copy, made as owner unless this very code made it before.

    What other code of this checkout migrated is dropped.
    """
    made_of = product_digest().encode() + Path(__file__).read_bytes()
    name = f"{NAMES}_{hashlib.sha256(made_of).hexdigest()[:12]}"
    (exists,) = server.execute(
        "SELECT EXISTS (SELECT FROM pg_database WHERE datname = %s AND datistemplate)", [name]
    ).fetchone() or (False,)
    if exists:
        return name
    old = server.execute(
        "SELECT datname FROM pg_database WHERE datname ~ %s", [f"^{NAMES}_[0-9a-f]{{12}}$"]
    ).fetchall()
    for (one,) in old:
        server.execute(f'ALTER DATABASE "{one}" IS_TEMPLATE false')
        server.execute(f'DROP DATABASE "{one}" WITH (FORCE)')
    server.execute(f'CREATE DATABASE "{name}" OWNER rechallenge_owner')
    _use("owner", name)
    call_command(*MIGRATING, verbosity=0)
    connection.close()
    server.execute(f'ALTER DATABASE "{name}" IS_TEMPLATE true')
    return name


@pytest.fixture(scope="session")
def django_db_setup(
    django_db_blocker: Any, worker_id: str, request: pytest.FixtureRequest
) -> Iterator[None]:
    """Make the database as owner, then hand the suite the login role `app`."""
    name = f"{NAMES}_{worker_id}"
    with (
        psycopg.connect(superuser_url(), autocommit=True) as server,
        django_db_blocker.unblock(),
        uncounted(request.config),
    ):
        # Parallel runs share what the first of them migrates.
        server.execute("SELECT pg_advisory_lock(1)")
        server.execute(ROLES)
        _leave_out_of_the_log(server)
        server.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        copy_database(server, migrated(server), name)
        server.execute("SELECT pg_advisory_unlock(1)")
        _use("app", name)
    project_settings.DATABASES["default"]["NAME"] = name
    yield
    with django_db_blocker.unblock():
        connection.close()
    with psycopg.connect(superuser_url(), autocommit=True) as server:
        server.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture(autouse=True)
def plain_static_files(settings: Any) -> None:
    """Refer to static files by their plain names: tests do not need the assets to be built."""
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }


@pytest.fixture(autouse=True)
def own_counts(settings: Any) -> None:
    """Count sign-ins in this test's own memory: the shared Valkey would carry them into the next test."""
    backend = "django.core.cache.backends.locmem.LocMemCache"
    settings.CACHES = {"default": {"BACKEND": backend, "LOCATION": uuid.uuid4().hex}}


@pytest.fixture
def plain_refusals(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Answer refusals by what their page would be told, without drawing it hundreds of times; log none."""

    def told(request: Any, template: str, context: Any = None, **answer: Any) -> HttpResponse:
        said = [str(message) for message in get_messages(request)]
        return HttpResponse(f"{context} {said}", status=answer["status"])

    monkeypatch.setattr(errors, "render", told)
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


@pytest.fixture(autouse=True, scope="session")
def times_of_signing_in() -> Iterator[None]:
    """Note when somebody signed in, as the sign-in page does, also when a test signs in past it."""
    begin: Any = auth.login
    sign_in: Any = Client._login  # type: ignore[attr-defined]

    def begin_and_note(request: Any, user: User, backend: str | None = None) -> None:
        begin(request, user, backend)
        idling.begin(request)

    def sign_in_and_note(self: Client, user: User, backend: str | None = None) -> None:
        with pytest.MonkeyPatch.context() as within:
            within.setattr(auth, "login", begin_and_note)
            sign_in(self, user, backend)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Client, "_login", sign_in_and_note)
        yield


@pytest.fixture(scope="session")
def worker_id(request: pytest.FixtureRequest) -> str:
    """Return which of the parallel runs this is."""
    return os.environ.get("PYTEST_XDIST_WORKER", "main")


@pytest.fixture
def board(db: None) -> Board:
    """A board."""
    return make_board("North Thoracic Board")


@pytest.fixture
def other_board(db: None) -> Board:
    """Another board, whose patients nobody of `board` may see."""
    return make_board("Riverside Lung Board")


@pytest.fixture
def member(board: Board) -> User:
    """A member of `board`; also the acting user of the test, as a view's user would be."""
    user = make_user("member", board)
    set_acting(user)
    return user


@pytest.fixture
def chair(board: Board) -> User:
    """The chair of `board`."""
    return make_user("chair", board)


@pytest.fixture
def coordinator(board: Board) -> User:
    """The coordinator of `board`."""
    return make_user("coordinator", board)


@pytest.fixture
def nurse(board: Board) -> User:
    """The monitoring nurse of `board`."""
    return make_user("nurse", board)


@pytest.fixture
def stranger(other_board: Board) -> User:
    """A member of `other_board` alone."""
    return make_user("member", other_board)


@pytest.fixture
def acting() -> Any:
    """The context manager that makes somebody the acting user."""
    return acting_as


@pytest.fixture
def superuser(django_db_blocker: Any) -> Iterator[psycopg.Connection[Any]]:
    """A superuser's connection to the test database: it sees committed rows only."""
    with psycopg.connect(
        superuser_url(connection.settings_dict["NAME"]), autocommit=True
    ) as server:
        yield server


@pytest.fixture
def committed_db(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Let the test commit; afterwards every row that migrations did not make is removed.

    In place of pytest-django's `transactional_db`, whose flush the login role `app` may not do.
    """
    with django_db_blocker.unblock():
        assert not connection.in_atomic_block
        yield
        connection.close()
        name = connection.settings_dict["NAME"]
    with psycopg.connect(superuser_url(name), autocommit=True) as server:
        empty_tables(server)


@pytest.fixture(scope="module")
def once(django_db_setup: None, django_db_blocker: Any) -> Iterator[Callable[[Callable[[], T]], T]]:
    """Return what commits, once for a module, rows that are dear to make; its tests undo what they change.

    No test of such a module may use `committed_db`, which would take the rows away.
    """

    def commit(make: Callable[[], T]) -> T:
        with django_db_blocker.unblock(), transaction.atomic():
            return make()

    yield commit
    with django_db_blocker.unblock():
        connection.close()
        name = connection.settings_dict["NAME"]
    with psycopg.connect(superuser_url(name), autocommit=True) as server:
        empty_tables(server)


@pytest.fixture(scope="module")
def all_guidance(django_db_setup: None, django_db_blocker: Any) -> Iterator[Report]:
    """All the delivered guidance, loaded once for a module whose tests undo what they change.

    Tests that are content with a few statements use `tests.factories.guidance`.
    """
    with django_db_blocker.unblock():
        report = load(read())
        yield report
        connection.close()
        name = connection.settings_dict["NAME"]
    with psycopg.connect(superuser_url(name), autocommit=True) as server:
        empty_tables(server)


def empty_tables(server: psycopg.Connection[Any]) -> None:
    """Remove all rows but the migrations' own; triggers that freeze rows are passed as superuser only.

    By DELETE from the few tables that hold any: TRUNCATE makes new files for every table and index.
    """
    keep = "('django_migrations', 'django_content_type', 'auth_permission')"
    tables = server.execute(
        "SELECT quote_ident(tablename) FROM pg_tables"
        f" WHERE schemaname = 'public' AND tablename NOT IN {keep}"
    ).fetchall()
    some = " UNION ALL ".join(f"SELECT '{t}' WHERE EXISTS (SELECT FROM {t})" for (t,) in tables)
    with server.transaction():
        server.execute("SET LOCAL session_replication_role = replica")
        for (table,) in server.execute(some).fetchall():
            server.execute(f"DELETE FROM {table}")

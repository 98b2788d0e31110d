"""The embedded services against the real programs: interrupted starts, killed starts, roles."""

from __future__ import annotations

import os
import shutil
import subprocess
from typing import TYPE_CHECKING

import psycopg
import pytest

from launch.postgres import UNLOGGED as SERVERS
from launch.refusal import Refusal
from launch.services import Services
from rechallenge.parts import UNLOGGED

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def services(tmp_path: Path) -> Iterator[Services]:
    made = Services(tmp_path / "var", durable=False)
    yield made
    made.stop()
    made.remove()


def connect(services: Services, role: str) -> psycopg.Connection[tuple[str]]:
    return psycopg.connect(services.postgres.url(role), autocommit=True)


def test_data_survive_a_second_start_and_roles_have_no_powers(services: Services) -> None:
    services.start()
    with connect(services, "rechallenge_owner") as line:
        line.execute("CREATE TABLE kept (word text)")
        line.execute("INSERT INTO kept VALUES ('still here')")
        encoding = line.execute(
            "SELECT datlocprovider, datlocale FROM pg_database WHERE datname = current_database()"
        ).fetchone()
        mighty = line.execute(
            "SELECT rolname FROM pg_roles WHERE rolname LIKE 'rechallenge%' AND (rolsuper OR rolbypassrls)"
        ).fetchall()
    assert encoding == ("b", "C.UTF-8")
    assert mighty == []
    services.stop()
    services.start()
    with connect(services, "rechallenge_owner") as line:
        assert line.execute("SELECT word FROM kept").fetchone() == ("still here",)


def test_the_server_listens_on_its_private_socket_only(services: Services) -> None:
    services.start()
    with connect(services, "rechallenge_app") as line:
        assert line.execute("SHOW listen_addresses").fetchone() == ("",)
    assert services.postgres.runtime.stat().st_mode & 0o777 == 0o700


def test_a_killed_start_leaves_nothing_that_hinders_the_next(services: Services) -> None:
    services.start()
    for child in services.children:
        child.kill()
    for child in services.children:
        assert child.process is not None
        child.process.wait()
    assert (services.postgres.data / "postmaster.pid").exists()
    services.start()
    assert all(child.alive for child in services.children)


def test_servers_that_outlived_their_starter_are_ended_first(services: Services) -> None:
    services.start()
    before = [child.pid for child in services.children]
    outlived = list(services.children)
    services.start()
    for child, pid in zip(outlived, before, strict=True):
        assert child.process is not None
        child.process.wait(20)
        assert pid not in [now.pid for now in services.children]


@pytest.mark.parametrize(
    ("version", "control"),
    [("18\n", None), (None, "x"), ("", "x"), ("\0\0\0", "x"), ("18\n", ""), (None, None)],
)
def test_an_incomplete_data_folder_is_moved_away_and_said(
    services: Services, monkeypatch: pytest.MonkeyPatch, version: str | None, control: str | None
) -> None:
    data = services.postgres.data
    (data / "global").mkdir(parents=True)
    for name, text in (("PG_VERSION", version), ("global/pg_control", control)):
        if text is not None:
            (data / name).write_text(text)

    def make_cluster() -> None:
        data.mkdir()
        (data / "PG_VERSION").write_text("18\n")

    monkeypatch.setattr(services.postgres, "_make_cluster", make_cluster)
    told = services.postgres.prepare()
    assert any("incomplete: moved to" in line for line in told)
    (aside,) = services.postgres.home.glob("postgres.incomplete-*")
    assert (aside / "PG_VERSION").exists() == (version is not None), "kept as it was"
    shutil.rmtree(aside)


def test_an_interrupted_initialisation_starts_over(services: Services) -> None:
    half = services.postgres.home / "postgres.half"
    (half / "global").mkdir(parents=True)
    services.postgres.data.mkdir()  # as an incomplete folder is followed by a new one
    services.start()
    assert not half.exists()
    assert services.postgres.answers()


def test_data_of_another_version_are_refused_in_words(services: Services) -> None:
    (services.postgres.data / "global").mkdir(parents=True)
    (services.postgres.data / "global" / "pg_control").write_text("x")
    (services.postgres.data / "PG_VERSION").write_text("15\n")
    with pytest.raises(Refusal, match="written by PostgreSQL 15, and this is 18"):
        services.start()


def test_a_server_that_cannot_start_is_refused_with_its_log(services: Services) -> None:
    services.start()
    services.stop()
    (services.postgres.data / "postgresql.conf").write_text("no_such_setting = 1\n")
    way_out = "or move that folder away to start empty"
    with pytest.raises(
        Refusal, match=rf"PostgreSQL ended at once(.|\n)*no_such_setting(.|\n)*{way_out}"
    ) as refused:
        services.start()
    assert f"put a copy of {services.postgres.data} back" in str(refused.value)
    assert not any(child.alive for child in services.children)


def test_a_damaged_queue_is_refused_with_the_way_out(tmp_path: Path) -> None:
    services = Services(tmp_path / "var", parts=("Valkey",))
    services.start()
    services.stop()
    (manifest,) = services.valkey.data.glob("appendonlydir/*.manifest")
    manifest.write_text("half")
    with pytest.raises(Refusal, match=rf"Valkey ended(.|\n)*put a copy of {services.valkey.data}"):
        services.start()
    assert not any(child.alive for child in services.children)
    services.remove()


def test_one_service_alone_tells_its_own_address_only(tmp_path: Path) -> None:
    services = Services(tmp_path / "var", durable=False, parts=("Valkey",))
    services.start()
    assert services.environment() == services.for_tests() == {"REDIS_URL": services.valkey.url}
    assert services.valkey.answers()
    services.stop()
    services.remove()


def test_valkey_and_postgresql_end_in_good_order(services: Services) -> None:
    services.start()
    children = list(services.children)
    services.stop()
    assert [child.process.returncode for child in children if child.process] == [0, 0]
    assert "database system is shut down" in children[0].log_end()


def test_the_roles_file_gives_passwords_from_the_environment(services: Services) -> None:
    services.start()
    psql = str(services.postgres.programs / "bin" / "psql")
    target = ["-h", str(services.postgres.runtime), "-U", "postgres", "-d", "postgres"]
    subprocess.run(
        [psql, "-X", "-q", *target, "-f", "deploy/roles.sql"],
        env=os.environ | {"RECHALLENGE_APP_PASSWORD": "a'quote"},
        check=True,
        capture_output=True,
    )
    with psycopg.connect(services.postgres.url("postgres", "postgres")) as line:
        rows = line.execute(
            "SELECT rolname, rolpassword IS NOT NULL FROM pg_authid WHERE rolname LIKE 'rechallenge%'"
        ).fetchall()
    assert dict(rows) == {
        "rechallenge_owner": False,
        "rechallenge_app": True,
        "rechallenge_worker": False,
    }


def refused(line: psycopg.Connection[tuple[str]], name: str) -> None:
    """Have the database refuse a row with `name` in it, in a statement as Django binds it."""
    with pytest.raises(psycopg.errors.UniqueViolation):
        psycopg.ClientCursor(line).execute("INSERT INTO people VALUES (%s)", [name])


def test_what_the_database_refuses_does_not_stand_in_its_log(services: Services) -> None:
    services.start()
    with connect(services, "rechallenge_owner") as line:
        line.execute("CREATE TABLE people (name text UNIQUE)")
        line.execute("GRANT ALL ON people TO rechallenge_app, rechallenge_worker")
    superuser = psycopg.connect(services.postgres.url("postgres"), autocommit=True)
    lines = [superuser] + [
        connect(services, f"rechallenge_{role}") for role in ("owner", "app", "worker")
    ]
    for line in lines:
        name = f"Unlogged {line.info.user}"
        superuser.execute(f"INSERT INTO people VALUES ('{name}')")
        refused(line, name)
    # The control: a session that is told to, as every one was by default.
    superuser.execute("SET log_error_verbosity = 'default'")
    superuser.execute("SET log_min_error_statement = 'error'")
    superuser.execute("INSERT INTO people VALUES ('Logged Person')")
    refused(superuser, "Logged Person")
    for line in lines:
        line.close()
    log = services.postgres.log.read_text()
    assert log.count("duplicate key value violates unique constraint") == len(lines) + 1
    assert "INSERT INTO people VALUES ('Logged Person')" in log
    assert "Key (name)=(Logged Person)" in log
    assert "Unlogged" not in log


@pytest.mark.parametrize("role", ["owner", "app", "worker"])
def test_the_roles_log_nothing_whatever_the_servers_own_settings(
    services: Services, monkeypatch: pytest.MonkeyPatch, role: str
) -> None:
    """As on a server that a hospital brings: the roles carry what the doctor asks for."""
    monkeypatch.setattr("launch.postgres.UNLOGGED", ("log_statement=all",))
    services.start()
    with connect(services, f"rechallenge_{role}") as line:
        found = {
            name: line.execute("SELECT current_setting(%s)", [name]).fetchone() for name in UNLOGGED
        }
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            line.execute("SET log_statement = 'all'")
    assert found == {name: (setting,) for name, setting in UNLOGGED.items()}


def test_the_servers_settings_are_among_those_the_doctor_asks_for() -> None:
    assert dict(setting.split("=") for setting in SERVERS).items() <= UNLOGGED.items()

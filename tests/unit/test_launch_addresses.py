"""Each service is embedded unless a variable names another one; half of a database's addresses is refused."""

from __future__ import annotations

import atexit
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from bench import database, run
from launch import ephemeral, valkey
from launch.places import short_hash
from launch.refusal import Refusal
from launch.services import BOTH, BROKER, DATABASE, SUPERUSER, Services, to_embed

ROOT = Path(__file__).resolve().parents[2]
OURS = "postgres://rechallenge_app@db.example.org/ours"


@pytest.fixture
def none_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """No variable names a service; what the test sets is taken back."""
    for name in (*DATABASE, BROKER):
        monkeypatch.setenv(name, "")


@pytest.mark.parametrize(
    ("named", "embedded"),
    [
        ((), BOTH),
        ((BROKER,), ("PostgreSQL",)),
        (DATABASE, ("Valkey",)),
        ((*DATABASE, BROKER), ()),
    ],
)
def test_what_is_not_named_is_embedded(
    none_named: None,
    monkeypatch: pytest.MonkeyPatch,
    named: tuple[str, ...],
    embedded: tuple[str, ...],
) -> None:
    for name in named:
        monkeypatch.setenv(name, "an://address")
    assert to_embed() == embedded


@pytest.mark.parametrize("missing", [DATABASE[1:], DATABASE[3:], DATABASE[:1]])
@pytest.mark.parametrize("broker", ["", "redis://db.example.org/0"])
def test_half_of_a_databases_addresses_is_refused_by_name(
    none_named: None, monkeypatch: pytest.MonkeyPatch, missing: tuple[str, ...], broker: str
) -> None:
    monkeypatch.setenv(BROKER, broker)
    for name in set(DATABASE) - set(missing):
        monkeypatch.setenv(name, OURS)
    with pytest.raises(Refusal, match="Or unset all four") as refused:
        ephemeral.start_services()
    lacking, given = str(refused.value).split(" must be set too, beside ")
    assert all(name in lacking for name in missing)
    assert not any(name in given for name in missing)


def test_the_tests_and_the_benchmark_say_so_instead_of_failing_in_the_middle(
    none_named: None, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATABASE_URL", OURS)
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "--collect-only", "-q", __file__],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode != 0
    assert f"{SUPERUSER} must be set too" in done.stderr
    assert "Traceback" not in done.stdout + done.stderr

    monkeypatch.setattr(run, "RESULT", ROOT / "var" / "no-such-figures.json")
    monkeypatch.setattr(database.os, "environ", dict(os.environ))
    assert run.main() == 1
    assert f"{SUPERUSER} must be set too" in capsys.readouterr().err


def test_a_named_service_keeps_its_address_and_is_not_looked_for(
    none_named: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def no_valkey() -> str:
        raise Refusal("No Valkey was found.")

    ended: list[Any] = []
    monkeypatch.setenv(BROKER, "redis://db.example.org/0")
    monkeypatch.setattr(valkey, "find_server", no_valkey)
    monkeypatch.setattr(ephemeral, "TEST_FOLDER", tmp_path)
    monkeypatch.setattr(Services, "start", lambda self: [])
    monkeypatch.setattr(atexit, "register", ended.append)
    ephemeral.start_services()
    assert os.environ[BROKER] == "redis://db.example.org/0"
    assert all(os.environ[name] for name in DATABASE)
    (folder,) = tmp_path.iterdir()
    written = [folder, *(Path(path) for path in Path("/tmp").glob(f"rc-{short_hash(folder)}"))]  # noqa: S108
    assert len(written) == 2
    ended[0]()
    assert not any(path.exists() for path in written)


def test_the_variables_are_named_where_a_person_looks() -> None:
    for path in ("CONTRIBUTING.md", "Makefile"):
        text = (ROOT / path).read_text()
        for name in (*DATABASE, BROKER):
            assert name in text, (path, name)

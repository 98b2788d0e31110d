"""Between the first process and the banner: what dies is started again, a long wait and a full disk are said."""

from __future__ import annotations

import itertools
import json
import os
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest

from launch import demo, stack
from launch.child import Child
from launch.configuration import Ports
from launch.refusal import FULL, Refusal
from launch.services import ADDRESS_OF, SEAL_KEY
from launch.stack import Stack

if TYPE_CHECKING:
    from collections.abc import Iterator

WAITS = json.dumps({"parts": {"worker": {"ok": False, "says": "no worker"}, "web": {"ok": True}}})


@pytest.fixture
def said() -> list[str]:
    """What the launcher printed."""
    return []


@pytest.fixture
def starting(tmp_path: Path, said: list[str]) -> Iterator[Stack]:
    """A stack of one worker that runs, before the other parts are up."""
    made = Stack(tmp_path, say=said.append)
    made.ports = Ports(20001, 20002, 20003)
    command = [sys.executable, "-c", "import time; time.sleep(300)"]
    made.supervisor.start(Child("worker", command, log=tmp_path / "worker.log"))
    yield made
    made.stop()


def test_what_dies_before_everything_is_up_is_started_again(
    starting: Stack, said: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    worker = starting.supervisor.children["worker"]
    first = worker.pid

    def ready(port: int, path: str) -> tuple[int, str]:
        return (503, WAITS) if worker.pid == first else (200, "")

    monkeypatch.setattr(stack, "http_get", ready)
    worker.kill()
    starting.wait_ready()
    assert worker.alive
    assert any("worker ended (signal SIGKILL) and is started again" in line for line in said)


def test_a_part_that_is_killed_before_it_serves_is_started_again_and_a_broken_one_refused(
    starting: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    worker = starting.supervisor.children["worker"]
    first = worker.pid
    worker.ready = lambda: worker.pid != first
    worker.kill()
    starting._wait_for("worker")
    assert worker.pid != first
    broken = Child("web", [sys.executable, "-c", "raise SystemExit(3)"], starting.data_dir / "log")
    broken.ready = lambda: False
    starting.supervisor.start(broken)
    monkeypatch.setattr(starting.supervisor, "look", lambda: pytest.fail("started again"))
    with pytest.raises(Refusal, match="web ended at once"):
        starting._wait_for("web")


def test_a_long_wait_names_what_is_waited_for(
    starting: Stack, said: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = itertools.chain([(503, WAITS)] * 2, itertools.repeat((200, "")))
    monkeypatch.setattr(stack, "http_get", lambda port, path: next(answers))
    monkeypatch.setattr(stack, "SILENCE", 0.0)
    starting.wait_ready()
    assert said == ["Waiting for every part to be up; so far:\n    worker: no worker"] * 2


def test_a_part_that_does_not_come_up_is_named_with_what_to_do(
    starting: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stack, "http_get", lambda port, path: (503, WAITS))
    with pytest.raises(Refusal, match=r"worker: no worker\n.*logs are in .*Type the same command"):
        starting.wait_ready(-1)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="Linux has a file that is always full")
def test_a_disk_that_is_full_is_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    full = Path("/dev/full")
    monkeypatch.setattr(Stack, "_start_services", lambda self: full.write_text("data"))
    monkeypatch.setenv("PORT", str(stack.places.free_port()))
    monkeypatch.setattr(demo.signal, "signal", lambda number, handler: None)
    assert demo.main(["--data", str(tmp_path)]) == 1
    assert capsys.readouterr().out.strip() == FULL
    made = Stack(tmp_path)
    made.lock = full.open("a")
    made.lock.write("an address that does not get there")
    made.stop()


def test_the_worker_alone_is_given_the_key_of_the_seals_and_each_its_own_address(
    tmp_path: Path,
) -> None:
    made = Stack(tmp_path)
    made.ports = Ports(1, 2, 3)
    made.env = {SEAL_KEY: "key", **dict.fromkeys(ADDRESS_OF.values(), "postgres://")}
    given = {
        child.name: {SEAL_KEY, *ADDRESS_OF.values()} & (child.env or made.env).keys()
        for child in made._processes()
    }
    app, worker = {"DATABASE_URL"}, {"DATABASE_WORKER_URL"}
    assert given == {
        "mail": app, "web": app, "bulk": app, "counts": app,
        "worker": worker | {SEAL_KEY}, "beat": worker,
    }  # fmt: skip


def test_a_program_that_met_a_full_disk_is_told_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = Stack(tmp_path)
    made.env = dict(os.environ)
    made.services = SimpleNamespace(postgres=SimpleNamespace(data=tmp_path))  # type: ignore[assignment]
    words = "could not extend file: No space left on device"
    with pytest.raises(Refusal, match=rf"^{FULL}\n(.|\n)*{words}"):
        made.run_python("-c", f"raise SystemExit({words!r})")
    with pytest.raises(Refusal, match=r"^`-c raise SystemExit\(1\)` failed"):
        made.run_python("-c", "raise SystemExit(1)")
    monkeypatch.setattr("shutil.disk_usage", lambda folder: SimpleNamespace(free=31 * 2**20))
    with pytest.raises(Refusal, match=rf"^{FULL}\n`-c"):
        made.run_python("-c", "raise SystemExit('the server closed the connection')")
    child = Child(
        "PostgreSQL", [sys.executable, "-c", f"raise SystemExit({words!r})"], tmp_path / "log"
    )
    child.start()
    assert child.process is not None
    child.process.wait()
    with pytest.raises(Refusal, match=rf"^{FULL}\nPostgreSQL ended at once"):
        child.wait_ready()

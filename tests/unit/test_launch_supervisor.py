"""Children that die are started again, too many deaths end everything, and nothing is left behind."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from launch.child import Child
from launch.leftovers import command_line, end_leftovers, end_recorded, read_pid, record_children
from launch.refusal import Refusal
from launch.supervisor import Supervisor

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ROOT = Path(__file__).resolve().parents[2]
SLEEP = "import time; time.sleep(300)"
STUBBORN = (
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN);"
    "print('up', flush=True); time.sleep(300)"
)
PARENT = (
    "import subprocess, sys; p = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(300)']);"
    "print(p.pid, flush=True); p.wait()"
)


@pytest.fixture
def make_child(tmp_path: Path) -> Iterator[Callable[..., Child]]:
    made: list[Child] = []

    def make(code: str, name: str = "part", **more: object) -> Child:
        child = Child(name, [sys.executable, "-c", code], log=tmp_path / f"{name}.log", **more)  # type: ignore[arg-type]
        made.append(child)
        return child

    yield make
    for child in made:
        child.stop()


def running(pid: int) -> bool:
    """Whether a process runs; one that ended and waits for its parent has no command line."""
    return bool(command_line(pid).strip())


def until(condition: Callable[[], bool], seconds: float = 20.0) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.02)


@contextlib.contextmanager
def watched(supervisor: Supervisor) -> Iterator[list[BaseException]]:
    raised: list[BaseException] = []

    def run() -> None:
        try:
            supervisor.run()
        except Refusal as refusal:
            raised.append(refusal)

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield raised
    finally:
        supervisor.stop()
        thread.join()


def test_a_killed_child_is_started_again_and_said(make_child: Callable[..., Child]) -> None:
    said: list[str] = []
    supervisor = Supervisor(said.append)
    child = make_child(SLEEP, "worker")
    supervisor.start(child)
    first = child.pid
    with watched(supervisor):
        child.kill()
        until(lambda: child.pid != first and child.alive)
        second = child.pid
    assert "worker ended (signal SIGKILL) and is started again" in said[0]
    assert not running(second), "stopping ends what was started again"


def test_five_deaths_within_a_minute_end_everything(make_child: Callable[..., Child]) -> None:
    supervisor = Supervisor(lambda line: None)
    healthy = make_child(SLEEP, "healthy")
    supervisor.start(healthy)
    supervisor.start(make_child("print('the disk is on fire'); raise SystemExit(3)", "broken"))
    with watched(supervisor) as raised:
        until(lambda: bool(raised))
    assert "broken ended 5 times within a minute" in str(raised[0])
    assert "the disk is on fire" in str(raised[0])
    assert not healthy.alive


def test_deaths_of_different_children_do_not_add_up(make_child: Callable[..., Child]) -> None:
    supervisor = Supervisor(lambda line: None)
    children = [make_child(SLEEP, f"part{n}") for n in range(6)]
    for child in children:
        supervisor.start(child)
    firsts = [child.pid for child in children]
    with watched(supervisor) as raised:
        for child in children:
            child.kill()
        until(lambda: all(c.pid != f and c.alive for c, f in zip(children, firsts, strict=True)))
        assert not raised


def test_those_who_depend_on_a_restarted_service_are_restarted(
    make_child: Callable[..., Child],
) -> None:
    supervisor = Supervisor(lambda line: None, followers={"Valkey": ("worker",)})
    service, worker = make_child(SLEEP, "Valkey"), make_child(SLEEP, "worker")
    supervisor.start(service)
    supervisor.start(worker)
    first = worker.pid
    with watched(supervisor):
        service.kill()
        until(lambda: worker.pid != first and worker.alive)


def test_a_child_that_ignores_the_request_is_killed(make_child: Callable[..., Child]) -> None:
    child = make_child(STUBBORN, patience=0.3)
    child.start()
    until(lambda: "up" in child.log_end())
    child.stop()
    assert not child.alive


def test_stopping_ends_the_whole_process_group(make_child: Callable[..., Child]) -> None:
    child = make_child(PARENT)
    child.start()
    until(lambda: child.log_end().strip().isdigit())
    grandchild = int(child.log_end())
    child.stop()
    until(lambda: not running(grandchild))


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel's tie exists on Linux")
def test_children_end_with_a_starter_that_is_killed(tmp_path: Path) -> None:
    code = (
        "import sys, time; sys.path.insert(0, '.'); from pathlib import Path; from launch.child import Child\n"
        f"c = Child('x', [sys.executable, '-c', {SLEEP!r}], log=Path({str(tmp_path / 'x.log')!r}))\n"
        f"c.start(); Path({str(tmp_path / 'pid')!r}).write_text(str(c.pid)); time.sleep(300)"
    )
    starter = Child("starter", [sys.executable, "-c", code], log=tmp_path / "s.log", cwd=ROOT)
    starter.start()
    until(lambda: read_pid(tmp_path / "pid") > 0 and running(read_pid(tmp_path / "pid")))
    pid = read_pid(tmp_path / "pid")
    time.sleep(0.3)  # the child ties itself right after it was started
    assert starter.process is not None
    os.kill(starter.pid, signal.SIGKILL)
    starter.process.wait()
    until(lambda: not running(pid))


def test_a_child_that_ends_at_once_is_refused_with_its_last_words(
    make_child: Callable[..., Child],
) -> None:
    child = make_child("raise SystemExit('no such role')", "web", ready=lambda: False)
    child.start()
    with pytest.raises(Refusal, match=r"web ended at once(.|\n)*no such role"):
        child.wait_ready(20)


def test_leftovers_are_ended_and_strangers_are_not(
    make_child: Callable[..., Child], tmp_path: Path
) -> None:
    left, stranger = make_child(SLEEP + " # left", "left"), make_child(SLEEP, "stranger")
    left.start()
    stranger.start()
    record_children(tmp_path, [left])
    until(lambda: command_line(left.pid).split() == " ".join(left.command).split())
    end_leftovers([(stranger.pid, "another command line")], signal.SIGKILL, 1.0)
    end_recorded(tmp_path)
    assert left.process is not None
    left.process.wait(10)
    assert stranger.alive


def test_unreadable_notes_of_an_earlier_start_do_no_harm(tmp_path: Path) -> None:
    (tmp_path / "children.json").write_text("{half")
    end_recorded(tmp_path)
    assert read_pid(tmp_path / "nothing") == 0

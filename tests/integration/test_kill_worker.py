"""kill -9 in the middle of a sweep: a real Celery worker, real PostgreSQL, real Valkey, a mail server.

Nothing may be lost, no notice may be doubled, and at most one mail a kill may be copied, under the same
Message-ID. A control that acknowledges early shows that the same kill does lose reminders there.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import uuid
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
from django.db import connection, transaction

from rechallenge.celery import app
from tests.conftest import superuser_url
from tests.factories.monitoring import make_due_reminders
from tests.factories.people import make_board, make_user

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

pytestmark = [pytest.mark.usefixtures("committed_db"), pytest.mark.faults]
ROOT = Path(__file__).resolve().parent.parent.parent
REMINDERS, IN_CONTROL = 2000, 600
PATIENCE = 80.0  # seconds; on an idle machine the whole test takes a third of it


def free_port() -> int:
    """Return a port below those that outgoing connections use."""
    for port in range(23100, 23900):
        with socket.socket() as tried:
            if tried.connect_ex(("127.0.0.1", port)) != 0:
                return port
    raise AssertionError("no free port")


def wait_for(condition: Callable[[], bool], what: str) -> None:
    """Wait until `condition` holds; fails, saying what did not happen, after PATIENCE."""
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, f"waited {PATIENCE:.0f} s for {what}"
        time.sleep(0.02)


class Stage:
    """A mail server, a queue of its own, and workers that can be killed."""

    def __init__(self, folder: Path) -> None:
        self.log = folder / "accepted.txt"
        self.log.touch()
        self.queue = f"kill-{uuid.uuid4()}"
        self.database = connection.settings_dict["NAME"]
        self.port = free_port()
        self.processes = [self._run("tests.factories.smtp_sink", str(self.port), str(self.log))]
        wait_for(self._answers, "the mail server")

    def _run(self, module: str, *arguments: str, **environment: str) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, "-m", module, *arguments],
            cwd=ROOT,
            env={**os.environ, **environment},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )

    def _answers(self) -> bool:
        with socket.socket() as tried:
            return tried.connect_ex(("127.0.0.1", self.port)) == 0

    def start_worker(self, application: str, at_once: int = 1) -> subprocess.Popen[bytes]:
        """Start a Celery worker as the product's supervisor does, on the test's database and queue."""
        url = urlsplit(os.environ["DATABASE_WORKER_URL"])._replace(path=f"/{self.database}")
        worker = self._run(
            "celery", "-A", application, "worker", "-Q", self.queue, "-c", str(at_once), "-P", "prefork",
            "--without-gossip", "--without-mingle", "-l", "error",
            RECHALLENGE_DB_ROLE="worker",
            DATABASE_WORKER_URL=urlunsplit(url),
            SMTP_URL=f"smtp://127.0.0.1:{self.port}",
        )  # fmt: skip
        self.processes.append(worker)
        return worker

    def poke(self, task: str) -> None:
        """Send what beat sends."""
        app.send_task(task, queue=self.queue)

    def accepted(self) -> list[str]:
        """Return the Message-IDs that the mail server has accepted."""
        return self.log.read_text().split()

    def sql(self, statement: str) -> Any:
        """Return the one value of a statement, seen from outside."""
        with psycopg.connect(superuser_url(self.database)) as server:
            row = server.execute(statement).fetchone()
        assert row is not None
        return row[0]

    def count(self, state: str) -> int:
        """Return how many reminders are in `state`."""
        return int(self.sql(f"SELECT count(*) FROM followup_reminder WHERE state = '{state}'"))

    def end(self) -> None:
        """Kill whatever still runs."""
        for process in self.processes:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    built = Stage(tmp_path)
    yield built
    built.end()
    with app.connection_or_acquire() as broker:
        broker.default_channel.queue_delete(built.queue)


def fill(count: int) -> None:
    with transaction.atomic():
        board = make_board("North Thoracic Board")
        make_due_reminders(make_user("nurse", board), board, count)


def run_and_kill(stage: Stage, application: str, task: str, at: int) -> None:
    """Start a worker, poke it, kill its whole process group once `at` mails are out."""
    worker = stage.start_worker(application)
    stage.poke(task)
    wait_for(lambda: len(stage.accepted()) >= at, f"{at} mails")
    os.killpg(worker.pid, signal.SIGKILL)
    assert worker.wait() == -signal.SIGKILL


def test_a_killed_worker_loses_nothing_and_doubles_nothing(stage: Stage) -> None:
    fill(REMINDERS)
    run_and_kill(stage, "rechallenge", "followup.tasks.drain", at=400)
    wait_for(
        lambda: stage.sql(
            "SELECT count(*) FROM pg_stat_activity"
            " WHERE usename = 'rechallenge_worker' AND datname = current_database()"
        ) == 0,
        "the database to notice the death",
    )  # fmt: skip
    sent = stage.count("sent")
    assert 0 < sent < REMINDERS
    assert sent == stage.sql("SELECT count(*) FROM followup_notice")

    stage.start_worker("rechallenge", at_once=2)
    for _ in range(3):  # more pokes than needed are harmless, and two sweeps share the work
        stage.poke("followup.tasks.drain")
    wait_for(lambda: stage.count("pending") == 0, "the rest to be sent")

    copies = Counter(stage.accepted())
    assert stage.count("sent") == REMINDERS
    assert len(copies) == REMINDERS, "a reminder was lost"
    assert sum(copies.values()) - REMINDERS <= 1, "more than one mail was copied by one kill"
    assert stage.sql("SELECT count(*) FROM followup_notice") == REMINDERS
    assert stage.sql("SELECT count(DISTINCT reminder_id) FROM followup_notice") == REMINDERS


def test_control_that_acknowledges_early_loses_reminders(stage: Stage) -> None:
    fill(IN_CONTROL)
    run_and_kill(stage, "tests.factories.early_ack", "tests.early_ack", at=250)
    assert 0 < stage.count("sent") < IN_CONTROL

    stage.start_worker("tests.factories.early_ack")
    stage.poke("tests.early_ack")
    wait_for(lambda: stage.count("pending") == 0, "the rest to be marked")
    before = -1
    while before != len(stage.accepted()):
        before = len(stage.accepted())
        time.sleep(1)
    lost = IN_CONTROL - len(set(stage.accepted()))
    assert stage.count("sent") == IN_CONTROL
    assert lost > 0, "the control lost nothing: this test proves nothing"

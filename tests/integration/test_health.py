"""Health pages, the doctor, and the worker that ends itself when it is stuck."""

from __future__ import annotations

import io
import re
import socket
import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection
from django.urls import reverse

from followup.selectors import ReminderHealth
from rechallenge import heartbeat, parts
from rechallenge.health import record_beat
from rechallenge.worker import IDLE_STALL, HeartbeatScheduler, StallWatch

if TYPE_CHECKING:
    from django.test import Client

pytestmark = pytest.mark.django_db
OWN = (heartbeat.BULK, heartbeat.COUNTS)


@pytest.fixture(autouse=True)
def no_signs_of_life(settings: Any, worker_id: str) -> None:
    if settings.REDIS_URL.startswith("redis+socket://") and worker_id[-1].isdigit():
        # Parallel runs share one Valkey: each takes a database of its own.
        settings.REDIS_URL += f"?virtual_host={1 + int(worker_id[-1])}"
    with heartbeat.broker() as client:
        client.delete(heartbeat.BEAT, heartbeat.WORKER, heartbeat.PROGRESS, *OWN)


def test_live_answers_without_anything_else(client: Client) -> None:
    answer = client.get(reverse("health:live"))
    assert (answer.status_code, answer.json()) == (200, {"status": "alive"})


def test_ready_when_every_part_is_up(client: Client) -> None:
    heartbeat.note(heartbeat.BEAT, heartbeat.WORKER, heartbeat.PROGRESS, *OWN)
    answer = client.get(reverse("health:ready"))
    assert answer.status_code == 200, answer.content
    found = answer.json()["parts"]
    assert list(found) == ["database", "migrations", "broker", "worker", "bulk", "counts", "beat"]
    assert found["database"]["says"] == "answers, as rechallenge_app"
    assert "no-store" in answer.headers["Cache-Control"]


@pytest.mark.parametrize(
    ("keys", "part", "says"),
    [
        ((heartbeat.BEAT, *OWN), "worker", "no worker has given a sign of life"),
        ((heartbeat.BEAT, *OWN, heartbeat.WORKER), "worker", "no task has been finished"),
        (
            (heartbeat.BEAT, heartbeat.WORKER, heartbeat.PROGRESS, heartbeat.COUNTS),
            "bulk",
            "imports and exports wait",
        ),
        (
            (heartbeat.BEAT, heartbeat.WORKER, heartbeat.PROGRESS, heartbeat.BULK),
            "counts",
            "counts of open cases wait",
        ),
        ((*OWN, heartbeat.WORKER, heartbeat.PROGRESS), "beat", "no sign of life"),
    ],
)
def test_a_silent_process_makes_it_unready(
    client: Client, keys: tuple[str, ...], part: str, says: str
) -> None:
    heartbeat.note(*keys)
    answer = client.get(reverse("health:ready"))
    assert answer.status_code == 503
    faulty = {name: p["says"] for name, p in answer.json()["parts"].items() if not p["ok"]}
    assert list(faulty) == [part]
    assert says in faulty[part]


def test_the_alarm_rings_when_reminders_are_late(client: Client, monkeypatch: Any) -> None:
    late = ReminderHealth(late_minutes=16.0, failed=0, sweep_seconds=20.0, opening_seconds=50.0)
    monkeypatch.setattr(parts, "reminder_health", lambda: late)
    rung = client.get(reverse("health:reminders"))
    assert rung.status_code == 503
    assert rung.json()["parts"]["reminders"]["says"] == "the oldest due reminder is 16 minutes late"


def test_with_tls_the_answer_names_no_host_and_no_role(client: Client, settings: Any) -> None:
    heartbeat.note(heartbeat.BEAT)
    settings.HTTPS = True
    answer = client.get(reverse("health:ready"))
    assert answer.status_code == 503
    assert answer.json()["parts"]["worker"] == {"ok": False}


def test_a_broker_that_is_gone_is_named(client: Client, settings: Any) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    faulty = [
        n for n, p in client.get(reverse("health:ready")).json()["parts"].items() if not p["ok"]
    ]
    assert faulty == ["broker", "worker", "bulk", "counts", "beat"]


def test_signs_of_life_fade(settings: Any) -> None:
    record_beat()
    with heartbeat.broker() as client:
        assert 290 < client.ttl(heartbeat.PROGRESS) <= 300


def test_beats_scheduler_notes_its_ticks_and_survives_a_missing_broker(settings: Any) -> None:
    from rechallenge.celery import app

    scheduler = HeartbeatScheduler(app=app, lazy=True)
    scheduler.schedule.clear()
    assert scheduler.tick() <= 15
    assert parts.beat().ok
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    assert scheduler.tick() <= 15


def test_beat_has_the_sweeps_run_as_it_starts_and_the_rest_at_its_hour() -> None:
    from rechallenge.celery import app

    entries = HeartbeatScheduler(app=app).schedule
    at_once = {name for name, entry in entries.items() if entry.is_due().is_due}
    assert {"deliver-due-reminders", "open-due-checks", "beat-heartbeat"} <= at_once
    assert not {"log-trail-head", "forget-what-was-typed"} & at_once


def test_the_doctor_finds_everything_well(monkeypatch: pytest.MonkeyPatch) -> None:
    heartbeat.note(heartbeat.BEAT, heartbeat.WORKER, heartbeat.PROGRESS, *OWN)
    out = io.StringIO()
    call_command(
        "doctor",
        "--only",
        *("database", "server-log", "clock", "broker", "worker", "bulk", "counts", "beat"),
        stdout=out,
    )
    assert "Everything is well." in out.getvalue()


def test_the_doctor_says_what_to_do_about_each_fault(settings: Any) -> None:
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    out = io.StringIO()
    with pytest.raises(CommandError, match=r"Not well: broker, mail\b") as raised:
        call_command("doctor", stdout=out)
    assert raised.value.returncode == 1
    assert "check SMTP_URL" in out.getvalue()
    assert "check REDIS_URL" in out.getvalue()
    for part in ("worker", "bulk", "counts", "beat"):
        assert re.search(rf"-\s+{part}\s+not looked at: broker first", out.getvalue())
    assert "Start a worker" not in out.getvalue()


def test_asked_for_one_part_the_doctor_looks_at_what_it_needs_first(settings: Any) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    out = io.StringIO()
    with pytest.raises(CommandError, match=r"Not well: broker\.$"):
        call_command("doctor", "--only", "bulk", stdout=out)
    assert "not looked at: broker first" in out.getvalue()
    assert "mail" not in out.getvalue()


def test_without_the_database_the_doctor_blames_nothing_else_for_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def away() -> str:
        raise OperationalError("no server")

    through = ("server-log", "migrations", "history", "clock", "reminders")
    broken = replace(parts.database, look=away)
    rest = [check for check in parts.EVERYTHING if check.part in through]
    monkeypatch.setattr(parts, "EVERYTHING", (broken, *rest))
    out = io.StringIO()
    with pytest.raises(CommandError, match=r"Not well: database\.$"):
        call_command("doctor", stdout=out)
    assert out.getvalue().count("not looked at: database first") == len(through)


def test_missing_assets_are_found(settings: Any, tmp_path: Any) -> None:
    manifest = "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = {**settings.STORAGES, "staticfiles": {"BACKEND": manifest}}
    found = parts.assets()
    assert not found.ok
    assert "no collected files" in found.says


@pytest.mark.parametrize(
    ("files", "says"),
    [
        ({"admin/css/base.css": "x", "js/app.js": "y"}, "the style sheets are missing"),
        ({"css/app.css": "x", "js/app.js": "y"}, "2 files collected"),
    ],
)
def test_collected_files_without_the_products_style_are_no_assets(
    monkeypatch: pytest.MonkeyPatch, settings: Any, files: dict[str, str], says: str
) -> None:
    storage = type("Storage", (), {"hashed_files": files})()
    monkeypatch.setattr(parts, "staticfiles_storage", storage)
    found = parts.assets()
    assert says in found.says
    assert found.ok == ("collected" in says)
    settings.DEBUG = True
    monkeypatch.setattr(parts, "staticfiles_storage", object())
    assert parts.assets().says == "served from their sources in debug"


def test_a_process_that_walks_past_row_level_security_is_not_well(
    monkeypatch: pytest.MonkeyPatch, superuser: Any
) -> None:
    assert parts.database().ok
    monkeypatch.setattr(parts, "connection", superuser)
    found = parts.database()
    assert not found.ok
    assert found.says.endswith(", who walks past row-level security")
    assert found.says.startswith(f"connected as {superuser.info.user}")


@pytest.mark.parametrize(
    ("statement", "says"),
    [
        ("SET log_parameter_max_length_on_error = -1", "log_parameter_max_length_on_error is -1"),
        ("SET auto_explain.log_min_duration = 0", "auto_explain.log_min_duration is 0"),
    ],
)
def test_a_server_whose_log_may_name_patients_is_not_well(statement: str, says: str) -> None:
    assert parts.server_log().ok
    with connection.cursor() as cursor:
        cursor.execute(statement)
    found = parts.server_log()
    assert (found.ok, found.says) == (False, f"the server's log may name patients: {says}")
    assert "deploy/roles.sql" in found.remedy


def test_a_process_without_the_roles_settings_is_told_all_that_is_missing(
    monkeypatch: pytest.MonkeyPatch, superuser: Any
) -> None:
    superuser.execute("SET log_min_error_statement = 'error'; SET log_error_verbosity = 'default'")
    monkeypatch.setattr(parts, "connection", superuser)
    assert parts.server_log().says.startswith(
        "the server's log may name patients: log_min_error_statement is error,"
        " log_error_verbosity is default"
    )


def test_a_mail_server_that_takes_a_connection_is_well(settings: Any) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        settings.EMAIL_HOST, settings.EMAIL_PORT = server.getsockname()

        def answer() -> None:
            line, _address = server.accept()
            with line:
                line.sendall(b"220 mail.example.org\r\n")
                while (said := line.recv(1000)) and not said.upper().startswith(b"QUIT"):
                    line.sendall(b"250 mail.example.org\r\n")
                line.sendall(b"221 bye\r\n")

        thread = threading.Thread(target=answer, daemon=True)
        thread.start()
        found = parts.mail()
        thread.join(10)
    assert (found.ok, found.says) == (True, f"answers at 127.0.0.1:{settings.EMAIL_PORT}")


def test_migrations_that_were_once_all_applied_are_not_looked_up_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(parts, "_all_applied", False)
    assert parts.migrations().says == "all applied"
    monkeypatch.setattr(parts, "MigrationExecutor", None)
    assert parts.migrations().says == "all applied"


def test_a_clock_that_is_wrong_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    class Wrong(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> datetime:
            return datetime.now(UTC) + timedelta(minutes=3)

    monkeypatch.setattr(parts, "datetime", Wrong)
    found = parts.clock()
    assert not found.ok
    assert found.says == "+180 seconds from the database's"


def test_migrations_not_applied_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    class Plan:
        def __init__(self, _: Any) -> None:
            self.loader = self
            self.graph = self

        def leaf_nodes(self) -> list[str]:
            return []

        def migration_plan(self, _: Any) -> list[Any]:
            return [(type("M", (), {"app_label": "cases", "name": "0007_more"}), False)]

    monkeypatch.setattr(parts, "MigrationExecutor", Plan)
    monkeypatch.setattr(parts, "_all_applied", False)
    assert parts.migrations().says == "1 not applied, the first is cases 0007_more"


def test_a_worker_is_stuck_when_tasks_wait_and_none_is_taken() -> None:
    watch = StallWatch(now=0.0)
    assert not watch.stalled(now=1.0, taken=5, running=0, waiting=3)
    assert not watch.stalled(now=IDLE_STALL, taken=5, running=0, waiting=3)
    assert watch.stalled(now=IDLE_STALL + 2, taken=5, running=0, waiting=3)


@pytest.mark.parametrize(
    ("taken", "running", "waiting"),
    [(6, 0, 3), (5, 1, 3), (5, 0, 0)],
    ids=["took one", "one is running", "nothing waits"],
)
def test_a_worker_that_works_or_has_nothing_to_do_is_not_stuck(
    taken: int, running: int, waiting: int
) -> None:
    watch = StallWatch(now=0.0)
    watch.stalled(now=1.0, taken=5, running=0, waiting=3)
    assert not watch.stalled(now=IDLE_STALL * 2, taken=taken, running=running, waiting=waiting)

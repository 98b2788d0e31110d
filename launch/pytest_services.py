"""A pytest plugin: starts embedded services before the settings load, unless variables name others.

Loaded early by `-p launch.pytest_services`. The first process starts them and exports the addresses;
parallel test processes inherit the variables and start nothing.
"""

from __future__ import annotations

import atexit
import os
import shutil
from pathlib import Path

import pytest

from launch.leftovers import command_line
from launch.refusal import Refusal
from launch.services import Services

TEST_FOLDER = Path(__file__).resolve().parent.parent / "var" / "test"
TEST_VALUES = {
    "RECHALLENGE_DB_ROLE": "app",
    "RECHALLENGE_SECRET_KEY": "tests-only-secret-key-of-more-than-fifty-characters-0123456789",
    "RECHALLENGE_SEAL_KEY": "tests-only-seal-key-of-more-than-32-characters",
    "RECHALLENGE_ALLOWED_HOSTS": "testserver,localhost,127.0.0.1",
    "RECHALLENGE_BASE_URL": "http://testserver",
    "RECHALLENGE_HTTPS": "false",
    "RECHALLENGE_FILES_DIR": "var/test/files",
    "RECHALLENGE_LOG_LEVEL": "WARNING",
    "SMTP_URL": "smtp://127.0.0.1:2525",
    "RECHALLENGE_MAIL_FROM": "rechallenge@example.org",
}
SERVICES = ("DATABASE_URL", "REDIS_URL")


def _remove_stale(folder: Path) -> None:
    """Remove the folders of test runs that were killed."""
    for path in folder.glob("[0-9]*"):
        if "pytest" not in command_line(int(path.name)):
            shutil.rmtree(path, ignore_errors=True)


def start_services() -> None:
    """Start what the variables do not name, export the addresses, stop at exit."""
    for name, value in TEST_VALUES.items():
        os.environ.setdefault(name, value)
    if all(os.environ.get(name) for name in SERVICES):
        return
    _remove_stale(TEST_FOLDER)
    folder = TEST_FOLDER / str(os.getpid())
    services = Services(folder, durable=False)
    try:
        services.start()
    except Refusal as refusal:
        raise pytest.UsageError(str(refusal)) from refusal
    found = services.environment()
    found["DATABASE_SUPERUSER_URL"] = services.postgres.url("postgres", "postgres")
    for name, value in found.items():
        if not os.environ.get(name):
            os.environ[name] = value

    def stop() -> None:
        services.stop()
        for path in (folder, services.postgres.data, services.postgres.runtime):
            shutil.rmtree(path, ignore_errors=True)

    atexit.register(stop)


start_services()

"""A process with a configuration that cannot work refuses to start and says everything that is wrong."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from launch.ephemeral import NO_SERVICES, PRODUCTION, TEST_VALUES
from rechallenge.env import VARIABLES, Variable

ROOT = Path(__file__).resolve().parents[2]
GOOD = TEST_VALUES | NO_SERVICES | PRODUCTION


def start(changes: dict[str, str | None]) -> subprocess.CompletedProcess[str]:
    """Start a command of the product with these variables changed, None: not set."""
    kept = {name: value for name, value in {**GOOD, **changes}.items() if value is not None}
    return subprocess.run(
        [sys.executable, "manage.py", "diffsettings"],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], **kept},
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_good_configuration_starts() -> None:
    done = start({})
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("variable", [v for v in VARIABLES if v.role], ids=lambda v: v.role)
def test_a_process_needs_the_address_of_its_own_role_alone(variable: Variable) -> None:
    others = {v.name: None for v in VARIABLES if v.role and v != variable}
    done = start({**others, "RECHALLENGE_DB_ROLE": variable.role})
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("role", ["app", "worker", "owner"])
def test_a_process_that_does_not_seal_needs_no_key_for_it(role: str) -> None:
    done = start({"RECHALLENGE_SEAL_KEY": None, "RECHALLENGE_DB_ROLE": role})
    assert done.returncode == 0, done.stderr


def test_everything_missing_is_said_at_once_and_without_a_traceback() -> None:
    required = [variable for variable in VARIABLES if variable.required]
    done = start({variable.name: None for variable in required})
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert "Rechallenge cannot start with this configuration" in done.stderr
    for variable in required:
        assert f"{variable.name} is not set: {variable.purpose}." in done.stderr


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        (
            {"RECHALLENGE_SECRET_KEY": "short"},
            "RECHALLENGE_SECRET_KEY has 5 characters: give it at least 50",
        ),
        (
            {"RECHALLENGE_SECRET_KEY": "development-only-not-secret-" + "x" * 40},
            "RECHALLENGE_SECRET_KEY is the development default",
        ),
        ({"RECHALLENGE_SEAL_KEY": "x" * 31}, "RECHALLENGE_SEAL_KEY has 31 characters"),
        (
            {"RECHALLENGE_DB_ROLE": "postgres"},
            "RECHALLENGE_DB_ROLE is 'postgres': one of app, worker, owner",
        ),
        (
            {"RECHALLENGE_DB_ROLE": "worker", "DATABASE_WORKER_URL": None},
            "DATABASE_WORKER_URL is not set: this process runs as worker",
        ),
        ({"DATABASE_URL": None}, "DATABASE_URL is not set: this process runs as app"),
        (
            {"RECHALLENGE_DB_ROLE": "owner", "DATABASE_OWNER_URL": None},
            "DATABASE_OWNER_URL is not set: this process runs as owner",
        ),
        (
            {"RECHALLENGE_SEAL_KEY": TEST_VALUES["RECHALLENGE_SECRET_KEY"]},
            "RECHALLENGE_SEAL_KEY is the same as RECHALLENGE_SECRET_KEY",
        ),
        (
            {"RECHALLENGE_TRUSTED_PROXIES": "-1"},
            "RECHALLENGE_TRUSTED_PROXIES is '-1': a number from 0 to 10",
        ),
        (
            {"RECHALLENGE_TRUSTED_PROXIES": "all"},
            "RECHALLENGE_TRUSTED_PROXIES is 'all': a number from 0 to 10",
        ),
        ({"RECHALLENGE_SECRET_KEY": "k" * 60}, "RECHALLENGE_SECRET_KEY repeats few characters"),
        ({"RECHALLENGE_ALLOWED_HOSTS": "*"}, "RECHALLENGE_ALLOWED_HOSTS is '*': name the hosts"),
        ({"RECHALLENGE_HTTPS": "perhaps"}, "RECHALLENGE_HTTPS is 'perhaps': say true or false"),
        ({"RECHALLENGE_DEBUG": "perhaps"}, "RECHALLENGE_DEBUG is 'perhaps': say true or false"),
        ({"DATABASE_URL": "mysql://somewhere/else"}, "DATABASE_URL is no address of PostgreSQL"),
        ({"REDIS_URL": "amqp://somewhere"}, "REDIS_URL is no address of Valkey or Redis"),
        ({"SMTP_URL": "nonsense"}, "SMTP_URL is no address of a mail server"),
        (
            {"RECHALLENGE_BASE_URL": "mdt.example.org"},
            "RECHALLENGE_BASE_URL is no address of a site: start it with https://",
        ),
        (
            {"RECHALLENGE_TIME_ZONE": "Europe/Nowhere"},
            "RECHALLENGE_TIME_ZONE is 'Europe/Nowhere': no zone",
        ),
        ({"RECHALLENGE_DRAFTS_DAYS": "0"}, "RECHALLENGE_DRAFTS_DAYS is '0': a whole number from 1"),
        (
            {"RECHALLENGE_IDLE_MINUTES": "1"},
            "RECHALLENGE_IDLE_MINUTES is '1': a whole number from 5",
        ),
        ({"RECHALLENGE_DRAFTS_DAYS": "many"}, "RECHALLENGE_DRAFTS_DAYS is 'many'"),
        (
            {"RECHALLENGE_LETTER_FONTS": "/no/such/fonts"},
            "RECHALLENGE_LETTER_FONTS is '/no/such/fonts': there is no such folder",
        ),
        ({"RECHALLENGE_LOG_LEVEL": "LOUD"}, "RECHALLENGE_LOG_LEVEL is 'LOUD': one of DEBUG"),
    ],
)
def test_a_value_that_cannot_work_is_refused_in_words(
    changes: dict[str, str | None], sentence: str
) -> None:
    done = start(changes)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr, done.stderr
    assert sentence in done.stderr


def test_secrets_are_never_printed() -> None:
    done = start({"RECHALLENGE_SECRET_KEY": "hush-hush", "DATABASE_URL": "mysql://a:pass-word@b/c"})
    assert "hush-hush" not in done.stderr
    assert "pass-word" not in done.stderr

"""Throwaway services for tests and checks, and the variables under which the product finds them.

`python -m launch.ephemeral COMMAND...` runs a command with them; `--without-services` gives only the
variables, `--production` those of a real installation, so that deployment checks mean something.
"""

from __future__ import annotations

import atexit
import os
import shutil
import subprocess
import sys
from pathlib import Path

from launch.leftovers import command_line
from launch.refusal import Refusal, in_words
from launch.services import Services, to_embed

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
NO_SERVICES = {
    "DATABASE_URL": "postgres://rechallenge_app@127.0.0.1:1/rechallenge",
    "DATABASE_OWNER_URL": "postgres://rechallenge_owner@127.0.0.1:1/rechallenge",
    "DATABASE_WORKER_URL": "postgres://rechallenge_worker@127.0.0.1:1/rechallenge",
    "REDIS_URL": "redis://127.0.0.1:1/0",
}
PRODUCTION = {
    "RECHALLENGE_HTTPS": "true",
    "RECHALLENGE_DEBUG": "false",
    "RECHALLENGE_DEMO": "false",
    "RECHALLENGE_ALLOWED_HOSTS": "mdt.example.org",
    "RECHALLENGE_BASE_URL": "https://mdt.example.org",
}


def _remove_stale(folder: Path) -> None:
    """Remove the folders of runs that were killed."""
    for path in folder.glob("[0-9]*"):
        if "python" not in command_line(int(path.name)):
            shutil.rmtree(path, ignore_errors=True)


def start_services() -> None:
    """Start the services that no variables name, export their addresses, stop at exit.

    Refuses in words. Processes started later inherit the variables and start nothing of their own.
    """
    for name, value in TEST_VALUES.items():
        os.environ.setdefault(name, value)
    parts = to_embed()
    if not parts:
        return
    _remove_stale(TEST_FOLDER)
    folder = TEST_FOLDER / str(os.getpid())
    services = Services(folder, durable=False, parts=parts)
    starter = os.getpid()

    def stop() -> None:
        if os.getpid() != starter:  # a forked child must not end its parent's services
            return
        services.stop()
        services.remove()
        shutil.rmtree(folder, ignore_errors=True)

    atexit.register(stop)
    services.start()
    os.environ.update(services.for_tests())


def main(arguments: list[str]) -> int:
    """Run the command that `arguments` name and return its exit code."""
    flags = set()
    while arguments and arguments[0].startswith("--"):
        flags.add(arguments.pop(0))
    if "--production" in flags:
        os.environ.update(PRODUCTION)
    if "--without-services" in flags:
        for name, value in {**TEST_VALUES, **NO_SERVICES}.items():
            os.environ.setdefault(name, value)
    else:
        start_services()
    return subprocess.run(arguments, check=False).returncode


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except Refusal as refusal:
        sys.exit(str(refusal))
    except OSError as fault:
        sys.exit(in_words(fault))

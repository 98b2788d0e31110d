"""Reads the settings' environment variables and refuses, in words, what cannot work.

Every variable of the product is read here and listed in the README's table; a test compares the two.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import time
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.core.exceptions import ImproperlyConfigured
from environs import Env

DEVELOPMENT_SECRET = "development-only-not-secret"  # noqa: S105 - refused outside debug
DATABASE_ROLES = ("app", "worker", "owner")
POSTGRES = ("postgres", "postgresql")
LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")


@dataclass(frozen=True)
class Variable:
    """One environment variable: what it is for, its default, and when it must be given.

    `role`: it must be given to processes of this database role, and no other needs it. `by`: the one process that
    needs it, and does not begin its work without.
    """

    name: str
    purpose: str
    default: str | None = None
    required: bool = False
    role: str = ""
    by: str = ""


VARIABLES: tuple[Variable, ...] = (
    Variable(
        "DATABASE_URL",
        "PostgreSQL as the web's login role (rechallenge_app); web, bulk and counts use it",
        role="app",
    ),
    Variable(
        "DATABASE_OWNER_URL", "PostgreSQL as the owner's role; only migrations use it", role="owner"
    ),
    Variable(
        "DATABASE_WORKER_URL",
        "PostgreSQL as the workers' role; worker and beat use it",
        role="worker",
    ),
    Variable(
        "RECHALLENGE_DB_ROLE", "which of the three this process uses: app, worker or owner", "app"
    ),
    Variable("REDIS_URL", "Valkey or Redis, for the queue and the sign-in limits", required=True),
    Variable(
        "RECHALLENGE_SECRET_KEY", "signs sessions and tokens; at least 50 characters", required=True
    ),
    Variable(
        "RECHALLENGE_SECRET_KEY_FALLBACKS",
        "comma-separated earlier secret keys: what they signed or encrypted is still read",
        "",
    ),
    Variable(
        "RECHALLENGE_SEAL_KEY",
        "seals the trail, and verify_trail reads it; at least 32 characters, another than the secret key, kept"
        " outside the database",
        by="worker",
    ),
    Variable("RECHALLENGE_DEBUG", "style guide and tracebacks; never with real patients", "false"),
    Variable(
        "RECHALLENGE_ALLOWED_HOSTS", "comma-separated host names the site answers to", required=True
    ),
    Variable(
        "RECHALLENGE_BASE_URL",
        "address used in mails, such as https://mdt.example.org",
        required=True,
    ),
    Variable("RECHALLENGE_HTTPS", "secure cookies, HSTS and redirect to https", "true"),
    Variable(
        "RECHALLENGE_TRUSTED_PROXIES",
        "how many proxies in front of the site add to X-Forwarded-For; sign-in limits count by the address"
        " that the outermost of them saw",
        "0",
    ),
    Variable("RECHALLENGE_HOSPITAL", "name shown in the header", ""),
    Variable(
        "RECHALLENGE_TIME_ZONE",
        "zone in which dates and times are shown, and of a new board",
        "Europe/London",
    ),
    Variable(
        "RECHALLENGE_DEMO", "marks every page as a demonstration and shows the sign-ins", "false"
    ),
    Variable("RECHALLENGE_LOG_LEVEL", "DEBUG, INFO, WARNING or ERROR", "INFO"),
    Variable(
        "RECHALLENGE_FILES_DIR",
        "private folder for uploaded reports; files of imports and exports are in the database",
        "var/files",
    ),
    Variable(
        "RECHALLENGE_LETTER_FONTS",
        "folder with more fonts for letters, such as Noto Serif CJK, beside those that are bundled",
        "",
    ),
    Variable(
        "SMTP_URL", "mail server, such as smtp://user:password@host:587/?tls=True", required=True
    ),
    Variable("RECHALLENGE_MAIL_FROM", "sender of mails", required=True),
    Variable(
        "RECHALLENGE_REMINDERS_FROM", "time of day before which no reminder is mailed", "07:00"
    ),
    Variable(
        "RECHALLENGE_DRAFTS_DAYS",
        "days after its last change on which a form that was typed and never saved is forgotten",
        "30",
    ),
    Variable(
        "RECHALLENGE_IDLE_MINUTES",
        "minutes after which a session ends in which nobody did anything; it ends 8 hours after signing in at any rate",
        "30",
    ),
    Variable("MAILBOX_URL", "where the demonstration's mails can be read", ""),
)


# A random secret of 32 hexadecimal figures has fewer different ones than this once in some millions.
FEWEST_DIFFERENT = 8


class Environment:
    """The process's variables, read once, with every fault named in one message."""

    def __init__(self) -> None:
        self.env = Env()
        self.faults: list[str] = []
        self.debug = self.flag("RECHALLENGE_DEBUG")

    def text(self, name: str) -> str:
        """Return the variable or its default; a missing required one is noted as a fault."""
        spec = next(v for v in VARIABLES if v.name == name)
        value = os.environ.get(name, "")
        if value:
            return value
        if spec.required:
            self.faults.append(f"{name} is not set: {spec.purpose}.")
        return spec.default or ""

    def flag(self, name: str) -> bool:
        """Return a boolean variable; anything but true/false words is a fault."""
        value = self.text(name).lower()
        if value in {"1", "true", "yes", "on"}:
            return True
        if value not in {"", "0", "false", "no", "off"}:
            self.faults.append(f"{name} is {value!r}: say true or false.")
        return False

    def secret(self, name: str, *, least: int) -> str:
        """Return a secret; outside debug the development default or a short one is a fault."""
        value = self.text(name)
        self._judge(name, value, least)
        return value

    def secrets(self, name: str, *, least: int) -> list[str]:
        """Return comma-separated secrets, each judged like a single one; none where it is not set."""
        values = [value.strip() for value in self.text(name).split(",") if value.strip()]
        for value in values:
            self._judge(name, value, least)
        return values

    def _judge(self, name: str, value: str, least: int) -> None:
        if not value or self.debug:
            return
        if DEVELOPMENT_SECRET in value:
            self.faults.append(f"{name} is the development default: give it a random value.")
        elif len(value) < least:
            self.faults.append(f"{name} has {len(value)} characters: give it at least {least}.")
        elif len(set(value)) < FEWEST_DIFFERENT:
            self.faults.append(f"{name} repeats few characters: give it a random value.")

    def apart(self, name: str, other: str) -> None:
        """Note a fault when two secrets are one: who learns the one must not hold the other."""
        if self.env.str(name, "") and self.env.str(name, "") == self.env.str(other, ""):
            self.faults.append(f"{name} is the same as {other}: give it a value of its own.")

    def hosts(self, name: str) -> list[str]:
        """Return the names under which the site is asked for; any name at all is a fault."""
        value = self.text(name)
        if "*" in value:
            self.faults.append(f"{name} is {value!r}: name the hosts, separated by commas.")
        return [host.strip() for host in value.split(",") if host.strip()]

    def count(self, name: str, most: int = 10) -> int:
        """Return a small number, 0 or more; anything else is a fault."""
        value = self.text(name)
        if value.isascii() and value.isdigit() and int(value) <= most:
            return int(value)
        self.faults.append(f"{name} is {value!r}: a number from 0 to {most}.")
        return 0

    def choice(self, name: str, allowed: tuple[str, ...]) -> str:
        """Return one of the allowed values; anything else is a fault."""
        value = self.text(name)
        if value not in allowed:
            self.faults.append(f"{name} is {value!r}: one of {', '.join(allowed)}.")
        return value

    def address(self, name: str, schemes: tuple[str, ...], of: str) -> str:
        """Return an address that starts with one of `schemes`; it may hold a password, so it is not shown."""
        value = self.text(name)
        if value and not value.startswith(tuple(f"{scheme}://" for scheme in schemes)):
            wanted = " or ".join(f"{scheme}://" for scheme in schemes)
            self.faults.append(f"{name} is no address of {of}: start it with {wanted}.")
        return value

    def database(self, role: str) -> str:
        """Return the name of the variable with PostgreSQL's address for a process of `role`."""
        name = next((v.name for v in VARIABLES if role and v.role == role), "DATABASE_URL")
        if not self.address(name, POSTGRES, "PostgreSQL"):
            self.faults.append(f"{name} is not set: this process runs as {role}.")
        return name

    def zone(self, name: str) -> str:
        """Return a time zone that this machine knows."""
        value = self.text(name)
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            self.faults.append(f"{name} is {value!r}: no zone of that name, such as Europe/London.")
        return value

    def clock(self, name: str) -> str:
        """Return a time of day as HH:MM; anything else is a fault."""
        value = self.text(name)
        try:
            time.fromisoformat(value)
        except ValueError:
            self.faults.append(f"{name} is {value!r}: a time of day such as 07:00.")
        return value

    def number(self, name: str, lowest: int, highest: int) -> int:
        """Return a whole number from `lowest` to `highest`; anything else is a fault."""
        value = self.text(name)
        if value.isascii() and value.isdigit() and lowest <= int(value) <= highest:
            return int(value)
        self.faults.append(f"{name} is {value!r}: a whole number from {lowest} to {highest}.")
        return lowest

    def folder(self, name: str) -> str:
        """Return a folder, or "" where none is named; one that is not there is a fault."""
        value = self.text(name)
        if value and not Path(value).is_dir():
            self.faults.append(f"{name} is {value!r}: there is no such folder.")
        return value

    def refuse(self) -> None:
        """Stop the process with every fault in words, if there is one."""
        if self.faults:
            lines = "\n  - ".join(self.faults)
            raise ImproperlyConfigured(
                f"Rechallenge cannot start with this configuration:\n  - {lines}\n"
                "The README's table 'Configuration' explains each variable."
            )


def client_url(broker_url: str) -> str:
    """Return Celery's address of Valkey as the client library writes it; they differ for a socket."""
    return broker_url.replace("redis+socket://", "unix://").replace("virtual_host=", "db=")


BASE_DIR = Path(__file__).resolve().parent.parent

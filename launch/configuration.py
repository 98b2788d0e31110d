"""The environment of the product's processes when the launcher starts them."""

from __future__ import annotations

import json
import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from launch.refusal import Refusal

SECRETS = {"RECHALLENGE_SECRET_KEY": 64, "RECHALLENGE_SEAL_KEY": 48}  # with bytes of chance


@dataclass(frozen=True)
class Ports:
    """The ports on the loopback interface: the site, the mail server, the page that shows mails."""

    web: int
    smtp: int
    mail_page: int

    @property
    def url(self) -> str:
        """The site's address."""
        return f"http://127.0.0.1:{self.web}"

    @property
    def mail_url(self) -> str:
        """The mailbox page's address."""
        return f"http://127.0.0.1:{self.mail_page}"


def own_secrets(data_dir: Path, database: Path) -> dict[str, str]:
    """Return this data folder's two secrets; they are made once and readable by us alone.

    Refuses what cannot be read: with other ones the trail in the folder `database` would not verify.
    """
    path = data_dir / "secrets.json"
    if not path.exists():
        made = {name: secrets.token_urlsafe(size) for name, size in SECRETS.items()}
        half = path.with_suffix(".half")
        half.unlink(missing_ok=True)
        with os.fdopen(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
            json.dump(made, out)
        half.rename(path)
    try:
        found = json.loads(path.read_text())
        kept = {name: str(found[name]) for name in SECRETS}
    except (ValueError, KeyError, TypeError):
        kept = {}
    if not kept or any(len(kept[name]) < size for name, size in SECRETS.items()):
        raise Refusal(
            f"{path} is damaged, and the trail is sealed with its keys: put a copy of it back, or move it and "
            f"{database} away to start empty, and type the same command again."
        )
    return kept


def product_environment(
    data_dir: Path, ports: Ports, services: dict[str, str], *, database: Path, demo: bool
) -> dict[str, str]:
    """Return the whole environment of a child: ours, the services' addresses, the product's variables.

    `database` is the database's folder. The role is the web's; workers and migrations get theirs on top.
    What the person set for the hospital's name, the time zone or the log's level is kept.
    """
    inherited = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("RECHALLENGE_", "DATABASE_", "DJANGO_")) or name in KEPT
    }
    return {
        **inherited,
        **services,
        **own_secrets(data_dir, database),
        "RECHALLENGE_DB_ROLE": "app",
        "RECHALLENGE_DEBUG": "false",
        "RECHALLENGE_DEMO": "true" if demo else "false",
        # Somebody who tries it at night wants to see the mail.
        "RECHALLENGE_REMINDERS_FROM": "00:00",
        "RECHALLENGE_HTTPS": "false",
        "RECHALLENGE_ALLOWED_HOSTS": "127.0.0.1,localhost",
        "RECHALLENGE_BASE_URL": ports.url,
        "RECHALLENGE_FILES_DIR": str(data_dir / "files"),
        "SMTP_URL": f"smtp://127.0.0.1:{ports.smtp}",
        "RECHALLENGE_MAIL_FROM": "Rechallenge <rechallenge@example.org>",
        "MAILBOX_URL": ports.mail_url,
        # Each worker would check all models again, which commands do: a second of every start.
        "CELERY_SKIP_CHECKS": "true",
    }


KEPT = frozenset({"RECHALLENGE_HOSPITAL", "RECHALLENGE_TIME_ZONE", "RECHALLENGE_LOG_LEVEL"})

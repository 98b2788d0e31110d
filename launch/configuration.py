"""The environment of the product's processes when the launcher starts them."""

from __future__ import annotations

import json
import os
import secrets
from dataclasses import dataclass
from pathlib import Path


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


def own_secrets(data_dir: Path) -> dict[str, str]:
    """Return this data folder's two secrets; they are made once and readable by us alone."""
    path = data_dir / "secrets.json"
    if not path.exists():
        made = {
            "RECHALLENGE_SECRET_KEY": secrets.token_urlsafe(64),
            "RECHALLENGE_SEAL_KEY": secrets.token_urlsafe(48),
        }
        half = path.with_suffix(".half")
        half.unlink(missing_ok=True)
        with os.fdopen(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
            json.dump(made, out)
        half.rename(path)
    found: dict[str, str] = json.loads(path.read_text())
    return found


def product_environment(
    data_dir: Path, ports: Ports, services: dict[str, str], *, demo: bool
) -> dict[str, str]:
    """Return the whole environment of a child: ours, the services' addresses, the product's variables.

    The role is the web's; workers and migrations get theirs on top. What the person set for the
    hospital's name, the time zone or the log's level is kept.
    """
    inherited = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("RECHALLENGE_", "DATABASE_", "DJANGO_")) or name in KEPT
    }
    return {
        **inherited,
        **services,
        **own_secrets(data_dir),
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
    }


KEPT = frozenset({"RECHALLENGE_HOSPITAL", "RECHALLENGE_TIME_ZONE", "RECHALLENGE_LOG_LEVEL"})

"""Real processes with the demonstration's data, and people at browsers of their own."""

from __future__ import annotations

import json
import os
import urllib.request
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import dj_database_url
import psycopg
import pytest
from django.db import connection
from playwright.sync_api import expect

from launch.browser import ensure
from launch.stack import Stack
from tests.e2e.people import account
from tests.e2e.person import Person
from tests.e2e.story import Story

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser

# Two cores may have more to do than answer this browser.
expect.set_options(timeout=15_000)

# As root a browser needs leave to run without its sandbox; the rest keeps it from calling anywhere.
ARGUMENTS = [
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-extensions",
    "--disable-sync",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--no-proxy-server",
    "--host-resolver-rules=MAP localhost 127.0.0.1, MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
    "--font-render-hinting=none",
]


# What is read as it was loaded, and what kills and stops the processes.
FIRST, LAST = "test_demo.py", "test_launcher.py"
HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark everything of this folder; the data are read before and processes killed after all else."""
    ours = [item for item in items if HERE in item.path.parents]
    for item in ours:
        item.add_marker("e2e")
    ours.sort(key=lambda item: (item.path.name != FIRST, item.path.name == LAST))
    items[:] = [item for item in items if HERE not in item.path.parents] + ours


@dataclass
class Site:
    """Where a running product answers: the site and its mailbox."""

    url: str
    mail_url: str


@pytest.fixture(scope="session")
def said() -> list[str]:
    """What the launcher has printed."""
    return []


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory, said: list[str]) -> Iterator[Stack | Site]:
    """The product as `make demo` runs it, on free ports and with data of its own.

    While writing tests, E2E_SITE and E2E_MAILS name one that runs already.
    """
    if os.environ.get("E2E_SITE"):
        yield Site(os.environ["E2E_SITE"], os.environ.get("E2E_MAILS", ""))
        return
    folder = tmp_path_factory.mktemp("stack")
    with Stack(folder, demo=True, durable=False, say=said.append) as running:
        make_it_day(running.env["DATABASE_OWNER_URL"])
        yield running
    running.services.remove()


@pytest.fixture(scope="session")
def django_db_setup(stack: Stack | Site, django_db_blocker: Any) -> Iterator[None]:
    """Let a test that asks for rows read those of the running product, as its web does."""
    assert isinstance(stack, Stack), "The rows of a site that runs elsewhere cannot be read."
    before = dict(connection.settings_dict)
    with django_db_blocker.unblock():
        connection.close()
        connection.settings_dict.update(dj_database_url.parse(stack.env["DATABASE_URL"]))
        yield
        connection.close()
        connection.settings_dict.update(before)


def make_it_day(database: str) -> None:
    """Let the boards sit further east at night: reminders go out from seven in their morning on."""
    if datetime.now(ZoneInfo("Europe/London")).hour < 8:
        with psycopg.connect(database) as owner:
            owner.execute("UPDATE accounts_board SET zone = 'Etc/GMT-8'")


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    """Use the machine's Chromium."""
    return {"executable_path": ensure(), "args": ARGUMENTS, "headless": True}


@pytest.fixture(scope="session")
def signed_in() -> dict[str, Any]:
    """The cookies of everybody who has signed in by the form, by e-mail."""
    return {}


@pytest.fixture
def person(
    stack: Stack | Site, browser: Browser, signed_in: dict[str, Any]
) -> Iterator[Callable[..., Person]]:
    """Make people by role, signed in unless `sign_in=False`; their browsers close with the test.

    Who signed in by the form before comes with that session, as one does who opens another window.
    """
    people: list[Person] = []

    def make(
        role: str = "member", *, board: str = "", sign_in: bool = True, **options: Any
    ) -> Person:
        who = account(role, board) if board else account(role)
        one = Person(browser, stack.url, who, **options)
        people.append(one)
        if not sign_in or one.comes_back(signed_in.get(who.email, [])):
            return one
        signed_in[who.email] = one.sign_in().context.cookies()
        return one

    yield make
    for one in people:
        one.close()


@pytest.fixture
def story() -> Story:
    """The steps of this test."""
    return Story()


@pytest.fixture
def mails(stack: Stack | Site) -> Callable[[], list[dict[str, Any]]]:
    """Read the mails that the sink has taken, newest first."""

    def read() -> list[dict[str, Any]]:
        with urllib.request.urlopen(f"{stack.mail_url}/api/mails") as answer:  # noqa: S310
            found: list[dict[str, Any]] = json.load(answer)
        return found

    return read

"""The admin as curators and whoever keeps the accounts use it: axe finds nothing, with no rule left out."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

import psycopg
import pytest
from playwright.sync_api import expect

from launch.stack import Stack
from tests.e2e import axe
from tests.e2e.people import account

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.e2e.conftest import Site
    from tests.e2e.person import Person

WIDTHS = (390, 1280)
EVIDENCE = "/admin/evidence/"
CURATION = (
    "/admin/",
    EVIDENCE,
    *(f"{EVIDENCE}{model}/" for model in ("statement", "statementversion", "source", "finding")),
    f"{EVIDENCE}statementversion/?state__exact=draft",
    *(f"{EVIDENCE}{model}/add/" for model in ("statementversion", "source", "finding")),
)
ACCOUNTS = (
    "/admin/",
    *(f"/admin/accounts/{model}/{page}" for model in ("user", "board") for page in ("", "add/")),
)


def row_links(person: Person, path: str) -> str:
    """Return where the first row of a list leads."""
    person.go(path)
    link = person.page.locator("#result_list tbody a[href*='/change/']").first
    return str(link.get_attribute("href"))


def sound(person: Person) -> None:
    """Fail on script and policy errors, on calls to the outside, and on what axe finds."""
    assert not person.faults, f"{person.page.url}: {person.faults}"
    assert not person.outside, f"{person.page.url} called outside: {person.outside}"
    axe.check(person.page)
    # axe reads what Django's sheets import through a style element of its own, which the policy refuses.
    person.faults.clear()


def check_all(person: Person, paths: list[str]) -> None:
    """Open each page at each width; axe, scripts and the policy have nothing to say."""
    for path in paths:
        for width in WIDTHS:
            person.page.set_viewport_size({"width": width, "height": 900})
            person.go(path)
            sound(person)


def test_curation_is_sound(person: Callable[..., Person]) -> None:
    curator = person("curator")
    paths = list(CURATION)
    for model in ("statement", "statementversion", "source", "finding"):
        change = row_links(curator, f"{EVIDENCE}{model}/")
        paths += [change, change.split("?")[0].replace("/change/", "/history/")]
    paths.append(row_links(curator, f"{EVIDENCE}statementversion/?state__exact=draft"))
    check_all(curator, paths)


def test_a_draft_being_written_is_sound(person: Callable[..., Person]) -> None:
    """Delivered versions are read only: the form with its fields is that of a draft begun here."""
    curator = person("curator")
    curator.go(row_links(curator, f"{EVIDENCE}statementversion/?state__exact=published"))
    curator.page.get_by_role("button", name="New draft from this version").click()
    # The page that is left has long been loaded: what only the new one has is waited for first.
    curator.page.locator("#id_says").wait_for()
    curator.page.wait_for_load_state()
    sound(curator)
    for more in curator.page.locator(".add-row a").all():
        more.click()
    sound(curator)
    curator.page.locator("#id_title").fill("")
    curator.page.get_by_role("button", name="Save and continue editing").click()
    curator.page.locator(".errornote").wait_for()
    curator.page.wait_for_load_state()
    # The boxes take their names when all has been loaded, which is after what was waited for.
    boxes = curator.page.locator(".select2-selection[role=combobox]")
    for box in boxes.all():
        expect(box).to_have_attribute("aria-label", re.compile("."))
    sound(curator)


@pytest.fixture
def owner(stack: Stack | Site) -> Iterator[None]:
    """Make the administrator one who keeps users, boards and memberships; take it back afterwards."""
    database = stack.env if isinstance(stack, Stack) else dict(os.environ)
    who = account("administrator").email
    change = "UPDATE accounts_user SET is_staff = %s, is_superuser = %s WHERE email = %s"
    with psycopg.connect(database["DATABASE_OWNER_URL"], autocommit=True) as server:
        server.execute(change, (True, True, who))
        yield
        server.execute(change, (False, False, who))


def test_keeping_accounts_is_sound(owner: None, person: Callable[..., Person]) -> None:
    keeper = person("administrator")
    paths = list(ACCOUNTS)
    paths += [row_links(keeper, f"/admin/accounts/{model}/") for model in ("user", "board")]
    check_all(keeper, paths)


def test_signing_in_on_the_way_to_the_admin_is_sound(person: Callable[..., Person]) -> None:
    nobody = person(sign_in=False)
    nobody.go("/admin/")
    assert "/accounts/login/" in nobody.page.url
    sound(nobody)

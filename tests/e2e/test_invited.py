"""From the mail that invites somebody to their app and their key: every page that they are led through is sound."""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from allauth.mfa.totp.internal.auth import (
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from playwright.sync_api import expect

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    from tests.e2e.person import Person
    from tests.e2e.story import Story

PASSWORD = "thirty-two grey herons wade"


def code(secret: str) -> str:
    """Return the six digits that an app shows now."""
    return format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time())))


def send(page: Page) -> None:
    """Send the form of the page."""
    page.locator("main form button:not([type=button])").first.click()


def invite(administrator: Person, email: str) -> None:
    """Give somebody who has no account a role on the board."""
    page = administrator.page
    administrator.go("/boards/")
    page.get_by_role("link", name="Add a member").click()
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label(re.compile("^Registry lead")).check(force=True)
    page.get_by_label("Name", exact=True).fill("Invited Person")
    page.get_by_role("button", name="Give the role").click()
    page.wait_for_url("**/members")


def link_to(email: str, mails: Callable[[], list[dict[str, Any]]]) -> str:
    """Return the path of the link in the mail to `email`."""
    for _ in range(100):
        for mail in mails():
            if email in str(mail["to"]):
                found = re.search(r"https?://[^/\s]+(/accounts/\S+)", mail["text"])
                assert found, mail["text"]
                return found[1]
        time.sleep(0.2)
    raise AssertionError("no mail came")


def has_key(page: Page) -> None:
    """Give the browser a key such as a telephone or a computer has, which always says yes."""
    line = page.context.new_cdp_session(page)
    line.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": True,
        "hasUserVerification": True, "isUserVerified": True, "automaticPresenceSimulation": True,
    }  # fmt: skip
    line.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def test_an_invited_person_chooses_a_password_and_sets_up_the_app_and_a_key(
    person: Callable[..., Person], story: Story, mails: Callable[[], list[dict[str, Any]]]
) -> None:
    email = f"invited.{uuid4().hex[:8]}@example.org"
    administrator, invited = person("administrator"), person(sign_in=False)
    page = invited.page
    # No browser has keys for an address that is a number.
    invited.site = invited.site.replace("127.0.0.1", "localhost")
    with story.given("an invitation", administrator):
        invite(administrator, email)
    with story.when("they follow the link and choose a password", invited):
        page.goto(invited.site + link_to(email, mails))
        sound(invited)
        for box in page.locator("main input[type=password]").all():
            box.fill(PASSWORD)
        send(page)
        sound(invited)
    with story.then("they sign in with it", invited):
        page.goto(f"{invited.site}/accounts/login/")
        if "login" in page.url:
            page.get_by_label(re.compile("e-?mail", re.I)).fill(email)
            page.get_by_label("Password", exact=False).first.fill(PASSWORD)
            page.get_by_role("button", name=re.compile("^sign in$", re.I)).click()
            page.wait_for_url(lambda url: "/accounts/login" not in url)
    with story.when("they set up the app", invited):
        page.goto(f"{invited.site}/accounts/2fa/")
        page.get_by_role("link", name="Set up the app").click()
        again(page)
        page.wait_for_url("**/totp/activate/")
        sound(invited)
        secret = page.get_by_label(re.compile("secret", re.I)).input_value()
        page.get_by_label(re.compile("code", re.I)).last.fill(code(secret))
        send(page)
        page.wait_for_url(lambda url: "activate" not in url)
        sound(invited)
    with story.when("they add the key of their device", invited):
        has_key(page)
        page.goto(f"{invited.site}/accounts/2fa/")
        page.get_by_role("link", name="Add a key").click()
        again(page)
        page.wait_for_url("**/webauthn/add/")
        sound(invited)
        page.locator("input[name=name]").fill("Telephone")
        page.get_by_role("button", name="Add", exact=True).click()
        page.wait_for_url(lambda url: "/add/" not in url)
        sound(invited)
    with story.then("the page of keys names it", invited):
        page.goto(f"{invited.site}/accounts/2fa/")
        page.get_by_role("link", name="Manage keys").click()
        page.wait_for_url("**/2fa/webauthn/")
        expect(page.locator("main")).to_contain_text("Telephone")
        sound(invited)
    with story.then("a new browser is asked for a code", invited):
        invited.context.clear_cookies()
        page.goto(f"{invited.site}/accounts/login/")
        page.get_by_label(re.compile("e-?mail", re.I)).fill(email)
        page.get_by_label("Password", exact=False).first.fill(PASSWORD)
        page.get_by_role("button", name=re.compile("^sign in$", re.I)).click()
        page.wait_for_url("**/2fa/authenticate/**")
        sound(invited)


def again(page: Page) -> None:
    """Say once more who it is, where the page asks for that first."""
    page.wait_for_load_state()
    if "reauthenticate" in page.url or "confirm" in page.url:
        page.get_by_label("Password", exact=False).first.fill(PASSWORD)
        send(page)


def sound(someone: Person) -> None:
    """Fail on what axe finds, on what is too wide, and on a page that is none."""
    page = someone.page
    someone.check()
    for width in (390, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        over = page.evaluate(
            "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        assert over <= 0, f"{page.url} is {over} px too wide at {width}"
        if width == 390:
            someone.check()

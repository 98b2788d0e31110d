"""Somebody at a browser of their own: signs in, goes places, and is shown no page that axe faults."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from playwright.sync_api import expect

from tests.e2e import axe

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Locator, Page, Response, Route

    from tests.e2e.people import Account

ROOT = Path(__file__).resolve().parents[2]
# The README's pictures are renewed on purpose (`make pictures`), not by every run of the tests.
SHOWN = (ROOT / "README.md").read_text(encoding="utf-8") if os.environ.get("RENEW_PICTURES") else ""
LOCAL = re.compile(r"^(https?|wss?)://(127\.0\.0\.1|localhost)[:/]")


class Person:
    """One account in one browser context."""

    def __init__(
        self, browser: Browser, site: str, account: Account, *, width: int = 1280, **options: Any
    ) -> None:
        self.site = site
        self.account = account
        self.outside: list[str] = []
        self.faults: list[str] = []
        self.context: BrowserContext = browser.new_context(
            viewport={"width": width, "height": 900}, base_url=site, locale="en-GB", **options
        )
        self.context.set_default_timeout(20_000)
        self.context.route(lambda url: not LOCAL.match(url), self._refuse)
        self.page: Page = self.context.new_page()
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))
        self.page.on("console", self._console)

    def _refuse(self, route: Route) -> None:
        if not route.request.url.startswith(("data:", "blob:", "about:")):
            self.outside.append(route.request.url)
        route.abort()

    def _console(self, message: Any) -> None:
        # A refused style or script speaks here; the answers 4xx that a test asks for do as well.
        expected = ("Failed to load resource", "Response Status Error Code")
        if message.type == "error" and not message.text.startswith(expected):
            self.faults.append(message.text)

    def sign_in(self) -> Person:
        """Sign in by the form."""
        self.go("/accounts/login/")
        self.page.get_by_label(re.compile("e-?mail", re.I)).fill(self.account.email)
        self.page.get_by_label("Password", exact=False).first.fill(self.account.password)
        self.page.get_by_role("button", name=re.compile("^sign in$", re.I)).click()
        self.page.wait_for_url(lambda url: "/accounts/login" not in url)
        return self

    def comes_back(self, cookies: list[Any]) -> bool:
        """Open the start page with the session of an earlier sign-in; whether it still holds."""
        sessions = [cookie for cookie in cookies if cookie["name"] == "sessionid"]
        if not sessions:
            return False
        self.context.add_cookies(sessions)
        self.go("/")
        return "/accounts/login" not in self.page.url

    def go(self, path: str, *, status: int = 200) -> None:
        """Open an address of the site, which answers `status`."""
        answer = self.page.goto(path, wait_until="load")
        assert answer is not None and answer.status == status, f"{path}: {answer}"

    def visit(self, path: str) -> Response | None:
        """Open an address, whatever it answers."""
        return self.page.goto(path, wait_until="load")

    def check(self) -> None:
        """Fail on what axe finds on the page as it is now, on script errors and on calls to the outside."""
        self.page.wait_for_load_state()  # after a click, not the page that was left half way
        axe.check(self.page)
        assert not self.faults, f"script or policy errors on {self.page.url}: {self.faults}"
        assert not self.outside, f"{self.page.url} called outside: {self.outside}"

    def picture(self, name: str, *, full: bool = False, at: Locator | None = None) -> None:
        """Save a picture: below var/pictures, or the one that the README shows."""
        path = ROOT / "docs" / "images" / f"{name}.png"
        if path.relative_to(ROOT).as_posix() not in SHOWN:
            path = ROOT / "var" / "pictures" / path.name
        path.parent.mkdir(parents=True, exist_ok=True)
        if at is not None:
            at.scroll_into_view_if_needed()
        self.page.screenshot(path=path, full_page=full, animations="disabled")

    def says(self, text: str | re.Pattern[str]) -> None:
        """Expect the status region to say `text`."""
        expect(self.page.get_by_role("status").filter(has_text=text).first).to_be_visible()

    def heading(self, text: str | re.Pattern[str]) -> Locator:
        """Return a heading by its words."""
        return self.page.get_by_role("heading", name=text)

    def close(self) -> None:
        """Close the browser context."""
        self.context.close()

"""A session that ends while something is typed, on a page that is one form: nothing is lost."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from playwright.sync_api import expect

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    from tests.e2e.person import Person
    from tests.e2e.story import Story


def open_hold(nurse: Person) -> str:
    """Open the form that holds the doses of a plan under way; return its address."""
    nurse.go("/monitoring/")
    links = nurse.page.get_by_role("rowheader").get_by_role("link").all()
    for href in dict.fromkeys(link.get_attribute("href") for link in links):
        assert href
        nurse.go(href)
        hold = nurse.page.get_by_role("link", name=re.compile("^Hold doses"))
        if hold.count():
            hold.click()
            nurse.page.wait_for_url("**/hold/")
            return nurse.page.url
    raise AssertionError("no plan under way on the worklist")


def sign_in_by_the_form(nurse: Person, page: Page) -> None:
    """Sign in on a page of the same browser."""
    page.get_by_label(re.compile("e-?mail", re.I)).fill(nurse.account.email)
    page.get_by_label("Password", exact=False).first.fill(nurse.account.password)
    page.get_by_role("button", name=re.compile("^sign in$", re.I)).click()
    page.wait_for_url(lambda url: "/accounts/login" not in url)


def test_a_hold_that_was_typed_is_there_after_signing_in_again(
    person: Callable[..., Person], story: Story
) -> None:
    nurse = person("nurse")
    page = nurse.page
    with story.given("a hold that is typed and kept", nurse):
        address = open_hold(nurse)
        with page.expect_response("**/cases/drafts/**") as kept:
            page.get_by_label("Logistics").check(force=True)
        assert kept.value.status == 204
    with story.when("the session ends and the hold is sent"):
        nurse.context.clear_cookies(name="sessionid")
        page.get_by_role("button", name="Hold", exact=True).click()
    with story.then("it is said, and the form stands as it was", nurse):
        expect(page.get_by_role("dialog")).to_contain_text("You have been signed out")
        expect(page.get_by_label("Logistics")).to_be_checked()
    with story.when("they sign in again in another tab and open the form there"):
        other = nurse.context.new_page()
        other.goto("/accounts/login/")
        sign_in_by_the_form(nurse, other)
        other.goto(address)
        expect(other.get_by_label("Logistics")).to_be_checked()
        expect(other.get_by_text(re.compile("as you typed it at"))).to_be_visible()
        other.close()
    with story.then("the first tab sends it again, and the doses are held", nurse):
        page.get_by_role("dialog").get_by_role("button", name="Send again").click()
        page.wait_for_url(re.compile(r"/monitoring/plans/[0-9a-f-]{36}/$"))
        nurse.says("Doses are held")
    with story.then("nothing is kept any more", nurse):
        page.get_by_role("link", name=re.compile("^Go on with doses")).click()
        page.wait_for_url("**/resume/")
        for width in (390, 1280):
            page.set_viewport_size({"width": width, "height": 900})
            nurse.check()
        page.get_by_role("button", name="Go on", exact=True).click()
        nurse.says("Doses go on")
        nurse.go(address.removeprefix(nurse.site))
        expect(page.get_by_label("Logistics")).not_to_be_checked()


def test_without_scripts_the_same_form_takes_its_step(person: Callable[..., Person]) -> None:
    nurse = person("nurse", java_script_enabled=False)
    open_hold(nurse)
    nurse.page.get_by_role("button", name="Hold", exact=True).click()
    expect(nurse.page.get_by_role("alert")).to_contain_text("why the doses are held")
    nurse.page.get_by_label("Other", exact=True).check(force=True)
    nurse.page.get_by_role("button", name="Hold", exact=True).click()
    nurse.says("Doses are held")
    nurse.page.get_by_role("link", name=re.compile("^Go on with doses")).click()
    nurse.page.get_by_role("button", name="Go on", exact=True).click()
    nurse.says("Doses go on")

"""What was typed stays: beside another's save, without a connection, and after the session has ended."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.e2e.pages import CasePage
from tests.e2e.test_lost_sessions import sign_in_by_the_form
from tests.e2e.test_rough_handling import open_case

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Locator

    from tests.e2e.person import Person
    from tests.e2e.story import Story


def open_background(case: CasePage) -> Locator:
    """Open the form of the background in its place."""
    case.page.goto(f"{case.path}")
    section = case.section("fitness")
    link = section.locator("a[href$='parts/background']").first
    if not link.is_visible():
        section.locator("summary").first.click()
    link.click()
    form = case.page.locator("#form-fitness")
    expect(form.get_by_label("Hepatitis B")).to_be_visible()
    return form


@pytest.mark.parametrize("width", [390, 1920])
def test_two_people_edit_the_background_and_neither_loses_a_word(
    person: Callable[..., Person], story: Story, width: int
) -> None:
    member, chair = person("member", width=width), person("chair")
    case = open_case(member)
    with story.given("the same form open in two browsers", member):
        mine = open_background(case)
        member.page.set_viewport_size({"width": width, "height": 900})
        theirs = open_background(CasePage(chair, case.path))
    with story.when("the chair saves first, and the member what they typed meanwhile", member):
        hepatitis = (
            "chronic" if theirs.get_by_label("Hepatitis B").input_value() == "past" else "past"
        )
        theirs.get_by_label("Hepatitis B").select_option(hepatitis)
        theirs.get_by_label("Other illnesses").fill(f"Gout, by the chair {width}")
        theirs.get_by_role("button", name="Save", exact=True).click()
        expect(chair.page.locator("#section-fitness")).to_contain_text(": saved.")
        mine.get_by_label("Hepatitis C").select_option("past" if width == 390 else "chronic")
        mine.get_by_label("Other illnesses").fill(f"Asthma, by the member {width}")
        mine.get_by_role("button", name="Save", exact=True).click()
    with story.then("the chair's field is in the form, and where both typed both stand", member):
        mine = member.page.locator("#form-fitness")
        expect(mine.locator(".app-meanwhile")).to_be_focused()
        expect(mine.locator(".app-meanwhile")).to_contain_text(
            f"{chair.account.name} saved this section"
        )
        expect(mine.get_by_label("Hepatitis B")).to_have_value(hepatitis)
        both = mine.get_by_role("group", name="Other illnesses: changed by both of you")
        expect(both).to_contain_text(f"Gout, by the chair {width}")
        expect(both.get_by_role("textbox")).to_have_value(f"Asthma, by the member {width}")
        assert (
            member.page.evaluate(
                "document.documentElement.scrollWidth - document.documentElement.clientWidth"
            )
            <= 0
        )
        member.picture(f"together-{width}", full=True)
        member.check()
    with story.when("they save without a choice, and are asked for it", member):
        mine.get_by_role("button", name="Save what is chosen here").click()
        expect(mine.locator(".app-errors")).to_contain_text("choose which of the two is kept")
        member.check()
        both.get_by_role("textbox").fill(f"Gout and asthma {width}")
        both.get_by_label("Keep mine").check()
        mine.get_by_role("button", name="Save what is chosen here").click()
    with story.then("all of it is in the record", member):
        expect(member.page.locator("#section-fitness")).to_contain_text(": saved.")
        again = open_background(case)
        expect(again.get_by_label("Hepatitis B")).to_have_value(hepatitis)
        expect(again.get_by_label("Other illnesses")).to_have_value(f"Gout and asthma {width}")


def test_what_is_typed_without_a_connection_is_kept_when_it_is_back(
    person: Callable[..., Person], story: Story
) -> None:
    member = person("member")
    case = open_case(member)
    with story.given("a form in which something is typed while the connection is lost", member):
        form = open_background(case)
        member.context.set_offline(True)
        form.get_by_label("Other illnesses").fill("Typed on a train")
        expect(form.get_by_text("not saved yet: no connection")).to_be_visible()
    with story.when("the connection is back, and the tab is closed"):
        member.context.set_offline(False)
        expect(form.get_by_text(re.compile("saved as draft"))).to_be_visible()
        other = member.context.new_page()
        member.page.close()
        member.page = other
    with story.then("the words are there in another tab", member):
        other.goto("/cases/drafts")
        other.get_by_role("rowheader").get_by_role("link").first.click()
        other.wait_for_url("**/parts/background")
        form = other.locator("#form-fitness")
        expect(form.get_by_label("Other illnesses")).to_have_value("Typed on a train")
        form.get_by_role("button", name="Discard draft").click()


def test_a_session_that_ends_while_one_types_is_said_and_the_draft_arrives_after_signing_in(
    person: Callable[..., Person], story: Story
) -> None:
    member = person("member")
    case = open_case(member)
    with story.given("a session that ends while a form is open", member):
        form = open_background(case)
        member.context.clear_cookies(name="sessionid")
    with story.when("something is typed", member):
        form.get_by_label("Other illnesses").press_sequentially("Typed too late")
    with story.then("the dialog says so, with the words still there", member):
        dialog = member.page.get_by_role("dialog")
        expect(dialog).to_contain_text("You have been signed out")
        expect(form.get_by_label("Other illnesses")).to_have_value(re.compile("^Typed too late"))
        member.check()
    with story.when("they sign in in another tab and come back"):
        other = member.context.new_page()
        other.goto("/accounts/login/")
        sign_in_by_the_form(member, other)
        other.close()
        member.page.bring_to_front()
    with story.then("the draft arrives, and so does the save", member):
        send = dialog.get_by_role("button", name="Send again")
        if send.is_visible():
            send.click()
        expect(form.get_by_text(re.compile("saved as draft"))).to_be_visible()
        expect(dialog).to_be_hidden()
        form.get_by_role("button", name="Save", exact=True).click()
        expect(case.section("fitness")).to_contain_text(": saved.")
        expect(case.section("fitness")).to_contain_text("Typed too late")

"""One user has one form open twice, on the desk and on the phone: both texts are kept, seen, and chosen from."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.e2e.pages import CasePage
from tests.e2e.test_nothing_lost import open_background
from tests.e2e.test_rough_handling import open_case

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    from tests.e2e.person import Person
    from tests.e2e.story import Story

ILLNESSES = "Other illnesses"


def no_wider(page: Page) -> None:
    """Expect a page that does not scroll sideways."""
    wider = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert page.evaluate(wider) <= 0


@pytest.mark.parametrize("width", [390, 1920])
def test_two_windows_of_one_user_keep_both_texts_and_one_is_chosen(
    person: Callable[..., Person], story: Story, width: int
) -> None:
    desk, phone = person("member"), person("member", width=width)
    case = open_case(desk)
    with story.given("one form open on the desk and on the phone"):
        first = open_background(case)
        second = open_background(CasePage(phone, case.path))
    with story.when("something is typed in each", desk, phone):
        first.get_by_label(ILLNESSES).fill("Gout, at the desk")
        expect(first.get_by_text(re.compile("saved as draft"))).to_be_visible()
        second.get_by_label(ILLNESSES).fill("Asthma, on the phone")
        said = second.locator("[data-draft-status]")
        expect(said).to_contain_text("beside something else that you typed here in another window")
        # It is said where it is typed, however far below the head of the form.
        second.get_by_role("button", name="Save", exact=True).scroll_into_view_if_needed()
        expect(said).to_be_in_viewport()
        no_wider(phone.page)
        phone.picture(f"two-windows-told-{width}")
    with story.then("neither replaces the other, and both are read side by side", phone):
        said.get_by_role("link", name="See both").click()
        phone.page.wait_for_url("**/typed")
        table = phone.page.get_by_role("table", name="Where they differ")
        expect(table).to_contain_text("Gout, at the desk")
        expect(table).to_contain_text("Asthma, on the phone")
        no_wider(phone.page)
        phone.picture(f"two-windows-{width}", full=True)
    with story.when("the one of the phone is chosen and saved", phone):
        table.get_by_role("button", name=re.compile("^Go on with this.*2")).click()
        form = phone.page.locator("#form-fitness")
        expect(form.get_by_label(ILLNESSES)).to_have_value("Asthma, on the phone")
        expect(form.get_by_role("link", name="something else in another window")).to_be_visible()
        form.get_by_role("button", name="Save", exact=True).click()
        expect(phone.page.locator("#section-fitness")).to_contain_text("Asthma, on the phone")
    with story.then("the form opens with the other, on the phone as well", desk):
        phone.go(f"{case.path}parts/background")
        form = phone.page.locator("#form-fitness")
        expect(form.get_by_label(ILLNESSES)).to_have_value("Gout, at the desk")
        expect(form).to_contain_text("not yet in the record")
        first.get_by_label(ILLNESSES).fill("Gout, still at the desk")
        expect(first.get_by_text(re.compile("saved as draft"))).to_be_visible()
        first.get_by_role("button", name="Save", exact=True).click()
        both = desk.page.locator("#form-fitness").get_by_role(
            "group", name=re.compile(f"^{ILLNESSES}")
        )
        expect(both).to_contain_text("Asthma, on the phone")
        expect(both.get_by_role("textbox")).to_have_value("Gout, still at the desk")
    with story.when("both are saved as one"):
        both.get_by_role("textbox").fill(f"Gout and asthma, {width}")
        both.get_by_label("Keep mine").check()
        desk.page.get_by_role("button", name="Save what is chosen here").click()
        expect(desk.page.locator("#section-fitness")).to_contain_text(f"Gout and asthma, {width}")
    with story.then("nothing of it is left to be chosen"):
        desk.go("/cases/drafts")
        expect(desk.page.get_by_role("link", name=re.compile("another window"))).to_have_count(0)


def test_a_save_without_javascript_leaves_what_another_window_typed_since(
    person: Callable[..., Person], story: Story
) -> None:
    desk, plain = person("member"), person("member", java_script_enabled=False)
    case = open_case(desk)
    with story.given("a draft that a window without scripts shows", desk):
        first = open_background(case)
        first.get_by_label(ILLNESSES).fill("Eczema")
        expect(first.get_by_text(re.compile("saved as draft"))).to_be_visible()
        plain.go(f"{case.path}parts/background")
        form = plain.page.locator("#form-fitness")
        expect(form.get_by_label(ILLNESSES)).to_have_value("Eczema")
    with story.when("the other types on, and this one saves", desk):
        with desk.page.expect_response("**/cases/drafts/**") as kept:
            first.get_by_label(ILLNESSES).fill("Eczema and hay fever")
        assert kept.value.status == 204
        form.get_by_role("button", name="Save", exact=True).click()
        expect(plain.page.locator("#section-fitness")).to_contain_text("Eczema")
    with story.then("what was typed on is kept, and opens with the form"):
        plain.go(f"{case.path}parts/background")
        expect(plain.page.locator("#form-fitness")).to_contain_text("Eczema and hay fever")
    with story.then("it can be discarded"):
        plain.page.get_by_role("button", name="Discard draft").click()
        expect(plain.page.get_by_label(ILLNESSES)).to_have_value("Eczema")

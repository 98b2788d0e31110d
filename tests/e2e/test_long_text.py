"""Text that is pasted and longer than can be kept is never cut: both numbers are said, and the words stay."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.e2e.test_rough_handling import open_case

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.e2e.person import Person
    from tests.e2e.story import Story

WORDS = "The report says this at some length. "


@pytest.mark.parametrize(
    ("place", "label", "most", "typed"),
    [
        ("sections/question", "What do you ask the board?", 2000, 2505),
        ("iraes/add", "In the report's words", 60, 131),
    ],
)
def test_what_is_pasted_and_too_long_is_said_and_stays(
    person: Callable[..., Person], story: Story, place: str, label: str, most: int, typed: int
) -> None:
    member = person("member")
    page = member.page
    case = open_case(member)
    text = (WORDS * 100)[: typed - 1] + "!"
    with story.given("a form", member):
        member.go(f"{case.path}{place}")
        page.locator("details:not([open]) > summary").evaluate_all(
            "all => all.forEach(one => one.click())"
        )
        field = page.get_by_role("textbox", name=label, exact=True)
    with story.when("a long text is pasted in place of what stands there"):
        field.click()
        page.keyboard.press("Control+A")
        page.keyboard.insert_text(text)
        expect(field).to_have_value(text)
        page.locator("form[data-draft-url]").get_by_role("button", name="Save", exact=True).click()
    with story.then("both numbers are said, and nothing of it is cut", member):
        expect(page.locator(".app-errors")).to_contain_text(
            re.compile(f"[Aa]t most {most} characters, {typed} typed")
        )
        expect(field).to_have_value(text)
        expect(page.get_by_text(re.compile("saved as draft"))).to_be_visible()
        member.picture(f"long-text-{most}")
    with story.then("another window has it whole as well"):
        other = member.context.new_page()
        other.goto(page.url)
        expect(other.get_by_role("textbox", name=label, exact=True)).to_have_value(text)
        with other.expect_response(lambda answer: "/discard" in answer.url):
            other.get_by_role("button", name="Discard draft").click()

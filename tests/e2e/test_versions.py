"""Two versions of a record are chosen on its page of changes and compared, on a screen and on a phone."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from playwright.sync_api import expect

from tests.e2e import axe
from tests.e2e.test_rough_handling import SAVED, open_case

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.e2e.person import Person
    from tests.e2e.story import Story


def test_two_versions_are_chosen_and_compared(person: Callable[..., Person], story: Story) -> None:
    member = person("member")
    case = open_case(member, 3)
    with story.given("a record that was saved twice", member):
        for value in ("1", "3"):
            form = case.edit("fitness")
            form.get_by_label("ECOG").select_option(value)
            form.get_by_role("button", name="Save", exact=True).click()
            expect(case.section("fitness")).to_contain_text(SAVED)
    page = member.page
    with story.when("the version before the last and the last one are compared", member):
        page.get_by_role("link", name=re.compile("Who changed what")).click()
        page.wait_for_url("**/changes")
        axe.check(page)
        page.get_by_role("radio", name=re.compile("^earlier")).nth(1).check()
        page.get_by_role("radio", name=re.compile("^later")).nth(0).check()
        page.get_by_role("button", name="Compare").click()
        page.wait_for_url("**/compare?**")
    with story.then("what differs stands field by field, and it reads on a phone", member):
        expect(page.get_by_role("row", name=re.compile("ECOG.*1.*3"))).to_be_visible()
        axe.check(page)
        page.set_viewport_size({"width": 390, "height": 900})
        axe.check(page)
        width = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert page.evaluate(width) <= 0

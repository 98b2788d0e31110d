"""From a plan's page to a result that was recorded, and to the form that puts it right."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from playwright.sync_api import expect

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.e2e.person import Person


def open_normal_result(nurse: Person) -> None:
    """Open a normal result from the list on the page of the first plan that has one."""
    page = nurse.page
    nurse.go("/monitoring/")
    links = page.get_by_role("rowheader").get_by_role("link").all()
    for href in dict.fromkeys(link.get_attribute("href") for link in links):
        assert href
        nurse.go(href)
        fold = page.locator("#recorded")
        normal = fold.locator("li").filter(has_text=re.compile(r"^\s*normal"))
        if normal.count():
            fold.locator("summary").click()
            normal.first.get_by_role("link").click()
            page.wait_for_url(re.compile(r"/monitoring/checks/[0-9a-f-]{36}/$"))
            return
    raise AssertionError("no plan on the worklist with a normal result")


def test_a_normal_result_is_corrected_from_the_plans_page(person: Callable[..., Person]) -> None:
    nurse = person("nurse")
    page = nurse.page
    open_normal_result(nurse)
    page.get_by_role("link", name="Correct…").click()
    page.wait_for_url("**/correct/")
    for width in (390, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        nurse.check()
    expect(page.get_by_role("radio", name="Normal", exact=True)).to_be_checked()
    expect(page.get_by_role("radio", name="Not done")).to_have_count(0)
    page.get_by_role("link", name="Leave as it is").click()
    expect(page.get_by_text("Recorded as normal")).to_be_visible()

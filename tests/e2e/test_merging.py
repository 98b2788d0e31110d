"""A coordinator finds a patient twice, sees both records beside each other, and merges them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from playwright.sync_api import expect

from tests.e2e import axe
from tests.e2e.pages import CasePage
from tests.e2e.test_rough_handling import fill_shortest_referral, new_name

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.e2e.person import Person
    from tests.e2e.story import Story

TOO_WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


def sound(person: Person) -> None:
    """Fail on what axe finds, and on what is wider than a phone or a screen."""
    for width in (390, 1920):
        person.page.set_viewport_size({"width": width, "height": 900})
        axe.check(person.page)
        assert person.page.evaluate(TOO_WIDE) <= 0, f"{person.page.url} at {width}"


def referred(person: Person, family: str) -> CasePage:
    """Refer the shortest case there is; return its page."""
    fill_shortest_referral(person, family)
    person.page.get_by_role("button", name="Refer case").click()
    person.page.wait_for_url(re.compile(r"/cases/[0-9a-f-]{36}/$"))
    return CasePage(person)


def test_two_records_of_one_patient_become_one(person: Callable[..., Person], story: Story) -> None:
    coordinator = person("coordinator")
    page = coordinator.page
    family = new_name()
    with story.given("one patient referred under two names", coordinator):
        other = referred(coordinator, f"{family}-Other").reference
        kept = referred(coordinator, family)
        path, reference = kept.path, kept.reference
    with story.when("the coordinator asks for the other record", coordinator):
        page.get_by_role("link", name=re.compile("^Is this patient here twice")).click()
        sound(coordinator)
        page.get_by_label("Reference of a case of the other record").fill(other.lower())
        page.get_by_role("button", name="Compare").click()
        expect(page.get_by_role("heading", name="Are these one patient?")).to_be_visible()
    with story.then("both stand beside each other, and nothing is chosen beforehand", coordinator):
        sound(coordinator)
        page.get_by_role("button", name=re.compile("^Merge into")).click()
        expect(page.get_by_role("link", name="Name: choose which holds")).to_be_visible()
        expect(page.get_by_role("link", name="Confirm that it is one person")).to_be_visible()
    with story.when("they choose and confirm", coordinator):
        for group in ("Name", "Hospital number"):
            found = page.get_by_role("group", name=group, exact=True)
            found.get_by_role("radio").first.check(force=True)
        page.get_by_label(re.compile("^I have confirmed both names")).check(force=True)
        page.get_by_role("button", name=re.compile("^Merge into")).click()
        expect(page.get_by_text("The two records are one.")).to_be_visible()
    with story.then("each case tells of the merge, under its own reference", coordinator):
        coordinator.go(path)
        expect(page.get_by_text("Two records of this patient were merged")).to_be_visible()
        page.get_by_role("link", name=re.compile("^See which")).click()
        expect(page.get_by_text(f"{family.upper()}-OTHER").first).to_be_visible()
        sound(coordinator)
        search = page.get_by_role("searchbox").first
        search.fill(other)
        search.press("Enter")
        row = page.get_by_role("rowheader").filter(has_text=other)
        expect(row).to_contain_text(family.upper())
        expect(row).not_to_contain_text("OTHER")
        assert reference != other

"""Owner and date of an owed fact in two clicks, counted; several facts at once; and without scripts."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from playwright.sync_api import expect

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Browser, Locator

    from tests.e2e.person import Person


class Clicks:
    """Clicks, counted."""

    def __init__(self) -> None:
        self.count = 0

    def on(self, place: Locator) -> None:
        """Press once."""
        self.count += 1
        place.click()


def open_case_with_owed_facts(member: Person) -> str:
    """Open the first case of the list that owes facts nobody was asked for; return its address."""
    member.go("/cases/")
    links = member.page.get_by_role("rowheader").get_by_role("link").all()
    for href in [link.get_attribute("href") for link in links]:
        assert href
        member.go(href)
        if free_cards(member).count() > 3:
            return href
    raise AssertionError("no case with facts that nobody owes")


def free_cards(member: Person) -> Locator:
    cards = member.page.locator("#case-owed li.app-owed")
    mine = cards.filter(has=member.page.get_by_label(re.compile("Give to someone")))
    return mine.filter(has_text="no owner").filter(visible=True)


def test_a_fact_has_an_owner_and_a_day_after_two_clicks(person: Callable[..., Person]) -> None:
    member = person("member")
    open_case_with_owed_facts(member)
    page, clicks = member.page, Clicks()
    address = page.url
    title = free_cards(member).first.get_by_role("heading").inner_text()
    clicks.on(free_cards(member).first.get_by_label(re.compile("Give to someone")))
    clicks.on(page.locator("#give-choices").get_by_role("button", name=re.compile("Me ")).first)
    said = page.locator("#case-owed .app-saved")
    expect(said).to_contain_text(re.compile(f"{re.escape(title)}: given to .*, in 7 days"))
    expect(said).to_be_focused()
    assert clicks.count == 2
    assert page.url == address, "no other page was opened"
    card = page.locator("#case-owed li.app-owed").filter(
        has=page.get_by_role("heading", name=title)
    )
    expect(card).to_contain_text("in 7 days")
    for width in (390, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        member.check()


def test_several_facts_go_at_once_one_click_each_and_one_for_all(
    person: Callable[..., Person],
) -> None:
    member = person("member")
    open_case_with_owed_facts(member)
    page, clicks = member.page, Clicks()
    for place in range(3):
        clicks.on(free_cards(member).nth(place).get_by_label(re.compile("Give to someone")))
    choices = page.locator("#give-choices")
    expect(choices).to_contain_text("Give 3 facts to")
    member.check()
    clicks.on(choices.get_by_role("button", name=re.compile("Me ")).first)
    expect(page.locator("#case-owed .app-saved")).to_contain_text("3 facts: given to")
    assert clicks.count == 4


def test_without_scripts_a_page_offers_the_same(
    person: Callable[..., Person], browser: Browser
) -> None:
    member = person("member", java_script_enabled=False)
    open_case_with_owed_facts(member)
    page = member.page
    free_cards(member).first.get_by_label(re.compile("Give to someone")).check()
    page.get_by_role("button", name="Give what is ticked to someone").click()
    page.get_by_role("button", name=re.compile("Me ")).first.click()
    page.wait_for_url("**/cases/*/#case-owed")
    expect(page.get_by_text(re.compile(": given to .*, in 7 days")).first).to_be_visible()


def test_enter_it_stands_at_the_field(person: Callable[..., Person]) -> None:
    member = person("member")
    open_case_with_owed_facts(member)
    page = member.page
    page.locator("#case-owed summary").first.click()
    link = page.locator("#case-owed").get_by_role("link", name=re.compile("Enter it")).first
    place = (link.get_attribute("href") or "").partition("#")[2]
    link.click()
    page.wait_for_url(f"**#{place}")
    expect(page.locator(f"[id='{place}']")).to_be_visible()

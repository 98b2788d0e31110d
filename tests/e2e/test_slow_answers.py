"""What is typed while an answer is awaited stays, and nothing that is stored is out of sight."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.e2e.pages import CasePage, choose

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page, Route

    from tests.e2e.person import Person


class Held:
    """Holds back what the page sends to an address until it is let go."""

    def __init__(self, page: Page, address: str | re.Pattern[str]) -> None:
        self.page, self.address = page, address
        self.waiting: list[Route] = []
        self.open = False
        page.route(address, self._take)

    def _take(self, route: Route) -> None:
        if route.request.method == "POST" and not self.open:
            self.waiting.append(route)
        else:
            route.continue_()

    def let_go(self) -> None:
        """Let the answers come, and hold back nothing more."""
        self.open = True
        while self.waiting:
            with self.page.expect_response(self.address):
                self.waiting.pop(0).continue_()

    def has(self, count: int) -> None:
        """Wait until so many are held back."""
        while len(self.waiting) < count:
            self.page.wait_for_timeout(20)


def test_what_is_typed_while_the_versions_of_an_event_are_awaited_stays(
    person: Callable[..., Person],
) -> None:
    page = (member := person("member")).page
    member.go("/cases/refer")
    held = Held(page, "**/cases/refer")
    page.get_by_label("Event", exact=True).select_option("pneumonitis")
    held.has(1)
    page.get_by_label("Worst grade").select_option("3")
    page.get_by_label("Grade now").select_option("1")
    page.get_by_label("Onset", exact=True).fill("day 40 after ICI start")
    page.get_by_label("Best response").select_option("PR")
    page.get_by_label("CTCAE version").select_option("6.0")
    question = page.get_by_role("textbox", name="What do you ask the board?")
    question.fill("May an ICI be given again?")
    held.let_go()
    expect(page.get_by_label("Worst grade")).to_have_value("3")
    expect(page.get_by_label("Grade now")).to_have_value("1")
    expect(page.get_by_label("Onset", exact=True)).to_have_value("day 40 after ICI start")
    expect(page.get_by_label("Best response")).to_have_value("PR")
    expect(page.get_by_label("CTCAE version")).to_have_value("6.0")
    expect(question).to_have_value("May an ICI be given again?")
    expect(question).to_be_focused()
    member.check()


def test_what_is_typed_while_a_patient_is_looked_up_stays(person: Callable[..., Person]) -> None:
    page = (member := person("member")).page
    member.go("/cases/refer")
    page.get_by_label("Hospital number").fill("R-lookup")
    page.get_by_label("Family name").fill("Nobody")
    held = Held(page, "**/cases/refer")
    page.get_by_role("button", name="Look up").click()
    held.has(1)
    page.get_by_label("First name").fill("Una")
    choose(page, re.compile("^Why did"), "Progression")
    page.get_by_label("I asked about all organs").check(force=True)
    held.let_go()
    expect(page.get_by_text("Nobody like this")).to_be_visible()
    expect(page.get_by_label("First name")).to_have_value("Una")
    expect(page.get_by_role("radio", name="Progression", exact=True)).to_be_checked()
    expect(page.get_by_label("I asked about all organs")).to_be_checked()
    expect(page.get_by_label("Family name")).to_have_value("Nobody")


def test_a_second_drug_chosen_while_the_first_is_under_way_stays(
    person: Callable[..., Person],
) -> None:
    member = person("member")
    member.go("/cases/?state=referred")
    member.page.get_by_role("rowheader").get_by_role("link").first.click()
    member.page.wait_for_url(re.compile(r"/cases/[0-9a-f-]{36}/$"))
    form = CasePage(member).edit("question")
    held = Held(member.page, re.compile("/sections/question$"))
    form.get_by_label("Drug", exact=False).first.select_option("nivolumab")
    held.has(1)
    form.get_by_label("With", exact=True).select_option("ipilimumab")
    held.let_go()
    expect(form.get_by_label("Third drug")).to_be_visible()
    expect(form.get_by_label("With", exact=True)).to_have_value("ipilimumab")


def test_what_is_pressed_while_a_save_is_under_way_does_not_hide_what_came_of_it(
    person: Callable[..., Person],
) -> None:
    member = person("member")
    member.go("/cases/?state=referred")
    member.page.get_by_role("rowheader").get_by_role("link").nth(4).click()
    member.page.wait_for_url(re.compile(r"/cases/[0-9a-f-]{36}/$"))
    case = CasePage(member)
    form = case.edit("fitness")
    held = Held(member.page, re.compile("/sections/fitness$"))
    form.get_by_label("ECOG").select_option("2")
    form.get_by_role("button", name="Save", exact=True).click()
    held.has(1)
    form.get_by_role("link", name="Cancel").click()
    held.let_go()
    expect(case.section("fitness")).to_contain_text(": saved.")
    expect(case.section("fitness")).not_to_contain_text("Nothing was changed")
    member.check()


def test_an_event_that_is_stored_stays_in_sight_when_the_reason_changes(
    person: Callable[..., Person],
) -> None:
    page = (member := person("member")).page
    member.go("/cases/refer")
    event = page.get_by_label("Event", exact=True)
    choose(page, re.compile("^Why did"), "Progression")
    expect(event).to_be_hidden()
    choose(page, re.compile("^Why did"), "Immune-related adverse event")
    event.select_option("pneumonitis")
    choose(page, re.compile("^Why did"), "Progression")
    expect(event).to_be_visible()
    expect(page.get_by_text("the event is kept as an irAE all the same")).to_be_visible()
    event.select_option("")
    expect(event).to_be_hidden()


@pytest.mark.parametrize("width", [390, 1920])
def test_the_names_of_those_who_come_are_not_covered(
    person: Callable[..., Person], width: int
) -> None:
    coordinator = person("coordinator", width=width)
    page = coordinator.page
    coordinator.go("/meetings/")
    page.get_by_role("rowheader").get_by_role("link").first.click()
    lines = page.locator("#people li:has(form)")
    expect(lines.first).to_be_visible()
    # A name as long as some are.
    lines.first.locator("b").evaluate(
        "name => { name.textContent = 'Prof. Alexandra Konstantinidou-Featherstonehaugh'; }"
    )
    for line in lines.all():
        name, form = line.locator("span").first, line.locator("form")
        text = name.evaluate(
            """span => { const range = document.createRange(); range.selectNodeContents(span);
            const box = range.getBoundingClientRect(); return [box.left, box.top, box.right, box.bottom]; }"""
        )
        box = form.bounding_box()
        assert box is not None
        beside = text[2] + 4 <= box["x"] or text[3] <= box["y"] + 1
        assert beside, (text, box)

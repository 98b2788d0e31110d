"""What people and networks do to forms: no JavaScript, double clicks, two editors, back, a lost session."""

from __future__ import annotations

import re
from datetime import date, timedelta
from random import choice
from typing import TYPE_CHECKING
from uuid import uuid4

from playwright.sync_api import expect

from tests.e2e.pages import CasePage, Meetings, Recording, choose
from tests.e2e.people import RIVERSIDE

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.e2e.person import Person
    from tests.e2e.story import Story

# What a section says after a save; a draft that was kept says "saved as draft".
SAVED = re.compile(r": saved\.")


def new_name() -> str:
    """Return a family name that nobody of the demonstration has."""
    return "Quick" + "".join(choice("aeiourstlnmd") for _ in range(7))


def fill_shortest_referral(person: Person, family: str) -> None:
    """Fill in what a referral cannot do without."""
    page = person.page
    person.go("/cases/refer")
    page.get_by_label("Hospital number").fill(f"R-{uuid4().hex[:8]}")
    page.get_by_label("Family name").fill(family)
    page.get_by_label("First name").fill("Una")
    choose(page, re.compile("^Why did"), "Progression")
    choose(page, re.compile("^What is proposed"), "Not decided")
    page.get_by_role("textbox", name="What do you ask the board?").fill(
        "May an ICI be given again?"
    )


def open_case(person: Person, number: int = 0) -> CasePage:
    """Open a case of the list that is waiting for the board."""
    person.go("/cases/?state=referred")
    rows = person.page.get_by_role("rowheader").get_by_role("link")
    rows.nth(number).click()
    person.page.wait_for_url(re.compile(r"/cases/[0-9a-f-]{36}/$"))
    return CasePage(person)


def test_referring_editing_and_recording_work_without_javascript(
    person: Callable[..., Person], story: Story
) -> None:
    member = person("member", java_script_enabled=False)
    family = new_name()
    with story.when("a case is referred"):
        fill_shortest_referral(member, family)
        member.page.get_by_role("button", name="Refer case").click()
        member.page.wait_for_url(re.compile(r"/cases/[0-9a-f-]{36}/$"))
        expect(member.page.get_by_text(family.upper()).first).to_be_visible()
    with story.when("a section is edited on a page of its own"):
        case = CasePage(member)
        path = case.path
        member.go(f"{path}sections/fitness")
        member.page.get_by_label("ECOG").select_option("1")
        member.page.get_by_role("button", name="Save", exact=True).click()
        member.page.wait_for_url(re.compile(rf"{path}"))
        expect(member.page.locator("#section-fitness")).to_contain_text("1")
    nurse = person("nurse", java_script_enabled=False)
    with story.when("a check is recorded on the worklist"):
        nurse.go("/monitoring/")
        button = nurse.page.get_by_role("button", name=re.compile("^Normal")).first
        expect(button).to_be_visible()
        button.click()
        nurse.says("Saved")
        expect(nurse.page.get_by_role("heading", level=1)).to_have_text("Monitoring")


def test_referring_twice_with_a_double_click_makes_one_case(person: Callable[..., Person]) -> None:
    member = person("member")
    family = new_name()
    fill_shortest_referral(member, family)
    member.page.get_by_role("button", name="Refer case").dblclick()
    member.page.wait_for_url(re.compile(r"/cases/[0-9a-f-]{36}/$"))
    search = member.page.get_by_role("searchbox").first
    search.fill(family)
    search.press("Enter")
    expect(member.page.get_by_role("heading", name=re.compile("Found for"))).to_be_visible()
    expect(member.page.get_by_role("rowheader").filter(has_text=family.upper())).to_have_count(1)
    assert family.lower() not in member.page.url.lower()
    member.check()


def test_signing_with_a_double_click_signs_once(
    person: Callable[..., Person], story: Story
) -> None:
    chair = person("chair", board=RIVERSIDE)
    meetings = Meetings(chair)
    with story.given("a decision that is recorded", chair):
        today = date.today()
        path = meetings.plan(today + timedelta(days=1), "08:15", "Room 2")
        select = chair.page.get_by_label("Add a case")
        label = select.locator("option").last.inner_text()
        found = re.search(r"RC-\d{4}-\d{4}", label)
        assert found, label
        meetings.add(found[0], 5)
        meetings.start()
        Recording(chair).draft("No rechallenge", "", "Nothing is to be gained.")
    with story.when("the chair clicks twice on sign", chair):
        chair.page.get_by_role("link", name=re.compile("^Read and sign")).click()
        chair.page.get_by_role("button", name="Sign as chair").dblclick()
        chair.page.wait_for_url(re.compile(r"/meetings/decisions/[0-9a-f-]{36}/$"))
        expect(chair.page.get_by_text(re.compile("signed by")).first).to_be_visible()
    with story.then("there is one letter, and the agenda shows one decision", chair):
        expect(chair.page.get_by_role("link", name=re.compile("^Letter"))).to_have_count(1)
        chair.go(path)
        expect(chair.page.get_by_role("row").filter(has_text=found[0])).to_have_count(1)


def test_two_browsers_editing_one_section_see_both_versions(
    person: Callable[..., Person], story: Story
) -> None:
    first, second = person("member"), person("nurse")
    case = open_case(first)
    path = case.path
    CasePage(second, path)
    with story.given("both have the section open", first, second):
        mine = CasePage(first).edit("question")
        theirs = CasePage(second).edit("question")
    with story.when("one saves before the other"):
        theirs.get_by_role("textbox", name=re.compile("ask")).fill("Asked by the nurse meanwhile?")
        theirs.get_by_role("button", name="Save", exact=True).click()
        expect(second.page.locator("#section-question")).to_contain_text(SAVED)
    with story.then("the other sees who changed what, beside what was typed", first):
        mine.get_by_role("textbox", name=re.compile("ask")).fill(
            "Asked by the member, typed for long?"
        )
        mine.get_by_role("button", name="Save", exact=True).click()
        conflict = first.page.get_by_role("alert")
        expect(conflict).to_contain_text(f"{second.account.name} saved this section")
        expect(conflict).to_contain_text("Asked by the nurse meanwhile?")
        expect(first.page.get_by_role("textbox", name=re.compile("ask"))).to_have_value(
            "Asked by the member, typed for long?"
        )
    with story.when("they keep theirs knowingly", first):
        first.page.get_by_label("Keep mine").check()
        first.page.get_by_role("button", name="Save what is chosen here").click()
        expect(first.page.locator("#section-question")).to_contain_text(SAVED)
    with story.then("the page of changes names both", first):
        first.go(f"{path}changes")
        expect(first.page.get_by_text(second.account.name).first).to_be_visible()
        expect(first.page.get_by_text(first.account.name).first).to_be_visible()


def test_back_button_shows_the_page_as_it_is_now(
    person: Callable[..., Person], story: Story
) -> None:
    member = person("member")
    case = open_case(member, 1)
    path = case.path
    with story.when("a section is saved in place and a link is followed", member):
        form = case.edit("fitness")
        form.get_by_label("ECOG").select_option("2")
        form.get_by_role("button", name="Save", exact=True).click()
        expect(case.section("fitness")).to_contain_text(SAVED)
        member.page.get_by_role("link", name=re.compile("Who changed what")).click()
        member.page.wait_for_url("**/changes")
    with story.then("going back shows a whole page with what was saved", member):
        member.page.go_back()
        member.page.wait_for_url(re.compile(rf"{path}"))
        expect(member.page.get_by_role("navigation", name="Main")).to_have_count(1)
        expect(case.section("fitness")).to_contain_text("2")
        store = "JSON.stringify([{...localStorage}, {...sessionStorage}])"
        kept = member.page.evaluate(store)
        assert "ECOG" not in kept and "RC-" not in kept, kept


def test_expired_session_keeps_what_was_typed(person: Callable[..., Person], story: Story) -> None:
    member = person("member")
    case = open_case(member, 2)
    path = case.path
    words = f"Typed before the session ended, {uuid4().hex[:6]}?"
    with story.given("a form with something typed, kept as a draft", member):
        form = case.edit("question")
        with member.page.expect_response("**/cases/drafts/**"):
            form.get_by_role("textbox", name=re.compile("ask")).fill(words)
    cookies = member.context.cookies()
    with story.when("the session ends and the form is sent"):
        member.context.clear_cookies(name="sessionid")
        form.get_by_role("button", name="Save", exact=True).click()
    with story.then("it is said, and the form stands as it was", member):
        dialog = member.page.get_by_role("dialog")
        expect(dialog).to_contain_text("You have been signed out")
        dialog.get_by_role("button", name="Back to the page").click()
        expect(member.page.get_by_role("textbox", name=re.compile("ask")).first).to_have_value(
            words
        )
    with story.when("they sign in again elsewhere and send it once more", member):
        member.context.add_cookies([c for c in cookies if c["name"] == "sessionid"])  # type: ignore[arg-type,misc]
        member.page.locator("#form-question").get_by_role("button", name="Save", exact=True).click()
        expect(case.section("question")).to_contain_text(SAVED)
    with story.then("it is in the record", member):
        member.go(path)
        expect(member.page.get_by_text(words).first).to_be_visible()

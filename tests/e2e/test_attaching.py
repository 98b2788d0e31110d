"""Attaching guidance: with a comment in one step, one figure, two windows on one comment, and what changed since."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from tests.e2e import axe
from tests.e2e.people import RIVERSIDE

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Locator

    from tests.e2e.person import Person
    from tests.e2e.story import Story

SAID = "Look at the liver values first."
TOO_WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
EVIDENCE = "/admin/evidence/statementversion/"


def sound(person: Person) -> None:
    """Fail on what axe finds, and on what is wider than a phone or a screen."""
    for width in (390, 1920):
        person.page.set_viewport_size({"width": width, "height": 900})
        axe.check(person.page)
        assert person.page.evaluate(TOO_WIDE) <= 0, f"{person.page.url} at {width}"


def open_cases(member: Person) -> list[str]:
    """Return the addresses of the first cases of the list."""
    member.go("/cases/?state=ready")
    links = member.page.get_by_role("rowheader").get_by_role("link").all()
    return [urlsplit(str(link.get_attribute("href"))).path for link in links]


def key_of(case: str) -> str:
    """Return the id of a case by its address."""
    return case.strip("/").split("/")[-1]


def pinned(person: Person, title: str) -> Locator:
    """Return what is attached to the case that is open, by its title."""
    guidance = person.page.locator("#case-guidance")
    return guidance.locator(".app-item").filter(
        has=person.page.get_by_role("button", name=f"Take off {title}")
    )


def free_row(member: Person, case: str) -> Locator:
    """Open the library from a case; return the first row that is not attached to it."""
    member.go(f"/evidence/?case={key_of(case)}")
    rows = member.page.locator(".app-statement")
    return rows.filter(has=member.page.get_by_role("button", name=re.compile("^attach"))).first


def title_in(row: Locator) -> str:
    """Return the title of a statement in a row of the library."""
    return row.get_by_role("heading").inner_text()


def named(what: str, title: str) -> re.Pattern[str]:
    """Return the name of what attaches something, as it is read out."""
    return re.compile(rf"^{what}\s*: {re.escape(title)}$")


def test_a_row_of_the_library_attaches_once_however_often_it_is_pressed(
    person: Callable[..., Person], story: Story
) -> None:
    member = person("member")
    page, case = member.page, open_cases(member)[0]
    row = free_row(member, case)
    title = title_in(row)
    with story.when("a member presses attach twice in a row of the library", member):
        row.get_by_role("button", name=named("attach", title)).dblclick()
        member.says("is attached to RC-")
    with story.then("the list is where it was, and the row says that it is attached", member):
        there = page.locator(".app-statement").filter(has_text=title).first
        expect(there).to_contain_text(re.compile("attached", re.I))
        sound(member)
    with story.then("the case has it once", member):
        member.go(case)
        expect(pinned(member, title)).to_have_count(1)
        pinned(member, title).get_by_role("button", name=f"Take off {title}").click()
        expect(pinned(member, title)).to_have_count(0)


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_a_statement_and_a_figure_are_attached_with_a_comment_in_one_step(
    person: Callable[..., Person], story: Story, scripts: bool
) -> None:
    member = person("member", java_script_enabled=scripts)
    page, case = member.page, open_cases(member)[1]
    row = free_row(member, case)
    title = title_in(row)
    row.get_by_role("link", name=named("with a comment", title)).click()
    page.wait_for_url(re.compile(r"/attach\?"))
    if scripts:
        sound(member)
    page.get_by_label("Comment").fill(SAID)
    page.get_by_role("button", name="Attach", exact=True).click()
    member.says("is attached to RC-")
    member.go(case)
    expect(pinned(member, title)).to_contain_text(SAID)
    expect(pinned(member, title)).to_contain_text(member.account.name)
    pinned(member, title).get_by_role("button", name=f"Take off {title}").click()
    page.wait_for_load_state()
    figure = page.locator("#strip").get_by_role("link", name=re.compile("^with a comment")).first
    about = (figure.text_content() or "").partition(": ")[2].rpartition(", ")[0]
    page.goto(f"{member.site}{figure.get_attribute('href')}")
    page.get_by_label("Comment").fill("This one alone.")
    page.get_by_role("button", name="Attach", exact=True).click()
    page.wait_for_url("**/cases/*/#case-guidance")
    item = pinned(member, about)
    expect(item).to_contain_text("one figure")
    expect(item).to_contain_text("This one alone.")
    # Number, denominator and interval stand with it.
    expect(item).to_contain_text(re.compile(r"\d"))
    item.get_by_role("button", name=f"Take off {about}").click()
    expect(item).to_have_count(0)


def test_two_windows_on_one_comment(person: Callable[..., Person], story: Story) -> None:
    one, two = person("member"), person("member", width=390)
    case = open_cases(one)[2]
    title = title_in(free_row(one, case))
    free_row(one, case).get_by_role("button", name=named("attach", title)).click()
    one.says("is attached to RC-")
    with story.given("both windows have the comment open", one, two):
        for each in (one, two):
            each.go(case)
            pinned(each, title).get_by_role("link", name=f"Comment {title}").click()
            expect(each.page.get_by_label("Comment")).to_be_visible()
    with story.when("the first is saved", one):
        one.page.get_by_label("Comment").fill("First.")
        one.page.get_by_role("button", name="Save").click()
        one.says("is saved")
        expect(pinned(one, title)).to_contain_text("First.")
    with story.then("the second is told so, and what was typed stays", two):
        two.page.get_by_label("Comment").fill("Second.")
        two.page.get_by_role("button", name="Save").click()
        said = two.page.get_by_text("You saved another comment meanwhile: “First.”")
        expect(said.first).to_be_visible()
        expect(two.page.get_by_label("Comment")).to_have_value("Second.")
        two.picture("two-windows-390", full=True)
        sound(two)
    with story.then("the next press writes over it", two):
        two.page.get_by_role("button", name="Save").click()
        two.says("is saved")
        expect(pinned(two, title)).to_contain_text("Second.")
        expect(pinned(two, title)).not_to_contain_text("First.")
    pinned(two, title).get_by_role("button", name=f"Take off {title}").click()


def relied_on(chair: Person) -> tuple[str, str, str]:
    """Return the page of a signed decision, and title and page of a statement that it relied on."""
    chair.go("/meetings/?show=past")
    meetings = chair.page.get_by_role("rowheader").get_by_role("link").all()
    for meeting in [str(link.get_attribute("href")) for link in meetings]:
        chair.go(meeting)
        rows = chair.page.locator("#order tbody tr").filter(has_text="signed")
        links = rows.get_by_role("link", name=re.compile("^Decision: ")).all()
        for decision in [str(link.get_attribute("href")) for link in links]:
            chair.go(decision)
            found = chair.page.locator("main a[href^='/evidence/']").first
            if found.count():
                return decision, found.inner_text(), str(found.get_attribute("href"))
    raise AssertionError("no signed decision relies on a statement")


def publish_anew(writer: Person, second: Person, title: str) -> None:
    """Have one curator write a newer version of a statement and another publish it."""
    writer.go(f"{EVIDENCE}?state__exact=published&q={title[:40]}")
    writer.page.locator("#result_list tbody tr").filter(has_text=title).get_by_role(
        "link"
    ).first.click()
    writer.page.get_by_role("button", name="New draft from this version").click()
    says = writer.page.locator("#id_says")
    says.fill(f"{says.input_value()} Read again.")
    writer.page.get_by_role("button", name="Save and continue editing").click()
    writer.page.get_by_role("button", name="Submit for publication").click()
    writer.page.wait_for_load_state()
    second.go(urlsplit(writer.page.url).path)
    second.page.get_by_role("link", name="Publish as second person").click()
    second.page.get_by_role("button", name="Publish as second person").click()
    expect(second.page.get_by_text(re.compile("published", re.I)).first).to_be_visible()
    # What Django's own sheets import is refused by the policy, as test_admin tells.
    for each in (writer, second):
        each.faults.clear()


def attach_with_comment(member: Person, case: str, statement: str) -> None:
    """Attach a statement to a case with a comment, from its page."""
    member.go(f"{statement}?case={key_of(case)}")
    member.page.get_by_role("link", name="Attach with a comment").click()
    member.page.get_by_label("Comment").fill(SAID)
    member.page.get_by_role("button", name="Attach", exact=True).click()
    member.page.wait_for_url("**/cases/*/#case-guidance")


def test_a_newer_version_is_kept_or_taken_and_asked_about_where_a_decision_relied_on_it(
    person: Callable[..., Person], story: Story
) -> None:
    chair, member = person("chair"), person("member")
    decision, title, statement = relied_on(chair)
    reference = re.search(r"RC-\d{4}-\d{4}", chair.page.title())
    assert reference
    cases = []
    with story.given("a member has attached a statement to two cases, with a comment", member):
        for case in open_cases(member):
            member.go(f"{statement}?case={key_of(case)}")
            if member.page.get_by_role("link", name="Attach with a comment").count():
                attach_with_comment(member, case, statement)
                expect(pinned(member, title)).to_contain_text(SAID)
                cases.append(case)
            if len(cases) == 2:
                break
    assert len(cases) == 2
    with story.when("curators publish a newer version"):
        publish_anew(person("curator"), person("curator", board=RIVERSIDE), title)
    with story.then("it is flagged on the case with what differs, and may be kept", member):
        member.go(cases[0])
        item = pinned(member, title)
        expect(item).to_contain_text(re.compile("changed since", re.I))
        expect(item).to_contain_text("is published.")
        item.get_by_text("What changed").click()
        expect(item.locator("ins")).to_contain_text("Read again.")
        sound(member)
        item.get_by_role("button", name=f"Keep what is attached {title}").click()
        expect(pinned(member, title)).to_contain_text("Kept though something newer is published")
        expect(pinned(member, title)).to_contain_text(SAID)
    with story.then("or the new one is taken, and the comment goes along", member):
        member.go(cases[1])
        pinned(member, title).get_by_role("button", name=f"Take the new one {title}").click()
        expect(member.page.locator("#case-guidance .app-saved")).to_contain_text("is attached")
        expect(pinned(member, title)).to_contain_text(SAID)
        expect(pinned(member, title)).not_to_contain_text(re.compile("changed since", re.I))
    with story.then("the chair sees how many decisions wait for an answer", chair):
        chair.go("/")
        expect(chair.page.get_by_role("link", name=re.compile("to look at"))).to_be_visible()
        chair.go("/meetings/")
        chair.page.get_by_role(
            "link", name=re.compile(r"^Changed guidance \(\d+ to answer")
        ).click()
        expect(chair.page).to_have_url(re.compile("/meetings/guidance"))
        row = chair.page.locator("#changed tbody tr").filter(has_text=reference[0])
        expect(row.filter(has_text=title)).to_contain_text("is published.")
        sound(chair)
    with story.when("the chair says why the decision stands", chair):
        row.filter(has_text=title).get_by_role("link", name=re.compile("^Answer ")).click()
        expect(chair.page.locator("main ins")).to_contain_text("Read again.")
        sound(chair)
        chair.page.get_by_label("The decision stands as it is").check(force=True)
        chair.page.get_by_label("Reason").fill("Nothing in it changes the outcome.")
        chair.page.get_by_role("button", name="Save").click()
        chair.says("is kept")
    with story.then("it is asked no more, and stands among those answered, by its address", chair):
        expect(row.filter(has_text=title)).to_have_count(0)
        chair.page.get_by_role("link", name="Answered").click()
        expect(chair.page).to_have_url(re.compile(r"\?show=done"))
        done = chair.page.locator("#changed tbody tr").filter(has_text=reference[0])
        expect(done.first).to_contain_text("Nothing in it changes the outcome.")
        expect(done.first).to_contain_text(chair.account.name)
        sound(chair)
        chair.go(decision)

"""What the scripts promise: drafts, one sending, focus after a change, a session that ran out."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.e2e import axe
from tests.e2e.script_pages import Desk, desk
from tests.e2e.serving import served

pytestmark = pytest.mark.e2e


@pytest.fixture
def address(settings) -> Iterator[str]:
    """The address at which the test pages are served."""
    with served(settings, "tests.e2e.script_pages") as found:
        yield found


@pytest.fixture
def form(page: Page, address: str) -> Page:
    """The page with the form, opened by a signed-in user."""
    vars(desk).update(vars(Desk()))
    page.goto(address)
    return page


def test_a_draft_is_saved_a_moment_after_the_last_key(form: Page) -> None:
    form.get_by_label("Name").press_sequentially("Margaret", delay=20)
    expect(form.get_by_text("draft 14:02")).to_be_visible()
    assert desk.drafts == ["Margaret"]
    assert desk.saved == []


def test_a_draft_that_is_refused_says_why(form: Page) -> None:
    desk.draft_refused = "not kept: you have 200 drafts"
    form.get_by_label("Name").press_sequentially("Margaret", delay=20)
    expect(form.get_by_text("not kept: you have 200 drafts")).to_be_visible()
    expect(form.get_by_label("Name")).to_have_value("Margaret")


def test_a_draft_that_fails_is_said_and_leaving_is_questioned(form: Page) -> None:
    desk.draft_status = 500
    form.get_by_label("Name").press_sequentially("Margaret")
    expect(form.get_by_text("not saved")).to_be_visible()
    asked: list[str] = []
    form.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    form.goto("about:blank")
    assert asked == ["beforeunload"]


def test_a_double_click_sends_once_and_focus_goes_to_the_result(form: Page) -> None:
    form.get_by_label("Name").fill("Margaret")
    form.get_by_role("button", name="Save").dblclick()
    expect(form.locator("#done")).to_be_focused()
    assert desk.saved == ["Margaret"]


def test_errors_take_focus_and_lead_to_their_field(form: Page) -> None:
    desk.save_status = 422
    form.get_by_role("button", name="Save").click()
    expect(form.locator(".app-errors")).to_be_focused()
    form.get_by_role("link", name="Enter a name").click()
    expect(form.locator("#folded")).to_be_focused()


def test_a_session_that_ran_out_loses_nothing(form: Page) -> None:
    desk.save_status, desk.user = 401, 0
    form.get_by_label("Name").fill("Margaret")
    form.get_by_role("button", name="Save").click()
    dialog = form.get_by_role("dialog", name="You have been signed out")
    expect(dialog).to_be_visible()
    assert form.locator("#name").input_value() == "Margaret"
    dialog.get_by_role("button", name="Send again").click()
    expect(dialog.get_by_text("Still signed out")).to_be_visible()
    assert desk.saved == []
    # In another tab they sign in again, which also makes a new token.
    form.context.clear_cookies()
    desk.save_status, desk.user = 200, 1
    dialog.get_by_role("button", name="Send again").click()
    expect(form.locator("#done")).to_be_focused()
    assert desk.saved == ["Margaret"]


def test_what_one_person_typed_is_not_sent_as_another(form: Page) -> None:
    desk.save_status = 401
    form.get_by_role("button", name="Save").click()
    dialog = form.get_by_role("dialog", name="You have been signed out")
    expect(dialog).to_be_visible()
    desk.save_status, desk.user = 200, 2
    dialog.get_by_role("button", name="Send again").click()
    expect(dialog.get_by_text("Somebody else is signed in")).to_be_visible()
    assert desk.saved == []


def test_a_draft_is_not_tried_again_once_somebody_else_is_signed_in(form: Page) -> None:
    desk.draft_status, desk.user = 403, 2
    form.get_by_label("Name").press_sequentially("Margaret")
    expect(form.locator("[data-draft-status]")).to_contain_text("Somebody else is signed in")
    form.wait_for_timeout(4000)
    assert desk.drafts == ["Margaret"]


def test_an_address_that_is_cut_off_stops_no_script(page: Page, address: str) -> None:
    vars(desk).update(vars(Desk()))
    page.goto(f"{address}/#%E0%A4%A")
    page.get_by_label("Name").press_sequentially("Margaret")
    expect(page.get_by_text("draft 14:02")).to_be_visible()


def test_an_expired_session_is_said_beside_the_draft(form: Page) -> None:
    desk.draft_status = 401
    form.get_by_label("Name").press_sequentially("Margaret")
    expect(form.get_by_text("signed out", exact=True)).to_be_visible()
    dialog = form.get_by_role("dialog", name="You have been signed out")
    expect(dialog).to_be_visible()
    # Said once: who goes on typing is left to it, and signed in again in another tab it arrives by itself.
    dialog.get_by_role("button", name="Back to the page").click()
    form.get_by_label("Name").press_sequentially(" of Oxford")
    tries = len(desk.drafts)
    form.wait_for_timeout(2500)
    assert len(desk.drafts) > tries
    expect(dialog).to_be_hidden()
    desk.draft_status = 200
    expect(form.get_by_text("draft 14:02")).to_be_visible()
    assert desk.drafts[-1] == "Margaret of Oxford"


def test_the_dialog_about_a_draft_closes_once_the_draft_is_taken(form: Page) -> None:
    desk.draft_status = 401
    form.get_by_label("Name").press_sequentially("Margaret")
    dialog = form.get_by_role("dialog", name="You have been signed out")
    expect(dialog).to_be_visible()
    desk.draft_status = 200
    dialog.get_by_role("button", name="Send again").click()
    expect(form.get_by_text("draft 14:02")).to_be_visible()
    expect(dialog).to_be_hidden()
    expect(form.get_by_label("Name")).to_have_value("Margaret")
    assert desk.saved == []


def test_a_draft_is_sent_as_soon_as_the_connection_is_back(form: Page) -> None:
    form.context.set_offline(True)
    form.get_by_label("Name").press_sequentially("Margaret")
    expect(form.get_by_text("not saved")).to_be_visible()
    assert desk.drafts == []
    form.context.set_offline(False)
    expect(form.get_by_text("draft 14:02")).to_be_visible(timeout=2500)
    assert desk.drafts == ["Margaret"]


def test_a_draft_that_failed_is_tried_again_by_itself_and_then_no_more(form: Page) -> None:
    desk.draft_status = 500
    form.get_by_label("Name").press_sequentially("Margaret")
    expect(form.get_by_text("not saved")).to_be_visible()
    form.wait_for_timeout(4000)
    assert desk.drafts == ["Margaret", "Margaret"]
    desk.draft_status = 200
    expect(form.get_by_text("draft 14:02")).to_be_visible()
    tries = len(desk.drafts)
    form.wait_for_timeout(4000)
    assert len(desk.drafts) == tries


def test_a_draft_that_is_refused_is_not_sent_again(form: Page) -> None:
    desk.draft_refused = "not kept: you have 200 drafts"
    form.get_by_label("Name").press_sequentially("Margaret")
    expect(form.get_by_text("not kept: you have 200 drafts")).to_be_visible()
    form.wait_for_timeout(4000)
    assert desk.drafts == ["Margaret"]


FAILURES = {
    403: ("You may not do this", "What the server says."),
    404: ("not here any more", "copy what you typed"),
    500: ("Something went wrong here", "Number 4711."),
    503: ("Something went wrong here", "send it again in a moment"),
    400: ("This could not be taken", "send it again"),
}


@pytest.mark.parametrize("status", FAILURES)
def test_a_refused_request_is_said_with_what_to_do_and_nothing_is_lost(
    form: Page, status: int
) -> None:
    desk.save_status = status
    form.get_by_label("Name").fill("Margaret")
    form.get_by_role("button", name="Save").click()
    region = form.locator("#status")
    for words in FAILURES[status]:
        expect(region).to_contain_text(words)
    assert form.get_by_label("Name").input_value() == "Margaret"
    # It is worth keeping: what was not taken goes to the server as a draft all the same.
    expect(form.get_by_text("draft 14:02")).to_be_visible()
    axe.check(form)
    desk.save_status = 200
    form.get_by_role("button", name="Save").click()
    expect(form.locator("#done")).to_be_focused()
    expect(region).to_be_empty()


def test_an_old_token_is_renewed_and_said(form: Page) -> None:
    desk.save_status, desk.csrf = 403, True
    form.get_by_label("Name").fill("Margaret")
    form.get_by_role("button", name="Save").click()
    expect(form.locator("#status")).to_contain_text("Send it once more")
    form.get_by_role("button", name="Save").click()
    expect(form.locator("#done")).to_be_focused()
    assert desk.saved == ["Margaret"]


@pytest.mark.parametrize(("user", "words"), [(2, "Somebody else is signed in"), (0, "signed out")])
def test_an_old_token_of_somebody_who_is_gone_is_not_renewed(
    form: Page, user: int, words: str
) -> None:
    desk.save_status, desk.csrf, desk.user = 403, True, user
    form.get_by_role("button", name="Save").click()
    expect(form.get_by_text(words).first).to_be_visible()
    assert desk.saved == []


def test_a_lost_connection_is_said_and_closed(form: Page) -> None:
    form.get_by_label("Name").fill("Margaret")
    form.context.set_offline(True)
    form.get_by_role("button", name="Save").click()
    region = form.locator("#status")
    expect(region).to_contain_text("The connection is lost")
    expect(region).to_contain_text("send it again")
    assert form.get_by_label("Name").input_value() == "Margaret"
    region.get_by_role("button", name="Close").click()
    expect(region).to_be_empty()
    form.context.set_offline(False)
    form.get_by_role("button", name="Save").click()
    expect(form.locator("#done")).to_be_focused()


def test_an_answer_that_never_comes_is_said(form: Page) -> None:
    form.evaluate("htmx.config.timeout = 300")
    desk.wait = 2
    form.get_by_label("Name").fill("Margaret")
    form.get_by_role("button", name="Save").click()
    expect(form.locator("#status")).to_contain_text("No answer came")
    assert form.get_by_label("Name").input_value() == "Margaret"


def test_a_page_that_follows_says_once_that_it_does_not_and_takes_it_back(form: Page) -> None:
    desk.polls = True
    form.reload()
    form.context.set_offline(True)
    said = form.get_by_text("This page no longer follows what happens")
    expect(said).to_have_count(1)
    form.wait_for_timeout(700)
    expect(said).to_have_count(1)
    form.context.set_offline(False)
    expect(said).to_have_count(0)


def test_a_menu_is_worked_by_keys(form: Page) -> None:
    form.get_by_text("Move to").focus()
    form.keyboard.press("Enter")
    form.keyboard.press("ArrowDown")
    form.keyboard.press("ArrowDown")
    expect(form.get_by_role("button", name="Second")).to_be_focused()
    form.keyboard.press("Escape")
    expect(form.get_by_text("Move to")).to_be_focused()
    expect(form.get_by_role("button", name="Second")).to_be_hidden()


@pytest.mark.parametrize("width", [390, 1920])
def test_a_picture_wider_than_the_screen_opens_at_today(form: Page, width: int) -> None:
    desk.picture = True
    form.set_viewport_size({"width": width, "height": 800})
    form.reload()
    expect(form.locator(".tl-today")).to_be_in_viewport()
    seen = form.locator(".tl-today").bounding_box()
    picture = form.locator(".tl").bounding_box()
    assert seen and picture
    assert abs(seen["x"] - picture["x"] - picture["width"] / 2) < 2

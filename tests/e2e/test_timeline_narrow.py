"""The picture of a history on a phone: what lies beyond its left edge is told; and the shortest history there is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from tests.e2e.test_timeline import Picture, check_room, history, written

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.e2e.person import Person

assert history  # a fixture of this module too

# By the boxes of the signs themselves: how many end left of what is seen, and whether the first dated ones do.
PASSED = """() => {
  const edge = document.querySelector(".tl__names").getBoundingClientRect().right;
  const ends = (item) => Math.max(...[...item.querySelectorAll("rect, circle, line, polygon, polyline")]
    .map((e) => e.getBoundingClientRect().right));
  const found = [...document.querySelectorAll(".tl__plot .tl-item")].filter((item) => ends(item) <= edge + 4);
  const undated = found.filter((item) => item.dataset.placing === "undated").length;
  return [found.length - undated, undated];
}"""
STILL = """() => new Promise((done) => {
  const picture = document.querySelector(".tl");
  let before = -1;
  const look = () => {
    if (picture.scrollLeft === before) return done(before);
    before = picture.scrollLeft;
    setTimeout(look, 150);
  };
  look();
})"""


def told(member: Person) -> list[int]:
    """Return the numbers that stand at the left edge, once the picture is still."""
    member.page.evaluate(STILL)
    counts = [
        member.page.locator(f".tl-earlier [data-count={name}]") for name in ("earlier", "undated")
    ]
    return [int(count.locator("b").inner_text()) if count.is_visible() else 0 for count in counts]


def test_a_narrow_picture_says_what_it_was_scrolled_past_and_goes_back_to_it(
    person: Callable[..., Person], history: dict[str, Any]
) -> None:
    member = person("member", width=390)
    page = member.page
    member.go(history["path"])
    button = page.get_by_role("button", name="earlier:")
    expect(button).to_be_visible()
    first = told(member)
    assert first == page.evaluate(PASSED)
    assert first[0] > 100 and first[1] >= 5
    box, names = button.bounding_box(), page.locator(".tl__names").bounding_box()
    assert box is not None and names is not None
    assert box["height"] >= 24 and box["x"] + box["width"] <= names["x"] + names["width"]
    row = page.locator(".tl__names .tl-text").first.bounding_box()
    assert row is not None and box["y"] + box["height"] <= row["y"] + 1
    member.check()
    button.focus()
    counts = [first]
    while button.is_visible():
        page.keyboard.press("Enter")
        counts.append(told(member))
        assert counts[-1] == page.evaluate(PASSED)
        assert sum(counts[-1]) < sum(counts[-2]), counts
    assert len(counts) > 2 and counts[-1] == [0, 0]
    # Who pressed it by the keyboard goes on in the picture.
    expect(page.locator(".tl")).to_be_focused()
    member.check()


def test_a_wide_picture_that_shows_everything_says_nothing_of_it(
    person: Callable[..., Person], history: dict[str, Any]
) -> None:
    member = person("member", width=1920)
    member.go(history["path"])
    expect(member.page.locator(".tl-earlier")).to_be_hidden()


@pytest.fixture(scope="module")
def single(stack: Any) -> dict[str, Any]:
    """Where the case with one event is."""
    found = written(stack, "one")
    assert found["counts"] == {"event": 1}
    return found


@pytest.mark.parametrize("width", [1920, 390])
def test_one_event_alone_stands_at_its_day_with_room_around_it(
    person: Callable[..., Person], single: dict[str, Any], width: int
) -> None:
    member = person("member", width=width)
    page = member.page
    member.go(single["path"])
    picture = Picture(member)
    (item,) = picture.items
    (sign,) = item["signs"]
    assert item["kind"] == "event" and item["placing"] == "day"
    assert abs((sign[0] + sign[2]) / 2 - picture.x(item["sureFrom"])) < 1
    check_room(picture, rows_at_least=1)
    assert [f"{row[0]}: {', '.join(row[1:])}" for row in picture.found["rows"]] == [item["text"]]
    today = page.locator(".tl-today").bounding_box()
    assert today is not None and 0 < today["x"] < width
    # Wide, it is seen as the picture opens; narrow, the edge says that it is there.
    assert (sign[0] >= picture.found["names"][2] - 4) == (width == 1920)
    button = page.get_by_role("button", name="earlier:")
    if width == 390:
        expect(button).to_be_visible()
        assert told(member) == [1, 0]
        button.click()
        page.evaluate(STILL)
    expect(button).to_be_hidden()
    page.locator(".tl-item").focus()
    expect(page.locator(".tl-tip")).to_have_text(item["text"])
    member.check()

"""The picture of a history of which years, months and days counted from the ICI are told: nothing is drawn as sure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from tests.e2e.test_timeline import BARS, CHIPS, Picture, check_room, written

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.e2e.person import Person

# Where each steroid is sure, may have been, and is told within: by the boxes of its own shapes.
STEROIDS = """() => {
  const box = (e) => { const r = e.getBoundingClientRect(); return [r.left, r.top, r.right, r.bottom]; };
  return [...document.querySelectorAll(".tl-item[data-kind=steroid]")].map((item) => ({
    ...item.dataset, text: item.getAttribute("aria-label"),
    sure: [...item.querySelectorAll(".tl-steroid, .tl-steroid-edge, .tl-replacement")].map(box),
    soft: [...item.querySelectorAll(".tl-fade")].map(box),
    spans: [...item.querySelectorAll(".tl-span")].map(box),
    all: [...item.querySelectorAll("rect, line, polygon, polyline, circle")].map(box),
  }));
}"""


@pytest.fixture(scope="module")
def vague(stack: Any) -> dict[str, Any]:
    """Where the case is of whose dates parts alone are known."""
    return written(stack, "vague")


def steroid(member: Person, words: str) -> dict[str, Any]:
    """Return what is drawn of the steroid whose text says `words`."""
    (found,) = [one for one in member.page.evaluate(STEROIDS) if words in one["text"]]
    return dict(found)


def day(year: int, month: int = 1, of_month: int = 1) -> int:
    """Return the number of a day as the picture counts them."""
    from datetime import date

    return date(year, month, of_month).toordinal()


@pytest.mark.parametrize("width", [1280, 1366, 1920, 390])
def test_all_that_is_said_has_its_room_and_what_is_vague_is_soft(
    person: Callable[..., Person], vague: dict[str, Any], width: int
) -> None:
    member = person("member", width=width)
    member.go(vague["path"])
    picture = Picture(member)
    # The version that nobody stated is told beside the row, whole.
    check_room(picture, rows_at_least=4)
    beside = " ".join(label["text"] for label in picture.found["labels"] if label["names"])
    assert "worst grade, CTCAE version not stated" in beside
    for item in picture.items:
        if item["kind"] in BARS | CHIPS | {"steroid"}:
            assert bool(item["soft"]) == (item["placing"] == "range"), item["text"]
    member.check()


def test_steroids_told_by_years_have_soft_ends_at_those_years(
    person: Callable[..., Person], vague: dict[str, Any]
) -> None:
    member = person("member", width=1920)
    member.go(vague["path"])
    picture = Picture(member)
    stepped = steroid(member, "from 2022; ")
    assert "0 mg/day from 2023" in stepped["text"]
    assert "January" not in stepped["text"]
    first, last = stepped["soft"]
    edges = (first[0], first[2], last[0], last[2])
    told = (day(2022), day(2022, 12, 31), day(2023), day(2023, 12, 31))
    assert all(abs(x - picture.x(d)) < 2 for x, d in zip(edges, told, strict=True))
    # Of no day is a dose sure but that it came to nothing in the end.
    assert all(box[2] - box[0] < 4 or box[3] - box[1] < 4 for box in stepped["sure"])
    begun = steroid(member, "peak 60 mg/day, 0 mg/day on")
    assert not begun["sure"]
    span = max(begun["spans"], key=lambda box: box[2] - box[0])
    assert abs(span[0] - picture.x(day(2020))) < 2
    assert abs(span[2] - picture.x(day(2020, 12, 31))) < 2


def test_a_day_counted_from_no_course_in_particular_is_within_all_of_them(
    person: Callable[..., Person], vague: dict[str, Any]
) -> None:
    member = person("member", width=1920)
    member.go(vague["path"])
    picture = Picture(member)
    (counted,) = [
        i for i in picture.items if "day 200 after ICI start, course not told" in i["text"]
    ]
    assert counted["placing"] == "range"
    assert float(counted["from"]) == day(2019) + 200
    assert float(counted["to"]) == day(2024, 5, 5) + 200
    (cycle,) = [i for i in picture.items if "after cycle 3, course not told" in i["text"]]
    assert cycle["placing"] == "undated"
    rows = member.page.locator(".tl__table tbody tr")
    expect(rows.filter(has_text="course not told")).to_have_count(2)

"""The picture of a history of 300 events in twelve years, measured in the browser that shows it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from launch.stack import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.e2e.person import Person

BARS = {"course", "treatment", "second_line"}
CHIPS = {"event", "response", "decision", "point"}

MEASURE = """() => {
  const box = (e) => { const r = e.getBoundingClientRect(); return [r.left, r.top, r.right, r.bottom]; };
  const all = (root, what) => [...root.querySelectorAll(what)];
  const plot = document.querySelector(".tl__plot");
  return {
    plot: box(plot),
    names: box(document.querySelector(".tl__names")),
    rules: [".tl__names", ".tl__plot"].map((part) =>
      all(document.querySelector(part), ".tl-rule").map((e) => e.getBoundingClientRect().top)),
    ticks: all(plot, "[data-day]").map((e) => ({ day: +e.dataset.day, box: box(e) })),
    items: all(plot, ".tl-item").map((e) => ({
      ...e.dataset, text: e.getAttribute("aria-label"),
      bars: all(e, ".tl-bar, .tl-fade").map(box),
      solid: all(e, ".tl-bar").map(box),
      signs: all(e, "rect.tl-chip, polygon.tl-decision, circle.tl-point").map(box),
      soft: all(e, ".tl-fade, .tl-span").length,
      framed: all(e, ".tl-undated").length,
      shapes: all(e, "rect, circle, line, polygon, polyline").map(box),
    })),
    labels: all(document.querySelector(".tl__sheet"), "text").map((e) => ({
      text: e.textContent, box: box(e), names: !!e.closest(".tl__names"),
    })),
    rows: all(document.querySelector(".tl__table"), "tbody tr").map(
      (row) => [...row.cells].map((cell) => cell.textContent.trim()).filter(Boolean)),
  };
}"""


def written(stack: Any, *which: str) -> dict[str, Any]:
    """Write a case with the history that is asked for; return where it is and what it holds."""
    command = ["-m", "tests.e2e.long_history", *which]
    if hasattr(stack, "run_python"):
        told = stack.run_python(*command)
    else:
        told = subprocess.check_output(
            [sys.executable, *command], cwd=ROOT, env=os.environ, text=True
        )
    found: dict[str, Any] = json.loads(told.strip().splitlines()[-1])
    return found


@pytest.fixture(scope="module")
def history(stack: Any) -> dict[str, Any]:
    """Where the case with the long history is, and how many things of each kind it holds."""
    found = written(stack)
    assert sum(found["counts"].values()) > 300
    return found


class Picture:
    """What was measured of the picture, with the axis's own scale."""

    def __init__(self, person: Person) -> None:
        self.found: dict[str, Any] = person.page.evaluate(MEASURE)
        self.items: list[dict[str, Any]] = self.found["items"]
        first, last = (self.found["ticks"][i] for i in (0, -1))
        self.start = self._middle(first["box"]), first["day"]
        self.per_day = (self._middle(last["box"]) - self.start[0]) / (last["day"] - first["day"])

    @staticmethod
    def _middle(box: list[float]) -> float:
        return (box[0] + box[2]) / 2

    def x(self, day: str | float) -> float:
        """Return where the axis has a day."""
        return self.start[0] + (float(day) - self.start[1]) * self.per_day

    def placed(self, kinds: set[str]) -> list[dict[str, Any]]:
        """Return the marks of some kinds that have a place on the axis."""
        return [i for i in self.items if i["kind"] in kinds and i["placing"] != "undated"]


def overlap(one: list[float], other: list[float], by: float = 1.0) -> bool:
    """Whether two boxes share more than a rim."""
    wide = min(one[2], other[2]) - max(one[0], other[0])
    high = min(one[3], other[3]) - max(one[1], other[1])
    return wide > by and high > by


def check_places(picture: Picture) -> None:
    """Hold edges of bars and middles of chips against the scale of the ticks."""
    edges = 0
    for item in picture.placed(BARS):
        for name, side, edge in (
            ("from", min, 0), ("to", max, 2),
        ):  # fmt: skip
            if name in item:
                found = side(b[edge] for b in item["bars"])
                assert abs(found - picture.x(item[name])) < 1, (item["text"], name)
                edges += 1
        if "sureFrom" in item and "sureTo" in item:
            assert abs(min(b[0] for b in item["solid"]) - picture.x(item["sureFrom"])) < 1
            assert abs(max(b[2] for b in item["solid"]) - picture.x(item["sureTo"])) < 1
    assert edges > 40
    chips = picture.placed(CHIPS)
    for item in chips:
        (sign,) = item["signs"]
        assert abs(Picture._middle(sign) - picture.x(item["sureFrom"])) < 1, item["text"]
    assert len(chips) > 250


def check_room(picture: Picture, *, rows_at_least: int = 9) -> None:
    """Nothing is clipped, and no label lies on another."""
    found = picture.found
    for item in picture.items:
        for shape in item["shapes"]:
            inside = (
                found["plot"][0] - 1 <= shape[0]
                and shape[2] <= found["plot"][2] + 1
                and found["plot"][1] - 1 <= shape[1]
                and shape[3] <= found["plot"][3] + 1
            )
            assert inside, item["text"]
    beside, rows = found["rules"]
    assert len(beside) == len(rows) >= rows_at_least
    assert all(abs(name - row) < 1 for name, row in zip(beside, rows, strict=True))
    labels = found["labels"]
    for label in labels:
        edge = found["names" if label["names"] else "plot"]
        box = label["box"]
        assert edge[0] - 1 <= box[0] and box[2] <= edge[2] + 1, label["text"]
        assert edge[1] - 1 <= box[1] and box[3] <= edge[3] + 1, label["text"]
    for i, one in enumerate(labels):
        for other in labels[i + 1 :]:
            same = one["names"] == other["names"]
            assert not (same and overlap(one["box"], other["box"])), (one["text"], other["text"])


def check_kinds(picture: Picture, counts: dict[str, int]) -> None:
    """Each thing is one mark; what is known in part, or has no date, looks and is told apart."""
    drawn = Counter(item["kind"] for item in picture.items)
    points = drawn.pop("point", 0)
    assert drawn == Counter(counts)
    assert len(picture.found["rows"]) == sum(counts.values()) + points
    texts = sorted(item["text"] for item in picture.items)
    assert texts == sorted(f"{row[0]}: {', '.join(row[1:])}" for row in picture.found["rows"])
    placings = Counter(item["placing"] for item in picture.items if item["kind"] == "event")
    assert placings["range"] >= 20
    assert placings["undated"] >= 5
    bottom = max(tick["box"][3] for tick in picture.found["ticks"])
    for item in picture.items:
        if item["kind"] in BARS | CHIPS:
            assert bool(item["soft"]) == (item["placing"] == "range"), item["text"]
        undated = item["placing"] == "undated" and item["kind"] != "proposed"
        assert bool(item["framed"]) == undated, item["text"]
        assert not undated or min(s[1] for s in item["shapes"]) >= bottom - 1, item["text"]
    cycle = next(item for item in picture.items if "after cycle 7" in item["text"])
    assert cycle["placing"] == "range"


@pytest.mark.parametrize("width", [1920, 390])
def test_picture_is_true_to_its_axis_and_nothing_lies_on_anything(
    person: Callable[..., Person], history: dict[str, Any], width: int
) -> None:
    member = person("member", width=width)
    member.go(history["path"])
    picture = Picture(member)
    check_places(picture)
    check_room(picture)
    check_kinds(picture, history["counts"])
    today = member.page.locator(".tl-today").bounding_box()
    assert today is not None and 0 < today["x"] < width
    sheet = member.page.locator(".tl").bounding_box()
    assert sheet is not None and sheet["x"] + sheet["width"] <= width
    member.check()


def test_each_mark_says_its_text_by_keyboard_and_under_the_pointer(
    person: Callable[..., Person], history: dict[str, Any]
) -> None:
    member = person("member", width=1280)
    member.go(history["path"])
    page = member.page
    texts = page.eval_on_selector_all(
        ".tl-item", "all => all.map(e => e.getAttribute('aria-label'))"
    )
    page.locator(".tl").focus()
    for text in texts:
        page.keyboard.press("Tab")
        said = page.evaluate(
            """() => {
              const tip = document.querySelector(".tl-tip"), box = tip.getBoundingClientRect();
              const frame = document.querySelector(".tl-frame").getBoundingClientRect();
              return [document.activeElement.getAttribute("aria-label"), tip.textContent, tip.hidden,
                      box.left >= frame.left - 1 && box.right <= frame.right + 1];
            }"""
        )
        assert said == [text, text, False, True]
    tip = page.locator(".tl-tip")
    page.keyboard.press("Escape")
    expect(tip).to_be_hidden()
    page.keyboard.press("Home")
    expect(tip).to_have_text(texts[0])
    page.keyboard.press("ArrowRight")
    expect(tip).to_have_text(texts[1])
    for n in range(0, len(texts), 30):
        page.locator(".tl-item").nth(n).locator("rect, polygon, circle").last.hover(force=True)
        expect(tip).to_have_text(texts[n])


def test_past_the_picture_there_is_a_way_to_its_table(
    person: Callable[..., Person], history: dict[str, Any]
) -> None:
    member = person("member", width=1280)
    member.go(history["path"])
    skip = member.page.get_by_role("link", name="Past the picture, to its table")
    skip.focus()
    expect(skip).to_be_in_viewport()
    member.page.keyboard.press("Enter")
    member.page.keyboard.press("Tab")
    expect(member.page.get_by_text("The history as a table")).to_be_focused()


def test_on_paper_the_whole_picture_stands_above_its_table(
    person: Callable[..., Person], history: dict[str, Any]
) -> None:
    member = person("member", width=794)  # A4 at 96 dots to the inch
    member.go(history["path"])
    member.page.emulate_media(media="print")
    picture = Picture(member)
    check_places(picture)
    check_room(picture)
    assert picture.found["plot"][0] >= 0 and picture.found["plot"][2] <= 794
    # Its letters can be read, and the names of its rows are close to it.
    left, right = (
        member.page.locator(f"{part} .tl-rule").first.bounding_box() for part in (".tl__names", ".tl__plot")
    )  # fmt: skip
    assert left is not None and right is not None
    assert abs(left["x"] + left["width"] - right["x"]) < 2
    assert right["width"] > 320
    expect(member.page.locator(".tl__table tbody tr").last).to_be_visible()
    expect(member.page.locator(".tl-tip")).to_be_hidden()

"""The case page on a phone and on paper: what is owed before the picture, and the picture where it is wanted."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.e2e.person import Person

# Of the picture's frame: where today stands in it, from 0 (left) to 1 (right).
WHERE_TODAY = """picture => {
    const plot = picture.querySelector(".tl__plot").getBoundingClientRect();
    const frame = picture.getBoundingClientRect();
    return (plot.left + plot.width * Number(picture.dataset.today) - frame.left) / frame.width;
}"""


def test_a_phone_shows_what_is_owed_first_and_the_picture_at_today(
    person: Callable[..., Person],
) -> None:
    member = person("member", width=390)
    page = member.page
    member.go("/cases/")
    links = page.get_by_role("rowheader").get_by_role("link").all()
    for href in [link.get_attribute("href") for link in links]:
        assert href
        member.go(href)
        if page.locator(".tl[data-today]").count() and page.locator(".app-owed").count():
            break
    owed, history = page.locator("#case-owed").bounding_box(), page.locator("#case-history")
    assert owed is not None
    box = history.bounding_box()
    assert box is not None
    assert owed["y"] + owed["height"] <= box["y"]
    sections = page.locator("#case-sections").bounding_box()
    assert sections is not None and sections["y"] > box["y"]
    picture = page.locator(".tl[data-today]").first
    assert 0.4 < picture.evaluate(WHERE_TODAY) < 0.95
    member.check()
    page.set_viewport_size({"width": 1280, "height": 900})
    owed, box = page.locator("#case-owed").bounding_box(), history.bounding_box()
    assert owed is not None and box is not None and box["y"] < owed["y"]


# A4 without its margins, in the pixels of a browser.
PAPER = {"width": 688, "height": 1016}


def test_on_paper_the_longest_picture_ends_on_the_page_of_the_question(
    person: Callable[..., Person],
) -> None:
    member = person("member")
    page = member.page
    page.emulate_media(media="print")
    page.set_viewport_size({**PAPER})
    member.go("/cases/")
    links = page.get_by_role("rowheader").get_by_role("link").all()
    lowest = 0.0
    for href in [link.get_attribute("href") for link in links][:20]:
        assert href
        member.go(href)
        picture = page.locator(".tl__plot")
        if picture.count():
            box = picture.bounding_box()
            assert box is not None
            lowest = max(lowest, box["y"] + box["height"])
    assert 0 < lowest <= PAPER["height"]

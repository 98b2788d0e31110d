"""Every page that a role can reach by its links: axe finds nothing, nothing overflows, nothing is called."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from django.urls import Resolver404, URLResolver, get_resolver, resolve

from tests.e2e import axe
from tests.e2e.people import ROLES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.e2e.person import Person

WIDTHS = (390, 1280, 1920)
# How many pages of one view a role looks at: the first ones that it finds linked.
EACH_VIEW = 1
# A check that is open, done or missed offers other steps.
MORE = {"followup:check": 4}
# Answers to GET that are no page to walk to.
NO_PAGE = {
    "boards:index": "leads to the members of the first board",
    "meetings:letter": "a file",
    "meetings:calendar": "a file",
    "cases:report_file": "a file",
    "cases:bulk_template": "a file",
    "cases:bulk_file": "a file",
    "cases:bulk_apply": "leads to its job when it is opened",
    "meetings:owed": "linked where more is owed than the start page shows: test_home opens it",
    "meetings:live_state": "what a poll brings",
    "cases:give": "where what is ticked is given without a script: test_giving opens it",
    "cases:comment": "linked from what one attached: test_attaching opens it",
    "cases:attach": "linked from guidance that is not attached: test_attaching opens it",
    "cases:attach_finding": "linked from a figure that is not attached: test_attaching opens it",
    "meetings:review": "linked while guidance of a signed decision changed: test_attaching opens it",
    "cases:draft_typed": "linked where a form is open twice, or gone: test_two_windows opens it",
    "cases:merge_with": "linked where two records are alike: test_merging opens it",
    "cases:merged": "linked where two records were merged: test_merging opens it",
    "cases:search": "leads to the list; what is typed is posted",
    "cases:section_shown": "a fragment that Cancel brings back",
    "cases:compare": "two versions are chosen in a form; no link leads there",
    "followup:resume": "linked while doses are held: test_lost_sessions opens it",
    "followup:correct": "linked where a normal result stands: test_corrections opens it",
    "followup:planned_first": "linked until the first dose: test_main_line opens it",
    "followup:take_back_first": "linked while the first dose stands alone: test_followup_taking_back sends it",
}
APPS = ("cases:", "meetings:", "followup:", "evidence:", "boards:", "home")
# Pages of the sign-in library that everybody is led to.
OF_THE_LIBRARY = {"mfa_index", "account_change_password"}
# What is taken along on paper: as wide as A4 between its margins.
ON_PAPER = {"meetings:agenda", "meetings:decision", "followup:plan", "cases:detail"}
PAPER = 688
# What is to be pressed or filled in is of no use there.
TO_PRESS = """() => [...document.querySelectorAll("main :is(button, input, select, textarea)")].filter(
  e => e.checkVisibility()).map(e => `${e.tagName} ${e.name} ${e.textContent.trim().slice(0, 40)}`)"""
reached: set[str] = set()
narrow: set[str] = set()
NOT_PAGES = re.compile(
    r"^/(static|admin|health|metrics)/|/letter$|/calendar$|/bulk/template/|/file$|logout"
)
OVERFLOW = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
# What cannot be scrolled on paper is cut off there.
CUT = """() => [...document.querySelectorAll("main *")].filter(e => e.clientWidth > 1
  && getComputedStyle(e).overflowX !== "visible" && e.scrollWidth > e.clientWidth + 1
).map(e => `${e.tagName} ${e.className.baseVal ?? e.className}`)"""


def view_of(path: str) -> str:
    """Return the name of the view behind a path; "" where there is none of ours."""
    try:
        return resolve(path).view_name
    except Resolver404:
        return ""


def links_of(person: Person) -> list[str]:
    """Return the paths within the site that the page links to."""
    hrefs = person.page.eval_on_selector_all("a[href]", "as => as.map(a => a.href)")
    found = []
    for href in hrefs:
        parts = urlsplit(href)
        if href.startswith(person.site) and not NOT_PAGES.search(parts.path):
            found.append(parts.path + (f"?{parts.query}" if parts.query else ""))
    return found


def walk(person: Person) -> tuple[dict[str, list[str]], list[str]]:
    """Follow links from the start page; return the paths seen by view, and every fault."""
    seen: dict[str, list[str]] = defaultdict(list)
    faults: list[str] = []
    waiting, known = ["/"], {"/"}
    while waiting:
        path = waiting.pop(0)
        view = view_of(urlsplit(path).path)
        if not view or len(seen[view]) >= MORE.get(view, EACH_VIEW):
            continue
        seen[view].append(path)
        answer = person.visit(path)
        if answer is None or answer.status != 200:
            faults.append(f"{path} ({view}): {answer.status if answer else 'no answer'}")
            continue
        faults += [f"{path} ({view}): {line}" for line in looked_at(person, view)]
        for link in links_of(person):
            if link not in known:
                known.add(link)
                waiting.append(link)
    faults += [f"script: {fault}" for fault in person.faults]
    faults += [f"outside: {url}" for url in person.outside]
    return seen, faults


def looked_at(person: Person, view: str) -> list[str]:
    """Return the faults of the page as it stands, at every width and, where it is taken along, on paper.

    axe looks at it as a phone shows it too, the first time that anybody reaches the view.
    """
    page = person.page
    faults = axe.findings(page)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        if (over := page.evaluate(OVERFLOW)) > 0:
            faults.append(f"{over} px too wide at {width}")
        if width == WIDTHS[0] and view not in narrow:
            narrow.add(view)
            faults += [f"at {width}: {line}" for line in axe.findings(page)]
    if view in ON_PAPER:
        page.set_viewport_size({"width": PAPER, "height": 900})
        page.emulate_media(media="print")
        faults += [f"on paper: {what} is cut off" for what in page.evaluate(CUT)]
        faults += [f"on paper: {what} stands there" for what in page.evaluate(TO_PRESS)]
        if (over := page.evaluate(OVERFLOW)) > 0:
            faults.append(f"{over} px too wide on paper")
        page.emulate_media(media="screen")
    page.set_viewport_size({"width": 1280, "height": 900})
    return faults


def ask_for_export(coordinator: Person) -> None:
    """Ask for a spreadsheet of the board: from then on the page of what came of it is linked."""
    coordinator.go("/cases/bulk/")
    coordinator.page.get_by_role("button", name="Export").click()
    coordinator.page.wait_for_url(re.compile(r"/cases/bulk/[0-9a-f-]{36}/$"))


@pytest.mark.parametrize("role", ROLES)
def test_every_linked_page_is_sound(person: Callable[..., Person], role: str) -> None:
    someone = person(role)
    if role == "coordinator":
        ask_for_export(someone)
    seen, faults = walk(someone)
    reached.update(seen)
    print(role, {view: len(paths) for view, paths in seen.items()})  # noqa: T201
    assert not faults, "\n" + "\n".join(faults)
    assert len(seen) >= 3


def pages_of_the_site(someone: Person) -> set[str]:
    """Return the names of the views that answer GET; the others refuse it before asking who calls."""
    found = set()
    for name, path in addresses():
        answer = someone.context.request.get(f"{someone.site}{path}", max_redirects=0)
        if answer.status != 405:
            found.add(name)
    return found


def addresses() -> list[tuple[str, str]]:
    """Return name and address of every view of the product's own applications, with made-up ids."""
    made_up = {"uuid": str(uuid4()), "slug": "question", "str": "referral"}
    found = []
    for name, route in _routes(get_resolver().url_patterns, "", ""):
        if name.startswith(APPS):
            filled = re.sub(r"<(\w+):\w+>", lambda m: made_up[m[1]], route)
            found.append((name, f"/{filled}"))
    return found


def _routes(patterns: list[Any], spaces: str, before: str) -> Iterator[tuple[str, str]]:
    for pattern in patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            inner = f"{spaces}{pattern.namespace}:" if pattern.namespace else spaces
            yield from _routes(pattern.url_patterns, inner, route)
        elif pattern.name:
            yield spaces + pattern.name, route


def test_every_page_was_reached_by_somebody(person: Callable[..., Person]) -> None:
    """Runs after the walks: a page that no role is led to is a page that nobody finds."""
    assert reached, "Run the whole module: this counts what its walks have reached."
    pages = pages_of_the_site(person(sign_in=False)) | OF_THE_LIBRARY
    missed = pages - reached - set(NO_PAGE)
    assert not missed


def test_pages_before_signing_in_are_sound(person: Callable[..., Person]) -> None:
    someone = person(sign_in=False)
    for path, status in (
        ("/accounts/login/", 200),
        ("/accounts/password/reset/", 200),
        ("/no-such-page", 404),
    ):
        for width in (390, 1280):
            someone.page.set_viewport_size({"width": width, "height": 900})
            someone.go(path, status=status)
            someone.check()
            assert someone.page.evaluate(OVERFLOW) <= 0, f"{path} at {width}"

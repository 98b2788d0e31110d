"""Every page that a role can reach by its links: axe finds nothing, nothing overflows, nothing is called."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
from django.urls import Resolver404, get_resolver, resolve

from tests.e2e import axe
from tests.e2e.people import ROLES

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.e2e.person import Person

WIDTHS = (390, 1280, 1920)
# How many pages of one view a role looks at: the first ones that it finds linked.
EACH_VIEW = 2
NOT_PAGES = re.compile(r"^/(static|admin|health|metrics)/|/letter$|/calendar$|logout")
OVERFLOW = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"


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
        if not view or len(seen[view]) >= EACH_VIEW:
            continue
        seen[view].append(path)
        answer = person.go(path)
        if answer is None or answer.status != 200:
            faults.append(f"{path} ({view}): {answer.status if answer else 'no answer'}")
            continue
        faults += [f"{path} ({view}): {line}" for line in axe.findings(person.page)]
        for width in WIDTHS:
            person.page.set_viewport_size({"width": width, "height": 900})
            over = person.page.evaluate(OVERFLOW)
            if over > 0:
                faults.append(f"{path} ({view}): {over} px too wide at {width}")
        for link in links_of(person):
            if link not in known:
                known.add(link)
                waiting.append(link)
    faults += [f"script: {fault}" for fault in person.faults]
    faults += [f"outside: {url}" for url in person.outside]
    return seen, faults


@pytest.mark.parametrize("role", ROLES)
def test_every_linked_page_is_sound(person: Callable[..., Person], role: str) -> None:
    seen, faults = walk(person(role))
    print(role, {view: len(paths) for view, paths in seen.items()})  # noqa: T201
    assert not faults, "\n" + "\n".join(faults)
    assert len(seen) >= 3


def test_pages_before_signing_in_are_sound(person: Callable[..., Person]) -> None:
    someone = person(sign_in=False)
    for path in ("/accounts/login/", "/accounts/password/reset/", "/no-such-page"):
        someone.go(path)
        someone.check()

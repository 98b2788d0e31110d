"""Makes the documentation's pictures from the demonstration, and looks at them for faults on the way."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.e2e.person import Person

# Picture: role, address or the link that leads there, width.
WIDE = 1920
PHONE = 390


def open_patient(person: Person, family: str) -> None:
    """Find a patient by the header's search and open the case."""
    person.go("/cases/")
    toggle = person.page.get_by_role("button", name="Search", expanded=False)
    if toggle.count() and toggle.first.is_visible():
        toggle.first.click()
    search = person.page.get_by_role("searchbox").first
    search.fill(family)
    search.press("Enter")
    person.page.wait_for_url("**/cases/?s=*")  # the list before it may name the patient as well
    person.page.get_by_role("link", name=re.compile(family, re.I)).first.click()
    person.page.wait_for_url(re.compile(r"/cases/[0-9a-f-]{36}/$"))


@pytest.mark.parametrize(
    ("picture", "role", "path"),
    [
        ("home", "member", "/"),
        ("triage", "coordinator", "/meetings/triage"),
        ("meetings", "coordinator", "/meetings/"),
        ("worklist", "nurse", "/monitoring/"),
        ("evidence", "member", "/evidence/"),
    ],
)
def test_picture_of_a_page(
    person: Callable[..., Person], picture: str, role: str, path: str
) -> None:
    someone = person(role, width=WIDE)
    someone.go(path)
    someone.check()
    someone.picture(picture)


@pytest.mark.parametrize("width", [WIDE, PHONE])
def test_picture_of_a_published_case(person: Callable[..., Person], width: int) -> None:
    member = person("member", width=width)
    open_patient(member, "Marlow")
    assert "Zhou Z, Wang H" in member.page.content()
    member.check()
    member.picture("case" if width == WIDE else "case-phone")


def test_picture_of_the_meeting_under_way(person: Callable[..., Person]) -> None:
    chair = person("chair", width=WIDE)
    chair.go("/meetings/")
    row = chair.page.get_by_role("row").filter(has_text="Running").first
    row.get_by_role("link").first.click()
    chair.check()
    chair.picture("agenda")
    chair.page.get_by_role("link", name="Go to the discussion").click()
    chair.page.wait_for_url("**/live")
    chair.check()
    chair.picture("discussion")


def test_picture_of_a_plan_under_way(person: Callable[..., Person]) -> None:
    nurse = person("nurse", width=WIDE)
    nurse.go("/monitoring/?show=overdue")
    nurse.page.get_by_role("rowheader").get_by_role("link").first.click()
    nurse.page.wait_for_url("**/monitoring/plans/**")
    nurse.check()
    nurse.picture("plan")


def test_picture_of_a_statement(person: Callable[..., Person]) -> None:
    member = person("member", width=WIDE)
    member.go("/evidence/")
    member.page.locator("main").get_by_role("link", name=re.compile("irAE")).first.click()
    member.page.wait_for_url(re.compile(r"/evidence/[0-9a-f-]{36}/"))
    member.check()
    member.picture("statement")

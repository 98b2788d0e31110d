"""A referral filled in from its first field to its last, and what is still owed then; an event outside the list."""

from __future__ import annotations

import re
from datetime import date
from random import choice, randint
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest
from playwright.sync_api import expect

from tests.e2e.pages import CasePage, Referral, choose

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    from tests.e2e.person import Person

# What a dossier asks of a pneumonitis, and the steroid that was given for it: each has a form of its own.
LEFT = 3
BACKGROUND = {
    "Autoimmune disease that is no irAE": "no",
    "Interstitial lung disease": "no",
    "Hepatitis B": "never",
    "Hepatitis C": "never",
    "Transplant": "none",
    "Liver metastases now": "no",
    "Brain metastases now": "no",
    "Driver alterations": "negative",
    "Second-line immunosuppressant now": "none",
}
OTHER = "Other autoimmune event (other)"


def someone(form: Referral) -> None:
    """Type a patient whom nobody is like."""
    family, given = (
        "".join(choice(letters) for letters in ("bdfgklmprstvz", "aeiou") * 4).title() for _ in "12"
    )
    born = date(randint(1940, 1975), randint(1, 12), randint(1, 28))
    form.patient(family, given, f"E2E-{uuid4().hex[:8].upper()}", born, "Female")


def event(page: Page, label: str) -> None:
    """Choose the reason of the stop and its event."""
    choose(page, re.compile("^Why did"), "Immune-related adverse event")
    page.get_by_label("Event", exact=True).select_option(label=label)


def test_a_referral_filled_in_full_leaves_the_dossier_alone(person: Callable[..., Person]) -> None:
    member = person("member")
    page, form = member.page, Referral(member).open()
    today = f"{date.today():%-d %B %Y}"
    someone(form)
    choose(page, re.compile("^Why did"), "Immune-related adverse event")
    page.get_by_label("There was no other reason").check()
    choose(page, "Has the cancer progressed?", "No progression")
    form.event("Pneumonitis (lung)", version="CTCAE 5.0", worst="2", now="0", onset="March 2025")
    page.get_by_label("Grade at onset").select_option("1")
    page.get_by_label("In the report's words").fill("moderate")
    page.get_by_label("I asked about all organs").check()
    form.first_ici("pembrolizumab", start="10 April 2024", stop="29 January 2025", response="PR")
    page.get_by_label("Cycles").fill("14")
    choose(page, re.compile("^What is proposed"), "Same agent")
    page.get_by_label("Drug proposed").select_option("pembrolizumab")
    page.get_by_label("Prophylaxis").select_option("none")
    page.get_by_label("The disease today, off the ICI").select_option("controlled")
    page.get_by_role("textbox", name="What do you ask the board?").fill("May it be given again?")
    page.get_by_label("Histology").select_option("adenocarcinoma")
    page.get_by_label("Stage now").select_option("IV")
    ecog = form.fact("ecog", "Known")
    ecog.get_by_label("Value").select_option("1")
    ecog.get_by_label("On", exact=True).fill(today)
    form.fact("pdl1", "Known").get_by_label("Value").fill("60")
    form.fact("steroid", "Known").get_by_label("Value").fill("0")
    for label, answer in BACKGROUND.items():
        page.get_by_label(label, exact=True).select_option(answer)
    member.check()
    form.send()
    page.wait_for_url(re.compile(r"/cases/[0-9a-f-]{36}/$"))
    said = page.get_by_text(re.compile(r"^\d+ of \d+ facts$")).first.inner_text()
    settled, total = map(int, re.findall(r"\d+", said))
    assert total - settled == LEFT, said


@pytest.mark.parametrize("width", [390, 1280])
def test_an_event_outside_the_list_is_named_with_its_organ_as_it_is_chosen(
    person: Callable[..., Person], width: int
) -> None:
    member = person("member", width=width)
    page = member.page
    member.go("/cases/refer")
    form = Referral(member)
    name, organ = page.get_by_label("Which event"), page.get_by_label("Which organ")
    event(page, "Colitis (bowel)")
    expect(name).to_be_hidden()
    event(page, OTHER)
    expect(name).to_be_visible()
    expect(organ).to_be_visible()
    someone(form)
    name.fill("Aseptic meningitis")
    choose(page, re.compile("^What is proposed"), "Same agent")
    page.get_by_role("textbox", name="What do you ask the board?").fill("May it be given again?")
    form.send()
    expect(page.get_by_text("Which organ: choose the one it affected").first).to_be_visible()
    expect(name).to_have_value("Aseptic meningitis")
    organ.select_option("brain")
    form.send()
    page.wait_for_url(re.compile(r"/cases/[0-9a-f-]{36}/$"))
    expect(CasePage(member).section("iraes")).to_contain_text("brain and spinal cord")


def test_its_fields_appear_without_scripts_too(person: Callable[..., Person]) -> None:
    member = person("member", java_script_enabled=False)
    member.go("/cases/refer")
    event(member.page, OTHER)
    expect(member.page.get_by_label("Which event")).to_be_visible()
    expect(member.page.get_by_label("Which organ")).to_be_visible()
    event(member.page, "Colitis (bowel)")
    expect(member.page.get_by_label("Which event")).to_be_hidden()

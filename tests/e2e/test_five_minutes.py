"""A complete case within five minutes, by the keystroke-level model: nothing is told twice, and nothing stays open.

The report of each run is printed (`-s` shows it). The bound is the product's promise and holds the actions together
with what each costs: how long this machine lets one wait is printed, and no bound.
"""

from __future__ import annotations

import re
import sys
from datetime import date, timedelta
from random import choice, randint
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.e2e.counted import Hand

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Locator

    from tests.e2e.person import Person

PROMISED = 300.0


def group(hand: Hand, name: str, option: str) -> Locator:
    """Return a radio button or box by its group and the beginning of its words."""
    found = hand.page.get_by_role("group", name=re.compile(f"^{re.escape(name)}"))
    return found.get_by_label(re.compile(f"^{re.escape(option)}")).first


def label(hand: Hand, words: str) -> Locator:
    return hand.page.locator("#refer-form").get_by_label(words, exact=True).first


def patient(hand: Hand) -> None:
    family, given = (
        "".join(choice(letters) for letters in ("bdfgklmprstvz", "aeiou") * 4).title() for _ in "12"
    )
    hand.type("number", label(hand, "Hospital number"), f"E2E{randint(10**6, 10**7)}")
    hand.type("family name", label(hand, "Family name"), family)
    hand.type("first name", label(hand, "First name"), given)
    hand.type(
        "birth",
        label(hand, "Date of birth"),
        f"{date(randint(1940, 1975), randint(1, 12), randint(1, 28)):%-d %b %Y}",
    )
    hand.choose("sex", label(hand, "Sex"), "female")


def fact(hand: Hand, name: str) -> Locator:
    return hand.page.locator(f"[data-fact={name}]")


def background(hand: Hand) -> None:
    for name, value in (
        ("Autoimmune disease that is no irAE", "no"), ("Interstitial lung disease", "no"),
        ("Hepatitis B", "never"), ("Hepatitis C", "never"), ("Transplant", "none"),
        ("Liver metastases now", "no"), ("Brain metastases now", "no"),
        ("Driver alterations", "negative"), ("Second-line immunosuppressant now", "none"),
    ):  # fmt: skip
        hand.choose(name, label(hand, name), value)


def first_facts(hand: Hand, steroid: str) -> None:
    hand.choose("histology", label(hand, "Histology"), "adenocarcinoma")
    hand.choose("stage", label(hand, "Stage now"), "IV")
    hand.choose("ecog", fact(hand, "ecog").get_by_label("Value"), "1")
    today = date.today()
    hand.type("ecog day", fact(hand, "ecog").get_by_label("On", exact=True), f"{today:%-d %b %Y}")
    hand.type("pdl1", fact(hand, "pdl1").get_by_label("Value"), "60")
    hand.type("steroid", fact(hand, "steroid").get_by_label("Value"), steroid)


def send(hand: Hand) -> None:
    refused = hand.page.locator("[role=alert]")
    button = hand.page.get_by_role("button", name="Refer case")
    hand.press(button, hand.page.locator("#case-bar").or_(refused))
    assert not refused.count(), refused.inner_text()


def give_the_rest(hand: Hand) -> None:
    """Give whatever nobody was asked for yet."""
    owed = hand.page.locator("#case-owed")
    free = owed.locator("li.app-owed").filter(has_text="no owner")
    if not free.count():
        return
    everything = owed.get_by_label("Give all that nobody has been asked for to someone")
    hand.mark("given", everything.or_(free.first.get_by_label(re.compile("Give to someone"))).first)
    me = hand.page.locator("#give-choices").get_by_role("button", name=re.compile("Me ")).first
    me.wait_for()
    hand.press(me, owed.locator(".app-saved"))


def plain(hand: Hand) -> None:
    patient(hand)
    hand.mark("why", group(hand, "Why did", "Progression"))
    hand.mark("other reasons", label(hand, "There was no other reason"))
    hand.mark("progression", group(hand, "Has the cancer progressed?", "On treatment"))
    hand.mark("any irAE", group(hand, "Any earlier irAE?", "Asked about all organs"))
    course(hand, "nivolumab")
    progression(hand)
    proposal(hand, "treat_now")
    hand.type(
        "question", label(hand, "What do you ask the board?"), "Nivolumab again after chemotherapy?"
    )
    first_facts(hand, "0")
    background(hand)
    rest(hand)
    send(hand)
    give_the_rest(hand)


def course(hand: Hand, drug: str) -> None:
    hand.choose("drug", label(hand, "ICI that was stopped"), drug)
    hand.type("first dose", label(hand, "First dose"), "10 Apr 2024")
    hand.type("last dose", label(hand, "Last dose"), "29 Jan 2025")
    hand.type("cycles", label(hand, "Cycles"), "14")
    hand.choose("best response", label(hand, "Best response"), "PR")
    hand.choose("setting", label(hand, "Setting"), "palliative")


def progression(hand: Hand) -> None:
    form = hand.page.locator("#refer-form")
    hand.type("progressed", form.get_by_label("Progressed on", exact=True), "20 Jan 2025")
    hand.type("new lesions", form.get_by_label("New lesions", exact=True), "2")
    hand.type("old lesions", form.get_by_label("Old lesions that grow", exact=True), "0")
    hand.choose("primary", form.get_by_label("The primary then", exact=True), "stable")


def proposal(hand: Hand, disease: str) -> None:
    hand.mark("proposed", group(hand, "What is proposed?", "Same agent"))
    hand.choose("prophylaxis", label(hand, "Prophylaxis"), "none")
    hand.choose("disease", label(hand, "The disease today, off the ICI"), disease)


def rest(hand: Hand) -> None:
    owner = label(hand, "Who finds out what is “not yet”")
    me = owner.locator("option", has_text=hand.person.account.name).get_attribute("value")
    hand.choose("who", owner, me or "")
    hand.mark("all", label(hand, "And all else this question needs"))


def opened(hand: Hand, section: str, link: str | Locator) -> Locator:
    """Open a form in its section of the case, and its folds; return the form."""
    place = hand.page.locator(f"#section-{section}")
    if isinstance(link, str):
        link = (
            place.locator(".app-section__edit a")
            if not link
            else place.get_by_role("link", name=re.compile(f"^{link}")).first
        )
    if not link.is_visible():
        hand.press(place.locator(".app-section__summary"))
    form = place.locator(f"#form-{section}")
    hand.press(link, form)
    return form


def saved(hand: Hand, section: str, form: Locator) -> None:
    place = hand.page.locator(f"#section-{section}")
    told = form.locator("[role=alert]")
    hand.press(
        form.get_by_role("button", name="Save", exact=True), place.locator(".app-saved").or_(told)
    )
    assert not told.count(), told.inner_text()


def loaded(hand: Hand) -> None:
    page = hand.page
    patient(hand)
    hand.mark("why", group(hand, "Why did", "Immune-related"))
    hand.mark("other reasons", label(hand, "There was no other reason"))
    hand.mark("progression", group(hand, "Has the cancer progressed?", "No progression"))
    hand.choose("event", label(hand, "Event"), "pneumonitis", "**/cases/refer")
    hand.type("onset", label(hand, "Onset"), "20 Feb 2025")
    hand.choose("version", label(hand, "CTCAE version"), "5.0")
    for name, grade in (("Worst grade", "2"), ("Grade now", "0")):
        hand.choose(name, label(hand, name), grade)
    hand.mark("organs", label(hand, "I asked about all organs: no irAE beyond this"))
    course(hand, "pembrolizumab")
    proposal(hand, "controlled")
    hand.type(
        "question", label(hand, "What do you ask the board?"), "May pembrolizumab be given again?"
    )
    first_facts(hand, "5")
    steroid = fact(hand, "steroid")
    hand.choose("steroid drug", steroid.get_by_label("Of", exact=True), "prednisolone")
    hand.mark(
        "steroid only",
        steroid.get_by_label("No other steroid is given, and no other was for an irAE"),
    )
    hand.type("steroid peak", steroid.get_by_label("Peak", exact=True), "70")
    hand.choose("steroid for", steroid.get_by_label("Given for", exact=True), "irae")
    background(hand)
    rest(hand)
    send(hand)
    form = opened(hand, "courses", "")
    drug = form.get_by_label("Drug", exact=True)
    hand.choose("drug before", drug, "durvalumab", "**/courses/add*")
    hand.type("first dose before", form.get_by_label("First dose", exact=True), "14 Mar 2022")
    hand.type("last dose before", form.get_by_label("Last dose", exact=True), "21 Feb 2023")
    hand.choose("response before", form.get_by_label("Best response", exact=True), "SD")
    hand.choose(
        "reason before", form.get_by_label("Main reason for stopping", exact=True), "completed"
    )
    saved(hand, "courses", form)
    under = page.locator("#section-iraes tr.app-row-under").first
    form = opened(hand, "iraes", under.get_by_role("link", name=re.compile("^Dossier ")))
    hand.choose("ct", form.get_by_label("CT pattern", exact=True), "Organising pneumonia")
    hand.type("spo2", form.get_by_label("Lowest SpO2 on room air", exact=True), "91")
    hand.type("dlco", form.get_by_label("DLCO, of predicted", exact=True), "74")
    hand.type(
        "dlco day",
        form.get_by_label("DLCO, of predicted, found on", exact=True),
        f"{date.today() - timedelta(days=3):%-d %b %Y}",
    )
    saved(hand, "iraes", form)
    form = opened(hand, "labs", "")
    hand.type(
        "labs day",
        form.get_by_label("Day of the sample"),
        f"{date.today() - timedelta(days=1):%-d %b %Y}",
    )
    for name, value in LABS.items():
        hand.type(name, form.get_by_role("group", name=name).get_by_role("textbox").first, value)
    saved(hand, "labs", form)
    give_the_rest(hand)


LABS = {
    "Leukocytes": "7.1",
    "Neutrophils": "4.6",
    "Lymphocytes": "1.4",
    "Platelets": "243",
    "LDH": "212",
    "ALT": "24",
}


CASES: dict[str, Callable[[Hand], None]] = {"plain": plain, "loaded": loaded}


@pytest.mark.parametrize("width", [1920, 390])
@pytest.mark.parametrize("case", CASES)
def test_a_complete_case_takes_five_minutes(
    person: Callable[..., Person], case: str, width: int
) -> None:
    hand = Hand(person("member", width=width), width)
    hand.open("/cases/refer")
    CASES[case](hand)
    counts = hand.counts
    sys.stdout.write(f"\n{case} at {width}: {counts.lines()}\n")
    owed = hand.page.locator("#case-owed")
    # Each fact is there and current, said to be unknown, or with somebody by a day.
    for words in ("no owner", "stale", "may be stale", "day not known", "no date"):
        expect(owed.get_by_text(words, exact=True)).to_have_count(0)
    assert not counts.twice
    assert counts.pages == 2, "the referral, and the case that comes of it"
    assert counts.promised <= PROMISED
    hand.person.check()

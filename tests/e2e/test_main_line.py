"""The whole main job with one published case: referred, listed, decided, watched, back on the triage list."""

from __future__ import annotations

import io
import json
import re
from collections import Counter
from datetime import date, timedelta
from random import choice
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from playwright.sync_api import expect
from pypdf import PdfReader

from demo import published
from launch.stack import ROOT
from tests.e2e.pages import (
    CasePage,
    Meetings,
    Monitoring,
    Recording,
    Referral,
    choose,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Locator

    from tests.e2e.person import Person
    from tests.e2e.story import Story

CASE = "nakajima-2019-1"
# New at every run, so that the lookup finds nobody alike where the demonstration runs on.
NAME = (f"Wolver{''.join(choice('aeiourstlnmd') for _ in range(6))}", "Ivo")
CONDITION = "Prednisone-equivalent at most 10 mg/day before the first dose"
RATIONALE = "Response to the first course; the colitis is nearly over and can be watched closely."
WISH = "Wishes it, if the watch is close."
DISSENT = "Would rather wait until the stools are as before."
# It cannot be judged for this case: the record offers it only because a member attached it.
STATEMENT = "S70"


def test_published_case_from_referral_to_the_triage_list(
    person: Callable[..., Person], mails: Callable[[], list[dict[str, Any]]], story: Story
) -> None:
    facts = next(row for row in published.rows() if row["key"] == CASE)
    today = date.today()
    referrer = person("member")

    with story.when("the referring clinician refers the case", referrer):
        number = f"E2E-{uuid4().hex[:8].upper()}"
        form = refer(referrer, facts, number, today)
        referrer.check()
        referrer.picture("tour-1-refer", at=referrer.page.locator("h1"))
        form.send()
        referrer.page.wait_for_url(re.compile(r"/cases/[0-9a-f-]{36}/$"))
    with story.then("its page shows question, event and what is owed", referrer):
        case = CasePage(referrer)
        reference, case_path = case.reference, case.path
        expect(referrer.page.get_by_text(facts["question"]["question"]).first).to_be_visible()
        expect(case.section("iraes")).to_contain_text("Colitis")
        expect(
            referrer.page.get_by_role("heading", name=re.compile("Guidance")).first
        ).to_be_visible()
        referrer.picture("tour-2-case")

    title = title_of(STATEMENT)
    with story.when("a member attaches a statement of the guidance", referrer):
        version = case.attach(title)

    coordinator, member = person("coordinator"), referrer
    meetings = Meetings(coordinator)
    with story.when("the coordinator makes a meeting and lists the case", coordinator):
        meeting_path = meetings.plan(today, "23:30", "Room 4 and by video")
        meetings.add(reference, 6)
    with story.when("the coordinator says who comes", coordinator):
        meetings.comes(member.account.name, "in the room")
        coordinator.picture("tour-3-agenda", at=coordinator.page.locator("h1"))

    chair = person("chair")
    with story.given("a member waits on the page of the discussion", member):
        member.go(f"{meeting_path}live")
        expect(member.page.get_by_text("The meeting has not started")).to_be_visible()
    with story.when("the chair starts the meeting", chair):
        chair.go(meeting_path)
        Meetings(chair).start()
        expect(chair.page.get_by_text(reference).first).to_be_visible()
    with story.then("the member's page follows without being touched", member):
        expect(member.page.get_by_text(NAME[0].upper()).first).to_be_visible(timeout=15_000)

    recording = Recording(chair)
    with story.when("the chair records a decision with a condition", chair):
        recording.rely(title)
        recording.draft("Same agent", "nivolumab", RATIONALE, interval=14)
        recording.condition(
            CONDITION, fact="steroid dose now", figure="10", expires=today + timedelta(days=42)
        )
    wish = chair.page.locator("#decision-form").get_by_label("What the patient wants")
    with story.given("the chair goes on typing", chair):
        wish.fill(WISH)
    with story.then("the member reads it at once and notes a dissent", member):
        expect(member.page.get_by_text(CONDITION).first).to_be_visible(timeout=15_000)
        Recording(member).dissent(DISSENT)
    with story.then("the chair sees the dissent without a reload, and what was typed stays", chair):
        expect(chair.page.get_by_text(DISSENT).first).to_be_visible(timeout=15_000)
        expect(wish).to_have_value(WISH)
    with story.then("it is saved, as a dissent is no reason to refuse it", chair):
        recording.save()
        expect(chair.page.get_by_role("alert")).to_have_count(0)
        expect(wish).to_have_value(WISH)
        chair.picture("tour-4-discussion", at=chair.page.locator("h1").first)

    with story.when("the chair reads it whole and signs", chair):
        chair.page.get_by_role("link", name=re.compile("^Read and sign")).click()
        for text in (CONDITION, DISSENT, RATIONALE, "a dose every 14 days (every 2 weeks)"):
            expect(chair.page.get_by_text(text).first).to_be_visible()
        relied_on = chair.page.get_by_role("listitem").filter(has_text=title)
        expect(relied_on).to_have_text(re.compile(rf"^\s*{STATEMENT} .*{version}\s*$", re.S))
        seat = chair.page.locator(".app-seats li").filter(has_text=member.account.name)
        expect(seat).to_contain_text("present")
        chair.check()
        chair.picture("tour-5-sign")
        chair.page.get_by_role("button", name="Sign as chair").click()
        chair.page.wait_for_url(re.compile(r"/meetings/decisions/[0-9a-f-]{36}/$"))
        expect(
            chair.page.get_by_text(re.compile(f"signed by {chair.account.name}"))
        ).to_be_visible()
    with story.then("the letter is a PDF that says what was decided", chair):
        text = letter(chair)
        for words in (
            reference,
            "nivolumab",
            "every 14 days",
            CONDITION[:30],
            DISSENT[:30],
            f"{STATEMENT} {title}",
            version,
            chair.account.name,
            f"present, {member.account.name}",
        ):
            assert words in text, words

    nurse = person("nurse")
    watch = Monitoring(nurse)
    with story.given("a first dose that is planned for today", nurse):
        plan_path = watch.plan_of(reference)
        watch.plan_first(today)
    sent_before = {mail["message_id"] for mail in mails()}
    with story.when("the nurse enters the first dose, given today", nurse):
        watch.first_dose(today, interval=14)
        nurse.picture("tour-6-plan")
    with story.then("a check dated by the dose falls due, and its mail names no patient"):
        mail = wait_for_mail(nurse, mails, reference, "first dose", sent_before)
        assert_names_nobody(mail, number)
    with story.then("the nurse finds a notice of it in the application", nurse):
        nurse.go("/monitoring/notices/")
        expect(notices_of(nurse, reference).first).to_be_visible()
        assert check_of(mail) in {check for _kind, check in notices_by_check(nurse, reference)}

    with story.when("the nurse records an abnormal result", nurse):
        nurse.go(plan_path)
        nurse.picture("tour-7-plan-dated", at=nurse.page.locator("#picture"))
        check = nurse.page.locator("#due").get_by_role("link", name=re.compile("stool", re.I)).first
        check.click()
        record_abnormal(nurse)
    with story.then("the case is on the coordinator's triage list as returned", coordinator):
        coordinator.go("/meetings/triage")
        column = coordinator.page.get_by_role("region", name=re.compile("Returned|Came back"))
        expect(column.get_by_text(reference)).to_be_visible()
        coordinator.picture("tour-8-triage")
    with story.then("its page says so too", referrer):
        referrer.go(case_path)
        expect(referrer.page.get_by_text(re.compile("Returned", re.I)).first).to_be_visible()
    with story.then("everything was told once: a mail to each, a notice in the application"):
        about = [one for one in mails() if reference in one["subject"]]
        keys = [(one["to"], check_of(one), one["subject"]) for one in about]
        assert len(keys) > 5
        assert len(keys) == len(set(keys)), Counter(keys).most_common(3)
        assert len({one["message_id"] for one in about}) == len(keys)
        nurse.go("/monitoring/notices/")
        told = notices_by_check(nurse, reference)
        assert len(told) == len(set(told)), Counter(told).most_common(3)


def title_of(code: str) -> str:
    """Return the title of a statement as delivered."""
    rows = json.loads((ROOT / "evidence" / "data" / "statements.json").read_text())["statements"]
    return next(str(row["title"]) for row in rows if row["code"] == code)


def refer(person: Person, facts: dict[str, Any], number: str, today: date) -> Referral:
    """Fill in the referral as the report tells it: what it does not say is entered as unknown."""
    form = Referral(person).open()
    born = date(today.year - facts["age"], 1, 15)
    form.patient(*NAME, number, born, "Male")
    form.look_up()
    expect(person.page.get_by_text(re.compile("Nobody like this"))).to_be_visible()
    person.check()
    page = person.page
    choose(page, re.compile("^Why did"), "Immune-related adverse event")
    irae = facts["iraes"][0]
    form.event(
        "Colitis (bowel)",
        # The report does not say by which version its grades are.
        version="CTCAE version not stated",
        worst=str(irae["worst_grade"]),
        now=str(irae["grade_now"]),
        onset=irae["onset"],
    )
    person.check()
    form.first_ici("nivolumab", start="unknown", stop="unknown", response="PR")
    choose(page, re.compile("^What is proposed"), "Same agent")
    page.get_by_label("Drug proposed").select_option("nivolumab")
    page.get_by_role("textbox", name="What do you ask the board?").fill(
        facts["question"]["question"]
    )
    page.get_by_label("Histology").select_option("nos")
    page.get_by_label("Stage now").select_option("IV")
    form.fact("ecog", "Unknown")
    form.fact("pdl1", "Unknown")
    form.fact("steroid", "Not yet")
    page.get_by_label("Who finds out what is").select_option(index=1)
    page.get_by_label("By", exact=True).fill((today + timedelta(days=3)).isoformat())
    return form


def letter(person: Person) -> str:
    """Fetch the letter as the browser would; return its text in one line."""
    href = person.page.get_by_role("link", name=re.compile(r"^Letter")).get_attribute("href")
    answer = person.context.request.get(f"{person.site}{href}")
    assert answer.ok
    assert answer.headers["content-type"] == "application/pdf"
    pages = PdfReader(io.BytesIO(answer.body())).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def wait_for_mail(
    person: Person,
    mails: Callable[[], list[dict[str, Any]]],
    reference: str,
    moment: str,
    known: set[str],
    seconds: int = 180,
) -> dict[str, Any]:
    """Wait until beat's sweep and a worker have sent `person` a reminder of a check of the case at `moment`.

    Mails whose Message-ID is `known` came before, and those of checks at other moments are read but once.
    """
    read = set(known)
    for _ in range(seconds):
        for mail in mails():
            mine = reference in mail["subject"] and person.account.email in mail["to"]
            if not mine or mail["message_id"] in read:
                continue
            read.add(mail["message_id"])
            page = person.context.request.get(f"{person.site}{check_of(mail)}")
            assert page.ok
            if re.search(rf">\s*{moment} · ", page.text()):
                return mail
        person.page.wait_for_timeout(1000)
    raise AssertionError(f"no mail of a check at {moment} of {reference} in {seconds} s")


def check_of(mail: dict[str, Any]) -> str:
    """Return the address of the check that a mail leads to."""
    found = re.search(r"/monitoring/checks/[0-9a-f-]{36}/", mail["text"])
    assert found, mail["text"]
    return found[0]


def assert_names_nobody(mail: dict[str, Any], number: str) -> None:
    """Fail when the mail tells who the patient is or what they have."""
    told = f"{mail['subject']} {mail['text']}".lower()
    for words in (*NAME, number, "colitis", "nivolumab", "stool"):
        assert words.lower() not in told, words


def notices_of(person: Person, reference: str) -> Locator:
    """Return the rows of the notices about a case, on their page."""
    return person.page.get_by_role("row").filter(has_text=reference)


def notices_by_check(person: Person, reference: str) -> list[tuple[str, str]]:
    """Return kind of each notice about a case on its page, and the address of the check that it opens."""
    told = []
    for row in notices_of(person, reference).all():
        form = row.locator("form")
        token = form.locator("[name=csrfmiddlewaretoken]").get_attribute("value")
        answer = person.context.request.post(
            f"{person.site}{form.get_attribute('action')}",
            form={"csrfmiddlewaretoken": token or ""},
            max_redirects=0,
        )
        assert answer.status == 302
        kind = re.sub(r"\bnew\b", "", row.locator("th").inner_text())
        told.append((kind, answer.headers["location"]))
    return told


def record_abnormal(nurse: Person) -> None:
    """Record the check that is open as abnormal: first without a choice, which is refused in words."""
    nurse.page.get_by_role("button", name="Save result").click()
    expect(nurse.page.get_by_role("alert").first).to_contain_text(
        "choose normal, abnormal or not done", ignore_case=True
    )
    nurse.check()
    choose(nurse.page, re.compile("^Result"), "Abnormal")
    box = nurse.page.get_by_label(re.compile("Stools"))
    if box.count():
        box.fill("5")
    nurse.page.get_by_role("button", name="Save result").click()
    # Abnormal leads on to the form of the irAE that it may be.
    nurse.page.wait_for_url("**/irae/")

"""What a person does on each page, found by role and label as a person finds it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from playwright.sync_api import expect

if TYPE_CHECKING:
    from datetime import date

    from playwright.sync_api import Locator, Page

    from tests.e2e.person import Person


def choose(page: Page | Locator, group: str | re.Pattern[str], option: str) -> None:
    """Choose an option of a group of radio buttons, shown as cards or segments."""
    found = page.get_by_role("group", name=group)
    found.get_by_role("radio", name=option, exact=True).or_(
        found.get_by_role("radio", name=re.compile(rf"^{re.escape(option)}"))
    ).first.check(force=True)


class Referral:
    """The page that refers a case."""

    def __init__(self, person: Person) -> None:
        self.person = person
        self.page = person.page

    def open(self) -> Referral:
        """Open it by the button in the header."""
        self.page.get_by_role("link", name="Refer a case").first.click()
        expect(self.page.get_by_role("heading", name="Refer a case", level=1)).to_be_visible()
        return self

    def patient(self, family: str, given: str, number: str, born: date | None, sex: str) -> None:
        """Type who the patient is."""
        self.page.get_by_label("Hospital number").fill(number)
        self.page.get_by_label("Family name").fill(family)
        self.page.get_by_label("First name").fill(given)
        if born:
            self.page.get_by_label("Date of birth").fill(born.isoformat())
        self.page.get_by_label("Sex", exact=True).select_option(label=sex)

    def look_up(self) -> None:
        """Ask whether the patient is here already."""
        self.page.get_by_role("button", name="Look up").click()

    def event(self, label: str, *, version: str, worst: str, now: str, onset: str) -> None:
        """Choose the irAE; the versions that can grade it come with it."""
        with self.page.expect_response("**/cases/refer"):
            self.page.get_by_label("Event", exact=True).select_option(label=label)
        self.page.get_by_label("CTCAE version").select_option(label=version)
        self.page.get_by_label("Worst grade").select_option(worst)
        self.page.get_by_label("Grade now").select_option(now)
        self.page.get_by_label("Onset", exact=True).fill(onset)

    def first_ici(self, drug: str, *, start: str, stop: str, response: str) -> None:
        """Enter the ICI that was stopped."""
        self.page.get_by_label("ICI that was stopped").select_option(drug)
        self.page.get_by_label("First dose").fill(start)
        self.page.get_by_label("Last dose").fill(stop)
        self.page.get_by_label("Best response").select_option(response)

    def fact(self, name: str, state: str) -> Locator:
        """Say how far a fact is known; return its part of the form."""
        part = self.page.locator(f"[data-fact={name}]")
        part.get_by_role("radio", name=state, exact=True).check(force=True)
        return part

    def send(self) -> None:
        """Refer the case."""
        self.page.get_by_role("button", name="Refer case").click()


class CasePage:
    """The page of one case."""

    def __init__(self, person: Person, path: str = "") -> None:
        self.person = person
        self.page = person.page
        if path:
            person.go(path)

    @property
    def path(self) -> str:
        """The address of the case without what comes after it."""
        found = re.search(r"/cases/[0-9a-f-]{36}/", self.page.url)
        assert found, self.page.url
        return found[0]

    @property
    def reference(self) -> str:
        """The case's reference."""
        found = re.search(r"RC-\d{4}-\d{4}", self.page.title())
        assert found, self.page.title()
        return found[0]

    def section(self, key: str) -> Locator:
        """Return a section of the record."""
        return self.page.locator(f"#section-{key}")

    def attach(self, title: str) -> str:
        """Attach a statement of the guidance, wherever on the page it is folded away; return its version."""
        guidance = self.page.locator("#case-guidance")
        card = self.page.locator(".app-match").filter(has_text=title)
        if not card.is_visible():
            fold = guidance.locator("details.app-fold").filter(has=card)
            fold.locator("summary").first.click()
        card.get_by_role("button", name=re.compile("^attach")).click()
        pin = guidance.locator(".app-item").filter(
            has=self.page.get_by_role("button", name=f"Take off {title}")
        )
        expect(pin).to_be_visible()
        found = re.search(r"attached v(\d+)", pin.inner_text(), re.IGNORECASE)
        assert found, pin.inner_text()
        return f"version {found[1]}"

    def edit(self, key: str) -> Locator:
        """Open the form of a section in its place; return the form."""
        # Not one of the links of its parts, which an open section shows as well.
        own = self.section(key).locator(".app-section__edit").get_by_role("link")
        own.filter(has_text=re.compile("^(Edit|Add|Change)")).click()
        form = self.page.locator(f"#form-{key}")
        expect(form).to_be_visible()
        return form


class Meetings:
    """Making a meeting, its agenda, the discussion."""

    def __init__(self, person: Person) -> None:
        self.person = person
        self.page = person.page

    def plan(self, day: date, start: str, place: str) -> str:
        """Plan a meeting; return its address."""
        self.person.go("/meetings/")
        self.page.get_by_role("link", name="Plan a meeting").click()
        self.page.get_by_label("Day").fill(day.isoformat())
        self.page.get_by_label("Start").fill(start)
        self.page.get_by_label("Place").fill(place)
        self.person.check()
        self.page.get_by_role("button", name="Plan the meeting").click()
        expect(self.page.get_by_role("heading", name="Order")).to_be_visible()
        found = re.search(r"/meetings/[0-9a-f-]{36}/", self.page.url)
        assert found, self.page.url
        return found[0]

    def add(self, reference: str, minutes: int) -> None:
        """Put a case on the agenda that is open."""
        select = self.page.get_by_label("Add a case")
        value = select.locator("option", has_text=reference).get_attribute("value")
        select.select_option(value)
        self.page.locator("#add-minutes").fill(str(minutes))
        self.page.get_by_role("button", name="Add to the agenda").click()
        expect(self.page.get_by_role("row").filter(has_text=reference)).to_be_visible()

    def comes(self, name: str, how: str) -> None:
        """Say on the agenda that is open how somebody comes: "in the room", "remote" or "not coming"."""
        people = self.page.locator("#people")
        button = people.get_by_role("button", name=re.compile(f"{re.escape(name)}.*{how}"))
        button.click()
        expect(button).to_have_attribute("aria-pressed", "true")
        # The list stays where it is, for the next one.
        expect(button).to_be_in_viewport()

    def start(self) -> None:
        """Start the meeting; the page of the discussion opens."""
        self.page.get_by_role("button", name="Start the meeting").click()
        self.page.wait_for_url("**/live")


class Recording:
    """The decision beside the discussion."""

    def __init__(self, person: Person) -> None:
        self.person = person
        self.page = person.page

    def draft(
        self, outcome: str, drug: str, rationale: str, *, interval: int | None = None
    ) -> None:
        """Record outcome, drug, days between doses and rationale as a draft."""
        form = self.page.locator("#decision-form")
        choose(form, re.compile("Outcome"), outcome)
        if drug:
            form.get_by_label(re.compile("^Drug")).first.select_option(drug)
        if interval:
            choose(form, "Days between doses", str(interval))
        form.get_by_label("Rationale").fill(rationale)
        self.save()

    def rely(self, title: str) -> None:
        """Say of a statement that the decision relies on it."""
        part = self.page.locator("#rely")
        if not part.get_by_label(title).is_visible():
            part.locator("summary").click()
        part.get_by_label(title).select_option(label="Relied on")

    def save(self) -> None:
        """Save the form as it is."""
        form = self.page.locator("#decision-form")
        with self.page.expect_response("**/decision") as saved:
            form.get_by_role("button", name=re.compile("^Save the draft")).click()
        assert saved.value.status == 200
        expect(self.page.locator("#decision-form")).to_contain_text("draft, saved")

    def condition(self, text: str, *, fact: str, figure: str, expires: date) -> None:
        """Add a condition that the record can be held against."""
        self.page.get_by_text("Add a condition", exact=True).click()
        part = self.page.locator("#conditions")
        part.get_by_label("Condition", exact=True).fill(text)
        part.get_by_label("Checked by").select_option(label=fact)
        part.get_by_label("Figure").fill(figure)
        part.get_by_label("Expires on").fill(expires.isoformat())
        part.get_by_role("button", name="Add the condition").click()
        expect(part.get_by_text(text).first).to_be_visible()

    def dissent(self, reason: str, who: str = "") -> None:
        """Note a dissent: of `who`, or of oneself."""
        self.page.get_by_text("Note a dissent", exact=True).click()
        part = self.page.locator("#dissent")
        if who:
            part.get_by_label("Who").select_option(label=who)
        part.get_by_label("Why").fill(reason)
        part.get_by_role("button", name="Note it").click()
        expect(part.get_by_text(reason).first).to_be_visible()


class Monitoring:
    """The nurse's worklist, plans and checks."""

    def __init__(self, person: Person) -> None:
        self.person = person
        self.page = person.page

    def plan_of(self, reference: str) -> str:
        """Find the case's plan on the worklist, page by page; return its address."""
        self.person.go("/monitoring/")
        row = self.page.get_by_role("row").filter(has_text=reference).first
        while not row.count():
            self.page.get_by_role("link", name="Later").click()
            self.page.wait_for_load_state()
        self.person.check()
        row.get_by_role("rowheader").get_by_role("link").click()
        self.page.wait_for_url("**/monitoring/plans/**")
        return re.sub(r"^https?://[^/]+", "", self.page.url)

    def plan_first(self, day: date) -> None:
        """Say for which day the first dose is planned."""
        self.page.get_by_role("link", name=re.compile("^Plan first dose")).click()
        self.page.get_by_label("Day planned for the first dose").fill(day.isoformat())
        self.person.check()
        self.page.get_by_role("button", name="Save day").click()
        expect(self.page.get_by_role("link", name=re.compile("^Plan another day"))).to_be_visible()

    def first_dose(self, day: date, *, interval: int) -> None:
        """Enter the day of the first dose; the interval of the decision stands there already.

        A condition that cannot be judged is acknowledged.
        """
        self.page.get_by_role("link", name=re.compile("^Enter first dose")).click()
        self.page.get_by_label("Day of the first dose").fill(day.isoformat())
        expect(
            self.page.get_by_role("group", name="Days between doses").get_by_label(
                str(interval), exact=True
            )
        ).to_be_checked()
        self.person.check()
        save = self.page.get_by_role("button", name="Save first dose")
        save.click()
        expect(self.page.get_by_role("alert").first).to_be_visible()
        self.person.check()
        self.page.get_by_label(re.compile("^I know that a condition")).check(force=True)
        save.click()
        self.page.wait_for_url(re.compile(r"/monitoring/plans/[0-9a-f-]{36}/$"))

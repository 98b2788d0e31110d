"""A PDF that was chosen is never dropped without a word: by a refusal, by a colleague's save, by its size."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playwright.sync_api import expect

from tests.e2e.pages import CasePage
from tests.e2e.test_rough_handling import open_case
from tests.unit.test_pdf import pdf

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Locator

    from tests.e2e.person import Person
    from tests.e2e.story import Story


def open_report(case: CasePage) -> Locator:
    """Open the form of a new report."""
    case.page.goto(f"{case.path}reports/add")
    form = case.page.locator("form[enctype='multipart/form-data']")
    expect(form.get_by_label("PDF")).to_be_visible()
    return form


def fill(form: Locator, title: str, day: str, *, size: int = 0) -> None:
    """Fill in a report with a PDF, or with as many bytes that are none."""
    form.get_by_label("Report", exact=True).fill(title)
    form.get_by_label("Date of the report").fill(day)
    form.get_by_label("Text", exact=True).fill("see the PDF")
    content = b"0" * size if size else pdf()
    file = {"name": "chest.pdf", "mimeType": "application/pdf", "buffer": content}
    form.get_by_label("PDF").set_input_files(file)


def save(form: Locator) -> None:
    form.get_by_role("button", name="Save", exact=True).click()


def test_a_pdf_that_is_not_kept_is_asked_for_again(
    person: Callable[..., Person], story: Story
) -> None:
    member, chair = person("member"), person("chair")
    case = open_case(member)
    again = "choose it again. “chest.pdf” was not kept."
    with story.when("a report has a PDF and a day that is none", member):
        form = open_report(case)
        fill(form, "CT chest", "32 March 2025")
        save(form)
    with story.then("the file is asked for again beside its field", member):
        expect(member.page.locator(".nhsuk-error-message", has_text=again)).to_be_visible()
        member.picture("pdf-again", full=True)
        member.check()
    with story.when("a colleague adds a report meanwhile", chair):
        form = open_report(case)
        theirs = open_report(CasePage(chair, case.path))
        fill(theirs, "Bronchoscopy", "1 March 2025")
        save(theirs)
        expect(chair.page.get_by_text("Report: saved.")).to_be_visible()
        fill(form, "MRI brain", "2 March 2025")
        save(form)
    with story.then("the file is asked for again as well", member):
        expect(member.page.locator(".nhsuk-error-message", has_text=again)).to_be_visible()


def test_a_file_that_is_too_large_is_told_before_it_is_sent(
    person: Callable[..., Person], story: Story
) -> None:
    member = person("member", width=390)
    case = open_case(member)
    sent: list[str] = []
    member.page.on("request", lambda r: sent.append(r.method) if "reports/add" in r.url else None)
    with story.when("a file of 13 MB is chosen", member):
        form = open_report(case)
        fill(form, "CT chest", "2 March 2025", size=13 * 1024 * 1024)
    with story.then("its size stands beside the field, and Save sends nothing", member):
        told = member.page.get_by_text("“chest.pdf” has 13.0 MB, at most 10 MB is taken")
        expect(told).to_be_visible()
        save(form)
        expect(told).to_be_visible()
        expect(form.get_by_label("PDF")).to_be_focused()
        assert "POST" not in sent
        member.picture("pdf-large", full=True)
        member.check()
    with story.when("a smaller one is chosen", member):
        fill(form, "CT chest", "2 March 2025")
        expect(told).to_be_hidden()
        save(form)
        expect(member.page.get_by_text("Report: saved.")).to_be_visible()

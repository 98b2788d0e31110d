"""No page, letter, export or answer says what the review says wrongly: everything that is shown is read."""

from __future__ import annotations

import html
import io
import json
import re
from collections.abc import Iterator
from typing import Any

import pypdf
import pytest
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse

from accounts.acting import acting_as
from accounts.models import Board, User
from cases.bulk.exporting import exported
from evidence.conditions import FACTS, Fact
from evidence.errata_guard import errata_in
from evidence.loading import Report
from evidence.matching import match
from evidence.models import Finding, StatementVersion
from evidence.presenters import match_card
from evidence.selectors import published_versions
from tests.factories import line as lines
from tests.factories.addresses import ids
from tests.factories.meetings import make_version
from tests.factories.people import make_user
from tests.unit.evidence_data.errata_wordings import PLANTED

pytestmark = pytest.mark.django_db

LIST = "/evidence/"
# How the page of a statement begins what it says of a print.
STATED = ("Corrected (", "Not interpretable (")
BLOCKS = re.compile(r"<(?:script|style)\b.*?</(?:script|style)>|<!--.*?-->", re.DOTALL)
INLINE = re.compile(
    r"</?(?:a|b|strong|em|i|span|abbr|code|ins|del|mark|small|sup|sub|time|tspan)\b[^>]*>"
)
SHOWN_BY_ATTRIBUTE = re.compile(r'\b(?:title|alt|aria-label|content|placeholder)="([^"]*)"')


def shown_lines(page: str) -> list[str]:
    """What a page shows, a line for every element, with what stands in attributes that are read out."""
    page = BLOCKS.sub("\n", page)
    attributes = SHOWN_BY_ATTRIBUTE.findall(page)
    text = re.sub(r"<[^>]*>", "\n", INLINE.sub("", page))
    found = (html.unescape(line).strip() for line in [*text.split("\n"), *attributes])
    return [line for line in found if line]


def quoted() -> set[str]:
    """The wrong print, where it is shown as such beside what is right."""
    found = {
        row["printed"] for version in StatementVersion.objects.all() for row in version.corrections
    }
    return found | {finding.printed for finding in Finding.objects.all()}


def corrected() -> tuple[str, ...]:
    """What says of a print that it is wrong and what is right: it names the slip to do so."""
    return tuple(finding.correction for finding in Finding.objects.all() if finding.correction)


def slips(page: str, *, around: str = "") -> list[tuple[list[str], str]]:
    """Every line of a page that repeats an erratum, with its numbers."""
    prints = quoted()
    right = corrected()
    read = [
        line
        for line in shown_lines(page)
        if line not in prints and not (line.startswith(STATED) and line.endswith(right))
    ]
    found = ((errata_in(line, whole=around), line) for line in read)
    return [(numbers, line) for numbers, line in found if numbers]


@pytest.fixture
def curator(client: Client, all_guidance: Report, board: Board) -> User:
    user = make_user("curator", board, is_staff=True)
    client.force_login(user)
    return user


def pages_of_list(client: Client, **query: str) -> Iterator[str]:
    """The list, page after page."""
    address: str | None = f"{LIST}?" + "&".join(f"{name}={value}" for name, value in query.items())
    while address:
        answer = client.get(address)
        assert answer.status_code == 200
        page = answer.content.decode()
        yield page
        further = re.search(r'href="([^"]*\bafter=[^"]*)"', page)
        address = html.unescape(further[1]) if further else None
        if address and not address.startswith("/"):
            address = LIST + address


def test_the_library_shows_none_of_it(client: Client, curator: User) -> None:
    pages = 0
    for query in ({"tumours": "all", "drafts": "1"}, {"tumours": "all"}, {}):
        for page in pages_of_list(client, **query):
            assert slips(page) == []
            pages += 1
    assert pages > 3
    versions = StatementVersion.objects.select_related("statement")
    assert versions.count() > 60
    for version in versions:
        page = client.get(version.statement.get_absolute_url(), {"version": version.number})
        assert page.status_code == 200
        sources = " ".join(code for code in version.findings.values_list("source__code", flat=True))
        assert slips(page.content.decode(), around=f"{version.title} {sources}") == [], version


def test_the_curators_lists_show_none_of_it(client: Client, curator: User) -> None:
    for model in ("source", "finding", "statement", "statementversion"):
        page = client.get(reverse(f"admin:evidence_{model}_changelist"), {"all": ""})
        assert slips(page.content.decode()) == []


@pytest.mark.parametrize("number", PLANTED)
def test_the_reading_of_pages_finds_each_of_them(
    number: str, client: Client, curator: User
) -> None:
    """What the guard keeps out is put in past it: the reading of pages would see it."""
    version = make_version(says=PLANTED[number][0], title="Planted")
    page = client.get(version.statement.get_absolute_url()).content.decode()
    assert any(number in numbers for numbers, _line in slips(page))


def every_answer(keys: list[str]) -> list[dict[str, Fact]]:
    """Facts by which a card stands in each of its forms: nothing known, and everything known."""
    known = {
        key: Fact.known(True)
        if FACTS[key].kind == "flag"
        else Fact.known(FACTS[key].codes[0])
        if FACTS[key].kind == "choice"
        else Fact.number(3)
        for key in keys
        if FACTS[key].kind in ("flag", "choice", "number")
    }
    return [{}, known]


def test_no_card_shows_it_whatever_is_known(all_guidance: Report) -> None:
    for version in published_versions():
        for facts in every_answer(list(FACTS)):
            (found,) = match([version], facts)
            card = render_to_string("evidence/_match.html", {"card": match_card(found)})
            assert slips(card) == [], version


@pytest.fixture
def line(board: Board, all_guidance: Report, monkeypatch: Any) -> lines.Line:
    """A case from referral to monitoring under all the guidance."""
    monkeypatch.setattr(lines, "load_some_guidance", lambda: None)
    return lines.make_line(board)


SEEN = (
    ("member", ("cases:detail", "cases:changes", "cases:labs")),
    ("chair", ("cases:detail", "meetings:agenda", "meetings:live", "meetings:live_state", "meetings:decision")),
    ("nurse", ("followup:plan", "followup:check")),
)  # fmt: skip


def test_no_page_of_a_case_shows_it(client: Client, line: lines.Line) -> None:
    places = ids(line)
    cards = 0
    for role, names in SEEN:
        client.force_login(line.people[role])
        for name in names:
            answer = client.get(reverse(name, kwargs=places[name]))
            assert answer.status_code == 200, name
            page = answer.content.decode()
            assert slips(page) == [], name
            cards += page.count("/guidance/")
    assert cards > 3  # the panel of guidance was among them


def test_neither_letter_nor_snapshot_nor_export_says_it(client: Client, line: lines.Line) -> None:
    client.force_login(line.people["chair"])
    letter = client.get(reverse("meetings:letter", args=[line.decision.public_id]))
    content = letter.getvalue() if hasattr(letter, "getvalue") else letter.content
    text = "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages)
    assert line.decision.statements.get().statement_version.title[:20] in " ".join(text.split())
    assert errata_in(" ".join(text.split())) == [] and errata_in(text) == []
    line.decision.refresh_from_db()
    snapshot = json.loads(line.decision.snapshot)
    assert snapshot["statements"]
    assert errata_in(json.dumps(snapshot, ensure_ascii=False)) == []
    with acting_as(line.people["coordinator"]):
        rows = exported(line.people["coordinator"], line.board).rows
    assert any(rows.values())
    assert errata_in("\n".join(str(row) for sheet in rows.values() for row in sheet)) == []
    calendar = client.get(reverse("meetings:calendar", args=[line.meeting.public_id]))
    assert errata_in(calendar.content.decode()) == []

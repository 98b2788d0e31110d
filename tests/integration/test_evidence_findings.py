"""The findings of the library: each with its print and what was corrected, none that is withdrawn as valid."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from evidence.loading import read
from evidence.models import Finding, StatementVersion
from tests.factories.people import make_user

if TYPE_CHECKING:
    from django.test import Client

    from accounts.models import User
    from evidence.loading import Report

pytestmark = pytest.mark.django_db
LIST = reverse("evidence:findings")
DELIVERED = {row["code"]: row for row in read().findings}


@pytest.fixture
def fetch(client: Client, all_guidance: Report, member: User) -> Any:
    """Fetch a page as a member and return its text."""
    client.force_login(member)

    def get(url: str = LIST, status: int = 200, **data: str) -> str:
        response = client.get(url, data)
        assert response.status_code == status, (url, data)
        text = html.unescape(response.content.decode()) if status == 200 else ""
        return re.search(r"<main.*</main>", text, re.DOTALL)[0] if text else ""  # type: ignore[index]

    return get


def page_of(code: str) -> str:
    return Finding.objects.get(code=code).get_absolute_url()


def links(text: str) -> set[str]:
    return set(re.findall(r"/evidence/findings/[0-9a-f-]{36}/", text))


def test_every_finding_is_listed_once_over_the_pages(fetch: Any) -> None:
    found: list[str] = []
    url = LIST
    for _page in range(30):
        text = fetch(url)
        found += sorted(links(text))
        following = re.search(r'href="([^"]*after=[^"]*)"', text)
        if following is None:
            break
        url = following[1]
        url = url if url.startswith("/") else LIST + url
    assert len(found) == len(set(found)) == len(DELIVERED)


@pytest.mark.parametrize(
    "code", [c for c, row in DELIVERED.items() if row["state"] == "not_interpretable"]
)
def test_what_cannot_be_interpreted_says_why_and_shows_no_figure(fetch: Any, code: str) -> None:
    row = DELIVERED[code]
    for text in (fetch(page_of(code)), fetch(state="not_interpretable", source=row["source"])):
        assert row["correction"] in text and "none: not interpretable" in text
        for figure in filter(None, (row["printed"], row["value"])):
            assert f"“{figure}”" not in text and f"<strong>{figure}" not in text
    assert "2/3" not in fetch(page_of(code)) and "two thirds" not in fetch(page_of(code))


@pytest.mark.parametrize("code", [c for c, row in DELIVERED.items() if row["state"] == "corrected"])
def test_what_was_corrected_stands_beside_its_print(fetch: Any, code: str) -> None:
    row, text = DELIVERED[code], fetch(page_of(code))
    assert row["correction"] in text and f"The review prints “{row['printed']}”" in text
    assert all(number in text for number in row["errata"])


def test_a_share_has_its_exact_interval_and_below_ten_a_count_alone(fetch: Any) -> None:
    text = fetch(page_of("wjog-orr"))
    assert "5/59" in text and "8.5 %" in text and "(3–19)" in text
    few = next(c for c, r in DELIVERED.items() if r["denominator"] and r["denominator"] < 10
               and r["state"] != "not_interpretable")  # fmt: skip
    text = fetch(page_of(few))
    row = DELIVERED[few]
    assert f"{row['numerator']}/{row['denominator']}" in text and "too few" in text
    assert not re.search(r"<strong>\d+/\d+</strong>\s*\d+ %", text)


def test_it_is_narrowed_by_section_source_state_and_erratum(fetch: Any) -> None:
    def codes(**data: str) -> set[str]:
        urls = links(fetch(**data))
        return {f.code for f in Finding.objects.all() if f.get_absolute_url() in urls}

    assert codes(erratum="E03") == {c for c, r in DELIVERED.items() if "E03" in r["errata"]}
    assert codes(source="wjog9616l") == {
        c for c, r in DELIVERED.items() if r["source"] == "wjog9616l"
    }
    section = codes(section="9")
    assert section == {c for c, r in DELIVERED.items() if "9" in r["section"].split(",")}
    assert "No finding fits" in fetch(erratum="E99")
    for unknown in ({"section": "10"}, {"source": "nobody"}, {"state": "gone"}, {"erratum": "E"}):
        fetch(status=404, **unknown)


def test_statements_errata_and_the_library_lead_to_the_findings(
    fetch: Any, member: User, client: Client
) -> None:
    version = StatementVersion.objects.get(statement__code="S21", state="published")
    text = fetch(version.statement.get_absolute_url())
    assert page_of("rct-pfs") in text and f"{LIST}?erratum=E11" in text
    assert LIST in fetch(reverse("evidence:statements"))
    shown = fetch(page_of("rct-pfs"))
    assert version.statement.get_absolute_url() in shown and "S21" in shown
    # What rests on it as a draft is told to whoever curates.
    draft = StatementVersion.objects.filter(state="draft", findings__isnull=False)[0]
    url = draft.findings.all()[0].get_absolute_url()
    assert draft.statement.get_absolute_url() not in fetch(url)
    client.force_login(make_user("curator", *member.boards))
    assert draft.statement.get_absolute_url() in client.get(url).content.decode()


def test_a_revision_that_was_replaced_says_so_and_is_not_listed(fetch: Any) -> None:
    old = Finding.objects.get(code="cm153-rest")
    url = old.get_absolute_url()
    old.pk, old.public_id, old.revision = None, "00000000-0000-4000-8000-000000000001", 2
    old.save()
    assert "This revision was replaced" in fetch(url)
    assert "This revision was replaced" not in fetch(old.get_absolute_url())
    assert url not in fetch(erratum="E03") and old.get_absolute_url() in fetch(erratum="E03")


def test_who_may_not_see_the_evidence_sees_no_finding(client: Client, all_guidance: Report) -> None:
    for url in (LIST, page_of("wjog-orr")):
        assert client.get(url).status_code == 302
    client.force_login(make_user("nobody@example.org"))
    for url in (LIST, page_of("wjog-orr")):
        assert client.get(url).status_code in {403, 404}


def test_its_queries_do_not_grow(fetch: Any) -> None:
    for url, most in ((LIST, 8), (page_of("wjog-orr"), 8)):
        fetch(url)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            fetch(url)
        assert len(queries) <= most, [query["sql"][:90] for query in queries]

"""The admin's front page tells a curator what waits for them as the second one."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.acting import acting_as
from cases.loading import load
from cases.models import DrugCorrection, ListedDrug, ReadinessVersion
from cases.services import lists as services
from cases.waiting import waiting_for
from tests.factories.listing import drug_row, event_row
from tests.factories.meetings import make_version
from tests.factories.people import by_acting, make_user
from tests.integration.test_cases_pages import sign_in

pytestmark = pytest.mark.django_db
add, save = by_acting(services.add), by_acting(services.save)


@pytest.fixture
def curators(board):
    load()
    return [make_user("curator", board, is_staff=True) for _n in range(3)]


def told(user):
    return [words for words, _address in waiting_for(user)]


def correct(by, code="nivolumab"):
    row = ListedDrug.objects.get(code=code)
    DrugCorrection.objects.create(
        drug=row, before={"atc": row.atc}, after={"atc": "L01FF99"}, source="WHO", proposed_by=by
    )


def rules(by, number, **changes):
    return ReadinessVersion.objects.create(
        number=number, rules=[], written_by=by, edited_by=by, **changes
    )


def version(by, state="in_review"):
    submitted = timezone.now() if state == "in_review" else None
    return make_version(
        state=state, published_at=None, submitted_at=submitted, origin="curator", release=None,
        author=by, edited_by=by,
    )  # fmt: skip


def test_each_kind_is_told_to_whoever_had_no_part_in_it(curators):
    first, second, third = curators
    assert told(second) == []
    row = add(by=first, row=drug_row())
    add(by=first, row=event_row())
    correct(first)
    version(first)
    rules(first, 50, submitted_at=timezone.now())
    every = [
        "1 ICI", "1 correction of an ICI", "1 irAE", "1 version of a statement",
        "1 version of the rules of readiness",
    ]  # fmt: skip
    assert told(first) == []
    assert told(second) == every
    row.brands = ["Other"]
    save(by=second, row=ListedDrug.objects.get(pk=row.pk))
    row = ListedDrug.objects.get(pk=row.pk)
    row.atc = "L01FF98"
    save(by=third, row=row)
    # Whoever changed it once does not confirm it, whoever changed it since.
    assert told(second) == told(third) == every[1:]


def test_drafts_and_what_was_overtaken_wait_for_nobody(curators):
    first, second, _third = curators
    version(first, state="draft")
    rules(first, 50)
    old = rules(first, 51, submitted_at=timezone.now())
    assert told(second) == ["1 version of the rules of readiness"]
    now = timezone.now()
    rules(first, 52, submitted_at=now, published_at=now, published_by=second)
    assert old.number < 52 and told(second) == []


def page(client, user):
    with acting_as(user):
        return sign_in(client, user).get(reverse("admin:index")).content.decode()


def test_the_front_page_leads_to_the_rows(client, curators, chair):
    first, second, _third = curators
    assert "second-curator" not in page(client, second)
    add(by=first, row=drug_row())
    correct(first)
    correct(first, "avelumab")
    html = page(client, second)
    panel = html[html.index("second-curator") :]
    links = dict(re.findall(r'<a href="([^"]+)">(\d[^<]+)</a>', panel))
    assert list(links.values()) == ["1 ICI", "2 corrections of ICIs"]
    rows = [client.get(address).context["cl"].queryset for address in links]
    assert [{row.code for row in found} for found in rows] == [
        {"penpulimab"},
        {"nivolumab", "avelumab"},
    ]
    made = client.get(reverse("admin:cases_listeddrug_changelist"), {"correction": "made"})
    assert not made.context["cl"].queryset
    chair.is_staff = True
    chair.save()
    assert "second-curator" not in page(client, chair)


def test_it_costs_as_many_queries_whatever_waits(client, curators):
    first, second, _third = curators

    def cost():
        with CaptureQueriesContext(connection) as queries:
            page(client, second)
        return len(queries)

    page(client, second)
    before = cost()
    for n in range(3):
        add(by=first, row=drug_row(label=f"abcd{n}mab", brands=[]))
        version(first)
    correct(first)
    assert cost() == before

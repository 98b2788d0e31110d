"""Open facts are given to somebody from the case's own page, several at once, with a day."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.acting import acting_as
from cases.loading import load as load_record_data
from cases.models import FactTask
from cases.presenters.words import fact_label
from cases.services.tasks import owe_fact, owe_facts
from evidence.conditions import FACTS
from tests.factories.meetings import make_item, make_meeting
from tests.factories.people import make_user
from tests.factories.record import make_case
from tests.integration.test_cases_pages import sign_in

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


def shown_free(client, url):
    html = client.get(f"{url}?fact=all", headers=HTMX).content.decode()
    return re.findall(r'name="free" value="([^"]+)"', html)


@pytest.fixture
def case(member, board):
    load_record_data()
    found = make_case(member, board)
    FactTask.objects.filter(case=found).delete()
    return found


@pytest.fixture
def url(case):
    return reverse("cases:give", args=[case.public_id])


def test_several_facts_are_given_at_once_by_a_day(client, member, nurse, case, url):
    sign_in(client, member)
    sent = {"fact": ["ecog", "histology", "ecog", "nonsense"], "give": f"{nurse.public_id}:week"}
    answer = client.post(url, sent, headers=HTMX)
    assert answer.status_code == 200
    html = answer.content.decode()
    assert f"2 facts: given to {nurse.name}" in html
    assert 'id="case-owed"' in html and 'id="case-standing"' in html
    tasks = FactTask.objects.filter(case=case)
    assert {task.fact for task in tasks} == {"ecog", "histology"}
    week = timezone.localdate() + timedelta(days=7)
    assert {(task.owner, task.due_on) for task in tasks} == {(nurse, week)}


def test_without_scripts_the_choices_are_a_page_and_giving_leads_back(client, member, nurse, url):
    page = sign_in(client, member).get(f"{url}?fact=ecog").content.decode()
    assert "<html" in page
    assert 'value="ecog" checked' in page
    assert 'value="histology">' in page
    answer = client.post(url, {"fact": "ecog", "give": f"{nurse.public_id}:week"})
    assert answer.status_code == 302
    assert answer.url.endswith("#case-owed")
    assert FactTask.objects.get().owner == nurse


def test_who_is_likely_stands_as_a_button_and_all_others_in_the_list(
    client, member, chair, nurse, coordinator, board, case, url
):
    other = make_user("member", board)
    with acting_as(member):
        owe_fact(by=member, case=case, fact="ecog", owner=nurse, due_on=None)
    fragment = sign_in(client, chair).get(f"{url}?fact=smoking", headers=HTMX).content.decode()
    assert "<html" not in fragment
    for user in (chair, member, nurse, coordinator):
        assert f'value="{user.public_id}:week"' in fragment, "me, referred, given such facts last"
    assert f'value="{other.public_id}:week"' not in fragment
    assert f'<option value="{other.public_id}">' in fragment
    sent = {"fact": "smoking", "give": "other:week", "other": str(other.public_id)}
    assert client.post(url, sent, headers=HTMX).status_code == 200
    assert FactTask.objects.get(fact="smoking").owner == other


def test_a_meeting_to_come_gives_a_day_of_its_own(client, member, coordinator, board, case, url):
    sign_in(client, member)
    assert "before the meeting" not in client.get(f"{url}?fact=ecog", headers=HTMX).content.decode()
    meeting = make_meeting(coordinator, board)
    make_item(coordinator, meeting, case)
    html = client.get(f"{url}?fact=ecog", headers=HTMX).content.decode()
    assert "before the meeting on" in html
    client.post(url, {"fact": "ecog", "give": f"{member.public_id}:meeting"})
    due = FactTask.objects.get(fact="ecog").due_on
    assert due == max(meeting.day - timedelta(days=1), timezone.localdate())


def test_nothing_ticked_nobody_or_no_such_day_gives_nothing(client, member, stranger, url):
    sign_in(client, member)
    me = str(member.public_id)
    for sent in (
        {"give": f"{me}:week"},
        {"fact": "ecog", "give": f"{me}:meeting"},
        {"fact": "ecog", "give": f"{stranger.public_id}:week"},
        {"fact": "ecog", "give": "other:week"},
        {"fact": "ecog"},
    ):
        assert client.post(url, sent, headers=HTMX).status_code == 422
    assert not FactTask.objects.exists()
    assert client.get(url, headers=HTMX).content.decode().strip() == ""
    assert sign_in(client, stranger).get(url).status_code == 404


def test_the_choices_cost_at_most_six_queries_beside_the_session(client, member, board, case, url):
    for _n in range(12):
        make_user("member", board)
    with acting_as(member):
        owe_facts(by=member, case=case, facts=["ecog", "smoking", "age"], owner=member, due_on=None)
    sign_in(client, member)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(f"{url}?fact=ecog", headers=HTMX).status_code == 200
    session_user_memberships = 3
    assert len(captured.captured_queries) <= 6 + session_user_memberships


def test_a_new_case_is_calm_and_what_is_overdue_alone_is_red(client, member, case):
    def owed() -> str:
        page = client.get(reverse("cases:detail", args=[case.public_id])).content.decode()
        return page.split('id="case-owed"')[1].split('id="case-sections"')[0]

    sign_in(client, member)
    html = owed()
    assert "app-tag--red" not in html and "app-owed--red" not in html
    assert "Nobody has been asked for" in html
    yesterday = timezone.localdate() - timedelta(days=1)
    with acting_as(member):
        owe_fact(by=member, case=case, fact="ecog", owner=member, due_on=yesterday)
    html = owed()
    assert html.count("app-owed--red") == html.count("app-tag--red") == 1
    assert "1 overdue" in html


def test_all_that_nobody_has_been_asked_for_is_one_tick(client, member, nurse, case, url):
    with acting_as(member):
        owe_fact(by=member, case=case, fact="ecog", owner=member, due_on=None)
    page = sign_in(client, member).get(reverse("cases:detail", args=[case.public_id]))
    assert "Give all that nobody has been asked for" in page.content.decode()
    sent = {"fact": ["all", "histology"], "give": f"{nurse.public_id}:week"}
    assert client.post(url, sent, headers=HTMX).status_code == 422, "nothing was shown"
    sent["free"] = shown_free(client, url)
    assert client.post(url, sent, headers=HTMX).status_code == 200
    given = FactTask.objects.filter(case=case, owner=nurse)
    assert given.count() > 3 and not given.filter(fact="ecog").exists()
    assert FactTask.objects.get(fact="ecog").owner == member
    html = client.get(reverse("cases:detail", args=[case.public_id])).content.decode()
    assert "no owner" not in html.split('id="case-owed"')[1].split('id="case-sections"')[0]


def test_what_somebody_was_asked_for_since_all_was_shown_stays_with_them(
    client, member, nurse, case, url
):
    free = shown_free(sign_in(client, member), url)
    assert {"ecog", "histology"} <= {*free}
    with acting_as(member):
        owe_fact(by=member, case=case, fact="ecog", owner=member, due_on=None)
    # What was told meanwhile is open no longer.
    shown = ["ecog", "histology", next(key for key in FACTS if key not in free)]
    sent = {"fact": "all", "free": shown, "give": f"{nurse.public_id}:week"}
    with CaptureQueriesContext(connection) as captured:
        html = client.post(url, sent, headers=HTMX).content.decode()
    assert any('FROM "cases_case"' in q["sql"] and "FOR UPDATE" in q["sql"] for q in captured)
    assert f"Histology: given to {nurse.name}" in html
    assert f"{fact_label('ecog')}: left with {member.name}, who was asked meanwhile." in html
    assert "not open any more." in html
    owners = dict(FactTask.objects.filter(done_at=None).values_list("fact", "owner"))
    assert owners == {"ecog": member.pk, "histology": nurse.pk}
    assert "Nothing was given." in client.post(url, sent, headers=HTMX).content.decode()
    # Ticked where it was shown with its owner: handed over.
    handed = {"fact": "ecog", "free": ["smoking"], "give": f"{nurse.public_id}:week"}
    assert client.post(url, handed, headers=HTMX).status_code == 200
    assert FactTask.objects.get(fact="ecog").owner == nurse

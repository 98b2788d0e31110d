"""Two people give one fact at once: the second is told who was asked, and by whom, before anything is replaced."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.acting import acting_as
from cases.models import FactTask
from cases.services.tasks import GivenMeanwhile, hand_over, owe_fact, take_back
from tests.factories.record import make_case
from tests.integration.test_cases_pages import sign_in
from ui.partial_dates import render_day

pytestmark = pytest.mark.django_db
DUE = timezone.localdate() + timedelta(days=9)


@pytest.fixture
def case(member, board):
    return make_case(member, board)


@pytest.fixture
def url(case):
    return reverse("cases:owner", args=[case.public_id, "ecog"])


def shown(client, url):
    html = client.get(url).content.decode()
    return re.search(r'name="shown"(?: value="([^"]*)")?', html)[1] or ""


def sent(who, shown, day=DUE):
    return {"owner_id": str(who.public_id), "due": render_day(day), "shown": shown}


def test_the_second_is_told_who_gave_it_to_whom_and_hands_it_over_knowing_it(
    client, member, nurse, chair, case, url
):
    first, second = shown(sign_in(client, member), url), Client()
    seen = shown(sign_in(second, chair), url)
    assert first == seen == ""
    assert client.post(url, sent(nurse, first)).status_code == 302
    answer = second.post(url, sent(chair, seen))
    html = answer.content.decode()
    assert answer.status_code == 409
    assert f"{nurse.name} was asked meanwhile (by {member.name}; due: {render_day(DUE)})" in html
    assert f'value="{chair.public_id}" selected' in html, "what was chosen stays"
    assert FactTask.objects.get().owner == nurse
    now = re.search(r'name="shown" value="([^"]*)"', html)[1]
    assert second.post(url, sent(chair, now)).status_code == 302
    assert FactTask.objects.get().owner == chair


def test_the_same_wish_twice_is_no_conflict_and_a_hand_over_that_was_seen_is_none(
    client, member, nurse, chair, case, url
):
    sign_in(client, member)
    assert client.post(url, sent(nurse, "")).status_code == 302
    assert client.post(url, sent(nurse, "")).status_code == 302
    # Another day is another wish.
    later = DUE + timedelta(days=1)
    assert client.post(url, sent(nurse, "", later)).status_code == 409
    assert client.post(url, sent(chair, shown(client, url), later)).status_code == 302
    task = FactTask.objects.get()
    assert (task.owner, task.due_on) == (chair, later)


def test_what_was_taken_back_meanwhile_is_said(client, member, nurse, case, url):
    with acting_as(member):
        owe_fact(by=member, case=case, fact="ecog", owner=nurse, due_on=None)
    seen = shown(sign_in(client, member), url)
    with acting_as(member):
        assert take_back(by=member, case=case, fact="ecog", owner=str(nurse.public_id))
    answer = client.post(url, sent(member, seen))
    assert answer.status_code == 409
    assert "It was taken back, or told, since you opened this" in answer.content.decode()
    assert not FactTask.objects.filter(done_at=None).exists()


def test_without_a_day_the_words_say_so(client, member, nurse, case, url):
    seen = shown(sign_in(client, member), url)
    with acting_as(member):
        owe_fact(by=member, case=case, fact="ecog", owner=nurse, due_on=None)
    html = client.post(url, sent(member, seen)).content.decode()
    assert f"{nurse.name} was asked meanwhile (by {member.name}; due: no day)" in html


def test_the_case_is_held_while_it_is_looked_at(member, nurse, case):
    with acting_as(member), CaptureQueriesContext(connection) as captured:
        hand_over(by=member, case=case, fact="ecog", owner=nurse, due_on=None, shown="")
    locks = [n for n, q in enumerate(captured) if "FOR NO KEY UPDATE" in q["sql"]]
    looked = [n for n, q in enumerate(captured) if "cases_facttask" in q["sql"]]
    assert locks and locks[0] < looked[0]
    with acting_as(member), pytest.raises(GivenMeanwhile):
        hand_over(by=member, case=case, fact="ecog", owner=member, due_on=None, shown="")


def test_of_ticked_facts_what_somebody_got_meanwhile_stays_there(
    client, member, nurse, chair, case
):
    give = reverse("cases:give", args=[case.public_id])
    sign_in(client, member)
    html = client.get(f"{give}?fact=ecog&fact=age", headers={"HX-Request": "true"}).content.decode()
    held = re.findall(r'name="shown" value="([^"]*)"', html)
    assert held == ["ecog ", "age "]
    with acting_as(chair):
        owe_fact(by=chair, case=case, fact="ecog", owner=nurse, due_on=None)
    ticked = {"fact": ["ecog", "age"], "give": f"{chair.public_id}:week", "shown": held}
    html = client.post(give, ticked, headers={"HX-Request": "true"}).content.decode()
    assert f"left with {nurse.name}, who was asked meanwhile" in html
    assert dict(FactTask.objects.values_list("fact", "owner")) == {
        "ecog": nurse.pk,
        "age": chair.pk,
    }
    # Shown with who has it, it is handed over.
    ticked["shown"] = [f"ecog {nurse.public_id}"]
    assert client.post(give, ticked, headers={"HX-Request": "true"}).status_code == 200
    assert FactTask.objects.get(fact="ecog").owner == chair

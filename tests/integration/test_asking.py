"""Somebody is asked for a missing fact at one press from the guidance of a case, and it is taken back at one."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.acting import acting_as
from audit.models import TrailEntry
from cases.loading import load as load_record_data
from cases.models import CaseFacts, CaseSection, FactTask
from cases.services.tasks import owe_fact
from tests.factories.meetings import make_item, make_meeting, make_version
from tests.factories.record import make_case
from tests.integration.test_cases_pages import sign_in

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def case(member, board):
    load_record_data()
    make_version(title="Fit enough", condition={"fact": "ecog", "op": "<=", "value": 1})
    found = make_case(member, board)
    FactTask.objects.filter(case=found).delete()
    return found


def at(case, name, fact="ecog"):
    return reverse(f"cases:{name}", args=[case.public_id, fact])


def page(client, case):
    return client.get(reverse("cases:detail", args=[case.public_id])).content.decode()


def sent(user, by="week"):
    return {"who": str(user.public_id), "by": by}


def test_one_press_asks_and_the_case_shows_who_and_until_when(client, member, case):
    text = page(sign_in(client, member), case)
    assert "ask me, within 7 days" in text and f'value="{member.public_id}"' in text
    part = client.post(at(case, "ask"), sent(member), headers=HTMX).content.decode()
    task = FactTask.objects.get(case=case)
    assert (task.fact, task.owner) == ("ecog", member)
    assert task.due_on == timezone.localdate() + timedelta(days=7)
    assert f"given to {member.name}" in part and "take back" in part and 'id="case-owed"' in part
    assert CaseFacts.objects.get(case=case).ecog_state == "not_yet"
    shown = page(client, case)
    assert f"{member.name}, by" in shown and "ask me" not in shown


def test_it_is_taken_back_as_easily_and_the_fact_is_as_it_was(client, member, nurse, case):
    before = CaseFacts.objects.get(case=case).ecog_state
    sign_in(client, member).post(at(case, "ask"), sent(nurse))
    form = {"owner": str(nurse.public_id)}
    part = client.post(at(case, "unask"), form, headers=HTMX).content.decode()
    assert "taken back, nobody is asked for it" in part and "ask me" in part
    assert not FactTask.objects.filter(case=case, done_at=None).exists()
    assert CaseFacts.objects.get(case=case).ecog_state == before
    assert TrailEntry.objects.filter(kind="fact.taken_back").count() == 1
    answer = client.post(at(case, "unask"), form, follow=True)
    assert "Not taken back" in answer.content.decode()


def test_the_day_is_the_one_before_the_meeting(client, member, coordinator, board, case):
    meeting = make_meeting(coordinator, board)
    make_item(coordinator, meeting, case)
    text = page(sign_in(client, member), case)
    assert "ask me, before" in text
    answer = client.post(at(case, "ask"), sent(member, "meeting"))
    assert answer.status_code == 302 and answer["Location"].endswith("#guidance-cannot_tell")
    due = FactTask.objects.get(case=case).due_on
    assert due == max(meeting.day - timedelta(days=1), timezone.localdate())


def test_the_usual_one_of_the_section_is_proposed(client, member, nurse, chair, case):
    CaseSection.objects.filter(case=case, key="fitness").update(changed_by=chair)
    text = page(sign_in(client, member), case)
    assert f"ask {chair.name}, within" in text
    with acting_as(member):
        owe_fact(by=member, case=case, fact="autoimmune_disease", owner=nurse, due_on=None)
    assert f"ask {nurse.name}, within" in page(client, case)


def test_who_was_asked_meanwhile_keeps_it(client, member, nurse, case):
    with acting_as(member):
        owe_fact(by=member, case=case, fact="ecog", owner=nurse, due_on=None)
    answer = sign_in(client, member).post(at(case, "ask"), sent(member), headers=HTMX)
    assert "Somebody else was asked meanwhile" in answer.content.decode()
    assert FactTask.objects.get(case=case).owner == nurse
    answer = client.post(at(case, "unask"), {"owner": str(member.public_id)}, headers=HTMX)
    assert "who is asked has changed" in answer.content.decode()
    assert FactTask.objects.get(case=case).done_at is None


def test_who_may_not_be_asked_leads_to_the_form(client, member, stranger, case):
    sign_in(client, member)
    for form in (sent(stranger), sent(member, "meeting"), {}):
        answer = client.post(at(case, "ask"), form)
        assert (answer.status_code, answer["Location"]) == (302, at(case, "owner"))
    assert not FactTask.objects.exists()
    assert client.post(at(case, "ask", "nonsense"), sent(member)).status_code == 404
    assert sign_in(client, stranger).post(at(case, "ask"), sent(member)).status_code == 404

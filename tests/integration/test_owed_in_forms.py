"""A form that leaves a fact at "not yet" says who finds it out, and by when: the same row as readiness gives."""

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
from cases.presenters.tumour import SAMPLES
from cases.presenters.words import fact_label
from cases.services.tasks import owe_fact
from tests.factories.record import make_case
from tests.integration.test_cases_pages import queries, sign_in

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def case(member, board):
    load_record_data()
    found = make_case(member, board)
    FactTask.objects.filter(case=found).delete()
    return found


def fitness(case):
    return reverse("cases:section", args=[case.public_id, "fitness"])


def opened(client, url):
    """Return what a browser would send for the form at `url` as it was opened."""
    html = client.get(url, headers=HTMX).content.decode()
    sent = dict(re.findall(r'<input[^>]*name="([^"]+)"[^>]*value="([^"]*)"', html))
    return html, {k: v for k, v in sent.items() if k != "csrfmiddlewaretoken"}


def day(days):
    found = timezone.localdate() + timedelta(days=days)
    return found, f"{found.day} {found:%B %Y}"


def test_not_yet_with_a_person_and_a_day_is_the_row_of_readiness(client, member, nurse, case):
    html, sent = opened(sign_in(client, member), fitness(case))
    assert "app-owing--given" not in html
    due, text = day(5)
    key = str(nurse.public_id)
    sent |= {"ecog": "not_yet", "ecog_owed_by": key, "ecog_owed_on": text}
    answer = client.post(fitness(case), sent, headers=HTMX)
    assert answer.status_code == 200, answer.content.decode()
    assert f"{fact_label('ecog')}: given to {nurse.name}." in answer.content.decode()
    task = FactTask.objects.get(case=case)
    assert (task.fact, task.owner, task.due_on, task.done_at) == ("ecog", nurse, due, None)
    html, _sent = opened(client, fitness(case))
    assert "app-owing--given" in html
    assert f'value="{key}" selected' in html
    assert text in html


def test_the_value_ends_it(client, member, nurse, case):
    with acting_as(member):
        owe_fact(by=member, case=case, fact="ecog", owner=nurse, due_on=day(5)[0])
    _html, sent = opened(sign_in(client, member), fitness(case))
    sent |= {"ecog": "1", "assessed": day(0)[1], "ecog_owed_by": str(nurse.public_id)}
    assert client.post(fitness(case), sent, headers=HTMX).status_code == 200
    assert FactTask.objects.get(case=case).done_at is not None
    html, _sent = opened(client, fitness(case))
    assert "app-owing--given" not in html


def test_not_yet_without_a_person_owes_nobody_and_a_day_alone_is_no_fault(client, member, case):
    _html, sent = opened(sign_in(client, member), fitness(case))
    sent |= {"ecog": "not_yet", "ecog_owed_on": "yesterday"}
    assert client.post(fitness(case), sent, headers=HTMX).status_code == 200
    assert not FactTask.objects.filter(case=case).exists()
    case.patient.performance_status.refresh_from_db()
    assert case.patient.performance_status.ecog_state == "not_yet"


def test_a_day_that_is_over_is_said_beside_the_fact(client, member, nurse, case):
    _html, sent = opened(sign_in(client, member), fitness(case))
    sent |= {"ecog": "not_yet", "ecog_owed_by": str(nurse.public_id), "ecog_owed_on": day(-1)[1]}
    answer = client.post(fitness(case), sent, headers=HTMX)
    assert answer.status_code == 422
    assert "Enter a day that is still to come" in answer.content.decode()
    assert not FactTask.objects.filter(case=case).exists()


def test_who_was_given_it_meanwhile_keeps_it(client, member, nurse, chair, case):
    with acting_as(member):
        owe_fact(by=member, case=case, fact="ecog", owner=nurse, due_on=day(5)[0])
    _html, sent = opened(sign_in(client, member), fitness(case))
    sent |= {"ecog_owed_by": str(nurse.public_id), "ecog": ""}
    with acting_as(member):
        owe_fact(by=member, case=case, fact="ecog", owner=chair, due_on=day(9)[0])
    assert client.post(fitness(case), sent, headers=HTMX).status_code == 200
    assert FactTask.objects.get(case=case).owner == chair


@pytest.mark.parametrize("mine", ["who", "day"])
def test_of_two_who_hand_it_over_each_field_counts_by_itself(
    client, member, nurse, chair, case, mine
):
    with acting_as(member):
        owe_fact(by=member, case=case, fact="ecog", owner=nurse, due_on=day(5)[0])
    _html, sent = opened(sign_in(client, member), fitness(case))
    sent |= {"ecog_owed_by": str(nurse.public_id), "ecog": ""}
    with acting_as(member):
        # Another has it by now, or has it for longer.
        owner, due = (nurse, day(9)[0]) if mine == "who" else (chair, day(5)[0])
        owe_fact(by=member, case=case, fact="ecog", owner=owner, due_on=due)
    sent |= (
        {"ecog_owed_by": str(member.public_id)} if mine == "who" else {"ecog_owed_on": day(2)[1]}
    )
    assert client.post(fitness(case), sent, headers=HTMX).status_code == 200
    task = FactTask.objects.get(case=case)
    wanted = (member, day(9)[0]) if mine == "who" else (chair, day(2)[0])
    assert (task.owner, task.due_on) == wanted


def test_where_both_chose_somebody_the_first_has_it_and_that_is_said(
    client, member, nurse, chair, case
):
    _html, sent = opened(sign_in(client, member), fitness(case))
    sent |= {"ecog": "not_yet", "ecog_owed_by": str(nurse.public_id)}
    with acting_as(member):
        owe_fact(by=member, case=case, fact="ecog", owner=chair, due_on=day(9)[0])
    html = client.post(fitness(case), sent, headers=HTMX).content.decode()
    assert f"not given to {nurse.name}, {chair.name} was asked meanwhile." in html
    assert FactTask.objects.get(case=case).owner == chair
    # What both chose alike is given to nobody twice.
    sent |= {"ecog_owed_by": str(chair.public_id), "ecog_owed_on": day(9)[1]}
    assert "given to" not in client.post(fitness(case), sent, headers=HTMX).content.decode()


def test_several_facts_of_a_form_rewrite_the_facts_once(client, member, nurse, case):
    url = reverse("cases:part", args=[case.public_id, "metastases"])
    _html, sent = opened(sign_in(client, member), url)
    for name in ("liver", "brain"):
        sent |= {
            f"{name}_state": "not_yet",
            name: "not_yet",
            f"{name}_owed_by": str(nurse.public_id),
        }
    with CaptureQueriesContext(connection) as queries_of:
        assert client.post(url, sent, headers=HTMX).status_code == 200
    assert FactTask.objects.filter(case=case).count() == 2
    written = [q for q in queries_of if q["sql"].startswith('UPDATE "cases_casefacts"')]
    # Once for what is saved, once for whom it is given to.
    assert len(written) <= 2


def test_what_the_record_tells_is_given_to_nobody_and_that_is_said(client, member, nurse, case):
    """A second sample is awaited while a first one of the same time has its result."""
    url = reverse("cases:item_add", args=[case.public_id, SAMPLES])
    sign_in(client, member)
    whom = {"value_owed_by": str(nurse.public_id), "value_owed_on": day(5)[1]}
    about = {"measured": "pdl1_tps", "timing": "before"}
    for value, words in (("60", ""), ("not yet", "not given to")):
        _html, sent = opened(client, url)
        answer = client.post(url, sent | about | whom | {"value": value}, headers=HTMX)
        assert answer.status_code == 200, answer.content.decode()
        assert words in answer.content.decode()
    assert not FactTask.objects.filter(case=case).exists()


def test_a_sample_without_a_result_is_given_as_the_fact_it_answers(client, member, nurse, case):
    url = reverse("cases:item_add", args=[case.public_id, SAMPLES])
    _html, sent = opened(sign_in(client, member), url)
    sent |= {"measured": "pdl1_tps", "timing": "after", "value": "not yet"}
    sent |= {"value_owed_by": str(nurse.public_id), "value_owed_on": day(5)[1]}
    assert client.post(url, sent, headers=HTMX).status_code == 200
    assert FactTask.objects.get(case=case).fact == "pdl1_tps_recent"


def test_the_forms_cost_no_more_queries_for_it(client, member, case):
    sign_in(client, member)
    for url in (
        fitness(case),
        reverse("cases:section", args=[case.public_id, "tumour"]),
        reverse("cases:part", args=[case.public_id, "background"]),
        reverse("cases:item_add", args=[case.public_id, "courses"]),
    ):
        assert queries(client, url, headers=HTMX) <= 6, url

"""The start page by role."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.acting import acting_as
from cases.models import Case
from cases.rules import counts_of
from cases.selectors import case_for_page
from cases.services.lifecycle import move_case
from cases.services.tasks import owe_fact
from evidence.conditions.vocabulary import FACTS
from followup.models import MonitoringPlan, Sweep
from meetings.views.home import PER_PAGE, SHOWN
from tests.factories.meetings import make_signed, make_version
from tests.factories.monitoring import day, make_plan
from tests.factories.people import make_user
from tests.integration.meetings.browsing import (
    NAME,
    fill,
    page,
    text_of,
)
from ui.paging import encode_cursor

pytestmark = pytest.mark.django_db


def test_home_says_what_is_asked_of_a_specialist(client, coordinator, board, meeting):
    fill(coordinator, meeting, 4)
    lung = make_user("member", board, specialty="respiratory")
    owe_fact(
        by=coordinator,
        case=meeting.items.first().case,
        fact="ecog",
        owner=lung,
        due_on=timezone.localdate() - dt.timedelta(days=1),
    )
    html = text_of(page(client, lung, "home"))
    assert "You are needed for 2 of 4 cases" in html
    assert "Will you be there?" in html and "1 day over" in html
    assert "No sweep of reminders has run yet." in html


@pytest.mark.parametrize(
    ("delivered", "opened", "words", "colour"),
    [
        (20, 40, "Reminders flow, last sweep", "green"),
        (88000, 40, "No sweep lately: last sweep 24 h ago.", "red"),
        (20, 88000, "Due checks were last looked for 24 h ago", "red"),
    ],
)
def test_home_says_how_reminders_flow_as_the_worklist_does(
    client, nurse, delivered, opened, words, colour
):
    for name, seconds in ((Sweep.DELIVERY, delivered), (Sweep.OPENING, opened)):
        Sweep.objects.create(name=name, ran_at=timezone.now() - dt.timedelta(seconds=seconds))
    html = page(client, nurse, "home").content.decode()
    assert f"app-flow--{colour}" in html and words in html
    assert words in client.get(reverse("followup:worklist")).content.decode()


def test_home_of_the_chair_leads_to_what_waits_for_a_signature(client, chair, coordinator, draft):
    html = text_of(page(client, chair, "home"))
    assert "Waiting for your signature" in html
    assert reverse("meetings:sign", args=[draft.public_id]) in html
    assert "Waiting for your signature" not in text_of(page(client, coordinator, "home"))


def test_home_of_a_curator_shows_drafts_and_no_patient(client, board, coordinator, item):
    make_version(state="draft", published_at=None, title="Being written")
    html = text_of(page(client, make_user("curator", board), "home"))
    assert "Being written" in html and NAME not in html


def test_home_shows_what_came_back(client, chair, coordinator, board, item):
    decision = make_signed(chair, item)
    with acting_as(chair):
        case = Case.objects.get(pk=decision.case_id)
        move_case(by=chair, case=case, to="returned", reason="abnormal_check")
    html = text_of(page(client, coordinator, "home"))
    assert "Abnormal safety check" in html


def test_home_calls_late_what_the_worklist_does(client, nurse, board):
    plan = make_plan(nurse, board)
    with acting_as(nurse):
        waits = plan.checks.filter(offset_days=None)
        assert waits.count() > SHOWN
        waits.update(due_on=day(-20), opened_on=day(-20), state="due")
    html = text_of(page(client, nurse, "home"))
    assert html.count("before the first dose") == SHOWN and "days over" not in html
    # A late one is shown before them, however long they have been asked for.
    other = make_plan(nurse, board, dosed=30)
    with acting_as(nurse):
        late = other.checks.filter(step__code="visit", offset_days=21)
        late.update(due_on=day(-2), opened_on=day(-2), state="due")
    html = text_of(page(client, nurse, "home"))
    assert html.count("before the first dose") == SHOWN - 1
    assert html.index("2 days over") < html.index("before the first dose")
    with acting_as(nurse):
        MonitoringPlan.objects.filter(pk=plan.pk).update(planned_first_on=day(3))
    html = text_of(page(client, nurse, "home"))
    assert "20 days over" in html and "before the first dose" not in html


def test_all_that_somebody_owes_is_listed_with_the_count_of_each_case(
    client, coordinator, board, meeting
):
    fill(coordinator, meeting, 1)
    case, nurse = meeting.items.first().case, make_user("nurse", board)
    facts = list(FACTS)[: PER_PAGE + 3]
    for n, fact in enumerate(facts):
        due = day(n) if n else None
        owe_fact(by=coordinator, case=case, fact=fact, owner=nurse, due_on=due)
    home = page(client, nurse, "home").content.decode()
    assert home.count('class="app-nowrap"') == SHOWN and reverse("meetings:owed") in home
    first = page(client, nurse, "owed")
    with acting_as(nurse):
        settled, required = counts_of(case_for_page(nurse).get(pk=case.pk))
    assert text_of(first).count(f"{settled} of {required} facts") == PER_PAGE
    more = first.content.decode().split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
    rest = text_of(client.get(more))
    assert rest.count(f"{settled} of {required} facts") == 3
    # What has no day comes after all that has one.
    assert rest.count("no date") == 1 and "no date" not in text_of(first)
    # A cursor may come from anywhere.
    forged = f"{reverse('meetings:owed')}?after={encode_cursor([5, 5])}"
    assert client.get(forged).status_code == 200

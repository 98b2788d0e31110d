"""The case page says where the case stands, and leads to its meetings, decisions and monitoring."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

from accounts.acting import acting_as
from cases.models import Case
from cases.services.lifecycle import move_case
from cases.standing import stage_columns, stages_of
from followup.models import MonitoringPlan
from followup.services.protocols import load_protocols
from meetings.services.meetings import set_current_item, start_meeting
from tests.factories.meetings import make_draft, make_item, make_meeting, make_signed
from tests.factories.record import add_course, make_case
from tests.integration.test_cases_pages import fill, queries, sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def protocols(db):
    load_protocols()


def standing(client, user, case) -> str:
    """Return the strip that says where the case stands, as text with its addresses."""
    html = sign_in(client, user).get(reverse("cases:detail", args=[case.public_id]))
    part = re.search(r'id="case-standing".*?</section>', html.content.decode(), re.S)
    return re.sub(r"\s+", " ", part[0])


def test_a_referred_case_waits_for_facts_and_an_agenda(client, member, board):
    html = standing(client, member, make_case(member, board))
    assert "Referred" in html and "still owed; then the coordinator" in html
    assert "<a " not in html


def test_a_listed_case_leads_to_its_meeting(client, member, coordinator, board):
    meeting = make_meeting(coordinator, board)
    item = make_item(coordinator, meeting)
    html = standing(client, member, item.case)
    assert "Listed" in html and "It is discussed on" in html
    assert reverse("meetings:agenda", args=[meeting.public_id]) in html
    later = make_item(coordinator, meeting)
    with acting_as(coordinator):
        start_meeting(by=coordinator, meeting=meeting)
        set_current_item(by=coordinator, meeting=meeting, item=item)
    html = standing(client, member, later.case)
    assert "in the meeting that is running" in html
    assert reverse("meetings:live", args=[meeting.public_id]) in html


def test_a_draft_waits_for_the_chair(client, member, coordinator, board):
    draft = make_draft(coordinator, make_item(coordinator, make_meeting(coordinator, board)))
    html = standing(client, member, draft.case)
    assert "The chair is still to sign the decision" in html
    assert reverse("meetings:decision", args=[draft.public_id]) in html


def test_a_decided_case_leads_to_decision_and_plan(client, member, nurse, chair, board):
    decision = make_signed(chair, make_item(chair, make_meeting(chair, board)))
    plan = MonitoringPlan.objects.get()
    html = standing(client, member, decision.case)
    assert "Being monitored" in html and "The first dose is still to be entered" in html
    assert f"signed by {chair.name}" in html
    assert reverse("meetings:decision", args=[decision.public_id]) in html
    assert reverse("followup:plan", args=[plan.public_id]) in html


def test_a_case_that_came_back_says_why(client, member, chair, board):
    decision = make_signed(chair, make_item(chair, make_meeting(chair, board)))
    with acting_as(chair):
        case = Case.objects.get(pk=decision.case_id)
        move_case(by=chair, case=case, to="returned", reason="abnormal_check")
    html = standing(client, member, case)
    assert "Came back because" in html and "Abnormal safety check" in html
    assert "the coordinator is to put it on an agenda" in html


def test_a_reader_of_the_patient_without_a_part_on_the_board_is_told_of_nothing(
    client, stranger, member, coordinator, board
):
    item = make_item(coordinator, make_meeting(coordinator, board))
    with acting_as(member):
        case = Case.objects.annotate(**stage_columns(stranger)).get(pk=item.case.pk)
        seen = Case.objects.annotate(**stage_columns(member)).get(pk=item.case.pk)
    assert not stages_of(case) and stages_of(seen)


def test_stages_cost_no_query(client, member, chair, board):
    bare = make_case(member, board)
    decision = make_signed(chair, make_item(chair, make_meeting(chair, board)))
    sign_in(client, member)
    url = reverse("cases:detail", args=[bare.public_id])
    client.get(url)
    assert queries(client, url) == queries(
        client, reverse("cases:detail", args=[decision.case.public_id])
    )


def test_the_list_hides_no_grade_because_another_may_be_worse(client, member, board):
    """Only two organs were asked about: grade 3 is the least, and a stop for an irAE may have any grade."""
    fill(make_case(member, board), member, 1)
    add_course(member, make_case(member, board), drugs=["nivolumab"], stop_reason="irae")
    html = sign_in(client, member).get(reverse("cases:list")).content.decode()
    unknown, graded = (
        re.sub(r"<[^>]+>|\s+", " ", cell) for cell in re.findall(r'app-strong">(.*?→)', html, re.S)
    )
    assert re.search(r"worst irAE\s+at least\s+grade\s+3", graded)
    assert re.search(r"irAE, worst\s+\?\s+grade not known", unknown)

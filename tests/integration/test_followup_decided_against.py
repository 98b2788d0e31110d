"""Monitoring does not go on against the board: whatever was entered before, beside or after its decision."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.acting import acting_as
from cases.models import Case, CaseSection, ICICourse
from cases.services.history import save_course
from cases.services.lifecycle import move_case
from followup.models import Notice
from followup.services import (
    enter_first_dose,
    enter_last_dose,
    give_dose,
    take_back_first_dose,
    take_back_last_dose,
)
from followup.states import StepNotPossible
from tests.factories.decided import (
    NO,
    bring_back,
    decide,
    defer,
    fresh,
    make_rechallenge,
)
from tests.factories.monitored import page, post
from tests.factories.monitoring import backdate, day, make_plan, today
from tests.factories.people import make_board, make_user
from ui.partial_dates import parse_partial_date


@pytest.fixture
def plan(db, chair, board):
    return make_rechallenge(chair, board)


def move(chair, plan, to):
    with acting_as(chair):
        move_case(by=chair, case=Case.objects.get(pk=plan.case_id), to=to)


def refused(nurse, plan, match="no decision to give this dose stands"):
    """Enter another dose, as the next and as the last, which is asked about both times."""
    with acting_as(nurse):
        with pytest.raises(ValidationError, match=match) as found, transaction.atomic():
            if plan.last_dose_on is None:
                give_dose(by=nurse, plan=plan, on=today(), confirmed=True)
            else:
                enter_last_dose(
                    by=nurse, plan=plan, on=today(), reason="completed", unentered="enter"
                )
        assert "undecided" in found.value.message_dict


def offers_to_go_on(client, nurse, plan):
    return "Doses go on after all" in page(client, nurse, "plan", plan.public_id).content.decode()


def test_a_last_dose_entered_by_hand_does_not_go_on_against_the_board(client, plan, chair, nurse):
    with acting_as(nurse):
        enter_first_dose(by=nurse, plan=plan, on=day(-30))
        enter_last_dose(by=nurse, plan=plan, on=day(-30), reason="toxicity")
    assert offers_to_go_on(client, nurse, plan)
    decide(chair, plan, **NO)
    with acting_as(nurse):
        assert fresh(plan).end_reason == "toxicity"
        with pytest.raises(StepNotPossible), transaction.atomic():
            take_back_last_dose(by=nurse, plan=plan)
        assert fresh(plan).last_dose_on == day(-30)
    assert not offers_to_go_on(client, nurse, plan)
    # A deferral after it decides nothing.
    decide(chair, plan, **defer(nurse))
    assert not offers_to_go_on(client, nurse, plan)


def test_a_reason_corrected_after_the_board_ended_the_doses_lets_none_go_on(
    client, plan, chair, nurse
):
    with acting_as(nurse):
        enter_first_dose(by=nurse, plan=plan, on=day(-30))
    decide(chair, plan, **NO)
    with acting_as(nurse):
        enter_last_dose(by=nurse, plan=plan, on=day(-30), reason="other")
        assert fresh(plan).end_reason == "other"
        with pytest.raises(StepNotPossible), transaction.atomic():
            take_back_last_dose(by=nurse, plan=plan)
    assert not offers_to_go_on(client, nurse, plan)


@pytest.mark.parametrize("ended", [True, False])
def test_a_first_dose_taken_back_against_the_board_is_not_waited_for_and_a_second_press_is_none(
    client, plan, chair, nurse, ended
):
    with acting_as(nurse):
        enter_first_dose(by=nurse, plan=plan, on=day(-10))
        if ended:
            enter_last_dose(by=nurse, plan=plan, on=day(-10), reason="other")
    decide(chair, plan, **NO)
    form = page(client, nurse, "take_back_first", plan.public_id).content.decode()
    assert "the plan is closed with it" in form and "waits for its first dose again" not in form
    with acting_as(nurse):
        version = fresh(plan).version
    sent = {"version": version}
    said = post(client, nurse, "take_back_first", plan.public_id, data=sent, follow=True)
    assert "the plan is closed: the board decided against a rechallenge" in said.content.decode()
    with acting_as(nurse):
        closed = fresh(plan)
        assert (closed.state, closed.close_reason) == ("closed", "decided_against")
        again = take_back_first_dose(by=nurse, plan=plan, version=version)
        assert again.version == closed.version
    twice = post(client, nurse, "take_back_first", plan.public_id, data=sent)
    assert twice.status_code == 302


@pytest.mark.usefixtures("committed_db")
@pytest.mark.parametrize("by_hand", [True, False])
def test_what_is_said_of_the_course_when_a_first_dose_is_taken_back(client, by_hand):
    with transaction.atomic():
        board = make_board()
        nurse = make_user("nurse", board)
        plan = make_plan(nurse, board)
        with acting_as(nurse):
            backdate(plan, 10)
            if by_hand:
                typed = {"start": parse_partial_date(day(-5).isoformat())}
                version = CaseSection.objects.get(case=plan.case_id, key="courses").version
                save_course(by=nurse, case=plan.case, version=version, values=typed)
    with transaction.atomic(), acting_as(nurse):
        sent = {"version": enter_first_dose(by=nurse, plan=plan, on=day(-7)).version}
    said = post(client, nurse, "take_back_first", plan.public_id, data=sent, follow=True)
    html = said.content.decode()
    assert "The plan waits for it" in html
    assert ("says what it said before" in html) is by_hand
    assert ("The course it began is removed" in html) is not by_hand
    with transaction.atomic(), acting_as(nurse):
        assert ICICourse.objects.exists() is by_hand


def test_a_case_closed_after_no_rechallenge_still_asks_before_a_dose(client, plan, chair, nurse):
    with acting_as(nurse):
        enter_first_dose(by=nurse, plan=plan, on=day(-30))
    decide(chair, plan, **NO)
    move(chair, plan, "closed")
    with acting_as(nurse):
        stands = fresh(plan)
    refused(nurse, stands, "The board decided against a rechallenge")
    html = page(client, nurse, "last_dose", plan.public_id).content.decode()
    assert "No dose is awaited any more" in html and "watch under this plan goes on" not in html


def test_a_case_set_to_be_monitored_again_after_no_rechallenge_still_asks(plan, chair, nurse):
    with acting_as(nurse):
        enter_first_dose(by=nurse, plan=plan, on=day(-30))
    decide(chair, plan, **NO)
    bring_back(chair, plan)
    move(chair, plan, "watching")
    with acting_as(nurse):
        stands = fresh(plan)
    refused(nurse, stands)


def test_a_case_that_came_back_and_was_closed_undecided_asks_and_its_page_says_so(
    client, plan, chair, nurse
):
    with acting_as(nurse):
        enter_first_dose(by=nurse, plan=plan, on=day(-21))
    bring_back(chair, plan)
    move(chair, plan, "closed")
    with acting_as(nurse):
        stands = fresh(plan)
    refused(nurse, stands)
    html = page(client, nurse, "plan", plan.public_id).content.decode()
    assert "The case was closed while it was before the board" in html
    assert 'name="undecided"' in html and "watch under this plan goes on" not in html


def test_a_case_closed_while_it_is_monitored_is_watched_on_and_asks_nothing(plan, chair, nurse):
    with acting_as(nurse):
        enter_first_dose(by=nurse, plan=plan, on=day(-21))
    bring_back(chair, plan)
    move(chair, plan, "watching")
    move(chair, plan, "closed")
    with acting_as(nurse):
        give_dose(by=nurse, plan=plan, on=today())
        assert not Notice.objects.filter(kind="undecided").exists()

"""A board in another zone than the site's: what its people enter goes by the day that it is there."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from accounts.acting import acting_as
from accounts.models import Board
from accounts.zones import day_of, today_among, today_of
from followup.models import Check
from followup.services import (
    enter_first_dose,
    enter_last_dose,
    give_dose,
    hold_plan,
    plan_first_dose,
    record_result,
)
from tests.factories.monitoring import backdate, make_plan
from tests.factories.people import make_board

pytestmark = pytest.mark.django_db
EAST, WEST = "Etc/GMT-14", "Etc/GMT+12"  # 26 hours apart: never the same day


@pytest.fixture(params=[(EAST, WEST), (WEST, EAST)], ids=["board ahead", "board behind"])
def board(request, board):
    """A board on whose day it is never the day of the site."""
    there, here = request.param
    Board.objects.filter(pk=board.pk).update(zone=there)
    board.refresh_from_db()
    with timezone.override(ZoneInfo(here)):
        assert today_of(board) != timezone.localdate()
        yield board


@pytest.fixture
def plan(nurse, board):
    made = make_plan(nurse, board)
    with acting_as(nurse):
        backdate(made, 60)
        made.refresh_from_db()
    return made


TOMORROW = timedelta(days=1)


def dosed(nurse, plan, days):
    with acting_as(nurse):
        on = today_of(plan.case.board) - timedelta(days=days)
        return enter_first_dose(by=nurse, plan=plan, on=on)


def test_a_first_dose_is_entered_on_the_boards_day_and_not_before(nurse, board, plan):
    with acting_as(nurse):
        with pytest.raises(ValidationError, match="before it is given"):
            enter_first_dose(by=nurse, plan=plan, on=today_of(board) + TOMORROW)
        given = enter_first_dose(by=nurse, plan=plan, on=today_of(board))
        rows = given.checks.filter(state="waiting", due_on__isnull=False)
        assert set(rows.values_list("dated_on", flat=True)) == {today_of(board)}


def test_the_next_and_the_last_dose_as_well(nurse, board, plan):
    plan = dosed(nurse, plan, 21)
    with acting_as(nurse):
        with pytest.raises(ValidationError, match="before it is given"):
            give_dose(by=nurse, plan=plan, on=today_of(board) + TOMORROW, confirmed=True)
        given = give_dose(by=nurse, plan=plan, on=today_of(board), confirmed=True)
        with pytest.raises(ValidationError, match="before it is given"):
            enter_last_dose(
                by=nurse, plan=plan, on=given.on + TOMORROW, reason="completed", unentered="enter"
            )
        assert enter_last_dose(by=nurse, plan=plan, on=given.on, reason="completed").last_dose_on


def test_a_first_dose_is_planned_from_the_boards_day_on(nurse, board, plan):
    with acting_as(nurse):
        with pytest.raises(ValidationError, match="That day is over"):
            plan_first_dose(by=nurse, plan=plan, on=today_of(board) - TOMORROW)
        planned = plan_first_dose(by=nurse, plan=plan, on=today_of(board))
        due = planned.checks.filter(offset_days__isnull=True).values_list("due_on", flat=True)
        assert set(due) == {today_of(board)}


def test_doses_are_held_from_the_boards_day_on(nurse, board, plan):
    plan = dosed(nurse, plan, 7)
    with acting_as(nurse):
        assert hold_plan(by=nurse, plan=plan, reason="logistics").held_on == today_of(board)


def test_a_decision_was_signed_on_the_boards_day(nurse, board):
    plan = make_plan(nurse, board)
    decided = day_of(board, plan.opened_at)
    with acting_as(nurse):
        with pytest.raises(ValidationError, match="was not given under it"):
            enter_first_dose(by=nurse, plan=plan, on=decided - TOMORROW)
        assert enter_first_dose(by=nurse, plan=plan, on=decided).first_dose_on == decided


def a_check(nurse, plan):
    plan = dosed(nurse, plan, 30)
    with acting_as(nurse):
        rows = plan.checks.filter(step__critical=False, state="waiting", measures=[])
        return rows.order_by("due_on", "id")[0]


def test_a_result_of_the_boards_day_is_taken_and_none_of_its_tomorrow(nurse, board, plan):
    check = a_check(nurse, plan)
    with acting_as(nurse):
        for on in (today_of(board) + TOMORROW, today_of(board)):
            entered = {"by": nurse, "check": check, "result": "normal", "measured_on": on}
            if on > today_of(board):
                with pytest.raises(ValidationError, match="cannot be in the future"):
                    record_result(**entered)
            else:
                assert record_result(**entered).measured_on == on


def test_the_form_offers_the_boards_day_and_refuses_a_later_one(client, nurse, board, plan):
    check = a_check(nurse, plan)
    client.force_login(nurse, backend="allauth.account.auth_backends.AuthenticationBackend")
    url = reverse("followup:check", args=[check.public_id])
    assert f'value="{today_of(board).isoformat()}"' in client.get(url).content.decode()
    sent = {"version": check.version, "result": "normal"}
    ahead = client.post(url, {**sent, "measured_on": (today_of(board) + TOMORROW).isoformat()})
    assert ahead.status_code == 422 and "cannot be in the future" in ahead.content.decode()
    taken = client.post(url, {**sent, "measured_on": today_of(board).isoformat()})
    assert taken.status_code == 302


def test_normal_from_the_row_is_of_the_boards_day(client, nurse, board, plan):
    check = a_check(nurse, plan)
    client.force_login(nurse, backend="allauth.account.auth_backends.AuthenticationBackend")
    client.post(reverse("followup:normal", args=[check.public_id]), {"version": check.version})
    with acting_as(nurse):
        assert Check.objects.get(pk=check.pk).measured_on == today_of(board)


def test_the_page_of_the_first_dose_takes_the_boards_day_and_no_later_one(
    client, nurse, board, plan
):
    client.force_login(nurse, backend="allauth.account.auth_backends.AuthenticationBackend")
    url = reverse("followup:first_dose", args=[plan.public_id])
    assert f'value="{today_of(board).isoformat()}"' in client.get(url).content.decode()
    ahead = client.post(url, {"version": plan.version, "on": today_of(board) + TOMORROW})
    assert "before it is given" in ahead.content.decode()
    sent = {"version": plan.version, "on": today_of(board), "dose_interval": "21"}
    assert client.post(url, sent).status_code == 302


def test_the_onset_of_an_irae_may_be_of_the_boards_day(client, nurse, board, plan):
    client.force_login(nurse, backend="allauth.account.auth_backends.AuthenticationBackend")
    url = reverse("followup:irae", args=[plan.public_id])
    ahead = client.post(url, {"onset": (today_of(board) + TOMORROW).isoformat()})
    assert "the date is in the future" in ahead.content.decode()
    there = client.post(url, {"onset": today_of(board).isoformat()})
    assert "the date is in the future" not in there.content.decode()


def test_a_list_of_boards_goes_by_their_day_and_of_several_zones_by_the_sites(board):
    assert today_among([board, board]) == today_of(board)
    assert today_among([board, make_board()]) == timezone.localdate() == today_among([])


def test_a_new_board_lies_in_the_zone_of_the_site(settings):
    settings.TIME_ZONE = "America/New_York"
    assert make_board().zone == "America/New_York"

"""The plan's picture and table tell what stands: what is owed, what is asked no more, what is provisional."""

from __future__ import annotations

from datetime import timedelta

import pytest

from accounts.acting import acting_as
from followup.presenters.picture import TEXT, _beside
from followup.presenters.plan import plan_page
from followup.selectors import plan_for_page
from followup.services import enter_last_dose, give_dose, record_result
from tests.factories.monitoring import day, make_plan, today

pytestmark = pytest.mark.django_db


def shown(nurse, plan):
    with acting_as(nurse):
        return plan_page(plan_for_page(nurse).get(pk=plan.pk), today())


def shapes(page, start):
    return [m.shape for m in page.picture.marks if m.title.startswith(start)]


def line(page, label):
    return next(found for found in page.picture.lines if found.label.startswith(label))


def numbers(page):
    return {str(stat["text"]): stat["number"] for stat in page.stats}


def test_what_is_asked_no_more_is_neither_drawn_nor_ahead(board, nurse):
    plan = make_plan(nurse, board, dosed=21)
    with acting_as(nurse):
        give_dose(by=nurse, plan=plan, on=today())
        enter_last_dose(by=nurse, plan=plan, on=today(), reason="completed")
    page = shown(nurse, plan)
    assert shapes(page, "Visit before the infusion") == ["due", "due"]
    visits = line(page, "Visit before the infusion")
    assert visits.counts.startswith("2 due, ") and "ahead" not in visits.counts
    assert "cancelled" in visits.counts and "cancelled: " in visits.dates
    assert not [m for m in page.picture.doses if m.shape == "planned"]


def test_what_is_owed_is_drawn_as_due_before_a_sweep_has_opened_it(board, nurse):
    page = shown(nurse, make_plan(nurse, board, dosed=30))
    drawn = [m.shape for m in page.picture.marks].count("due")
    due = next(n for text, n in numbers(page).items() if text.startswith("due"))
    assert drawn == due > 10


@pytest.mark.parametrize("dosed", [None, 7])
def test_late_contacts_are_provisional_until_the_last_dose_is_known(board, nurse, dosed):
    plan = make_plan(nurse, board, dosed=dosed)
    page = shown(nurse, plan)
    assert set(shapes(page, "Late contact")) == {"provisional"}
    titles = [m.title for m in page.picture.marks if m.shape == "provisional"]
    assert all("the last dose, which is not known yet" in title for title in titles)
    late = line(page, "Late contact")
    assert late.counts == "4 ahead, provisional" and late.dates.startswith("provisional")
    assert "provisional" in {item["kind"] for item in page.picture.legend}


def test_they_are_ahead_once_it_is(board, nurse):
    plan = make_plan(nurse, board, dosed=7)
    with acting_as(nurse):
        enter_last_dose(by=nurse, plan=plan, on=day(-7), reason="toxicity")
    page = shown(nurse, plan)
    assert set(shapes(page, "Late contact")) == {"waiting"}
    assert "provisional" not in {item["kind"] for item in page.picture.legend}


def test_done_after_the_dose_it_was_to_come_before_is_drawn_so_on_its_day(board, nurse):
    plan = make_plan(nurse, board, dosed=42)
    with acting_as(nurse):
        check = plan.checks.get(step__code="steroid_dose")
        record_result(
            by=nurse, check=check, result="normal", measured_on=today(), values={"prednisone": "5"}
        )
    page = shown(nurse, plan)
    (mark,) = (m for m in page.picture.marks if m.title.startswith("Current steroid dose"))
    assert mark.shape == "late" and mark.x == page.picture.today and ", was due " in mark.title
    assert line(page, "Current steroid dose").counts == "1 normal, after the first dose"
    assert "late" in {item["kind"] for item in page.picture.legend}


def test_done_in_time_is_drawn_as_ever(board, nurse):
    plan = make_plan(nurse, board, dosed=42)
    with acting_as(nurse):
        check = plan.checks.get(step__code="steroid_dose")
        record_result(
            by=nurse, check=check, result="normal", measured_on=day(-42), values={"prednisone": "5"}
        )
    assert shapes(shown(nurse, plan), "Current steroid dose") == ["done"]


@pytest.mark.parametrize("dosed", [0, 5, 90])
def test_the_words_of_the_first_dose_stand_at_its_line_and_inside_of_the_picture(
    board, nurse, dosed
):
    picture = (page := shown(nurse, make_plan(nurse, board, dosed=dosed))).picture
    x, anchor = picture.first_dose_label
    begin, end = (x, x + TEXT) if anchor == "start" else (x - TEXT, x)
    assert abs(x - picture.first_dose) == 5 and begin >= 0
    # Clear of today's line, or no room left of the dose.
    assert not begin < picture.today < end or picture.first_dose <= TEXT
    assert str((today() - timedelta(days=dosed)).year) in line(page, "Visit").dates


def test_the_words_stand_left_of_the_dose_where_there_is_room():
    assert _beside(500, 520) == (495, "end")
    assert _beside(20, 40) == (25, "start")
    assert _beside(20, 400) == (25, "start") and _beside(500, 480) == (505, "start")

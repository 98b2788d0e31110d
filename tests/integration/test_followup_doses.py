"""Doses after the first: given, skipped, taken back, the last; what is asked at doses, and late contacts, follow."""

from __future__ import annotations

import re

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from accounts.acting import acting_as
from audit.models import TrailEntry
from followup.dosing import next_dose
from followup.models import Dose, MonitoringPlan
from followup.services import (
    close_plan,
    enter_first_dose,
    enter_last_dose,
    give_dose,
    hold_plan,
    record_result,
    resume_plan,
    skip_dose,
    take_back_dose,
)
from followup.services.locking import Outdated
from tests.factories.monitoring import day, make_plan, today

pytestmark = pytest.mark.django_db


@pytest.fixture
def plan(board, nurse):
    """A plan whose first dose was given 30 days ago, to be given every 21 days."""
    return make_plan(nurse, board, dosed=30)


def days(plan, code, **more):
    """Return the days from today on which undone checks of `code` fall due."""
    rows = plan.checks.filter(step__code=code, state__in=["waiting", "due"], **more)
    return [
        (due - today()).days for due in rows.order_by("due_on").values_list("due_on", flat=True)
    ]


def fresh(plan):
    return MonitoringPlan.objects.get(pk=plan.pk)


def test_a_late_dose_moves_what_is_asked_at_it_and_after_it(plan, nurse):
    with acting_as(nurse):
        assert next_dose(plan).number == 2 and next_dose(plan).expected_on == day(-9)
        assert days(plan, "visit", offset_days__lte=63) == [-30, -9, 12, 33]
        weekly = days(plan, "symptom_call")
        dose = give_dose(by=nurse, plan=plan, on=day(-5))
        # The first dose's own check is left where it was; the calendar's are not touched.
        assert days(plan, "visit", offset_days__lte=63) == [-30, -5, 16, 37]
        assert days(plan, "symptom_call") == weekly
        assert (dose.number, dose.state, dose.expected_on) == (2, "given", day(-9))
        following = next_dose(fresh(plan))
        assert (following.number, following.expected_on) == (3, day(16))
        entry = TrailEntry.objects.get(kind="plan.dose_given")
        assert entry.detail["number"] == 2


def test_what_is_done_already_stays(plan, nurse):
    with acting_as(nurse):
        visit = plan.checks.get(step__code="visit", offset_days=21)
        record_result(by=nurse, check=visit, result="normal", measured_on=day(-9))
        give_dose(by=nurse, plan=plan, on=day(-5))
        visit.refresh_from_db()
        assert (visit.state, visit.due_on) == ("done", day(-9))
        assert days(plan, "visit", offset_days__lte=63) == [-30, 16, 37]


def test_late_contacts_count_from_the_last_dose_that_is_known(plan, nurse):
    with acting_as(nurse):
        assert days(plan, "late_contact") == [60, 150, 240, 335]
        give_dose(by=nurse, plan=plan, on=day(-5))
        assert days(plan, "late_contact") == [85, 175, 265, 360]
        take_back_dose(by=nurse, plan=fresh(plan))
        assert days(plan, "late_contact") == [60, 150, 240, 335]
        enter_last_dose(
            by=nurse, plan=fresh(plan), on=day(-2), reason="progression", unentered="elsewhere"
        )
        assert days(plan, "late_contact") == [88, 178, 268, 363]


def test_a_skipped_dose_is_not_asked_about_and_the_next_keeps_its_day(plan, nurse):
    with acting_as(nurse):
        dose = skip_dose(by=nurse, plan=plan, reason="patient_wish")
        assert days(plan, "visit", offset_days__lte=63) == [-30, 12, 33]
        assert days(plan, "oxygen", offset_days__gt=0)[0] == 12
        assert (dose.state, dose.on) == ("skipped", day(-9))
        # A dose that was not given is not the last one.
        assert days(plan, "late_contact")[0] == 60
        assert next_dose(fresh(plan)).expected_on == day(12)
        take_back_dose(by=nurse, plan=fresh(plan))
        assert days(plan, "visit", offset_days__lte=63) == [-30, -9, 12, 33]
        assert next_dose(fresh(plan)).number == 2 and not Dose.objects.exists()


def test_skipped_for_toxicity_what_is_measured_is_asked_all_the_same(plan, nurse):
    with acting_as(nurse):
        skip_dose(by=nurse, plan=plan, reason="toxicity")
        assert -9 in days(plan, "liver_tests") and -9 in days(plan, "oxygen")
        assert -9 not in days(plan, "visit")


def test_taking_a_dose_back_puts_its_checks_back(plan, nurse):
    with acting_as(nurse):
        give_dose(by=nurse, plan=plan, on=day(-5))
        take_back_dose(by=nurse, plan=fresh(plan))
        assert days(plan, "visit", offset_days__lte=63) == [-30, -9, 12, 33]
        kept = Dose.pgh_event_model.objects.order_by("pgh_id").values_list("pgh_label", flat=True)
        assert list(kept) == ["insert", "delete"]
        with pytest.raises(PermissionDenied, match="no dose to take back"):
            take_back_dose(by=nurse, plan=fresh(plan))


def test_after_a_hold_the_next_dose_is_expected_when_doses_go_on(plan, nurse):
    with acting_as(nurse):
        held = hold_plan(by=nurse, plan=plan, reason="toxicity")
        assert next_dose(held) is None
        with pytest.raises(PermissionDenied, match="No dose is awaited"):
            give_dose(by=nurse, plan=held, on=today())
        resume_plan(by=nurse, plan=held, next_dose_on=day(-1))
        following = next_dose(fresh(plan))
        assert (following.number, following.expected_on) == (2, day(-1))
        before = {code: days(plan, code) for code in ("visit", "liver_tests", "oxygen")}
        give_dose(by=nurse, plan=fresh(plan), on=today())
        for code, stood in before.items():
            assert days(plan, code) == [d if d < -1 else d + 1 for d in stood], code
        assert next_dose(fresh(plan)).expected_on == day(21)


def test_the_last_dose_ends_what_is_asked_at_doses_and_the_watch_goes_on(plan, nurse):
    with acting_as(nurse):
        enter_last_dose(by=nurse, plan=plan, on=day(-30), reason="toxicity")
        assert max(days(plan, "visit")) == -30
        assert len(days(plan, "thyroid")) > 5 and days(plan, "late_contact")[0] == 60
        ended = fresh(plan)
        assert (ended.state, ended.end_reason, next_dose(ended)) == ("active", "toxicity", None)
        with pytest.raises(PermissionDenied, match="nothing to hold"):
            hold_plan(by=nurse, plan=ended, reason="other")
        enter_last_dose(
            by=nurse, plan=fresh(plan), on=day(-20), reason="progression", unentered="elsewhere"
        )
        assert days(plan, "late_contact")[0] == 70
        close_plan(by=nurse, plan=fresh(plan), reason="died")
        assert days(plan, "late_contact") == []


def test_the_last_dose_ends_a_hold(plan, nurse):
    with acting_as(nurse):
        held = hold_plan(by=nurse, plan=plan, reason="toxicity")
        ended = enter_last_dose(by=nurse, plan=held, on=day(-30), reason="toxicity")
        assert (ended.state, ended.hold_reason) == ("active", "")
        assert not plan.checks.filter(state="waiting", due_on=None).exists()


@pytest.mark.parametrize(
    ("on", "words"), [(1, "before it is given"), (-30, "on that day or later"), (-40, "or later")]
)
def test_a_dose_on_an_impossible_day_is_refused(plan, nurse, on, words):
    with acting_as(nurse), pytest.raises(ValidationError, match=words):
        give_dose(by=nurse, plan=plan, on=day(on))


def test_the_last_dose_is_not_before_a_dose_that_was_given(plan, nurse):
    with acting_as(nurse):
        give_dose(by=nurse, plan=plan, on=day(-5))
        for on, words in ((-6, "given after that day"), (1, "before it is given")):
            with pytest.raises(ValidationError, match=words):
                enter_last_dose(by=nurse, plan=fresh(plan), on=day(on), reason="other")


def test_the_first_dose_can_be_corrected_but_not_beyond_the_second(plan, nurse):
    with acting_as(nurse):
        give_dose(by=nurse, plan=plan, on=day(-5))
        enter_first_dose(by=nurse, plan=fresh(plan), on=day(-28))
        assert days(plan, "visit", offset_days__lte=63) == [-28, -5, 16, 37]
        assert (
            days(plan, "thyroid", offset_days__gt=0)[0] == 14
            and days(plan, "late_contact")[0] == 85
        )
        with pytest.raises(ValidationError, match="comes before the doses"):
            enter_first_dose(by=nurse, plan=fresh(plan), on=day(-5))
        with pytest.raises(ValidationError, match="days between doses"):
            enter_first_dose(by=nurse, plan=fresh(plan), on=day(-28), dose_interval_days=28)


def test_an_outdated_page_enters_no_dose(plan, nurse):
    with acting_as(nurse):
        for act in (
            lambda: give_dose(by=nurse, plan=plan, on=today(), version=plan.version - 1),
            lambda: skip_dose(by=nurse, plan=plan, reason="other", version=plan.version - 1),
            lambda: take_back_dose(by=nurse, plan=plan, version=plan.version - 1),
        ):
            with pytest.raises(Outdated):
                act()


def test_who_may_not_record_enters_no_dose(plan, nurse, coordinator):
    with acting_as(coordinator):
        for act in (
            lambda: give_dose(by=coordinator, plan=plan, on=today()),
            lambda: skip_dose(by=coordinator, plan=plan, reason="other"),
            lambda: take_back_dose(by=coordinator, plan=plan),
            lambda: enter_last_dose(by=coordinator, plan=plan, on=today(), reason="other"),
        ):
            with pytest.raises(PermissionDenied):
                act()


def test_the_database_holds_what_a_dose_is(plan, nurse):
    common = {
        "patient_id": plan.patient_id, "plan": plan, "recorded_by": nurse, "on": today(), "expected_on": today(),
    }  # fmt: skip
    wrong = (
        {"number": 1, "state": "given"},
        {"number": 2, "state": "given", "reason": "other"},
        {"number": 2, "state": "skipped"},
    )
    with acting_as(nurse):
        for values in wrong:
            with pytest.raises(IntegrityError), transaction.atomic():
                Dose.objects.create(**common, **values)
        with pytest.raises(IntegrityError, match="last_dose"), transaction.atomic():
            MonitoringPlan.objects.update(last_dose_on=today())


def test_a_dose_is_seen_by_those_who_see_the_patient_alone(plan, nurse, stranger):
    with acting_as(nurse):
        give_dose(by=nurse, plan=plan, on=today())
        assert Dose.objects.count() == 1
    with acting_as(stranger), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM followup_dose")
        assert cursor.fetchone() == (0,)


def send(client, user, name, plan, **data):
    client.force_login(user)
    return client.post(reverse(f"followup:{name}", args=[plan.public_id]), data)


def page(client, user, plan):
    client.force_login(user)
    return client.get(reverse("followup:plan", args=[plan.public_id])).content.decode()


def test_a_dose_is_entered_by_one_button_of_the_plans_page(client, plan, nurse):
    html = page(client, nurse, plan)
    assert "Dose 2, expected" in html
    found = re.search(r'id="dose-on" name="on" type="date" value="([0-9-]+)"', html)
    assert found and found[1] == day(-9).isoformat()
    answer = send(client, nurse, "dose", plan, version=plan.version, on=found[1], state="given")
    assert answer.status_code == 302
    with acting_as(nurse):
        assert Dose.objects.get().on == day(-9)
    html = page(client, nurse, plan)
    assert "Dose 3, expected" in html and "Take back" in html
    answer = send(client, nurse, "take_back_dose", plan, version=fresh_version(nurse, plan))
    assert answer.status_code == 302
    assert "Dose 2, expected" in page(client, nurse, plan)


def fresh_version(user, plan):
    with acting_as(user):
        return MonitoringPlan.objects.get(pk=plan.pk).version


@pytest.mark.parametrize(
    ("data", "beside", "words"),
    [
        ({"state": "skipped"}, "dose-reason", "Say why the dose is skipped"),
        ({"state": "given", "on": ""}, "dose-on", "Enter the day on which it was given"),
        ({"state": "given", "on": "2999-01-01"}, "dose-on", "before it is given"),
    ],
)
def test_a_dose_that_cannot_be_is_refused_beside_its_field(
    client, plan, nurse, data, beside, words
):
    answer = send(client, nurse, "dose", plan, version=plan.version, **data)
    html = answer.content.decode()
    assert answer.status_code == 422 and words in html
    assert f'id="{beside}-error"' in html


def test_a_dose_from_an_outdated_page_is_shown_with_the_version_now(client, plan, nurse):
    answer = send(client, nurse, "dose", plan, version=1, state="skipped", reason="other")
    html = answer.content.decode()
    assert answer.status_code == 409 and "Somebody else has changed this" in html
    assert f'name="version" value="{plan.version}"' in html
    assert '<option value="other" selected>' in html


def test_the_last_dose_is_entered_by_its_form_and_shown(client, plan, nurse):
    client.force_login(nurse)
    address = reverse("followup:last_dose", args=[plan.public_id])
    assert day(-30).isoformat() in client.get(address).content.decode()
    data = {"version": plan.version, "on": day(-30).isoformat(), "reason": "completed"}
    assert client.post(address, data).status_code == 302
    html = page(client, nurse, plan)
    assert "planned course completed" in html and "Late contacts count from the last" in html
    assert "Correct last dose" in html and "Hold doses" not in html
    assert (
        "day 90 after the last dose" in html or "days 90, 180, 270, 365 after the last dose" in html
    )

"""0 mg of a steroid says that none is given now: what was given before stays open, and what is told of it is kept."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from accounts.acting import acting_as
from cases.loading import load as load_record_data
from cases.models import Case, CaseFacts, Indication, IrAE, Patient, Section, SteroidCourse
from cases.readiness import Standing
from cases.rules import readiness_of
from cases.services.history import set_complete
from cases.services.steroids import save_steroid, say_steroid_total
from evidence.conditions import Answer, read
from evidence.conditions.facts import MISSING, Fact
from tests.factories.answers import answer_of
from tests.integration.test_cases_pages import sign_in
from tests.integration.test_refer_again import refer, refer_again
from tests.integration.test_refer_of_now import NO_STEROID, NONE_NOW, facts_now, give, lock

pytestmark = pytest.mark.django_db
NONE = Fact.number(Decimal(0))
NOT_ENTERED = "The steroid dose was not entered"
WAS_GIVEN = {**NONE_NOW, "steroid_drug": "prednisolone", "steroid_purpose": "irae"}


def listed():
    return Patient.objects.get().steroids_complete_as_of


def complete(member):
    with acting_as(member):
        set_complete(**lock(member, Section.STEROIDS), key=Section.STEROIDS, complete=True)


def enter(member, mg, **more):
    with acting_as(member):
        values = {
            "drug": "prednisolone", "drug_state": "known",
            "now_mg_per_day": Decimal(mg), "now_mg_per_day_state": "known", **more,
        }  # fmt: skip
        save_steroid(**lock(member, Section.STEROIDS), values=values)


def test_none_now_leaves_open_what_was_given_for_the_event(client, member, board):
    load_record_data()
    sign_in(client, member)
    page = refer(client, board, **NONE_NOW)
    assert not SteroidCourse.objects.exists() and listed() is None
    facts = facts_now()
    assert (facts["steroid_now"], facts["steroid_not_tapered"]) == (NONE, MISSING)
    assert "0 mg pred.-eq., as said on" in page
    case = Case.objects.get()
    found = readiness_of(case, facts).by_key
    assert found["steroid_now"].standing is Standing.CURRENT
    assert found["steroid_not_tapered"].standing is Standing.MISSING
    # Whoever calls the list complete says that there was none.
    complete(member)
    assert (facts_now()["steroid_now"], facts_now()["steroid_not_tapered"].value) == (NONE, False)


def test_without_any_irae_no_steroid_was_given_for_one(client, member, board):
    load_record_data()
    sign_in(client, member)
    none = {"entity": "", "ctcae_version": "", "worst_grade": "", "grade_now": "", "onset": ""}
    page = refer(client, board, **NONE_NOW, **none, any_irae="none", stop_reason="completed")
    case, denied = (
        Case.objects.get(),
        read({"fact": "steroid_not_tapered", "op": "is", "value": False}),
    )
    facts, today = facts_now(), timezone.localdate()
    assert (facts["irae_any"].value, facts["steroid_not_tapered"].value) == (False, False)
    assert "no irAE is entered" in page
    # It rests on no list that would be out of date; without the answers about organs it says nothing.
    for until, days, certain in (
        (None, 0, True),
        (None, 40, True),
        (today, 1, False),
    ):
        CaseFacts.objects.update(answers_until=until)
        on = today + timedelta(days=days)
        found = CaseFacts.objects.get(case=case).as_facts(on)["steroid_not_tapered"]
        assert found == (Fact.known(False) if certain else MISSING)
        with acting_as(member):
            answer = answer_of(CaseFacts.objects.all(), denied, as_of=on)
        assert (answer is Answer.TRUE) is certain


@pytest.mark.parametrize(("days", "wanted"), [(0, NONE), (1, NONE), (14, NONE), (15, MISSING)])
def test_none_now_grows_old_as_every_dose_does(client, member, board, days, wanted):
    sign_in(client, member)
    refer(client, board, **NONE_NOW)
    case, on = Case.objects.get(), timezone.localdate() + timedelta(days=days)
    assert case.facts.as_facts(on)["steroid_now"] == wanted
    node = read({"fact": "steroid_now", "op": "<=", "value": 10})
    with acting_as(member):
        found = answer_of(CaseFacts.objects.all(), node, as_of=on)
    assert (found is Answer.TRUE) is (wanted == NONE)


@pytest.mark.parametrize(
    ("told", "kept"),
    [
        (WAS_GIVEN, ("prednisolone", "", "irae")),
        ({**NONE_NOW, "steroid_drug": "prednisolone"}, ("prednisolone", "", None)),
        ({**NONE_NOW, "steroid_drug": "other", "steroid_name": "Deflazacort"}, ("other", "Deflazacort", None)),
        ({**NONE_NOW, "steroid_purpose": "irae"}, (None, "", "irae")),
    ],
)  # fmt: skip
def test_what_is_told_beside_none_now_is_a_course_that_is_over(client, member, board, told, kept):
    sign_in(client, member)
    page = refer(client, board, **told)
    row = SteroidCourse.objects.get()
    assert (row.drug, row.name, row.indication) == kept
    assert (row.now_mg_per_day, row.now_on) == (0, timezone.localdate())
    assert row.irae == (IrAE.objects.get() if kept[2] == Indication.IRAE else None)
    assert row.called in page if row.drug else "for pneumonitis" in page.lower()
    assert (facts_now()["steroid_now"], facts_now()["steroid_not_tapered"]) == (NONE, MISSING)
    # Nor does the list that somebody completes deny what nobody told of the course.
    complete(member)
    assert facts_now()["steroid_not_tapered"] == MISSING


def test_that_a_purpose_does_not_apply_tells_of_no_course(client, member, board):
    sign_in(client, member)
    refer(client, board, **{**NONE_NOW, "steroid_purpose": "not_applicable"})
    assert not SteroidCourse.objects.exists() and facts_now()["steroid_now"] == NONE


def test_what_is_told_of_the_course_completes_that_of_the_record(client, member, board):
    sign_in(client, member)
    refer(client, board, **NO_STEROID)
    give(member, drug="prednisolone", now_mg_per_day=0)
    assert NOT_ENTERED not in refer_again(client, board, **WAS_GIVEN)
    assert SteroidCourse.objects.get().indication == "irae"
    SteroidCourse.objects.update(now_mg_per_day=20)
    assert "(told: steroid now 0 mg/day, of Prednisolone, given for" in refer_again(
        client, board, **WAS_GIVEN
    )
    assert SteroidCourse.objects.count() == 1


def test_a_dose_told_later_on_the_same_day_is_not_between_none_and_itself(client, member, board):
    sign_in(client, member)
    refer(client, board, **NONE_NOW)
    refer_again(client, board, steroid="20", steroid_peak="", steroid_drug="prednisolone")
    assert facts_now()["steroid_now"] == Fact.between(Decimal(20), None)


def test_a_list_with_a_dose_that_is_completed_later_on_the_same_day_is_the_newer_word(
    client, member, board
):
    sign_in(client, member)
    refer(client, board, **NONE_NOW)
    enter(member, 20)
    with acting_as(member):
        # A check on the same day finds none.
        today, case = timezone.localdate(), Case.objects.get()
        say_steroid_total(by=member, case=case, mg_per_day=Decimal(0), on=today)
    assert facts_now()["steroid_now"] == Fact.between(Decimal(0), Decimal(20))
    complete(member)
    assert facts_now()["steroid_now"] == Fact.number(Decimal(20))


@pytest.mark.parametrize(
    ("mg", "more", "wanted"),
    [
        (20, {}, Fact.between(Decimal(20), None)),
        # A dose of the day before is what the total says is over, or what it left out.
        (20, {"now_on": -1}, Fact.between(Decimal(0), Decimal(20))),
        (0, {}, NONE),
        # What only replaces is not in the total.
        (20, {"drug": "hydrocortisone", "indication": "adrenal_replacement"}, NONE),
    ],
)
def test_a_dose_entered_later_on_the_same_day_takes_none_back(
    client, member, board, mg, more, wanted
):
    sign_in(client, member)
    refer(client, board, **NONE_NOW)
    if "now_on" in more:
        more = {"now_on": timezone.localdate() + timedelta(days=more["now_on"])}
    if "indication" in more:
        more = {**more, "indication_state": "known"}
    enter(member, mg, **more)
    assert facts_now()["steroid_now"] == wanted
    total = Patient.objects.get().background.steroid_total_mg
    assert (total is None) is (wanted.low == 20)


def test_a_dose_that_a_check_found_stays_beside_a_list_that_is_completed(client, member, board):
    sign_in(client, member)
    refer(client, board, **NO_STEROID)
    enter(member, 5)
    with acting_as(member):
        today, case = timezone.localdate(), Case.objects.get()
        say_steroid_total(by=member, case=case, mg_per_day=Decimal(20), on=today)
    complete(member)
    assert facts_now()["steroid_now"] == Fact.number(Decimal(20))

"""That no other steroid is given is said of now: it is how much is given in all, and denies nothing given before."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from accounts.acting import acting_as
from cases.models import Background, Case, CaseFacts, Patient, Section, SteroidCourse
from cases.services.history import remove
from cases.services.steroids import save_steroid
from evidence.conditions import Answer, read
from evidence.conditions.facts import MISSING, Fact
from tests.factories.answers import answer_of
from tests.integration.test_cases_pages import sign_in
from tests.integration.test_refer_again import refer, refer_again
from tests.integration.test_refer_none_now import enter
from tests.integration.test_refer_of_now import NO_STEROID, NONE_NOW, facts_now, lock

pytestmark = pytest.mark.django_db
ONLY = {
    **NO_STEROID, "steroid": "20", "steroid_state": "known", "steroid_drug": "prednisolone",
    "steroid_purpose": "other_disease", "steroid_only": "on",
}  # fmt: skip


def total() -> Decimal | None:
    return Background.objects.get().steroid_total_mg


def change(member, **values):
    row = SteroidCourse.objects.order_by("id")[0]
    with acting_as(member):
        save_steroid(**lock(member, Section.STEROIDS), values=values, public_id=row.public_id)


def test_a_steroid_for_something_else_denies_none_that_was_given_for_the_event(
    client, member, board
):
    sign_in(client, member)
    refer(client, board, **ONLY)
    assert Patient.objects.get().steroids_complete_as_of is None
    facts = facts_now()
    assert facts["steroid_now"] == Fact.number(Decimal(20))
    assert facts["steroid_not_tapered"] == MISSING


@pytest.mark.parametrize(
    ("told", "wanted"),
    [
        ({"steroid_drug": "dexamethasone", "steroid": "3"}, Fact.number(Decimal(20))),
        (
            {"steroid_drug": "hydrocortisone", "steroid": "20", "steroid_purpose": "adrenal_replacement"},
            Fact.number(Decimal(0)),
        ),
        ({"steroid_drug": "other", "steroid_name": "Deflazacort", "steroid": "6"}, None),
    ],
)  # fmt: skip
def test_how_much_it_is_goes_by_the_steroid(client, member, board, told, wanted):
    sign_in(client, member)
    refer(client, board, **{**ONLY, **told})
    fact = facts_now()["steroid_now"]
    assert fact == wanted if wanted is not None else fact.low is None
    assert (total() is None) is (wanted is None)


@pytest.mark.parametrize(("days", "certain"), [(14, True), (15, False)])
def test_it_grows_old_as_the_dose_does(client, member, board, days, certain):
    sign_in(client, member)
    refer(client, board, **ONLY)
    on = timezone.localdate() + timedelta(days=days)
    found = Case.objects.get().facts.as_facts(on)["steroid_now"]
    assert found == (Fact.number(Decimal(20)) if certain else MISSING)


def test_what_is_told_later_on_the_same_day_is_newer(client, member, board):
    sign_in(client, member)
    refer(client, board, **ONLY)
    change(member, now_mg_per_day=Decimal(40))
    assert total() is None
    assert facts_now()["steroid_now"] == Fact.between(Decimal(40), None)


def test_a_second_steroid_of_the_same_day_is_beside_it(client, member, board):
    sign_in(client, member)
    refer(client, board, **ONLY)
    enter(member, 10, drug="dexamethasone")
    assert total() is None
    assert facts_now()["steroid_now"] == Fact.between(Decimal("86.67"), None)


def test_a_course_that_is_removed_takes_the_total_with_it(client, member, board):
    sign_in(client, member)
    refer(client, board, **ONLY)
    row = SteroidCourse.objects.get()
    with acting_as(member):
        remove(**lock(member, Section.STEROIDS), key="steroids", public_id=row.public_id)
    assert total() is None and facts_now()["steroid_now"] == MISSING


def test_what_does_not_touch_the_dose_leaves_it(client, member, board):
    sign_in(client, member)
    refer(client, board, **ONLY)
    change(member, peak_mg_per_day=Decimal(60), peak_mg_per_day_state="known")
    assert total() == 20
    assert facts_now()["steroid_now"] == Fact.number(Decimal(20))


def test_a_total_of_another_day_outlives_a_dose_of_before(client, member, board):
    """A check that found as much as the list: of a course whose dose is of an earlier day the days tell."""
    sign_in(client, member)
    refer(client, board, **ONLY)
    yesterday = timezone.localdate() - timedelta(days=1)
    SteroidCourse.objects.update(now_on=yesterday, now_day_said=True)
    change(member, now_mg_per_day=Decimal(10), now_on=yesterday)
    assert total() == 20


def test_another_dose_that_is_not_entered_takes_it_back(client, member, board):
    sign_in(client, member)
    refer(client, board, **ONLY)
    page = refer_again(client, board, **{**ONLY, "steroid": "40", "steroid_only": ""})
    assert "The steroid dose was not entered" in page
    assert total() is None and facts_now()["steroid_now"].high is None


def test_none_now_beside_a_dose_of_the_record_is_not_entered(client, member, board):
    sign_in(client, member)
    refer(client, board, **ONLY)
    assert "The steroid dose was not entered" in refer_again(client, board, **NONE_NOW)
    assert total() == 20


@pytest.mark.parametrize("days", [0, 1, 14, 15])
def test_a_condition_asked_on_a_later_day_reads_the_same(client, member, board, days):
    sign_in(client, member)
    refer(client, board, **ONLY)
    on = timezone.localdate() + timedelta(days=days)
    node = read({"fact": "steroid_now", "op": "<=", "value": 20})
    with acting_as(member):
        found = answer_of(CaseFacts.objects.all(), node, as_of=on)
    assert found is (Answer.TRUE if days < 15 else Answer.UNDETERMINED)

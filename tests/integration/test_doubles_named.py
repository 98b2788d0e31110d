"""An open list names the entries that may be of one course, and which replacement was said long ago."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import timezone

from accounts.acting import acting_as, set_acting
from cases.models import Case, CaseFacts, CaseSection, Patient, SteroidCourse
from cases.presenters.doubles import doubles_of
from cases.presenters.steroids import dose_words, unchanged_words
from cases.services import history
from cases.services.facts import refresh_patient
from cases.services.oneortwo import say_two
from tests.factories.record import add_course, make_case
from tests.integration.test_merging import both, merge, two
from ui.partial_dates import parse_partial_date

pytestmark = pytest.mark.django_db
__all__ = ["both", "two"]


def steroid(case, drug, mg, purpose, said):
    SteroidCourse.objects.create(
        patient=case.patient, drug=drug, drug_state="known", now_mg_per_day=mg, now_mg_per_day_state="known",
        now_on=said, indication=purpose, indication_state="known",
    )  # fmt: skip


def test_an_open_list_names_what_may_be_one(member, board):
    case = make_case(member, board)
    for start in ("February 2026", "1 February 2026", "May 2024"):
        add_course(member, case, drugs=["nivolumab"], start=parse_partial_date(start))
    with acting_as(member):
        for mg in (5, 10):
            steroid(case, "prednisolone", mg, "irae", timezone.localdate())
        keys = ("courses", "steroids", "iraes")
        told = [double.words for key in keys for double in doubles_of(case, key, may_edit=False)]
        assert told == [
            "Course 2 and course 3 may be one: remove one, or say that they are two.",
            "Prednisolone 5 mg/day and prednisolone 10 mg/day may be one: remove one, or say that they are two.",
        ]


def test_a_list_says_of_which_replacement_it_says_that_it_is_unchanged(member, board):
    case = make_case(member, board)
    with acting_as(member):
        steroid(case, "hydrocortisone", 20, "adrenal_replacement", date(2024, 1, 1))
        words = "“Complete” also says that the replacement is unchanged: "
        words += "hydrocortisone 20 mg/day, said on 1 January 2024."
        assert unchanged_words(case) == words
        SteroidCourse.objects.update(now_on=timezone.localdate())
        case.patient = Patient.objects.get(pk=case.patient_id)
        assert unchanged_words(case) == ""


def test_a_dose_that_may_be_told_twice_shows_what_the_entries_add_up_to(member, board):
    case = make_case(member, board)
    with acting_as(member):
        for mg in (5, 10):
            steroid(case, "prednisolone", mg, "irae", timezone.localdate())
        refresh_patient(patient=case.patient)
        case = Case.objects.get(pk=case.pk)
        fact = case.facts.as_facts()["steroid_now"]
        words = dose_words(case, fact)
        assert (fact.low, fact.high) == (5, None)
        assert words.endswith("; what is entered adds up to 5 to 15 mg/day: two may be one")
        # Said to be two, both count; said to be all, nothing is a range any more.
        ids = tuple(SteroidCourse.objects.values_list("public_id", flat=True))
        say_two(by=member, case=case, version=1, key="steroids", ids=ids)
        case = Case.objects.get(pk=case.pk)
        fact = case.facts.as_facts()["steroid_now"]
        assert (fact.low, fact.high) == (15, None)
        assert "adds up" not in dose_words(case, fact)


@pytest.mark.parametrize(
    ("drug", "purpose", "doses", "before", "low", "adds_up"),
    [
        ("prednisolone", "irae", (40, 5), (40, 5), 5, "5 to 45"),
        # No more than the body makes, in either record; both told, it would be a dose.
        ("hydrocortisone", "adrenal_replacement", (20, 20), (None, None), None, "0 to 10"),
    ],
)
def test_a_dose_of_two_merged_records_is_certain_as_far_as_both_tell_it(
    two, both, drug, purpose, doses, before, low, adds_up
):
    today = timezone.localdate()
    for case, mg, days, told, start in zip(
        two, doses, (12, 1), before, ("March 2026", "5 March 2026"), strict=True
    ):
        with acting_as(case.referred_by):
            steroid(case, drug, mg, purpose, today - timedelta(days=days))
            # Alike in all but the days on which they were said they would be one.
            row = SteroidCourse.objects.get(patient=case.patient_id)
            row.start = parse_partial_date(start)
            row.save()
            refresh_patient(patient=case.patient)
            fact = CaseFacts.objects.get(case=case).as_facts()["steroid_now"]
            assert (fact.low, fact.high) == (told, None)
    set_acting(both)
    merge(both, *(case.patient_id for case in two))
    case = Case.objects.get(pk=two[0].pk)
    fact = case.facts.as_facts()["steroid_now"]
    assert (fact.low, fact.high) == (low, None)
    words = f"; what is entered adds up to {adds_up} mg/day: two may be one"
    assert dose_words(case, fact).endswith(words)
    # One is removed: the newer, or the one that replaces, is what is left.
    gone = SteroidCourse.objects.filter(patient=case.patient_id).order_by("now_on")[0]
    version = CaseSection.objects.get(case=case, key="steroids").version
    history.remove(by=both, case=case, version=version, key="steroids", public_id=gone.public_id)
    fact = CaseFacts.objects.get(case=case).as_facts()["steroid_now"]
    assert (fact.low, fact.high) == (low, None)

"""An open list names the entries that may be of one course, and which replacement was said long ago."""

from __future__ import annotations

from datetime import date

import pytest
from django.utils import timezone

from accounts.acting import acting_as
from cases.models import Case, Patient, SteroidCourse
from cases.presenters.doubles import doubles_of
from cases.presenters.steroids import dose_words, unchanged_words
from cases.services.facts import refresh_patient
from cases.services.oneortwo import say_two
from tests.factories.record import add_course, make_case
from ui.partial_dates import parse_partial_date

pytestmark = pytest.mark.django_db


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
        assert (fact.low, fact.high) == (10, None)
        assert words.endswith("; what is entered adds up to 10 to 15: two may be one")
        # Said to be two, both count; said to be all, nothing is a range any more.
        ids = tuple(SteroidCourse.objects.values_list("public_id", flat=True))
        say_two(by=member, case=case, version=1, key="steroids", ids=ids)
        case = Case.objects.get(pk=case.pk)
        fact = case.facts.as_facts()["steroid_now"]
        assert (fact.low, fact.high) == (15, None)
        assert "adds up" not in dose_words(case, fact)

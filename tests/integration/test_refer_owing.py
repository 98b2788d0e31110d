"""What a referral leaves at "not yet" has one owner and one day; of what it tells nothing is asked a second time."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from cases.loading import load as load_record_data
from cases.models import (
    BiomarkerResult,
    Case,
    FactTask,
    ICICourse,
    IrAE,
    Patient,
    SteroidCourse,
)
from cases.rules import readiness_of, with_rules
from tests.integration.test_cases_pages import sign_in
from tests.integration.test_cases_refer import NO_EVENT, URL, typed

pytestmark = pytest.mark.django_db
OPEN = {"start": "not yet", "setting": "not_yet", "onset_grade": "not_yet", "histology": "not_yet"}
STEROID = {"steroid_purpose": "not_yet", "steroid_peak": "not yet"}


def day(days):
    found = timezone.localdate() + timedelta(days=days)
    return found, f"{found.day} {found:%B %Y}"


def refer(client, member, board, **changes):
    answer = sign_in(client, member).post(URL, typed(board, **changes))
    assert answer.status_code == 302, answer.content.decode()
    return with_rules(Case.objects.all()).select_related("facts", "board", "patient").get()


def test_all_that_is_not_yet_goes_to_one_person_by_one_day(client, member, nurse, board):
    due, text = day(5)
    changes = {"owed_by": str(nurse.public_id), "owed_on": text, "proposed_regimen": "undecided"}
    case = refer(client, member, board, **OPEN, **STEROID, **changes)
    tasks = FactTask.objects.filter(case=case, done_at=None)
    assert {(task.owner, task.due_on) for task in tasks} == {(nurse, due)}
    steroid, irae = SteroidCourse.objects.get(), IrAE.objects.get()
    assert {task.fact for task in tasks} == {
        "prior_ici_days", "prior_setting", "histology", "proposed_regimen", "pdl1_tps_initial",
        f"irae-onset_grade-{irae.public_id.hex}",
        f"steroid-indication-{steroid.public_id.hex}",
        f"steroid-peak_mg_per_day-{steroid.public_id.hex}",
    }  # fmt: skip


def test_nothing_of_a_row_that_was_not_told_is_asked_for(client, member, nurse, board):
    changes = {"steroid": "", "steroid_state": "", "steroid_drug": "", "steroid_peak": ""}
    changes |= {"owed_by": str(nurse.public_id), "owed_on": ""}
    # What it is for is of a steroid that nobody told.
    html = sign_in(client, member).post(URL, typed(board, **changes, steroid_purpose="not_yet"))
    assert "Enter steroid now, or say that it is not known" in html.content.decode()
    case = refer(client, member, board, **changes, steroid_purpose="")
    tasks = FactTask.objects.filter(case=case)
    assert {(task.fact, task.due_on) for task in tasks} == {("pdl1_tps_initial", None)}


@pytest.mark.parametrize(
    ("told", "given"),
    [
        (
            {
                "steroid": "",
                "steroid_state": "",
                "steroid_drug": "",
                "steroid_purpose": "",
                "steroid_peak": "",
            },
            False,
        ),
        ({"steroid_drug": "methylprednisolone"}, False),
        ({}, True),
    ],
)
def test_of_an_earlier_steroid_is_asked_only_where_the_referral_tells_of_it(
    client, member, nurse, board, told, given
):
    sign_in(client, member)
    assert client.post(URL, typed(board, steroid_purpose="")).status_code == 302
    sent = typed(board, **{"steroid_purpose": "not_yet", "owed_by": str(nurse.public_id), **told})
    sent["same_patient"] = str(Patient.objects.get().public_id)
    assert client.post(URL, sent).status_code == 302
    asked = FactTask.objects.filter(fact__startswith="steroid-", owner=nurse)
    row = SteroidCourse.objects.get()
    wanted = [f"steroid-indication-{row.public_id.hex}"] if given else []
    assert [task.fact for task in asked] == wanted


def test_all_else_that_is_missing_goes_too(client, member, nurse, board):
    load_record_data()
    case = refer(client, member, board, owed_by=str(nurse.public_id), owed_all="on")
    open_ = readiness_of(case).open
    tasks = FactTask.objects.filter(case=case, done_at=None)
    assert len(open_) > 5 and {task.fact for task in tasks if task.owner == nurse} >= {*open_}


def test_nobody_chosen_leaves_it_owed_by_nobody(client, member, board):
    case = refer(client, member, board, **OPEN, owed_on="yesterday")
    assert [(t.fact, t.owner) for t in FactTask.objects.filter(case=case)] == [
        ("pdl1_tps_initial", None)
    ]


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"owed_all": "on"}, "Choose who finds out what is not entered"),
        ({"owed_on": day(-1)[1]}, "Enter a day that is still to come"),
        ({"owed_on": "soon"}, "Enter a date as 3 March 2025"),
    ],
)
def test_a_wrong_owner_or_day_is_said_beside_its_field(client, member, nurse, board, wrong, words):
    owner = {} if "owed_all" in wrong else {"owed_by": str(nurse.public_id)}
    answer = sign_in(client, member).post(URL, typed(board, **wrong, **owner))
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not Case.objects.exists()


def test_the_same_agent_is_not_named_twice(client, member, board):
    case = refer(client, member, board, proposed_drug_1="")
    assert case.proposed_drugs == ["pembrolizumab"]


def test_a_progression_is_told_in_the_referral(client, member, board):
    told = {"progressed": "20 January 2025", "new_lesions": "2", "growing_lesions": "0"}
    told |= {"primary_state": "stable", "pdl1_recent": "10", "pdl1_recent_state": "known"}
    reason = {"stop_reason": "progression", "progression_timing": "on_treatment"}
    case = refer(client, member, board, **NO_EVENT, **told, **reason, steroid_purpose="")
    row = ICICourse.objects.get()
    assert (row.new_lesions, row.growing_lesions, row.primary_state) == (2, 0, "stable")
    assert str(row.progressed) == "20 January 2025"
    facts = case.facts.as_facts()
    assert facts["oligoprogression"].value is True
    assert facts["pdl1_tps_recent"].low == 10
    assert BiomarkerResult.objects.get(timing="after").low == 10


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"progressed": "1 January 2024"}, "the date is before the first dose"),
        ({"new_lesions": "0", "growing_lesions": "0", "primary_state": "stable"}, "then what progressed?"),
        ({"new_lesions": "1", "growing_lesions": "0", "progressing_organs": "3"}, "more organs than lesions"),
        ({"new_lesions": "1", "progression_timing": "none"}, "contradicts the rest"),
    ],
)  # fmt: skip
def test_a_progression_that_cannot_be_is_refused(client, member, board, wrong, words):
    answer = sign_in(client, member).post(URL, typed(board, **wrong))
    assert answer.status_code == 422
    assert words in answer.content.decode()


@pytest.mark.parametrize("only", [True, False])
def test_the_only_steroid_makes_the_list_complete(client, member, board, only):
    case = refer(client, member, board, **({"steroid_only": "on"} if only else {}))
    fact = case.facts.as_facts()["steroid_now"]
    assert (fact.low, fact.high) == (5, 5 if only else None)

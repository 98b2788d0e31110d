"""A referral without a reason for the stop, and what one adds to a record that knows better or less."""

from __future__ import annotations

import pytest

from cases.models import BiomarkerResult, Case, ICICourse, IrAE, OrganReview, Patient
from cases.vocabulary import Organ
from tests.integration.test_cases_pages import sign_in
from tests.integration.test_cases_refer import URL, typed

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("said", "stop"),
    [("unknown", "unknown"), ("not_applicable", "not applicable"), ("not_applicable", "")],
)
def test_nobody_must_make_up_why_an_ici_was_stopped(client, member, board, said, stop):
    told = {"stop_reason": said, "progression_timing": "none", "stop": stop}
    answer = sign_in(client, member).post(URL, typed(board, **told))
    assert answer.status_code == 302
    course = ICICourse.objects.get()
    assert (course.stop_reason, course.stop_reason_state, course.stop_state) == (None, said, said)
    assert IrAE.objects.get().course == course
    goes_on = said == "not_applicable"
    assert ("not stopped" in client.get(answer.url).content.decode()) is goes_on


def test_what_has_not_been_stopped_has_no_last_dose(client, member, board):
    told = {"stop_reason": "not_applicable", "progression_timing": "after_stop"}
    answer = sign_in(client, member).post(URL, typed(board, stop="29 January 2025", **told))
    assert answer.status_code == 422 and not ICICourse.objects.exists()
    html = answer.content.decode()
    assert "it cannot be known while the ICI has not been stopped" in html
    assert "Choose another: the ICI has not been stopped" in html


def test_what_goes_on_is_not_the_course_that_was_stopped(client, member, board):
    client = sign_in(client, member)
    client.post(URL, typed(board))
    told = {"stop_reason": "not_applicable", "progression_timing": "none", "stop": ""}
    again = typed(board, same_patient=str(Patient.objects.get().public_id), **told)
    assert client.post(URL, again).status_code == 302
    courses = ICICourse.objects.order_by("number")
    assert [course.stop_reason_state for course in courses] == ["known", "not_applicable"]


def test_a_reports_word_gives_way_to_a_number_that_is_referred_later(client, member, board):
    client = sign_in(client, member)
    client.post(URL, typed(board, pdl1_state="unknown"))
    row = BiomarkerResult.objects.get()
    BiomarkerResult.objects.filter(pk=row.pk).update(
        entered="reported as high", assay="22C3", timing="before"
    )
    told = {"pdl1": "1", "pdl1_state": "known", "pdl1_when": "before"}
    again = typed(board, same_patient=str(Patient.objects.get().public_id), **told)
    answer = client.post(URL, again)
    assert answer.status_code == 302, answer.content.decode()
    row = BiomarkerResult.objects.get()
    assert (row.state, row.low, row.high, row.entered, row.assay) == ("known", 1, 1, "", "22C3")
    assert "reported as high" not in client.get(answer.url).content.decode()


def progressed(board, **changes):
    """Return a referral after progression, of which nothing of an irAE is told yet."""
    nothing = dict.fromkeys(("entity", "ctcae_version", "worst_grade", "grade_now", "onset"), "")
    told = {"stop_reason": "progression", "progression_timing": "on_treatment"}
    return typed(board, **{**nothing, **told, **changes})


def test_an_earlier_irae_and_other_reasons_are_told_at_once_whatever_stopped_the_ici(
    client, member, board
):
    client = sign_in(client, member)
    html = client.get(URL).content.decode()
    assert "Any earlier irAE?" in html and "The ICI that was stopped" in html
    assert "first ICI</p>" not in html and "Other reasons that contributed" in html
    irae = {"entity": "pneumonitis", "ctcae_version": "5.0", "worst_grade": "3", "any_irae": "yes"}
    answer = client.post(URL, progressed(board, **irae, contributing_reasons=["irae"]))
    assert answer.status_code == 302, answer.content.decode()
    course, event = ICICourse.objects.get(), IrAE.objects.get()
    assert (course.stop_reason, course.contributing_reasons) == ("progression", ["irae"])
    assert (event.course, event.worst_grade) == (course, 3)
    # For which irAE it was stopped nobody said: it was stopped for progression.
    assert course.stopped_for is None
    assert Case.objects.get().course == course


def test_the_event_of_a_stop_for_an_irae_is_what_it_was_stopped_for(client, member, board):
    assert sign_in(client, member).post(URL, typed(board)).status_code == 302
    assert ICICourse.objects.get().stopped_for == IrAE.objects.get()


def test_asked_and_none_is_kept_and_what_contradicts_it_is_said(client, member, board):
    client = sign_in(client, member)
    answer = client.post(URL, typed(board, any_irae="none"))
    assert answer.status_code == 422 and "contradicts the rest" in answer.content.decode()
    answer = client.post(URL, progressed(board, any_irae="yes"))
    assert answer.status_code == 422 and "Choose the event, or say" in answer.content.decode()
    both = progressed(board, contributing_reasons=["none", "irae"])
    assert client.post(URL, both).status_code == 422
    going_on = {"stop_reason": "not_applicable", "stop": "", "contributing_reasons": ["irae"]}
    assert client.post(URL, progressed(board, **going_on)).status_code == 422
    assert not IrAE.objects.exists()
    answer = client.post(URL, progressed(board, any_irae="none", contributing_reasons=["none"]))
    assert answer.status_code == 302, answer.content.decode()
    assert OrganReview.objects.count() == len(Organ.values)
    course = ICICourse.objects.get()
    assert (course.contributing_reasons, course.contributing_reasons_state) == ([], "known")


def test_not_asked_says_nothing(client, member, board):
    assert (
        sign_in(client, member).post(URL, progressed(board, any_irae="not_asked")).status_code
        == 302
    )
    assert not OrganReview.objects.exists() and not IrAE.objects.exists()


def test_that_there_was_no_other_reason_completes_a_record_that_does_not_say(client, member, board):
    client = sign_in(client, member)
    client.post(URL, typed(board))
    again = typed(
        board,
        same_patient=str(Patient.objects.get().public_id),
        contributing_reasons=["none"],
    )
    assert client.post(URL, again).status_code == 302
    assert ICICourse.objects.get().contributing_reasons_state == "known"


def test_progression_that_stopped_the_ici_did_not_come_after_the_stop(client, member, board):
    client = sign_in(client, member)
    answer = client.post(URL, progressed(board, progression_timing="after_stop"))
    assert answer.status_code == 422
    assert "yet progression was the reason for it" in answer.content.decode()
    answer = client.post(URL, progressed(board, progression_timing="on_treatment"))
    assert answer.status_code == 302, answer.content.decode()

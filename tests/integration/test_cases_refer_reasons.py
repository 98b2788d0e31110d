"""A referral without a reason for the stop, and what one adds to a record that knows better or less."""

from __future__ import annotations

import pytest

from cases.models import BiomarkerResult, ICICourse, IrAE, Patient
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

"""Whether an irAE is over: what its grade now and a day on which it resolved say together, or cannot both say."""

from __future__ import annotations

import pytest

from cases.models import IrAE
from tests.factories.record import make_case
from tests.integration.test_cases_iraes import add
from tests.integration.test_cases_pages import sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(member, board):
    return make_case(member, board)


@pytest.mark.parametrize(
    ("sent", "grade"),
    [
        ({"grade_now": "2"}, 2),
        ({"grade_now": "3", "resolution": ""}, 3),
        ({"grade_now": "3", "resolution": "ongoing"}, 3),
    ],
)
def test_a_day_beside_a_grade_that_is_not_over_is_refused(client, member, case, sent, grade):
    answer = add(sign_in(client, member), case, **sent)
    assert answer.status_code == 422
    words = f"Resolved: clear the day, or correct the grade now, which is {grade}"
    assert words in answer.content.decode()
    assert not IrAE.objects.exists()


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"grade_now": "2", "resolution": "resolved"}, "not resolved, or correct the grade now"),
        ({"grade_now": "0", "resolved": "", "resolution": "ongoing"}, "not ongoing"),
        ({"grade_now": "", "resolution": "ongoing"}, "not ongoing"),
        ({"sequelae": "no", "sequelae_text": "fibrosis"}, "say yes beside what they are"),
        ({"now_on": "1 January 2020"}, "the date is before the onset"),
    ],
)
def test_what_denies_itself_is_refused(client, member, case, sent, words):
    answer = add(sign_in(client, member), case, **sent)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not IrAE.objects.exists()


@pytest.mark.parametrize(
    ("sent", "resolution"),
    [
        ({"grade_now": "0"}, "resolved"),
        ({"grade_now": "1"}, "resolved"),
        ({"grade_now": "0", "resolved": ""}, "resolved"),
        # Of today a day says nothing where nobody knows the grade.
        ({"grade_now": ""}, None),
        ({"grade_now": "unknown"}, None),
        ({"grade_now": "1", "resolved": ""}, None),
        ({"grade_now": "2", "resolved": ""}, None),
    ],
)
def test_a_day_on_which_it_resolved_says_that_it_is_over_where_little_is_left(
    client, member, case, sent, resolution
):
    answer = add(sign_in(client, member), case, **{"resolution": "", **sent})
    assert answer.status_code == 302
    row = IrAE.objects.get()
    assert row.resolution == resolution
    assert row.resolution_state == ("known" if resolution else "missing")


def test_what_is_controlled_on_replacement_may_have_a_day_and_a_grade(client, member, case):
    thyroid = {"entity": "hypothyroidism", "worst_grade": "2", "grade_now": "2"}
    answer = add(sign_in(client, member), case, **thyroid, resolution="on_replacement")
    assert answer.status_code == 302
    assert IrAE.objects.get().resolved is not None

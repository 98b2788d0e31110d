"""Who reads and enters laboratory results, and what a page of them costs."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.db import connection

from accounts.acting import acting_as
from cases.models import LabResult
from tests.factories.labs import DAY, analytes, make_many, make_sample
from tests.factories.people import make_user
from tests.factories.record import make_case
from tests.integration.test_cases_editing import at
from tests.integration.test_cases_pages import HTMX, queries, sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(member, board):
    analytes()
    return make_case(member, board)


@pytest.mark.parametrize("count", [7, 301])
def test_page_and_fragments_cost_the_same_whatever_the_number_of_results(
    client, member, case, count
):
    make_many(member, case, count)
    row = LabResult.objects.filter(patient=case.patient)[0]
    sign_in(client, member)
    client.get(at(case, ""))
    assert queries(client, at(case, "")) <= 15
    for place in ("labs/add", "labs/add-one", f"labs/{row.public_id}", "sections/labs/shown"):
        cost = queries(client, at(case, place), headers=HTMX)
        assert cost <= 6, place
    assert queries(client, at(case, "labs")) <= 8


def test_the_list_of_results_is_read_by_its_index(member, case):
    make_many(member, case, 301)
    rows = LabResult.objects.filter(patient=case.patient).order_by("-taken_on", "-id")
    with connection.cursor() as cursor:
        # The planner knows nothing yet of rows made a moment ago: any index and a sort look as cheap.
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_sort = off")
    assert "labs_of_patient" in rows[:50].explain()


@pytest.mark.parametrize(("role", "status"), [("registry", 403), ("curator", 403), ("nurse", 200)])
def test_who_may_enter_results(client, board, case, role, status):
    user = make_user(role, board)
    assert sign_in(client, user).get(at(case, "labs/add")).status_code == status


def test_who_reads_and_may_not_edit_is_offered_no_form(client, member, board, case):
    (row, *_rest) = make_sample(member, case, DAY)
    html = sign_in(client, make_user("registry", board)).get(at(case, "labs")).content.decode()
    assert "Lymphocytes" in html
    assert str(row.public_id) not in html
    assert "Add sample" not in client.get(at(case, "")).content.decode()


def test_results_of_another_board_and_of_another_patient_are_not_found(
    client, member, stranger, board, case
):
    (row, *_rest) = make_sample(member, case, DAY)
    other = make_case(member, board)
    for place in ("labs", "labs/add", "labs/add-one", f"labs/{row.public_id}"):
        assert sign_in(client, stranger).get(at(case, place)).status_code == 404
        assert sign_in(client, member).get(at(case, place)).status_code == 200
    for place in (f"labs/{row.public_id}", f"labs/{row.public_id}/remove", f"labs/{uuid4()}"):
        assert client.get(at(other, place)).status_code == 404
        assert client.post(at(other, place), {"version": 1}).status_code == 404
    with acting_as(stranger):
        assert not LabResult.objects.exists()

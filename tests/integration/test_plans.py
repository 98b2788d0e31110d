"""No list, search or page needs to read a whole table of patients: for each of its queries there is an index.

At the size of a test the planner reads whole tables because they are small. Told to do so as a last resort, it shows
for which queries there is nothing else; `make bench` looks at what it chooses at a million cases.
"""

from __future__ import annotations

import pytest
from django.db import connection
from django.urls import reverse

from bench.plans import Explaining
from cases.services.searches import save_search
from cases.states import CaseState
from cases.vocabulary import StopReason
from tests.factories.line import make_record
from tests.integration.test_cases_pages import sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def last_resort():
    """Whole tables are read where nothing else is possible."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")


def scans(client, path: str) -> set[str]:
    """Return the big tables that the queries of a page cannot but read as a whole."""
    explaining = Explaining(connection, tables=r"(?:cases|meetings|followup|audit)_\w+")
    with connection.execute_wrapper(explaining):
        answer = client.get(path)
    assert answer.status_code == 200, path
    assert explaining.asked, path
    return explaining.scanned


def test_a_condition_without_an_index_is_found_out(last_resort, member):
    """The control."""
    explaining = Explaining(connection, tables=r"cases_\w+")
    with connection.execute_wrapper(explaining), connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM cases_case c WHERE c.question = %s", ["nothing"])
        cursor.execute("SELECT 1 FROM cases_labresult l WHERE l.patient_id = %s", [1])
    assert explaining.scanned == {"cases_case"}


def test_every_list_goes_by_an_index(client, last_resort, member, board):
    case = make_record(member, board)
    found = save_search(by=member, text="Canaryname")
    listed = reverse("cases:list")
    pages = [
        listed,
        *(f"{listed}?state={state}" for state in CaseState.values),
        f"{listed}?state=all",
        f"{listed}?stopped={StopReason.IRAE}",
        f"{listed}?board={board.public_id}",
        f"{listed}?s={found.public_id}",
        reverse("home"),
        reverse("meetings:list"),
        reverse("followup:worklist"),
        reverse("cases:detail", args=[case.public_id]),
    ]
    sign_in(client, member)
    found_out = {path: tables for path in pages if (tables := scans(client, path))}
    assert found_out == {}

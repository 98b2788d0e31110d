"""What the case page and the list cost with everything there is on them: boards, pages, a case come back."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from django.urls import reverse

from accounts.acting import acting_as, set_acting
from accounts.models import Membership, User
from cases.models import AttachedGuidance, Case, DossierEntry, LabResult
from cases.services.filters import save_filter
from cases.services.lifecycle import return_to_triage
from cases.services.searches import save_search
from tests.factories.line import Line, make_line, make_people
from tests.factories.record import CANARY, make_case
from tests.integration.test_cases_pages import fill, queries, sign_in

if TYPE_CHECKING:
    from django.test import Client

    from accounts.models import Board

pytestmark = pytest.mark.django_db
OF_A_PAGE = 50


@pytest.fixture
def line(board: Board) -> Line:
    """A case that was discussed, decided and watched, with a long record, and has come back."""
    found = make_line(board, make_people(board))
    member, nurse = found.people["member"], found.people["nurse"]
    with acting_as(member):
        fill(found.case, member, 3)
    with acting_as(nurse):
        found.case.refresh_from_db()
        return_to_triage(by=nurse, case=found.case, reason_code="new_irae")
    with acting_as(member):
        for _ in range(3):
            make_case(member, board, patient=found.case.patient)
    return found


def test_page_with_everything_on_it_costs_at_most_fifteen_queries(
    client: Client, line: Line
) -> None:
    costs = {}
    for role in ("member", "chair", "coordinator", "nurse"):
        reader = line.people[role]
        with acting_as(reader):
            case = Case.objects.get(pk=line.case.pk)
            assert case.state == "returned"
            for rows in (AttachedGuidance, DossierEntry, LabResult):
                assert rows.objects.filter(patient=case.patient_id).exists(), rows
        url = reverse("cases:detail", args=[case.public_id])
        sign_in(client, reader).get(url)
        costs[role] = queries(client, url)
    assert {role: cost for role, cost in costs.items() if cost > 15} == {}


def test_list_of_two_boards_and_several_pages_costs_at_most_eight_queries(
    client: Client, line: Line, other_board: Board
) -> None:
    member = line.people["member"]
    set_acting(None)  # nobody gives themselves a role
    Membership.objects.create(user=member, board=other_board, role="member")
    member = User.objects.get(pk=member.pk)  # who knows the new role
    with acting_as(member):
        elsewhere = make_case(member, other_board)
        fill(elsewhere, member, 3)
        for board in (line.board, other_board):
            for _ in range(OF_A_PAGE):
                make_case(member, board)
        save_filter(by=member, name="Mine", given={"state": "referred"})
        found = save_search(by=member, text=CANARY)
    page = reverse("cases:list")
    seen = sign_in(client, member).get(page).content.decode()
    assert seen.count("<tr") == OF_A_PAGE + 1
    costs = {page: queries(client, page)}
    while after := re.search(r'href="([^"]*after=[^"]*)"', seen):
        url = after[1].replace("&amp;", "&")
        seen = client.get(url).content.decode()
        costs[url] = queries(client, url)
    assert len(costs) == 3
    for more in ("?state=returned", f"?board={other_board.public_id}", f"?s={found.public_id}"):
        costs[more] = queries(client, f"{page}{more}")
    assert {url: cost for url, cost in costs.items() if cost > 8} == {}

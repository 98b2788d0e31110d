"""Of two merged records on two boards, each board opens its own cases and plans, and lists no others."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.acting import acting_as
from cases.services.drafts import save_draft
from cases.services.tasks import owe_fact
from tests.architecture.test_access_rules import methods_of, rule_of
from tests.factories.addresses import ids
from tests.factories.line import Line, make_line, make_people
from tests.factories.merging import merge_records
from tests.factories.people import make_board, make_user
from tests.factories.record import make_case, make_patient
from tests.integration.test_foreign_ids import ADDRESSES, writes

if TYPE_CHECKING:
    from django.test import Client

    from accounts.models import User

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("plain_refusals")]
ASKED = "Whatotherboardsask"


@pytest.fixture
def own() -> dict[str, User]:
    """The people of the board of the record that is kept."""
    return make_people(make_board())


@pytest.fixture
def foreign(own: dict[str, User]) -> tuple[Line, dict[str, dict[str, Any]]]:
    """A line on another board with its ids, whose record was merged into one of the own board's."""
    line = make_line(make_board())
    kwargs = ids(line)
    member = own["member"]
    board = member.boards[0]
    with acting_as(member):
        kept = make_case(member, board, patient=make_patient(member, board, family_name="Sample"))
    with acting_as(line.people["member"]):
        line.case.question = ASKED
        line.case.save(update_fields=["question"])
    both = make_user("coordinator", board, line.board)
    merge_records(both, kept, line.case)
    return line, kwargs


def test_no_address_of_the_other_boards_cases_and_plans_answers(
    own: dict[str, User], foreign: tuple[Line, dict[str, dict[str, Any]]], client: Client
) -> None:
    got_in, asked = [], 0
    for user in own.values():
        client.force_login(user)
        for name, of in foreign[1].items():
            # Whoever may do it with no record at all is refused whosever record it is.
            permission = rule_of(ADDRESSES[name]).permission
            if permission and not user.boards_with(permission):
                continue
            for method in sorted(methods_of(ADDRESSES[name]) or set()):
                asked += 1
                with CaptureQueriesContext(connection) as captured:
                    response = client.generic(method, reverse(name, kwargs=of))
                if response.status_code not in (403, 404) or writes(captured):
                    got_in.append((user.name, method, name, response.status_code))
    assert not got_in
    assert asked > 300


def test_no_list_or_search_shows_them(
    own: dict[str, User], foreign: tuple[Line, dict[str, dict[str, Any]]], client: Client
) -> None:
    line = foreign[0]
    for user in own.values():
        client.force_login(user)
        for address in (
            reverse("home"),
            f"{reverse('cases:list')}?state=all",
            reverse("followup:worklist"),
        ):
            shown = client.get(address, follow=True).content.decode()
            assert line.case.reference not in shown, (user.name, address)
            assert ASKED not in shown, (user.name, address)
    client.force_login(own["member"])
    found = client.post(reverse("cases:search"), {"query": "Sample"}, follow=True).content.decode()
    assert "SAMPLE" in found
    assert line.case.reference not in found
    client.force_login(line.people["member"])
    assert line.case.reference in client.get(f"{reverse('cases:list')}?state=all").content.decode()


def test_what_is_owed_or_typed_on_a_board_that_one_left_is_shown_no_more(
    own: dict[str, User], foreign: tuple[Line, dict[str, dict[str, Any]]], client: Client
) -> None:
    line = foreign[0]
    case, board = line.case, own["member"].boards[0]
    both = make_user("member", board, line.board)
    with acting_as(line.people["member"]):
        owe_fact(
            by=line.people["member"],
            case=case,
            fact="ecog",
            owner=both,
            due_on=timezone.localdate(),
        )
    with acting_as(both):
        save_draft(by=both, key=f"section:{case.public_id}:tumour", fields={"histology": ["x"]})
    addresses = (reverse("home"), reverse("cases:drafts"))
    client.force_login(both)
    for address in addresses:
        assert case.reference in client.get(address).content.decode(), "the control"
    with acting_as(line.people["chair"]):
        both.memberships.filter(board=line.board).update(active=False)
    for address in addresses:
        shown = client.get(address).content.decode()
        assert case.reference not in shown, address
        assert reverse("cases:detail", args=[case.public_id]) not in shown, address

"""The row of facts says on which board its case is open, whoever changes the case and however."""

from __future__ import annotations

import pytest
from django.db import connection

from accounts.acting import acting_as
from cases.models import Case, CaseFacts
from cases.states import CaseState
from tests.factories.people import make_board, make_user
from tests.factories.record import make_case

pytestmark = pytest.mark.django_db


def open_boards(member):
    with acting_as(member):
        return dict(CaseFacts.objects.values_list("case_id", "open_board_id"))


def test_a_case_is_open_on_its_board_until_it_is_closed(member, board):
    case = make_case(member, board)
    for state in CaseState:
        with acting_as(member):
            Case.objects.filter(pk=case.pk).update(state=state)
        closed = state is CaseState.CLOSED
        assert open_boards(member) == {case.pk: None if closed else board.pk}
    with acting_as(member):
        Case.objects.filter(pk=case.pk).update(state=CaseState.RETURNED)
    assert open_boards(member) == {case.pk: board.pk}


def test_nobody_can_write_another_board_into_it(member, board):
    case = make_case(member, board)
    with acting_as(member):
        assert CaseFacts.objects.filter(case=case).update(open_board=make_board("Another")) == 1
    assert open_boards(member) == {case.pk: board.pk}


def test_the_reason_an_owner_has_given_is_there_again_afterwards(member, board):
    case = make_case(member, board)
    with acting_as(member), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('app.owner_reason', 'another', true)")
        assert Case.objects.filter(pk=case.pk).update(state=CaseState.CLOSED) == 1
        cursor.execute("SELECT current_setting('app.owner_reason')")
        assert cursor.fetchone() == ("another",)
        cursor.execute("SELECT set_config('app.owner_reason', '', true)")
    assert open_boards(member) == {case.pk: None}


def test_two_boards_have_each_their_own(member, board):
    other = make_board("Another")
    there = make_user("member", other)
    first, second = make_case(member, board), make_case(there, other)
    assert open_boards(member) == {first.pk: board.pk}
    assert open_boards(there) == {second.pk: other.pk}
